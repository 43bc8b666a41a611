//! `tella compare`: two agents, over the lifetimes of their runs.

use super::damaged::{nothing_left, told};
use super::metric::{BootstrapArgs, pick};
use super::{CliError, CliResult, Exit};
use clap::ValueEnum;
use std::io::Write;
use std::path::{Path, PathBuf};
use tella_metrics::Definition;
use tella_metrics::cohort::Cohort;
use tella_metrics::compare::{Comparison, Options, Verdict, compare};
use tella_metrics::l2metrics::Settings;
use tella_metrics::lifetime::Experts;
use tella_metrics::run::{Damaged, Run};
use tella_metrics::statistics::Statistic;
use tella_metrics::ste;

/// What is compared where nothing is asked for: one metric for each thing a lifelong learner
/// should be good at that needs no expert.
pub(super) const METRICS: [&str; 7] = [
    "continual-world.average_performance",
    "curve.area",
    "formalism.performance_maintenance",
    "formalism.performance_recovery",
    "formalism.forward_transfer_contrast",
    "formalism.backward_transfer_contrast",
    "cost.reward_rate",
];

/// Arguments of `tella compare`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "tella compare [OPTIONS] <A>... vs <B>...")]
pub(super) struct Args {
    /// Run folders of A, the word `vs`, run folders of B
    #[arg(required = true, num_args = 1.., value_name = "RUN")]
    sides: Vec<String>,

    /// Metrics or families, as `tella metric list` names them
    #[arg(long, value_name = "NAME")]
    metric: Vec<String>,

    /// What lifetimes are aggregated by
    #[arg(long, value_enum, default_value_t)]
    statistic: Aggregate,

    /// The column that holds performance
    #[arg(long, value_name = "COLUMN", default_value = "reward")]
    perf_measure: String,

    /// The store of single-task experts to measure against
    #[arg(long, value_name = "DIR")]
    ste_store: Option<PathBuf>,

    /// Do not pair lifetimes, even where curriculum seeds match
    #[arg(long)]
    unpaired: bool,

    /// End with exit code 1 where A is worse in any metric, or has no value in one that B has
    #[arg(long)]
    fail_if_worse: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    bootstrap: BootstrapArgs,
}

/// What lifetimes are aggregated by.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Aggregate {
    /// The interquartile mean: outliers do not decide
    #[default]
    Iqm,
    /// The mean
    Mean,
    /// The median
    Median,
}

pub(super) fn run(args: Args, out: &mut impl Write) -> CliResult {
    let (a, b) = sides(&args.sides)?;
    let names: Vec<String> = match args.metric.as_slice() {
        [] => METRICS.map(str::to_owned).to_vec(),
        names => names.to_vec(),
    };
    let settings = Settings { perf_measure: args.perf_measure, ..Settings::default() };
    let options = Options {
        metrics: pick(&names)?,
        statistic: match args.statistic {
            Aggregate::Iqm => Statistic::Iqm,
            Aggregate::Mean => Statistic::Mean,
            Aggregate::Median => Statistic::Median,
        },
        unpaired: args.unpaired,
        bootstrap: args.bootstrap.bootstrap(),
    };
    let mut store = super::ste::experts(args.ste_store.as_deref())?;
    let a = read(a, &mut store, &options.metrics, &settings)?;
    let b = read(b, &mut store, &options.metrics, &settings)?;
    for side in [&a, &b].into_iter().filter(|side| side.lifetimes().next().is_none()) {
        if let Some(error) = nothing_left(&side.damaged) {
            return Err(error);
        }
    }
    let mut damaged: Vec<Damaged> = a.damaged.iter().chain(&b.damaged).cloned().collect();
    damaged.dedup();
    let experts = Experts::read(&mut store, &settings)?;
    let comparison: Comparison =
        compare(&a, &b, &experts, &settings, &options).map_err(CliError::usage)?;
    match args.json {
        true => writeln!(out, "{:#}", comparison.to_json())?,
        false => write!(out, "{}", comparison.table())?,
    }
    if args.fail_if_worse && comparison.rows.iter().any(|row| row.verdict == Verdict::TooFew) {
        tracing::warn!(
            "--fail-if-worse: too few lifetimes to tell whether A is worse in all metrics"
        );
    }
    let exit = match args.fail_if_worse && comparison.is_worse() {
        true => Exit::Found,
        false => Exit::Ok,
    };
    Ok(told(&damaged, exit))
}

/// The folders before and after `vs`.
fn sides(words: &[String]) -> Result<(&[String], &[String]), CliError> {
    let usage =
        |what: &str| CliError::usage(what).hint("tella compare runs/a1 runs/a2 vs runs/b1 runs/b2");
    let mut places = words.iter().enumerate().filter(|(_, word)| *word == "vs").map(|(at, _)| at);
    match (places.next(), places.next()) {
        (None, _) => Err(usage("the word `vs` must stand between the run folders of A and of B")),
        (Some(_), Some(_)) => Err(usage("the word `vs` stands twice; two sides are compared")),
        (Some(at), None) if at == 0 || at + 1 == words.len() => {
            Err(usage("a run folder must stand on each side of `vs`"))
        }
        (Some(at), None) => Ok((&words[..at], &words[at + 1..])),
    }
}

fn read(
    dirs: &[String],
    store: &mut ste::Experts,
    metrics: &[&'static Definition],
    settings: &Settings,
) -> Result<Cohort, CliError> {
    let runs = dirs.iter().map(|dir| Run::open(Path::new(dir)));
    let runs = runs.collect::<Result<Vec<_>, _>>()?;
    Ok(Cohort::read(&runs, store, metrics, settings)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(words: &str) -> Result<(Vec<String>, Vec<String>), String> {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        sides(&words).map(|(a, b)| (a.to_vec(), b.to_vec())).map_err(|e| e.message)
    }

    #[test]
    fn vs_divides_the_sides() {
        let (a, b) = split("x y vs z").unwrap();
        assert_eq!((a, b), (vec!["x".to_owned(), "y".to_owned()], vec!["z".to_owned()]));
        assert!(split("x y z").unwrap_err().contains("must stand between"));
        assert!(split("vs x y").unwrap_err().contains("on each side"));
        assert!(split("x y vs").unwrap_err().contains("on each side"));
        assert!(split("x vs y vs z").unwrap_err().contains("twice"));
    }

    #[test]
    fn the_metrics_compared_by_default_exist() {
        assert_eq!(pick(&METRICS.map(str::to_owned)).unwrap().len(), METRICS.len());
    }
}
