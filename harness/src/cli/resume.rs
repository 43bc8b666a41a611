//! `tella resume`: goes on with the lifetimes of a run that are not complete.

use super::{CliResult, lifetimes};
use crate::App;
use crate::run::Plan;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `tella resume`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The run folder
    dir: PathBuf,

    #[command(flatten)]
    lifetimes: lifetimes::LifetimeArgs,
}

pub(super) fn run(app: Arc<App>, args: Args, out: &mut impl Write) -> CliResult {
    let plan = Plan::open(app, &args.dir)?.with_threads(args.lifetimes.threads as usize);
    let unfinished = plan.unfinished()?;
    if unfinished.is_empty() {
        eprintln!("nothing to resume: every lifetime is complete");
    }
    lifetimes::live(Arc::new(plan), &unfinished, &args.lifetimes, out)
}
