//! Developer commands: `cargo xtask test`, `torch`, `parity`, `tidy`, `gen` and `bench`.
//!
//! This room holds what keeps the repository in order and nothing that the
//! program needs. [`test`] runs all suites on a machine that has only Rust,
//! [`torch`] installs libtorch, [`parity`] compares the native environments with the Python originals,
//! [`tidy`] finds what compiler and clippy do not look for, [`generated`] keeps
//! files that are made from code as they are made, [`bench`] measures speed beside the
//! peers'.
//!
//! The library must not depend on the program's crates: a fresh machine builds it
//! first, alone, with features of its own, and would build what it shares with
//! them twice. What needs them lies in `tests/`, where all is built together.

pub mod bench;
pub mod generated;
pub mod parity;
pub mod test;
pub mod tidy;
pub mod torch;

use std::path::Path;
use std::process::Command;

/// The workspace's root folder.
pub fn root() -> &'static Path {
    tella_reference::workspace_root()
}

/// `cargo` as this process was started with, in the workspace's root.
fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}
