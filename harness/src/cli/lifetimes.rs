//! What `run`, `resume` and `verify` share: how lifetimes are lived, and what is
//! told of them at the end.

use super::numbers::whole;
use super::{CliError, CliResult, Exit};
use crate::engine::FaultKind;
use crate::run::{
    self, Display, End, Isolate, LifetimeReport, Plan, Signals, Summary, Supervision,
};
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

/// How lifetimes are lived; none of this changes what they compute.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct LifetimeArgs {
    /// Lifetimes under way at a time
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<u64>(1..=1024))]
    jobs: u64,

    /// Threads that step a lifetime's environments
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<u64>(1..=1024))]
    pub(super) threads: u64,

    /// Process isolation: what keeps lifetimes apart; where not given, processes for agents and
    /// environments in Python, else nothing
    #[arg(long, value_enum)]
    pub(super) isolation: Option<Isolate>,

    /// Seconds after which a call into agent or environment is a fault; 0 for never
    #[arg(long, value_name = "SECONDS", default_value_t = 600.0, value_parser = seconds)]
    timeout: f64,

    /// Memory that the process of a lifetime may hold, in MiB (with process isolation); more is a
    /// fault
    #[arg(long, value_name = "MIB", value_parser = whole::<u64>(64..=1 << 40))]
    memory_limit: Option<u64>,

    /// Seconds between checkpoints
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = seconds)]
    checkpoint_every: f64,

    /// Prints a summary as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

impl LifetimeArgs {
    /// What keeps the lifetimes of `plan` apart.
    pub(super) fn isolation(&self, plan: &Plan) -> Result<Isolate, CliError> {
        let isolation = self.isolation.map_or_else(|| plan.isolation(), Ok)?;
        if self.memory_limit.is_some() && isolation == Isolate::None {
            let message = "--memory-limit is a process's: it needs --isolation process";
            return Err(CliError::usage(message));
        }
        Ok(isolation)
    }

    pub(super) fn supervision(&self) -> Supervision {
        Supervision {
            jobs: self.jobs as usize,
            timeout: (self.timeout > 0.0).then(|| Duration::from_secs_f64(self.timeout)),
            memory_limit: self.memory_limit.map(|mib| mib << 20),
            checkpoint_every: Duration::from_secs_f64(self.checkpoint_every),
            stop_at: None,
        }
    }
}

/// A number of seconds, from 0 to a year.
pub(super) fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(s) if (0.0..=31_536_000.0).contains(&s) => Ok(s),
        _ => Err("expected a number of seconds from 0 to 31536000".into()),
    }
}

/// Lives the lifetimes and tells how they ended.
pub(super) fn live(
    plan: Arc<Plan>,
    lifetimes: &[u64],
    args: &LifetimeArgs,
    out: &mut impl Write,
) -> CliResult {
    let signals = Signals::of(&plan).map_err(|e| CliError::new(Exit::Bug, e))?;
    let mut display = Display::new();
    let isolation = args.isolation(&plan)?;
    let reports =
        run::run(&plan, lifetimes, isolation, args.supervision(), &signals, &mut display)?;
    drop(display);
    for report in &reports {
        tell(report);
    }
    let summary = Summary::new(&plan, &reports);
    let exit = match exit(&reports, &signals) {
        Exit::Ok if summary.is_corrupt() => Exit::Corrupt,
        exit => exit,
    };
    let told = match args.json {
        true => writeln!(out, "{}", summary.to_json()),
        false => write!(out, "{summary}"),
    };
    if reports.len() < lifetimes.len() || reports.iter().any(goes_on) {
        eprintln!("hint: `tella resume {}` goes on from here", plan.dir().display());
    }
    match told {
        // How the run ended counts for more than who listened.
        Err(error) if exit == Exit::Ok => Err(error.into()),
        _ => Ok(exit),
    }
}

/// Whether resuming may lead further: a fault of the agent's own would come again.
fn goes_on(report: &LifetimeReport) -> bool {
    match report.end {
        End::Interrupted | End::DiskFull => true,
        End::Fault => report
            .fault
            .as_ref()
            .is_some_and(|f| matches!(f.kind, FaultKind::Timeout | FaultKind::Died)),
        End::Complete | End::Corrupt | End::LogError => false,
    }
}

/// Says on standard error what was not as it should be.
fn tell(report: &LifetimeReport) {
    if let Some(fault) = &report.fault {
        eprintln!("error: {fault}");
    }
    if let Some(message) = &report.message {
        eprintln!("error: lifetime {}: {message}", report.lifetime);
    }
    if report.end == End::Corrupt {
        eprintln!(
            "hint: move lifetime-{:04} out of the run folder, and `tella resume` lives it anew",
            report.lifetime
        );
    }
    if report.isolation.unverified {
        eprintln!(
            "warning: lifetime {}: the agent cannot be saved, so nothing says that it does not learn in evaluation blocks (evaluation isolation: unverified)",
            report.lifetime
        );
    }
    let blocks = &report.isolation.learned_in_evaluation;
    if !blocks.is_empty() {
        eprintln!(
            "warning: lifetime {}: the agent changed its learned state in evaluation blocks {blocks:?}; it was set back after each",
            report.lifetime
        );
    }
}

/// The exit code of a run: the gravest of its lifetimes'.
fn exit(reports: &[LifetimeReport], signals: &Signals) -> Exit {
    let any = |end| reports.iter().any(|r| r.end == end);
    if reports.iter().any(LifetimeReport::is_bug) {
        Exit::Bug
    } else if any(End::Fault) {
        Exit::Fault
    } else if any(End::Corrupt) {
        Exit::Corrupt
    } else if any(End::LogError) {
        Exit::Usage
    } else if any(End::DiskFull) {
        Exit::Resumable
    } else {
        stopped(signals).unwrap_or(Exit::Ok)
    }
}

/// The exit code of a command that a signal stopped.
pub(super) fn stopped(signals: &Signals) -> Option<Exit> {
    let exit = if signals.interrupted() { Exit::Interrupted } else { Exit::Resumable };
    signals.any().then_some(exit)
}
