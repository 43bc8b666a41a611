//! The C++ compiler that what stands between Rust and libtorch is built with.

use super::debian;
use anyhow::Result;
use std::process::Command;

const NEEDED: &str = "what stands between Rust and libtorch is C++: install a compiler, so that \
                      `c++ --version` works, then run this again";

/// Makes sure that it is there.
pub(crate) fn install() -> Result<()> {
    if debian::succeeds(Command::new("c++").arg("--version")) {
        return Ok(());
    }
    debian::install(&["g++"], NEEDED)
}
