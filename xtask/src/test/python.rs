//! The Python packages that tests compare with, and Python itself.

use super::debian::{self, succeeds};
use anyhow::{Result, bail};
use std::process::Command;
use std::time::{Duration, Instant};
use tella_reference::Stack;

const NEEDED: &str = "the tests compare with Python programs that need Python 3.11 with venv: \
                      install python3.11 and python3.11-venv, then run this again";

/// Makes sure that the reference packages are there. How long it took.
pub(super) fn install() -> Result<Duration> {
    let start = Instant::now();
    if !Stack::TESTED.iter().all(Stack::installed) {
        interpreter()?;
        eprintln!("Installing the Python packages to compare with, once, beside the build");
    }
    for stack in Stack::TESTED {
        stack.install()?;
    }
    Ok(start.elapsed())
}

/// Makes sure that there is a Python 3.11 that can make environments.
pub(crate) fn interpreter() -> Result<()> {
    if !usable() {
        debian::install(&["python3.11", "python3.11-venv"], NEEDED)?;
        if !usable() {
            bail!(NEEDED);
        }
    }
    Ok(())
}

/// Whether there is a Python 3.11 that can make environments.
fn usable() -> bool {
    succeeds(Command::new("python3.11").args(["-c", "import venv, ensurepip"]))
}
