//! How long hostile files take to be refused or accepted, and how much memory: a line of
//! JSON for each file of `tests/common/hostile_files.rs`, each in a process of its own. Beside
//! the time that passed stands the processor's, which does not depend on what else is going on.
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

/// Milliseconds of the processor, and bytes, that no file may take more of.
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
        if line["cpu_milliseconds"].as_f64() > Some(MOST.0)
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
    let (began, began_cpu) = (Instant::now(), cpu_nanoseconds());
    let (accepted, words) = match load(path) {
        Ok(document) => {
            let found = document.check(&TestCatalog);
            let resolved = document.resolve(0, None).is_ok();
            (!found.has_errors() && resolved, found.to_string())
        }
        Err(error) => (false, error.to_string()),
    };
    let milliseconds = began.elapsed().as_secs_f64() * 1e3;
    let cpu = cpu_nanoseconds().zip(began_cpu).map(|(end, start)| (end - start) as f64 / 1e6);
    json!({
        "accepted": accepted, "milliseconds": milliseconds,
        "cpu_milliseconds": cpu, "peak_bytes": peak_memory(),
        "message_bytes": words.len(),
    })
}

/// What this thread has had of a processor, where the system tells.
fn cpu_nanoseconds() -> Option<u64> {
    let told = fs_err::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok()
}
