//! The fuzz targets of `fuzz/`, for a bounded number of runs, where what they need is there:
//! a nightly compiler and cargo-fuzz.

use anyhow::{Context, Result};
use std::process::{Command, Stdio};

/// Inputs tried of each target.
const RUNS: u32 = 200_000;

/// Whether no target failed. Says so where it could not try.
pub(super) fn run() -> Result<bool> {
    let version = Command::new("cargo")
        .args(["+nightly", "fuzz", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !version.is_ok_and(|status| status.success()) {
        println!("fuzz: skipped, there is no cargo-fuzz or no nightly compiler");
        return Ok(true);
    }
    let root = crate::root();
    // What it finds worth keeping goes to the first folder; it begins with the second.
    let corpus = root.join("fuzz/corpus/curriculum");
    fs_err::create_dir_all(&corpus)?;
    let status = Command::new("cargo")
        .args(["+nightly", "fuzz", "run", "--fuzz-dir", "fuzz", "curriculum"])
        .args([corpus, root.join("curricula/library")])
        .args(["--", &format!("-runs={RUNS}"), "-seed=1", "-max_len=8192", "-timeout=5"])
        .current_dir(root)
        .status()
        .context("cargo fuzz")?;
    println!("fuzz: curriculum, {RUNS} runs: {}", if status.success() { "ok" } else { "FAILED" });
    Ok(status.success())
}
