//! Performance profiles, as rliable draws them: for each metric of performance the share of
//! lifetimes above each score, with its interval, the sides in one panel.

use super::estimates::{self, Line};
use super::keys::Shown;
use super::panels::{Panels, range_of};
use crate::figure::{Figure, Part};
use crate::findings::Findings;
use tella_metrics::Definition;
use tella_metrics::cohort::Measures;
use tella_metrics::statistics::Scores;
use tella_metrics::told::{counted, number};

/// Scores at which a profile is told, the ends of its axis among them.
const THRESHOLDS: usize = 101;

/// Lifetimes that one side alone must have; of two sides one must have two.
const ENOUGH: usize = 5;

/// A metric's profiles.
struct Profiles {
    metric: &'static Definition,
    /// The scores on its axis.
    range: (f64, f64),
    /// For each side the share of lifetimes above each score; empty where it has no score.
    lines: Vec<Line>,
    /// For each side, its scores.
    scores: Vec<Vec<f64>>,
}

pub(super) fn draw(findings: &Findings<'_>) -> Vec<Figure> {
    let metrics = findings.study.request.metrics.iter().enumerate();
    let drawn: Vec<Profiles> =
        metrics.filter_map(|(at, metric)| Profiles::of(metric, at, findings)).collect();
    if drawn.is_empty() {
        return Vec::new();
    }
    let mut panels = Panels::new(drawn.len(), findings.study);
    for (n, profiles) in drawn.iter().enumerate() {
        let frame = panels.titled(n, &profiles.metric.full_name(), profiles.range, (0.0, 1.0));
        panels.axes(n, &frame, "score", "share of lifetimes above it");
        panels.canvas.open("k0");
        for (side, line) in profiles.lines.iter().enumerate() {
            estimates::draw(&mut panels.canvas, &frame, line, side, None);
        }
        panels.canvas.close();
    }
    let bootstrap = findings.curve_bootstrap();
    let band = format!("{}% interval", 100.0 * bootstrap.confidence);
    vec![Figure {
        name: "profiles".to_owned(),
        part: Part::Metrics,
        title: "Performance profiles".to_owned(),
        alt: alt(findings, &drawn),
        caption: format!(
            "The share of lifetimes, of those that were lived to their end and have a value, whose \
             score is above the one below: the higher a line, the better. Where lines do not \
             cross, one side is better whatever score counts as good. Bands are {}% bootstrap \
             intervals point by point, stratified by curriculum ({} resamples).",
            100.0 * bootstrap.confidence,
            number(bootstrap.resamples as f64)
        ),
        canvas: panels.finish(&[(Shown::Band, band)]),
    }]
}

impl Profiles {
    /// The profiles of a metric whose values are scores, where there are enough of them.
    fn of(metric: &'static Definition, at: usize, findings: &Findings<'_>) -> Option<Self> {
        metric.unit.optimum()?;
        let samples = findings.measures.iter().map(|side: &Measures<'_>| side.sample(at));
        let samples: Vec<_> = samples.collect();
        let scores: Vec<Vec<f64>> = samples
            .iter()
            .map(|sample| sample.values.iter().map(|(_, _, value)| *value).collect())
            .collect();
        let with_scores = scores.iter().filter(|scores| !scores.is_empty()).count();
        let most = scores.iter().map(Vec::len).max().unwrap_or(0);
        if most < if with_scores > 1 { 2 } else { ENOUGH } {
            return None;
        }
        let range = range_of(scores.iter().flatten().copied());
        let range = crate::drawing::Scale::round(range, (0.0, 1.0), 4).domain;
        let step = (range.1 - range.0) / (THRESHOLDS - 1) as f64;
        let thresholds: Vec<f64> = (0..THRESHOLDS).map(|n| range.0 + step * n as f64).collect();
        let line = |scores: Scores| -> Line {
            if scores.is_empty() {
                return Line::new();
            }
            let points = findings.curve_bootstrap().profile(&scores, &thresholds);
            points.into_iter().map(|point| (point.threshold, Some(point.share))).collect()
        };
        let lines = samples.iter().map(|sample| line(sample.scores())).collect();
        Some(Self { metric, range, lines, scores })
    }
}

/// The lowest, the middle and the highest score of each side.
fn alt(findings: &Findings<'_>, drawn: &[Profiles]) -> String {
    let told = |profiles: &Profiles| {
        let sides = profiles.scores.iter().zip(&findings.study.sides);
        let sides: Vec<String> = sides
            .filter(|(scores, _)| !scores.is_empty())
            .map(|(scores, side)| {
                let (low, high) = range_of(scores.iter().copied());
                let who = match findings.study.compares() {
                    true => format!("{} ", side.label),
                    false => String::new(),
                };
                format!(
                    "{who}falls from 1 to 0 between {} and {} over {}",
                    number(low),
                    number(high),
                    counted(scores.len(), "lifetime")
                )
            })
            .collect();
        format!("{}: {}", profiles.metric.full_name(), sides.join(", "))
    };
    let all: Vec<String> = drawn.iter().map(told).collect();
    format!(
        "Share of lifetimes above each score, for {}. {}.",
        counted(drawn.len(), "metric"),
        all.join("; ")
    )
}
