//! `tella metrics`: the metrics of a run folder, finished, running or interrupted.

use super::{CliError, CliResult, Exit};
use std::io::Write;
use std::path::PathBuf;
use tella_events::RunFolder;
use tella_metrics::l2metrics::Settings;
use tella_metrics::run::measure_run;

/// Arguments of `tella metrics`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The run folder
    dir: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: Args, out: &mut impl Write) -> CliResult {
    let run = RunFolder::open(&args.dir)?;
    let metrics = measure_run(&run, &Settings::default())?;
    if metrics.lifetimes.is_empty() {
        let dir = args.dir.display();
        return Err(CliError::usage(format!("{dir} holds no lifetime to measure")));
    }
    if args.json {
        writeln!(out, "{}", metrics.to_json())?;
    } else {
        write!(out, "{}", metrics.table())?;
    }
    Ok(Exit::Ok)
}
