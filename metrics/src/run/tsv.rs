//! The metrics of runs as tab-separated tables, under the reference's column names.

use super::{LifetimeMetrics, RunMetrics};
use crate::l2metrics::{Metric, Report};

/// A row a lifetime: run, metrics, what was said of it and what was counted.
pub fn lifetimes_tsv(runs: &[RunMetrics]) -> String {
    let metrics = runs.first().map_or(Vec::new(), |run| Metric::selected(&run.settings));
    let mut head = vec!["run_id", "lifetime_idx"];
    head.extend(metrics.iter().map(|metric| metric.key()));
    head.extend(["complexity", "difficulty", "scenario_type", "metrics_column"]);
    head.extend(["min", "max", "num_lx", "num_ex", "runtime"]);
    let row = |(run, lifetime, report): (&RunMetrics, &LifetimeMetrics, &Report)| {
        let mut row = vec![run.run_id.clone(), lifetime.lifetime_idx.to_string()];
        row.extend(metrics.iter().map(|metric| number(report.get(*metric).and_then(Result::ok))));
        let about = &lifetime.about;
        let said = [&about.complexity, &about.difficulty, &about.scenario_type];
        row.extend(said.map(|text| text.clone().unwrap_or_default()));
        row.push(report.metrics_column.clone());
        row.extend([report.min, report.max].map(|value| number(Some(value))));
        row.extend([report.num_lx, report.num_ex].map(|count| count.to_string()));
        row.push(number(report.runtime));
        row
    };
    table(&head, measured(runs).map(row))
}

/// A row a regime.
pub fn regimes_tsv(runs: &[RunMetrics]) -> String {
    let head = [
        "block_num",
        "block_type",
        "block_subtype",
        "task_name",
        "regime_num",
        "task_params",
        "saturation",
        "exp_to_sat",
        "term_perf",
        "exp_to_term_perf",
        "avg_perf",
        "run_id",
        "lifetime_idx",
    ];
    let rows = measured(runs).flat_map(|(run, lifetime, report)| {
        report.regimes.iter().map(|regime| {
            let count = |count: Option<usize>| count.map_or(String::new(), |n| n.to_string());
            vec![
                regime.block_num.to_string(),
                regime.block_type.as_str().to_owned(),
                regime.block_subtype.as_str().to_owned(),
                regime.task_name.clone(),
                regime.regime_num.to_string(),
                regime.task_params.clone().unwrap_or_default(),
                number(regime.saturation),
                count(regime.exp_to_sat),
                number(regime.term_perf),
                count(regime.exp_to_term_perf),
                number(regime.avg_perf),
                run.run_id.clone(),
                lifetime.lifetime_idx.to_string(),
            ]
        })
    });
    table(&head, rows)
}

fn measured(runs: &[RunMetrics]) -> impl Iterator<Item = (&RunMetrics, &LifetimeMetrics, &Report)> {
    runs.iter().flat_map(|run| {
        run.lifetimes.iter().filter_map(move |l| Some((run, l, l.outcome.as_ref().ok()?)))
    })
}

/// The shortest digits that give the number back; nothing for none.
fn number(value: Option<f64>) -> String {
    value.map_or(String::new(), |value| format!("{value:?}"))
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = head.join("\t") + "\n";
    for row in rows {
        let fields: Vec<String> = row.iter().map(|field| quoted(field)).collect();
        text.push_str(&fields.join("\t"));
        text.push('\n');
    }
    text
}

/// A field as Python's `csv` module writes it.
fn quoted(field: &str) -> String {
    if field.contains(['\t', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
