//! How long hostile files take to be refused or accepted, and how much memory: a line of
//! JSON for each file of `tests/common/hostile_files.rs`, each in a process of its own.
//!
//! ```text
//! cargo run --release -p tella-curricula --example hostile
//! ```

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../tests/common/hostile_files.rs"]
mod hostile_files;

use common::TestCatalog;
use hostile_files::{hostile_files, peak_memory};
use serde_json::{Value, json};
use std::process::Command;
use std::time::Instant;
use tella_curricula::load;

/// Milliseconds and bytes that no file may take more of.
const MOST: (f64, u64) = (50.0, 100_000_000);

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, path] = arguments.as_slice() {
        return println!("{}", one(path));
    }
    let dir = tempfile::tempdir().expect("a temporary folder can be made");
    let path = dir.path().join("hostile.yaml");
    let mut over = Vec::new();
    for file in hostile_files() {
        fs_err::write(&path, &file.bytes).expect("the folder can be written");
        let child = Command::new(&arguments[0]).arg(&path).output().expect("this program starts");
        let mut line: Value = serde_json::from_slice(&child.stdout).expect("a line of JSON");
        assert_eq!(line["accepted"], file.accepted, "{}", file.name);
        line["name"] = file.name.into();
        line["bytes"] = file.bytes.len().into();
        if line["milliseconds"].as_f64() > Some(MOST.0)
            || line["peak_bytes"].as_u64() > Some(MOST.1)
        {
            over.push(file.name);
        }
        println!("{line}");
    }
    println!("{}", json!({ "most": { "milliseconds": MOST.0, "bytes": MOST.1 }, "over": over }));
}

/// Loads, checks and resolves one file, and words what is wrong with it.
fn one(path: &str) -> Value {
    let began = Instant::now();
    let (accepted, words) = match load(path) {
        Ok(document) => {
            let found = document.check(&TestCatalog);
            let resolved = document.resolve(0, None).is_ok();
            (!found.has_errors() && resolved, found.to_string())
        }
        Err(error) => (false, error.to_string()),
    };
    let milliseconds = began.elapsed().as_secs_f64() * 1e3;
    json!({
        "accepted": accepted, "milliseconds": milliseconds, "peak_bytes": peak_memory(),
        "message_bytes": words.len(),
    })
}
