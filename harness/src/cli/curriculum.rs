//! `tella curriculum`: the curricula there are, checked and spelled out.

use super::{CliResult, Exit};
use crate::App;
use clap::Subcommand;
use std::io::Write;

/// Verbs of `tella curriculum`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the curricula of the library
    List,
}

pub(super) fn run(_app: &App, command: Command, _out: &mut impl Write) -> CliResult {
    match command {
        Command::List => Ok(Exit::Ok),
    }
}
