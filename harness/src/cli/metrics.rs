//! `tella metrics`: the metrics of a run folder.

use super::{CliResult, Exit};
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `tella metrics`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The run folder
    dir: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(_args: Args, _out: &mut impl Write) -> CliResult {
    Ok(Exit::Ok)
}
