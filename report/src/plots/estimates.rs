//! A line of means with the band of their intervals, in a frame.

use super::legend;
use super::panels::range_of;
use crate::drawing::{Canvas, Frame, Marker, Track};
use crate::findings::Findings;
pub(super) use crate::findings::Line;
use crate::study::Task;
use tella_metrics::statistics::Estimate;
use tella_metrics::told::number;

/// Points of a line that are marked one by one; more would be a row of beads.
const MOST_MARKS: usize = 30;

/// The lowest and the highest place that lines take.
pub(super) fn range(lines: &[Line]) -> (f64, f64) {
    let estimates = lines.iter().flatten().filter_map(|(_, estimate)| estimate.as_ref());
    range_of(estimates.flat_map(|e| {
        let (low, high) = e.interval.unwrap_or((e.point, e.point));
        [low.min(e.point), high.max(e.point)]
    }))
}

/// Draws the line of a side, within a group that has the colour. Its points are marked where
/// a marker is given and they are few, and those that stand alone in any case.
pub(super) fn draw(
    canvas: &mut Canvas,
    frame: &Frame,
    line: &Line,
    side: usize,
    marker: Option<Marker>,
) {
    let band: Vec<(f64, f64, f64)> = line
        .iter()
        .map(|(x, estimate)| {
            let interval = estimate.as_ref().and_then(|e| e.interval);
            let (low, high) = interval.unwrap_or((f64::NAN, f64::NAN));
            (frame.x.at(*x), frame.y.at(low), frame.y.at(high))
        })
        .collect();
    canvas.band("b", &band);
    let points: Vec<(f64, f64)> = line
        .iter()
        .map(|(x, estimate)| frame.at(*x, estimate.as_ref().map_or(f64::NAN, |e| e.point)))
        .collect();
    let track: Track = points.iter().copied().collect();
    canvas.track(&format!("l {}", legend::dash(side)), &track);
    let few = points.len() <= MOST_MARKS;
    let missing = |at: Option<usize>| at.and_then(|at| points.get(at)).is_none_or(|p| p.1.is_nan());
    for (at, (x, estimate)) in line.iter().enumerate() {
        let Some(estimate) = estimate else { continue };
        let alone = missing(at.checked_sub(1)) && missing(Some(at + 1));
        if (few && marker.is_some()) || alone {
            let title = format!("{}: {}", number(*x), told(estimate));
            canvas.mark("m", marker.unwrap_or(Marker::Disc), points[at], 2.8, &title);
        }
    }
}

/// An estimate in words.
pub(super) fn told(estimate: &Estimate) -> String {
    match estimate.interval {
        Some((low, high)) => {
            format!("{} ({} to {})", number(estimate.point), number(low), number(high))
        }
        None => number(estimate.point),
    }
}

/// Where the lines of tasks begin and end, a sentence for each side; `tasks` has one line a
/// side.
pub(super) fn ends<'a>(
    findings: &Findings<'_>,
    tasks: impl Iterator<Item = (&'a Task, &'a Vec<Line>)> + Clone,
) -> String {
    let mut text = String::new();
    for (side, about) in findings.study.sides.iter().enumerate() {
        let of_task = |(task, lines): (&Task, &Vec<Line>)| {
            let mut points = lines[side].iter().filter_map(|(_, e)| e.as_ref());
            let first = points.next()?.point;
            let last = points.next_back().map_or(first, |e| e.point);
            Some(format!("{} from {} to {}", task.name, number(first), number(last)))
        };
        let ends: Vec<String> = tasks.clone().filter_map(of_task).collect();
        if !ends.is_empty() {
            let who = match findings.study.compares() {
                true => format!("{}: ", about.label),
                false => String::new(),
            };
            text.push_str(&format!(" {who}{}.", ends.join(", ")));
        }
    }
    text
}
