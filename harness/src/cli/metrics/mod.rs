//! `tella metrics`: the metrics of run folders and of L2Logger scenarios.

mod lifelong;
mod output;
mod settings;
mod unique;

use super::damaged::{nothing_left, told};
use super::metric::BootstrapArgs;
use super::{CliError, CliResult, Exit};
use clap::ValueEnum;
use output::Output;
use serde_json::Value;
pub(super) use settings::Measuring;
use std::io::Write;
use std::path::{Path, PathBuf};
use tella_envs::nearest;
use tella_metrics::MetricsError;
use tella_metrics::l2metrics::{Metric, Report, Settings};
use tella_metrics::run::{Damaged, Run, RunMetrics, measure_against};
use tella_metrics::ste::Experts;
use tella_metrics::told::message;

/// Arguments of `tella metrics`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A run folder, finished, running or interrupted, or an L2Logger scenario folder
    dir: PathBuf,
    /// Whose metrics
    #[arg(long, value_enum, default_value_t = Profile::L2metrics)]
    profile: Profile,
    /// Metrics or families by name, as `tella metric list` has them, in place of a profile's
    #[arg(long, value_name = "NAME", conflicts_with = "profile")]
    metric: Vec<String>,
    #[command(flatten)]
    measuring: Measuring,
    /// Measure every run folder and scenario at or below DIR
    #[arg(short = 'R', long)]
    recursive: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Write metrics, regimes, preprocessed data and settings into this folder, which must not
    /// exist or be empty
    #[arg(short, long)]
    out: Option<PathBuf>,
    #[command(flatten)]
    bootstrap: BootstrapArgs,
}

/// Whose metrics are computed.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Profile {
    /// L2Metrics 3.1.0, its quirks included
    L2metrics,
    /// The L2M metrics by their definitions, over lifetimes with intervals
    Formalism,
}

pub(super) fn run(args: Args, out: &mut impl Write) -> CliResult {
    match args.profile {
        _ if !args.metric.is_empty() => lifelong::run(&args, &args.metric, out),
        Profile::L2metrics => l2metrics(&args, out),
        Profile::Formalism => lifelong::run(&args, &["formalism".to_owned()], out),
    }
}

fn l2metrics(args: &Args, out: &mut impl Write) -> CliResult {
    let settings = args.measuring.settings()?;
    let mut experts = super::ste::experts(args.measuring.ste_store.as_deref())?;
    let mut output = args.out.as_deref().map(|dir| Output::create(dir, &settings)).transpose()?;
    let mut runs: Vec<RunMetrics> = Vec::new();
    let mut failures: Vec<CliError> = Vec::new();
    let mut damaged: Vec<Damaged> = Vec::new();
    let found = find(args)?;
    let asked = found.len();
    for run in found {
        let run = match Run::open(&run).map_err(CliError::from) {
            Ok(run) => run,
            Err(error) if args.recursive && error.exit != Exit::Resumable => {
                failures.push(error);
                continue;
            }
            Err(error) => return Err(error),
        };
        if run.lifetimes.is_empty() && run.damaged.is_empty() {
            failures.push(CliError::usage(format!(
                "{} holds no lifetime to measure",
                run.dir.display()
            )));
            continue;
        }
        let measured = match &mut output {
            None => measure_against(&run, &mut experts, &settings, None),
            Some(output) => {
                let mut sink = |lifetime: &_, log: &_, data: &_| output.data(lifetime, log, data);
                measure_against(&run, &mut experts, &settings, Some(&mut sink))
            }
        };
        match measured {
            Ok(metrics) => {
                damaged.extend(metrics.damaged.iter().cloned());
                let several = metrics.lifetimes.len() > 1;
                failures.extend(metrics.lifetimes.iter().filter_map(|lifetime| {
                    let error = lifetime.outcome.as_ref().err()?;
                    let of = if several {
                        format!(" lifetime {}", lifetime.lifetime_idx)
                    } else {
                        String::new()
                    };
                    Some(unmeasured(&format!("{}{of}", run.dir.display()), error))
                }));
                runs.push(metrics);
            }
            // Of many runs one that is damaged does not keep the others from being measured.
            Err(error) if args.recursive && error.exit != Exit::Resumable => failures.push(error),
            Err(error) => return Err(error),
        }
    }
    if runs.iter().all(|run| run.measured().next().is_none()) {
        failures.extend(nothing_left(&damaged));
        return Err(no_measure(&failures));
    }
    if let Some(store) = &args.measuring.ste_store {
        unused_experts(store, &experts, &settings, &runs);
    }
    let measured = runs.iter().filter(|run| run.measured().next().is_some()).count();
    let exit = told(&damaged, exit(&failures, asked - measured));
    if let Some(output) = output {
        output.finish(&runs, args.recursive)?;
    }
    if args.json {
        writeln!(out, "{}", json(&runs, args.recursive))?;
    } else {
        for run in &runs {
            if args.recursive {
                writeln!(out, "Run {}\n", message(&run.run_id))?;
            }
            write!(out, "{}", run.table())?;
            if args.recursive {
                writeln!(out)?;
            }
        }
    }
    Ok(exit)
}

/// Says so where no metric has a value that comes from the experts that were asked for.
fn unused_experts(store: &Path, experts: &Experts, settings: &Settings, runs: &[RunMetrics]) {
    let of_experts = Metric::selected(settings).into_iter().filter(|metric| metric.needs_expert());
    let of_experts: Vec<Metric> = of_experts.collect();
    let has_value = |report: &Report| {
        of_experts.iter().any(|m| report.get(*m).is_some_and(|value| value.is_ok()))
    };
    if !runs.iter().flat_map(RunMetrics::measured).any(|(_, report)| has_value(report)) {
        let tasks = match experts.names() {
            [] => "none".to_owned(),
            names => names.join(", "),
        };
        let store = store.display();
        let told = format!("no metric is relative to the experts in {store} (of tasks: {tasks})");
        tracing::warn!("{}", message(&told));
    }
}

/// The error of failures that leave nothing to measure.
fn no_measure(failures: &[CliError]) -> CliError {
    let worst = failures.iter().map(|f| f.exit).max_by_key(|exit| *exit as u8);
    let messages: Vec<&str> = failures.iter().map(|f| f.message.as_str()).collect();
    let error = CliError::new(worst.unwrap_or(Exit::Usage), messages.join("\n"));
    match failures.iter().find_map(|f| f.hint.as_deref()) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

/// Tells the failures beside which others were measured. That nothing of a run was, as of
/// `refused` ones, is a finding.
fn exit(failures: &[CliError], refused: usize) -> Exit {
    for failure in failures {
        tracing::warn!("{}", message(&failure.message));
    }
    match failures.iter().any(|f| f.exit == Exit::Corrupt) {
        true => Exit::Corrupt,
        false if refused > 0 => Exit::Found,
        false => Exit::Ok,
    }
}

/// Why a lifetime was not measured, with the nearest column where one was not found.
fn unmeasured(name: &str, error: &MetricsError) -> CliError {
    let said = CliError::usage(format!("{name}: {error}"));
    match error {
        MetricsError::MissingColumn { column, columns, .. } => {
            said.nearest(nearest(column, columns.split(", ")))
        }
        _ => said,
    }
}

/// The runs that the arguments name.
fn find(args: &Args) -> Result<Vec<PathBuf>, CliError> {
    if !args.recursive {
        return Ok(vec![args.dir.clone()]);
    }
    let found = Run::find(&args.dir)?;
    if found.is_empty() {
        let dir = args.dir.display();
        return Err(CliError::usage(format!(
            "there is no run folder and no L2Logger scenario at or below {dir}"
        )));
    }
    Ok(found)
}

/// The metrics of a run, or of several as a list.
fn json(runs: &[RunMetrics], several: bool) -> Value {
    match runs {
        [only] if !several => only.to_json(),
        runs => runs.iter().map(RunMetrics::to_json).collect(),
    }
}
