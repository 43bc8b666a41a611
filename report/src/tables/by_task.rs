//! The metrics of each task over lifetimes.

use super::metrics::name;
use crate::findings::Findings;
use crate::table::{Cell, Column, Kind, Table};
use tella_metrics::cohort::Measures;
use tella_metrics::statistics::Statistic;
use tella_metrics::told::number;

pub(super) fn table(findings: &Findings<'_>) -> Table {
    let columns = vec![
        Column::new("metric", "Metric", Kind::Text, "its meaning on hover"),
        Column::new("side", "Agent", Kind::Text, "the agent, as this report calls it"),
        Column::new("task", "Task", Kind::Text, ""),
        Column::new("mean", "Mean", Kind::Estimate, "over lifetimes, with its interval"),
        Column::new("lifetimes", "n", Kind::Count, "lifetimes with a value"),
    ];
    let mut rows = Vec::new();
    for (at, metric) in findings.study.request.metrics.iter().enumerate() {
        let first = rows.len();
        for (measures, side) in findings.measures.iter().zip(&findings.study.sides) {
            for task in tasks(measures, at) {
                let (mean, lifetimes) = mean(findings, measures, at, &task);
                let label = Cell::Text(side.label.clone());
                rows.push(vec![
                    name(metric),
                    label,
                    Cell::Text(task),
                    mean,
                    Cell::Count(lifetimes),
                ]);
            }
        }
        // What no task of any side has a value of says nothing that the table of metrics does not.
        if rows[first..].iter().all(|row| matches!(row[3], Cell::Nothing(_))) {
            rows.truncate(first);
        }
    }
    Table {
        name: "metrics-by-task".to_owned(),
        title: "Metrics by task".to_owned(),
        caption: format!(
            "Of metrics that have a value for some task. Intervals from {} resamples.",
            number(findings.curve_bootstrap().resamples as f64)
        ),
        columns,
        rows,
    }
}

/// The tasks that a metric tells of.
fn tasks(measures: &Measures<'_>, at: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in measures.measured.iter().flat_map(|measured| &measured[at].tasks) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

fn mean(findings: &Findings<'_>, measures: &Measures<'_>, at: usize, task: &str) -> (Cell, u64) {
    let sample = measures.sample_of_task(at, task);
    let scores = sample.scores();
    if scores.is_empty() {
        let why = sample.absent.first().map(|absent| absent.reason.clone());
        return (Cell::Nothing(why.unwrap_or_else(|| "there is no lifetime".to_owned())), 0);
    }
    let mean = findings.curve_bootstrap().estimates(&scores, &[Statistic::Mean]).remove(0);
    (Cell::Estimate(mean.point, mean.interval), sample.values.len() as u64)
}
