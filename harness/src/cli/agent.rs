//! `tella agent`: the agents there are.

use super::{CliResult, Exit};
use crate::App;
use clap::Subcommand;
use std::io::Write;

/// Verbs of `tella agent`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the agents with their parameters
    List,
}

pub(super) fn run(app: &App, command: Command, out: &mut impl Write) -> CliResult {
    match command {
        Command::List => list(app, out),
    }
}

fn list(app: &App, out: &mut impl Write) -> CliResult {
    for spec in app.agents.specs() {
        writeln!(out, "{}  {}", spec.name, spec.summary)?;
    }
    Ok(Exit::Ok)
}
