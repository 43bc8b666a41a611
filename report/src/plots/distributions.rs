//! Distributions: each metric's value in every lifetime, its mean and interval.

use super::WIDTH;
use super::keys::{self, Shown, key};
use super::panels::range_of;
use crate::drawing::{Anchor, Canvas, Marker, Scale, ticks};
use crate::figure::{Figure, Part};
use crate::findings::Findings;
use tella_metrics::Definition;
use tella_metrics::cohort::Summary;
use tella_metrics::told::{counted, number};

/// Panels beside each other, and between them.
const COLUMNS: usize = 3;
const GAP: f64 = 18.0;

/// Height of the name, of a side's row, and of the axis below.
const HEAD: f64 = 22.0;
const ROW: f64 = 24.0;
const AXIS: f64 = 42.0;

/// Characters of a side's label.
const MOST: usize = 12;

/// Dots lie on so many lines, one after the other, so that equal ones are seen.
const LINES: usize = 5;

/// A metric's values, a list a side.
struct Values<'a> {
    metric: &'static Definition,
    sides: Vec<(Vec<f64>, Option<&'a Summary>)>,
}

pub(super) fn draw(findings: &Findings<'_>) -> Vec<Figure> {
    let study = findings.study;
    let metrics = (0..study.request.metrics.len()).map(|at| values(findings, at));
    let several = |values: &Values<'_>| values.sides.iter().any(|(values, _)| values.len() > 1);
    let drawn: Vec<Values<'_>> = metrics.filter(several).collect();
    if drawn.is_empty() {
        return Vec::new();
    }
    let left = if study.compares() { 100.0 } else { 20.0 };
    let cell = (WIDTH - GAP * (COLUMNS as f64 - 1.0)) / COLUMNS as f64;
    let height = HEAD + ROW * study.sides.len() as f64 + AXIS;
    let rows = drawn.len().div_ceil(COLUMNS);
    let mut canvas = Canvas::new(WIDTH, height * rows as f64 + 4.0);
    for (n, values) in drawn.iter().enumerate() {
        // Down the columns, so that a family stays together.
        let (row, column) = (n % rows, n / rows);
        let corner = (column as f64 * (cell + GAP), row as f64 * height + 4.0);
        let x = (corner.0 + left, corner.0 + cell - 24.0);
        panel(&mut canvas, findings, values, corner, x);
    }
    let percent = 100.0 * study.request.bootstrap.confidence;
    let keys = [
        key(Shown::Mark("m p k0", Marker::Disc, 3.0), "a lifetime"),
        key(Shown::Mark("t", Marker::Diamond, 4.0), "mean"),
        (Shown::Line("i l"), format!("{percent}% interval of the mean")),
    ];
    let bottom = height * rows as f64 + 16.0;
    let end = keys::across(&mut canvas, &keys, (left, bottom), WIDTH);
    canvas.set_height(end);
    vec![Figure {
        name: "distributions".to_owned(),
        part: Part::Metrics,
        title: "Metrics over lifetimes".to_owned(),
        alt: alt(findings, &drawn),
        caption: format!(
            "A dot is a lifetime that was lived to its end, the diamond their mean, the line its {}% \
             bootstrap interval. Dots are set on {LINES} lines in turn, so that equal ones are seen.",
            100.0 * study.request.bootstrap.confidence
        ),
        canvas,
    }]
}

fn values<'a>(findings: &'a Findings<'_>, at: usize) -> Values<'a> {
    let sides = findings.measures.iter().zip(&findings.summaries);
    let sides = sides.map(|(measures, summaries)| {
        let sample = measures.sample(at);
        let values: Vec<f64> = sample.values.iter().map(|(_, _, value)| *value).collect();
        (values, summaries.get(at))
    });
    Values { metric: findings.study.request.metrics[at], sides: sides.collect() }
}

fn panel(
    canvas: &mut Canvas,
    findings: &Findings<'_>,
    values: &Values<'_>,
    corner: (f64, f64),
    x: (f64, f64),
) {
    let all = values.sides.iter().flat_map(|(values, _)| values.iter().copied());
    let scale = Scale::round(range_of(all), x, 3);
    canvas.text(
        "t h",
        (x.0 - if findings.study.compares() { 92.0 } else { 0.0 }, corner.1 + 13.0),
        Anchor::Start,
        &values.metric.full_name(),
    );
    let mut y = corner.1 + HEAD;
    for ((own, summary), side) in values.sides.iter().zip(&findings.study.sides) {
        let middle = y + ROW / 2.0;
        canvas.line("gr", (x.0, middle), (x.1, middle));
        if findings.study.compares() {
            canvas.label("q s", (x.0 - 10.0, middle + 4.0), Anchor::End, &side.label, MOST);
        }
        canvas.open("k0");
        for (n, value) in own.iter().enumerate() {
            let line = (n % LINES) as f64 - (LINES - 1) as f64 / 2.0;
            let place = (scale.at(*value), middle + 3.2 * line);
            canvas.mark("m p", Marker::Disc, place, 3.0, &number(*value));
        }
        canvas.close();
        if let Some(mean) = summary.and_then(|summary| summary.get("mean")) {
            if let Some((low, high)) = mean.interval {
                let ends = (scale.at(low), scale.at(high));
                canvas.line("i l", (ends.0, middle), (ends.1, middle));
            }
            let title = format!("mean {}", super::estimates::told(mean));
            canvas.mark("t", Marker::Diamond, (scale.at(mean.point), middle), 4.0, &title);
        }
        y += ROW;
    }
    let axis = y + 3.0;
    canvas.line("ax", (x.0, axis), (x.1, axis));
    for (value, label) in ticks(scale.domain, 4) {
        canvas.line("ax", (scale.at(value), axis), (scale.at(value), axis + 4.0));
        canvas.text("q s", (scale.at(value), axis + 16.0), Anchor::Middle, &label);
    }
}

fn alt(findings: &Findings<'_>, drawn: &[Values<'_>]) -> String {
    let told = |values: &Values<'_>| {
        let sides = values.sides.iter().zip(&findings.study.sides);
        let means: Vec<String> = sides
            .filter_map(|((own, summary), side)| {
                let mean = summary.and_then(|s| s.get("mean"))?;
                let who = match findings.study.compares() {
                    true => format!("{} ", side.label),
                    false => String::new(),
                };
                Some(format!("{who}mean {} of {}", super::estimates::told(mean), own.len()))
            })
            .collect();
        format!("{}: {}", values.metric.full_name(), means.join(", "))
    };
    let all: Vec<String> = drawn.iter().map(told).collect();
    format!("Values of {} in each lifetime. {}.", counted(drawn.len(), "metric"), all.join("; "))
}
