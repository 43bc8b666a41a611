//! `tella metric`: the metrics there are; and the options that commands share which
//! measure by name.

use super::numbers::whole;
use super::{CliError, CliResult, Exit};
use clap::Subcommand;
use serde_json::{Value, json};
use std::io::{self, Write};
use tella_metrics::catalogue::{self, FindError};
use tella_metrics::statistics::{Bootstrap, RESAMPLES};
use tella_metrics::{Definition, Family};

/// Verbs of `tella metric`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the metrics: what each means, its formula, inputs, undefined cases and source
    List {
        /// Metrics or families; all where none is named
        names: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// How intervals over lifetimes are made.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct BootstrapArgs {
    /// Bootstrap resamples
    #[arg(long, value_name = "N", default_value_t = RESAMPLES as u32, value_parser = whole::<u32>(100..=10_000_000))]
    resamples: u32,

    /// Share of resamples that an interval holds
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, value_parser = share)]
    confidence: f64,

    /// Seed of the resamples
    #[arg(long, value_name = "SEED", default_value_t = 0, value_parser = whole::<u64>(..))]
    bootstrap_seed: u64,
}

impl BootstrapArgs {
    pub(super) fn bootstrap(self) -> Bootstrap {
        let Self { resamples, confidence, bootstrap_seed: seed } = self;
        Bootstrap { resamples: resamples as usize, confidence, seed }
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        _ => Err("expected a number between 0 and 1, such as 0.95".into()),
    }
}

/// The metrics of these names, each once, in the order of the names.
pub(super) fn pick(names: &[String]) -> Result<Vec<&'static Definition>, CliError> {
    let mut picked: Vec<&'static Definition> = Vec::new();
    for name in names.iter().flat_map(|names| names.split(',')) {
        let found = catalogue::find(name).map_err(|error| {
            let nearest = match &error {
                FindError::Ambiguous { .. } => None,
                FindError::Unknown(name) => {
                    let known = catalogue::names();
                    tella_envs::nearest(name, known.iter().map(String::as_str)).map(str::to_owned)
                }
            };
            let near = nearest.is_some();
            let error = CliError::usage(error).nearest(nearest);
            if near { error } else { error.hint("`tella metric list` names them all") }
        })?;
        for metric in found {
            if !picked.iter().any(|earlier| std::ptr::eq(*earlier, metric)) {
                picked.push(metric);
            }
        }
    }
    Ok(picked)
}

pub(super) fn run(command: Command, out: &mut impl Write) -> CliResult {
    match command {
        Command::List { names, json } => {
            let metrics = match names.as_slice() {
                [] => catalogue::metrics().collect(),
                names => pick(names)?,
            };
            list(&metrics, json, out)?;
        }
    }
    Ok(Exit::Ok)
}

fn list(metrics: &[&Definition], json: bool, out: &mut impl Write) -> io::Result<()> {
    if json {
        let all: Value = metrics.iter().map(|metric| explain(metric)).collect();
        return writeln!(out, "{all:#}");
    }
    let mut family: Option<Family> = None;
    for metric in metrics {
        if family != Some(metric.family) {
            let blank = if family.is_some() { "\n" } else { "" };
            writeln!(out, "{blank}{}: {}", metric.family.key(), metric.family.title())?;
            family = Some(metric.family);
        }
        let better = metric.better.as_str();
        writeln!(out, "\n  {}\n    {}", metric.full_name(), metric.meaning)?;
        writeln!(out, "    unit       {} ({better} is better)", metric.unit.as_str())?;
        writeln!(out, "    formula    {}", metric.formula)?;
        writeln!(out, "    inputs     {}", metric.inputs)?;
        writeln!(out, "    undefined  {}", metric.undefined)?;
        writeln!(out, "    source     {}", metric.source)?;
    }
    Ok(())
}

fn explain(metric: &Definition) -> Value {
    json!({
        "name": metric.full_name(),
        "family": metric.family.key(),
        "meaning": metric.meaning,
        "unit": metric.unit.as_str(),
        "better": metric.better.as_str(),
        "formula": metric.formula,
        "inputs": metric.inputs,
        "undefined": metric.undefined,
        "source": metric.source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_picked_once_and_in_order() {
        let names = |given: &[&str]| -> Vec<String> {
            let given: Vec<String> = given.iter().map(|name| (*name).to_owned()).collect();
            pick(&given).unwrap().iter().map(|metric| metric.full_name()).collect()
        };
        assert_eq!(names(&["bwt,acc", "gem"]), ["gem.bwt", "gem.acc", "gem.fwt"]);
    }

    #[test]
    fn a_name_that_is_none_gets_the_nearest() {
        let error = pick(&["gem.btw".to_owned()]).unwrap_err();
        assert_eq!(error.hint.as_deref(), Some("did you mean `gem.bwt`?"));
        let error = pick(&["forgetting".to_owned()]).unwrap_err();
        assert!(error.message.contains("continual-world.forgetting, coom.forgetting"));
        assert_eq!(error.exit, Exit::Usage);
    }

    #[test]
    fn the_list_explains_every_metric_in_both_forms() {
        let metrics: Vec<_> = catalogue::metrics().collect();
        let (mut text, mut json) = (Vec::new(), Vec::new());
        list(&metrics, false, &mut text).unwrap();
        list(&metrics, true, &mut json).unwrap();
        let text = String::from_utf8(text).unwrap();
        let json: Value = serde_json::from_slice(&json).unwrap();
        for (metric, json) in metrics.iter().zip(json.as_array().unwrap()) {
            assert!(text.contains(&format!(
                "\n  {}\n    {}\n",
                metric.full_name(),
                metric.meaning
            )));
            assert_eq!(json["name"], Value::from(metric.full_name()));
            assert_eq!(json["undefined"], Value::from(metric.undefined));
        }
    }
}
