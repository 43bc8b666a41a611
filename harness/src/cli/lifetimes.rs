//! What `run`, `resume` and `verify` share: how lifetimes are lived, and what is
//! told of them at the end.

use super::numbers::whole;
use super::{CliError, CliResult, Exit};
use crate::engine::FaultKind;
use crate::run::{
    self, Display, End, Isolate, LifetimeReport, Plan, Signals, Summary, Supervision,
};
use crate::{ClusterEnd, ClusterFailure};
use clap::ValueEnum;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

/// Seconds that a call into agent or environment may take.
const TIMEOUT: f64 = 600.0;

/// Seconds between checkpoints.
const CHECKPOINT_EVERY: f64 = 10.0;

/// How lifetimes are lived; none of this changes what they compute.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct LifetimeArgs {
    /// Lifetimes under way at a time; 1 where not given
    #[arg(long, value_name = "N", value_parser = whole::<u64>(1..=1024))]
    pub(super) jobs: Option<u64>,

    /// Threads that step a lifetime's environments
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<u64>(1..=1024))]
    pub(super) threads: u64,

    /// Process isolation: what keeps lifetimes apart; where not given, processes for agents and
    /// environments in Python, else nothing
    #[arg(long, value_enum)]
    pub(super) isolation: Option<Isolate>,

    /// Seconds after which a call into agent or environment is a fault; 0 for never
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT, value_parser = seconds)]
    timeout: f64,

    /// Memory that the process of a lifetime may hold, in MiB (with process isolation); more is a
    /// fault
    #[arg(long, value_name = "MIB", value_parser = whole::<u64>(64..=1 << 40))]
    memory_limit: Option<u64>,

    /// Seconds between checkpoints
    #[arg(long, value_name = "SECONDS", default_value_t = CHECKPOINT_EVERY, value_parser = seconds)]
    checkpoint_every: f64,

    /// Prints a summary as one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

impl LifetimeArgs {
    /// What keeps the lifetimes of `plan` apart.
    pub(super) fn isolation(&self, plan: &Plan) -> Result<Isolate, CliError> {
        self.isolation_or(plan.isolation()?)
    }

    /// What keeps lifetimes apart, `fitting` unless somebody said otherwise.
    pub(super) fn isolation_or(&self, fitting: Isolate) -> Result<Isolate, CliError> {
        let isolation = self.isolation.unwrap_or(fitting);
        if self.memory_limit.is_some() && isolation == Isolate::None {
            let message = "--memory-limit is a process's: it needs --isolation process";
            return Err(CliError::usage(message));
        }
        Ok(isolation)
    }

    /// The options of these that differ from their defaults and that another process of the same
    /// lifetimes is to be given.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut put = |option: &str, value: Option<String>| {
            words.extend(value.into_iter().flat_map(|value| [format!("--{option}"), value]));
        };
        let isolation =
            self.isolation.and_then(|i| Some(i.to_possible_value()?.get_name().to_owned()));
        put("threads", (self.threads != 1).then(|| self.threads.to_string()));
        put("isolation", isolation);
        put("timeout", (self.timeout != TIMEOUT).then(|| self.timeout.to_string()));
        put("memory-limit", self.memory_limit.map(|mib| mib.to_string()));
        let every = self.checkpoint_every;
        put("checkpoint-every", (every != CHECKPOINT_EVERY).then(|| every.to_string()));
        words
    }

    pub(super) fn supervision(&self) -> Supervision {
        Supervision {
            jobs: self.jobs.unwrap_or(1) as usize,
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
    summed_up(&plan, lifetimes, &reports, &signals, args, out)
}

/// Tells how lifetimes ended that a cluster lived, by what their folders say and what it says of those
/// that it could not live.
pub(super) fn told_by_folder(
    plan: &Plan,
    lifetimes: &[u64],
    end: &ClusterEnd,
    args: &LifetimeArgs,
    out: &mut impl Write,
) -> CliResult {
    let at_rest = |&lifetime: &u64| match end.failure(plan.dir(), lifetime) {
        None => plan.report_at_rest(lifetime),
        Some(failure) => {
            let unseen = || LifetimeReport::unseen(lifetime, End::Interrupted);
            let mut report = plan.report_at_rest(lifetime).unwrap_or_else(unseen);
            if report.end != End::Complete {
                report.message = Some(failure.message.clone());
            }
            Some(report)
        }
    };
    let reports: Vec<LifetimeReport> = lifetimes.iter().filter_map(at_rest).collect();
    reports.iter().for_each(tell);
    let signals = Signals::minded(end.signal);
    let exit = summed_up(plan, lifetimes, &reports, &signals, args, out)?;
    let exit = end.failures.iter().filter_map(exit_there).fold(exit, Exit::or_graver);
    match exit {
        // No signal came here, and still not all was lived there.
        Exit::Ok if complete(&reports) < lifetimes.len() => Ok(Exit::Resumable),
        exit => Ok(exit),
    }
}

fn complete(reports: &[LifetimeReport]) -> usize {
    reports.iter().filter(|report| report.end == End::Complete).count()
}

/// How living a lifetime on a cluster ended.
pub(super) fn exit_there(failure: &ClusterFailure) -> Option<Exit> {
    failure.exit.and_then(Exit::of_code)
}

fn summed_up(
    plan: &Plan,
    lifetimes: &[u64],
    reports: &[LifetimeReport],
    signals: &Signals,
    args: &LifetimeArgs,
    out: &mut impl Write,
) -> CliResult {
    let summary = Summary::new(plan, reports);
    let exit = match exit(reports, signals) {
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
        End::Complete | End::Corrupt | End::LogError | End::Running => false,
    }
}

/// Says on standard error what was not as it should be.
pub(super) fn tell(report: &LifetimeReport) {
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

/// What a lifetime's end makes the exit code, where no signal came.
pub(super) fn exit_of(report: &LifetimeReport) -> Exit {
    match report.end {
        _ if report.is_bug() => Exit::Bug,
        End::Fault => Exit::Fault,
        End::Corrupt => Exit::Corrupt,
        End::LogError => Exit::Usage,
        End::DiskFull | End::Running => Exit::Resumable,
        End::Complete | End::Interrupted => Exit::Ok,
    }
}

/// The exit code of a run: the gravest of its lifetimes'.
fn exit(reports: &[LifetimeReport], signals: &Signals) -> Exit {
    match reports.iter().map(exit_of).fold(Exit::Ok, Exit::or_graver) {
        Exit::Ok => stopped(signals).unwrap_or(Exit::Ok),
        grave => grave,
    }
}

/// The exit code of a command that a signal stopped.
pub(super) fn stopped(signals: &Signals) -> Option<Exit> {
    let exit = if signals.interrupted() { Exit::Interrupted } else { Exit::Resumable };
    signals.any().then_some(exit)
}
