//! The metrics over lifetimes: a row a metric.

use crate::drawing::shortened;
use crate::findings::Findings;
use crate::table::{Cell, Column, Kind, Table};
use tella_metrics::Definition;
use tella_metrics::cohort::{Measures, Summary};
use tella_metrics::statistics::Estimate;
use tella_metrics::told::number;

/// Characters of a side's label in front of a heading.
const LABEL: usize = 24;

/// A column of each side: key, heading, kind, what it says.
type OfSide = (&'static str, &'static str, Kind, &'static str);

/// Of several lifetimes.
const OVER_LIFETIMES: [OfSide; 4] = [
    ("mean", "mean", Kind::Estimate, "mean over lifetimes and its interval"),
    ("median", "median", Kind::Number, "median over lifetimes"),
    ("iqm", "IQM", Kind::Number, "interquartile mean: of the middle half of the lifetimes"),
    ("lifetimes", "n", Kind::Count, "lifetimes with a value"),
];

/// Of one lifetime.
const OF_ONE: OfSide = ("value", "value", Kind::Number, "of the one lifetime there is");

/// The place on the page where a metric is defined.
pub(crate) fn anchor(metric: &Definition) -> String {
    format!("metric-{}", metric.full_name())
}

/// The name of a metric, with its meaning on hover and a link to its definition.
pub(super) fn name(metric: &Definition) -> Cell {
    Cell::Explained {
        text: metric.full_name(),
        about: format!("{}; {} is better", metric.meaning, metric.better.as_str()),
        link: format!("#{}", anchor(metric)),
    }
}

pub(super) fn table(findings: &Findings<'_>) -> Table {
    let study = findings.study;
    let several = study.sides.iter().any(|side| side.cohort.members.len() > 1);
    let mut columns = vec![Column::new("metric", "Metric", Kind::Text, "its meaning on hover")];
    let ends = ends(study.sides.iter().map(|side| side.label.as_str()));
    // One statistic of all sides after the other, so that sides stand beside each other.
    for (key, heading, kind, about) in if several { &OVER_LIFETIMES[..] } else { &[OF_ONE] } {
        for (n, side) in study.sides.iter().enumerate() {
            let (end, of) = match study.compares() {
                true => (ends[n].clone(), format!("{}: ", shortened(&side.label, LABEL))),
                false => (String::new(), String::new()),
            };
            let (key, heading) = (format!("{key}{end}"), format!("{of}{heading}"));
            columns.push(Column::new(&key, &heading, *kind, about));
        }
    }
    columns.push(Column::new("unit", "Unit", Kind::Text, "unit of the value"));
    columns.push(Column::new("better", "Better", Kind::Text, "which way is better"));
    columns.push(Column::new("missing", "Missing", Kind::Text, "why a value is missing"));
    let rows = (0..study.request.metrics.len()).map(|at| row(findings, at, several));
    let bootstrap = study.request.bootstrap;
    let caption = match several {
        true => format!(
            "Over the lifetimes that were lived to their end; in brackets {}% bootstrap intervals \
             ({} resamples, seed {}).",
            100.0 * bootstrap.confidence,
            number(bootstrap.resamples as f64),
            bootstrap.seed
        ),
        false => "Of one lifetime, as far as its log reaches.".to_owned(),
    };
    Table {
        name: "metrics".to_owned(),
        title: "Metrics".to_owned(),
        caption,
        columns,
        rows: rows.collect(),
    }
}

fn row(findings: &Findings<'_>, at: usize, several: bool) -> Vec<Cell> {
    let metric = findings.study.request.metrics[at];
    let mut row = vec![name(metric)];
    let of_side = |(measures, summaries): (&Measures<'_>, &Vec<Summary>)| {
        if several {
            return over_lifetimes(&summaries[at]).to_vec();
        }
        let value = measures.measured.first().map(|measured| measured[at].value.clone());
        vec![match value {
            Some(value) => Cell::number(value.map_err(|why| why.to_string())),
            None => Cell::Nothing("there is no lifetime".to_owned()),
        }]
    };
    let sides: Vec<Vec<Cell>> =
        findings.measures.iter().zip(&findings.summaries).map(of_side).collect();
    let columns = sides.first().map_or(0, Vec::len);
    row.extend((0..columns).flat_map(|column| sides.iter().map(move |side| side[column].clone())));
    row.push(Cell::Text(metric.unit.as_str().to_owned()));
    row.push(Cell::Text(metric.better.as_str().to_owned()));
    row.push(Cell::Text(missing(findings, &sides)));
    row
}

/// Why sides have no value, where they have none.
fn missing(findings: &Findings<'_>, sides: &[Vec<Cell>]) -> String {
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for (cells, side) in sides.iter().zip(&findings.study.sides) {
        let Some(Cell::Nothing(why)) = cells.first() else { continue };
        let label = shortened(&side.label, LABEL);
        match reasons.iter_mut().find(|(reason, _)| reason == why) {
            Some((_, labels)) => labels.push(label),
            None => reasons.push((why, vec![label])),
        }
    }
    let all = |labels: &Vec<String>| labels.len() == sides.len();
    let told = reasons.iter().map(|(why, labels)| match all(labels) {
        true => (*why).to_owned(),
        false => format!("{}: {why}", labels.join(", ")),
    });
    told.collect::<Vec<_>>().join("; ")
}

/// The ends of the sides' keys in files for programs: their labels, of what every program takes in a
/// name; with their numbers, where those do not tell them apart.
fn ends<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<String> {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-.".contains(c) { c } else { '_' };
    let name = |label: &str| label.chars().map(plain).take(LABEL).collect::<String>();
    let names: Vec<String> = labels.map(name).collect();
    let numbered = |(n, name): (usize, &String)| match names.iter().filter(|o| *o == name).count() {
        1 => format!("_{name}"),
        _ => format!("_{}_{name}", n + 1),
    };
    names.iter().enumerate().map(numbered).collect()
}

fn over_lifetimes(summary: &Summary) -> [Cell; 4] {
    let why = || {
        let first = summary.absent.first().map(|absent| absent.reason.clone());
        Cell::Nothing(first.unwrap_or_else(|| "there is no lifetime".to_owned()))
    };
    let point = |key| summary.get(key).map_or_else(why, |e: &Estimate| Cell::Number(e.point));
    [
        summary.get("mean").map_or_else(why, |e| Cell::Estimate(e.point, e.interval)),
        point("median"),
        point("iqm"),
        Cell::Count(summary.lifetimes as u64),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_say_whose_they_are() {
        assert_eq!(ends(["q-learning", "a b (x)"].into_iter()), ["_q-learning", "_a_b__x_"]);
        let long = "x".repeat(10_000);
        let found = ends([long.as_str(), &long, "\t<b>"].into_iter());
        assert_eq!(found[0], format!("_1_{}", "x".repeat(LABEL)));
        assert_eq!((found[1].len(), found[2].as_str()), (found[0].len(), "___b_"));
    }
}
