//! Any text is a curriculum or has messages, and each message's place lies inside the text:
//! what `curricula/tests/hostile.rs` looks at, on texts that a fuzzer makes.
#![no_main]

#[path = "../../curricula/tests/common/mod.rs"]
mod common;
#[path = "../../curricula/tests/common/places.rs"]
mod places;

libfuzzer_sys::fuzz_target!(|text: &str| {
    places::messages(text);
});
