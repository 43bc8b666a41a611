//! `tella env`: the environments there are, and one of them step by step.

use super::{CliResult, Exit};
use crate::App;
use clap::Subcommand;
use std::io::Write;

/// Verbs of `tella env`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the environments with their parameters
    List,
}

pub(super) fn run(app: &App, command: Command, out: &mut impl Write) -> CliResult {
    match command {
        Command::List => list(app, out),
    }
}

fn list(app: &App, out: &mut impl Write) -> CliResult {
    for spec in app.envs.specs() {
        writeln!(out, "{}  {}", spec.name, spec.summary)?;
    }
    Ok(Exit::Ok)
}
