//! Comparisons: for each metric the probability that the first side is better, with its
//! interval.

use super::WIDTH;
use super::estimates::told;
use super::keys::{self, Shown, key};
use crate::drawing::{Anchor, Canvas, Marker, Scale, ticks};
use crate::figure::{Figure, Part};
use crate::findings::{COMPARED_BY, Findings};
use tella_metrics::compare::{Comparison, Row, Verdict};
use tella_metrics::told::counted;

/// Room for the metrics' names, and for the verdicts.
const LEFT: f64 = 270.0;
const RIGHT: f64 = 330.0;

/// Height of a row, and of what is above them.
const ROW: f64 = 26.0;
const HEAD: f64 = 26.0;

pub(super) fn draw(findings: &Findings<'_>) -> Vec<Figure> {
    let comparisons = findings.comparisons.iter().enumerate();
    comparisons
        .filter_map(|(at, comparison)| figure(findings, at, comparison.as_ref().ok()?))
        .collect()
}

fn figure(findings: &Findings<'_>, at: usize, comparison: &Comparison) -> Option<Figure> {
    let rows: Vec<&Row> = comparison.rows.iter().filter(|row| row.improvement.is_some()).collect();
    if rows.is_empty() {
        return None;
    }
    let sides = &findings.study.sides;
    let (first, other) = (&sides[0].label, &sides[at + 1].label);
    let x = Scale::new((0.0, 1.0), (LEFT, WIDTH - RIGHT));
    let bottom = HEAD + ROW * rows.len() as f64;
    let mut canvas = Canvas::new(WIDTH, bottom + 42.0);
    canvas.label("q s", (LEFT, 14.0), Anchor::Start, &format!("← {other} better"), 26);
    canvas.label("q s", (WIDTH - RIGHT, 14.0), Anchor::End, &format!("{first} better →"), 26);
    canvas.text("q s", (WIDTH - RIGHT + 24.0, 14.0), Anchor::Start, "difference");
    for (value, label) in ticks(x.domain, 4) {
        canvas.line("gr", (x.at(value), HEAD), (x.at(value), bottom));
        canvas.text("q s", (x.at(value), bottom + 16.0), Anchor::Middle, &label);
    }
    canvas.line("ax y", (x.at(0.5), HEAD), (x.at(0.5), bottom));
    for (n, row) in rows.iter().enumerate() {
        let y = HEAD + ROW * (n as f64 + 0.5);
        canvas.text("t", (0.0, y + 4.0), Anchor::Start, &row.metric.full_name());
        let Some(improvement) = &row.improvement else { continue };
        let decided = matches!(row.verdict, Verdict::Better | Verdict::Worse);
        canvas.open("k0");
        if let Some((low, high)) = improvement.interval {
            canvas.line("l", (x.at(low), y), (x.at(high), y));
        }
        let marker = if decided { Marker::Disc } else { Marker::Diamond };
        canvas.mark("m", marker, (x.at(improvement.point), y), 4.5, &told(improvement));
        canvas.close();
        if let Some(difference) = &row.difference {
            let place = (WIDTH - RIGHT + 24.0, y + 4.0);
            canvas.text("q", place, Anchor::Start, &told(difference));
        }
        let class = if decided { "t h s" } else { "q s" };
        canvas.text(class, (WIDTH, y + 4.0), Anchor::End, &verdict(row));
    }
    let what = "probability that a lifetime of the first is better";
    canvas.text("q s", (x.at(0.5), bottom + 34.0), Anchor::Middle, what);
    let percent = 100.0 * comparison.bootstrap.confidence;
    let keys = [
        key(Shown::Mark("m k0", Marker::Disc, 4.5), "better or worse"),
        key(Shown::Mark("m k0", Marker::Diamond, 4.5), "not told apart, or too few"),
        (Shown::Line("l k0"), format!("{percent}% interval")),
        key(Shown::Upright, "neither is better"),
    ];
    let end = keys::across(&mut canvas, &keys, (0.0, bottom + 62.0), WIDTH);
    canvas.set_height(end);
    let number =
        if findings.comparisons.len() > 1 { format!("-{}", at + 2) } else { String::new() };
    Some(Figure {
        name: format!("comparison{number}"),
        part: Part::Metrics,
        title: format!("{first} against {other}"),
        alt: format!("A is {first}, B is {other}. {}", comparison.verdict().trim_end()),
        caption: format!(
            "Lines are {}% bootstrap intervals; on the dotted line neither is better. Differences are \
             those of the {} over lifetimes, the first minus the other; {}.",
            100.0 * comparison.bootstrap.confidence,
            COMPARED_BY.1,
            match comparison.pairing.pairs() {
                Some(pairs) => format!(
                    "lifetimes were compared in {} of equal curriculum seed",
                    counted(pairs, "pair")
                ),
                None => "lifetimes were not paired".to_owned(),
            }
        ),
        canvas,
    })
}

/// The verdict of a row without letters for sides.
fn verdict(row: &Row) -> String {
    match row.verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        other => other.as_str(),
    }
    .to_owned()
}
