//! Calls of our own C++, which stands where `tch` has no binding: what libtorch says where it refuses.

use std::ffi::{CStr, c_char};

/// Bytes for what an exception says.
const WORDS: usize = 4096;

/// Calls with a place for what an exception says, and its size; `call` tells whether it went well.
///
/// # Errors
///
/// The first line of what was said.
pub(crate) fn said(call: impl FnOnce(*mut c_char, usize) -> bool) -> Result<(), String> {
    let mut why = [0 as c_char; WORDS];
    if call(why.as_mut_ptr(), WORDS) {
        return Ok(());
    }
    // SAFETY: the C++ ends what it writes with a zero.
    let text = unsafe { CStr::from_ptr(why.as_ptr()) }.to_string_lossy();
    Err(text.lines().next().unwrap_or_default().to_owned())
}
