//! `tella log`: event logs read, checked, hashed, exported and imported.

use super::{CliResult, Exit};
use clap::Subcommand;
use std::io::Write;
use std::path::PathBuf;

/// Verbs of `tella log`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check a run folder for damage
    Check {
        /// The run folder
        dir: PathBuf,
    },
}

pub(super) fn run(command: Command, _out: &mut impl Write) -> CliResult {
    match command {
        Command::Check { dir: _ } => Ok(Exit::Ok),
    }
}
