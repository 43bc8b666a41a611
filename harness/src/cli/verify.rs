//! `tella verify`: lives a run again from its folder and compares.

use super::{CliError, CliResult, Exit, lifetimes};
use crate::App;
use crate::run::{self, Display, Plan, Signals};
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `tella verify`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The run folder
    dir: PathBuf,

    #[command(flatten)]
    lifetimes: lifetimes::LifetimeArgs,
}

pub(super) fn run(app: Arc<App>, args: Args, out: &mut impl Write) -> CliResult {
    let plan = Plan::open(app, &args.dir)?.with_threads(args.lifetimes.threads as usize);
    let signals = Signals::listen().map_err(|e| CliError::new(Exit::Bug, e))?;
    let (isolation, how) = (args.lifetimes.isolation(&plan)?, args.lifetimes.supervision());
    let verdicts = run::verify(&plan, isolation, how, &signals, &mut Display::new())?;
    if let Some(exit) = lifetimes::stopped(&signals) {
        eprintln!("stopped: nothing was compared");
        return Ok(exit);
    }
    if args.lifetimes.json {
        let run = args.dir.display().to_string();
        writeln!(out, "{}", json!({ "run": run, "lifetimes": verdicts }))?;
    } else {
        for v in &verdicts {
            let word = if v.same { "same" } else { "DIFFERENT" };
            let repeated = [v.repeated.as_deref(), v.error.as_deref()];
            let repeated: Vec<&str> = repeated.into_iter().flatten().collect();
            let repeated = if repeated.is_empty() { "-".into() } else { repeated.join(": ") };
            writeln!(
                out,
                "lifetime {}: {word}  recorded {}  repeated {repeated}",
                v.lifetime, v.recorded
            )?;
        }
    }
    if verdicts.is_empty() {
        return Err(CliError::usage(
            "no lifetime of the run is complete, so there is nothing to compare",
        )
        .hint(format!("`tella resume {}` completes it", args.dir.display())));
    }
    Ok(if verdicts.iter().all(|v| v.same) { Exit::Ok } else { Exit::Found })
}
