//! Comparisons: a row a metric, the first side against another.

use super::metrics::name;
use crate::findings::{COMPARED_BY, Findings};
use crate::table::{Cell, Column, Kind, Table};
use tella_metrics::cohort::Summary;
use tella_metrics::compare::{Comparison, Row};
use tella_metrics::statistics::{Estimate, caution};
use tella_metrics::told::{counted, number};

/// A table for each side but the first that could be compared with it.
pub(super) fn tables(findings: &Findings<'_>) -> Vec<Table> {
    let compared = findings.comparisons.iter().enumerate();
    let compared = compared.filter_map(|(at, comparison)| Some((at, comparison.as_ref().ok()?)));
    compared.map(|(at, comparison)| table(findings, at, comparison)).collect()
}

fn table(findings: &Findings<'_>, at: usize, comparison: &Comparison) -> Table {
    let sides = &findings.study.sides;
    let (first, other) = (&sides[0].label, &sides[at + 1].label);
    let of = COMPARED_BY.1;
    let column =
        |key: &str, heading: &str, kind, about: &str| Column::new(key, heading, kind, about);
    let columns = vec![
        column("metric", "Metric", Kind::Text, "its meaning on hover"),
        column("first", first, Kind::Estimate, of),
        column("other", other, Kind::Estimate, of),
        column("difference", "Difference", Kind::Estimate, "the first minus the other"),
        column("p_better", "P(better)", Kind::Estimate, "that a lifetime of the first is better"),
        column("lifetimes", "n", Kind::Text, "lifetimes of both with a value, or pairs"),
        column("verdict", "Verdict", Kind::Text, "on the first"),
    ];
    let end = if findings.comparisons.len() > 1 { format!("-{}", at + 2) } else { String::new() };
    Table {
        name: format!("comparison{end}"),
        title: format!("{first} against {other}"),
        caption: caption(comparison),
        columns,
        rows: comparison.rows.iter().map(|row| cells(row, comparison.statistic.key())).collect(),
    }
}

fn cells(row: &Row, statistic: &str) -> Vec<Cell> {
    let estimate = |estimate: Option<&Estimate>, summary: &Summary| match estimate {
        Some(e) => Cell::Estimate(e.point, e.interval),
        None => {
            let first = summary.absent.first().map(|absent| absent.reason.clone());
            Cell::Nothing(first.unwrap_or_else(|| "a side has no value".to_owned()))
        }
    };
    let [first, other] = &row.sides;
    let lifetimes = match row.pairs {
        Some(1) => "1 pair".to_owned(),
        Some(pairs) => format!("{pairs} pairs"),
        None => format!("{} and {}", first.lifetimes, other.lifetimes),
    };
    let verdict = row.verdict.as_str();
    let missing = if first.lifetimes == 0 { first } else { other };
    vec![
        name(row.metric),
        estimate(first.get(statistic), first),
        estimate(other.get(statistic), other),
        estimate(row.difference.as_ref(), missing),
        estimate(row.improvement.as_ref(), missing),
        Cell::Text(lifetimes),
        Cell::Text(verdict.strip_prefix("A is ").unwrap_or(verdict).to_owned()),
    ]
}

fn caption(comparison: &Comparison) -> String {
    let [a, b] = comparison.lifetimes;
    let mut text = match comparison.pairing.pairs() {
        Some(pairs) => {
            format!("In {} of lifetimes of equal curriculum seed", counted(pairs, "pair"))
        }
        None => format!("Lifetimes ({a} and {b}) are not paired"),
    };
    let bootstrap = comparison.bootstrap;
    text.push_str(&format!(
        "; {} over lifetimes; in brackets {}% bootstrap intervals ({} resamples, seed {}).",
        COMPARED_BY.1,
        100.0 * bootstrap.confidence,
        number(bootstrap.resamples as f64),
        bootstrap.seed
    ));
    let fewest = comparison.pairing.pairs().unwrap_or(a.min(b));
    if let Some(caution) = caution(fewest) {
        text.push_str(&format!(" Caution: {caution}."));
    }
    text
}
