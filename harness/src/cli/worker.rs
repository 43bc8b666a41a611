//! `tella worker`: one lifetime in a process of its own. The supervising process
//! starts it; it is no command for people.

use super::{CliResult, Exit, lifetimes};
use crate::App;
use crate::run::{self, Supervision};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Arguments of `tella worker`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    dir: PathBuf,
    #[arg(long)]
    lifetime: u64,
    #[arg(long)]
    threads: usize,
    #[arg(long)]
    fresh: bool,
    #[arg(long, value_parser = lifetimes::seconds)]
    timeout: f64,
    #[arg(long, value_parser = lifetimes::seconds)]
    checkpoint_every: f64,
    #[arg(long)]
    memory_limit: Option<u64>,
}

pub(super) fn run(app: Arc<App>, args: Args) -> CliResult {
    let how = Supervision {
        jobs: 1,
        timeout: (args.timeout > 0.0).then(|| Duration::from_secs_f64(args.timeout)),
        memory_limit: args.memory_limit,
        checkpoint_every: Duration::from_secs_f64(args.checkpoint_every),
        stop_at: None,
    };
    run::work(app, &args.dir, args.lifetime, args.threads, args.fresh, how)?;
    // What went wrong, if anything did, the report says.
    Ok(Exit::Ok)
}
