//! `tella resume`: goes on with the lifetimes of a run that are not complete.

use super::numbers::whole;
use super::{CliError, CliResult, lifetimes};
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

    /// The only lifetime to go on with; all where not given
    #[arg(long, value_name = "I", value_parser = whole::<u64>(..=4_000_000_000))]
    lifetime_idx: Option<u64>,

    /// Begin the lifetime where nobody has; what is given to a cluster says so
    #[arg(long, hide = true, requires = "lifetime_idx")]
    begin: bool,

    #[command(flatten)]
    lifetimes: lifetimes::LifetimeArgs,
}

pub(super) fn run(app: Arc<App>, args: Args, out: &mut impl Write) -> CliResult {
    let plan = Plan::open(app, &args.dir)?.with_threads(args.lifetimes.threads as usize);
    let lifetimes = plan.lifetimes()?;
    let chosen = match args.lifetime_idx {
        Some(only) if !args.begin && !lifetimes.contains(&only) => {
            let message = format!("{} has no lifetime {only}", args.dir.display());
            return Err(CliError::usage(message).hint("`tella run ... --lifetime-idx` adds one"));
        }
        Some(only) => vec![only],
        None => lifetimes,
    };
    let unfinished = plan.unfinished_of(chosen)?;
    if unfinished.is_empty() {
        let which = if args.lifetime_idx.is_some() { "the" } else { "every" };
        eprintln!("nothing to resume: {which} lifetime is complete");
    }
    lifetimes::live(Arc::new(plan), &unfinished, &args.lifetimes, out)
}
