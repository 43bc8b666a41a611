//! Learning curves: for each task performance against its own learning experiences, the
//! mean over lifetimes with its interval, and where the task's learning was interrupted.

use super::{WIDTH, legend};
use crate::drawing::{Anchor, Canvas, Frame, Scale, Track, grid, number};
use crate::figure::Figure;
use crate::findings::Findings;
use crate::study::Task;
use tella_metrics::lifetime::Lifetime;
use tella_metrics::statistics::Estimate;

/// Points of a curve: of the learning experiences of a task, as many parts of equal length.
const POINTS: usize = 150;

/// Height of a panel's inside, the room above it for its name, and between panels.
const HEIGHT: f64 = 128.0;
const HEAD: f64 = 22.0;
const GAP: (f64, f64) = (34.0, 62.0);

/// Room for the labels of the vertical axis.
const LEFT: f64 = 46.0;

/// A task's learning in all lifetimes of all sides.
struct Learning<'a> {
    task: &'a Task,
    /// Experiences of the longest learning.
    length: usize,
    /// For each side, points of the mean over lifetimes.
    curves: Vec<Vec<Option<Estimate>>>,
    /// For each side, its lifetimes.
    lifetimes: Vec<usize>,
    /// Experiences after which its learning was interrupted, where all lifetimes agree.
    interruptions: Option<Vec<usize>>,
}

pub(super) fn draw(findings: &Findings<'_>) -> Vec<Figure> {
    let study = findings.study;
    let learnt = study.tasks.iter().filter(|task| task.learnt);
    let tasks: Vec<Learning<'_>> = learnt.map(|task| Learning::of(task, findings)).collect();
    if tasks.is_empty() {
        return Vec::new();
    }
    let columns = match tasks.len() {
        1 => 1,
        2 | 4 => 2,
        _ => 3,
    };
    let top = if study.compares() { 34.0 } else { 6.0 };
    let (places, cell) = grid(tasks.len(), columns, WIDTH, top, GAP, HEAD + HEIGHT);
    let common = common_range(&tasks);
    let mut canvas = Canvas::new(WIDTH, 0.0);
    if study.compares() {
        legend::sides(&mut canvas, study, (LEFT, 14.0));
    }
    for (learning, (x, y)) in tasks.iter().zip(&places) {
        let inside = ((x + LEFT, y + HEAD), (cell - LEFT - 14.0, HEIGHT));
        panel(&mut canvas, learning, inside, common);
    }
    let rows = tasks.len().div_ceil(columns) as f64;
    canvas.set_height(top + rows * (HEAD + HEIGHT) + (rows - 1.0) * GAP.1 + 46.0);
    let measure = &study.request.settings.perf_measure;
    vec![Figure {
        name: "learning-curves".to_owned(),
        title: "Learning curves".to_owned(),
        alt: alt(findings, &tasks, measure),
        caption: caption(findings, &tasks, measure, common.is_some()),
        canvas,
    }]
}

impl<'a> Learning<'a> {
    fn of(task: &'a Task, findings: &Findings<'_>) -> Self {
        let bootstrap = findings.curve_bootstrap();
        let sides = &findings.study.sides;
        let of_side = |side: usize| {
            let lifetimes = sides[side].cohort.lifetimes();
            lifetimes.filter_map(|life| learning_of(life, &task.name)).collect::<Vec<_>>()
        };
        let learnings: Vec<Vec<(Vec<f64>, Vec<usize>)>> = (0..sides.len()).map(of_side).collect();
        let all = || learnings.iter().flatten();
        let length = all().map(|(curve, _)| curve.len()).max().unwrap_or(0);
        let thinned = |side: &Vec<(Vec<f64>, Vec<usize>)>| {
            let curves: Vec<Vec<f64>> =
                side.iter().map(|(curve, _)| in_parts(curve, length)).collect();
            bootstrap.mean_curve(&curves)
        };
        let mut stops = all().map(|(_, stops)| stops);
        let first = stops.next().cloned();
        let interruptions = first.filter(|first| stops.all(|stops| stops == first));
        Self {
            task,
            length,
            curves: learnings.iter().map(thinned).collect(),
            lifetimes: learnings.iter().map(Vec::len).collect(),
            interruptions,
        }
    }

    /// The lowest and the highest place that is drawn.
    fn range(&self) -> (f64, f64) {
        let estimates = || self.curves.iter().flatten().flatten();
        let ends = |e: &Estimate| e.interval.map_or([e.point; 2], |(low, high)| [low, high]);
        let all = || estimates().flat_map(ends);
        (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max))
    }
}

/// A task's learning in a lifetime, smoothed, and the experiences after which that was
/// interrupted; none where it was not learnt.
fn learning_of(life: &Lifetime, name: &str) -> Option<(Vec<f64>, Vec<usize>)> {
    let task = life.tasks.iter().position(|task| task == name)?;
    let (mut curve, mut stops) = (Vec::new(), Vec::new());
    for stretch in life.stretches_of(task) {
        if !curve.is_empty() {
            stops.push(curve.len());
        }
        curve.extend_from_slice(&life.smooth[stretch.rows.clone()]);
    }
    (!curve.is_empty()).then_some((curve, stops))
}

/// The experiences of each part, where `length` of them are cut into parts.
fn part(at: usize, length: usize) -> std::ops::Range<usize> {
    let parts = length.min(POINTS);
    at * length / parts..(at + 1) * length / parts
}

/// The means over the parts of a curve: `length` experiences, cut into at most [`POINTS`];
/// NaN beyond its end.
fn in_parts(curve: &[f64], length: usize) -> Vec<f64> {
    let of_part = |at| {
        let rows = part(at, length);
        let own = &curve[rows.start.min(curve.len())..rows.end.min(curve.len())];
        match own.is_empty() {
            true => f64::NAN,
            false => own.iter().sum::<f64>() / own.len() as f64,
        }
    };
    (0..length.min(POINTS)).map(of_part).collect()
}

/// The range that all panels share, where each fills a good part of it.
fn common_range(tasks: &[Learning<'_>]) -> Option<(f64, f64)> {
    let ranges: Vec<(f64, f64)> = tasks.iter().map(Learning::range).collect();
    let low = ranges.iter().map(|r| r.0).fold(f64::INFINITY, f64::min);
    let high = ranges.iter().map(|r| r.1).fold(f64::NEG_INFINITY, f64::max);
    let filled = |r: &&(f64, f64)| r.1 - r.0 >= 0.2 * (high - low);
    // A task that never changes fills nothing on any scale.
    let most = ranges.iter().filter(filled).count() * 2 >= ranges.len();
    (most && high.is_finite()).then_some((low, high))
}

fn panel(
    canvas: &mut Canvas,
    learning: &Learning<'_>,
    (corner, size): ((f64, f64), (f64, f64)),
    common: Option<(f64, f64)>,
) {
    let range = common.unwrap_or_else(|| learning.range());
    let mut frame = Frame::new(corner, size, (0.0, learning.length as f64), range);
    frame.y = Scale::round(range, frame.y.range, 4);
    let ink = learning.task.ink;
    let (left, _, top, bottom) = frame.sides();
    frame.y_axis(canvas, 4, true);
    for stop in learning.interruptions.iter().flatten() {
        let x = frame.x.at(*stop as f64);
        canvas.line("ax w y", (x, top), (x, bottom));
    }
    frame.x_axis(canvas, 4, true);
    canvas.open(&ink.colour());
    canvas.mark("m", ink.marker(), (left + 4.0, corner.1 - 12.0), 4.0, "");
    let most = (size.0 / 7.5) as usize;
    canvas.label("t h", (left + 14.0, corner.1 - 8.0), Anchor::Start, &learning.task.name, most);
    for (side, curve) in learning.curves.iter().enumerate() {
        let middle = |at: usize| {
            let rows = part(at, learning.length);
            frame.x.at((rows.start + rows.end) as f64 / 2.0)
        };
        let points = curve.iter().enumerate();
        let band: Vec<(f64, f64, f64)> = points
            .clone()
            .map(|(at, estimate)| {
                let (low, high) =
                    estimate.as_ref().and_then(|e| e.interval).unwrap_or((f64::NAN, f64::NAN));
                (middle(at), frame.y.at(low), frame.y.at(high))
            })
            .collect();
        canvas.band("b", &band);
        let place = |(at, estimate): (usize, &Option<Estimate>)| {
            let point = estimate.as_ref().map_or(f64::NAN, |e| e.point);
            (middle(at), frame.y.at(point))
        };
        let track: Track = points.map(place).collect();
        canvas.track(&format!("l {}", legend::dash(side)), &track);
    }
    canvas.close();
}

fn alt(findings: &Findings<'_>, tasks: &[Learning<'_>], measure: &str) -> String {
    let mut text = format!(
        "Learning curves of {} tasks, {measure} against learning experiences.",
        tasks.len()
    );
    for (side, about) in findings.study.sides.iter().enumerate() {
        let ends: Vec<String> = tasks
            .iter()
            .filter_map(|learning| {
                let mut points = learning.curves[side].iter().flatten();
                let first = points.next()?.point;
                let last = points.next_back()?.point;
                Some(format!("{} from {} to {}", learning.task.name, number(first), number(last)))
            })
            .collect();
        if !ends.is_empty() {
            let who = if findings.study.compares() {
                format!("{}: ", about.label)
            } else {
                String::new()
            };
            text.push_str(&format!(" {who}{}.", ends.join(", ")));
        }
    }
    text
}

fn caption(findings: &Findings<'_>, tasks: &[Learning<'_>], measure: &str, common: bool) -> String {
    let lifetimes = tasks.iter().flat_map(|t| t.lifetimes.iter().copied()).max().unwrap_or(0);
    let bootstrap = findings.curve_bootstrap();
    let mut text = format!(
        "{measure} against the task's own learning experiences, smoothed by a centred moving \
         average within each stretch of learning."
    );
    if lifetimes > 1 {
        text.push_str(&format!(
            " Lines are means over lifetimes, shading is their {}% bootstrap interval at each point ({} resamples).",
            100.0 * bootstrap.confidence,
            number(bootstrap.resamples as f64)
        ));
    }
    let longest = tasks.iter().map(|t| t.length).max().unwrap_or(0);
    if longest > POINTS {
        text.push_str(&format!(
            " A point is the mean over one of {POINTS} equal parts of the learning: of {} experiences, where that is longest.",
            longest.div_ceil(POINTS)
        ));
    }
    if tasks.iter().any(|t| t.interruptions.as_ref().is_some_and(|stops| !stops.is_empty())) {
        text.push_str(" Dotted lines: other tasks were learnt between.");
    }
    if tasks.iter().any(|t| t.interruptions.is_none()) {
        text.push_str(" Where no line is dotted lifetimes were interrupted at different points.");
    }
    if !common {
        text.push_str(" Each panel has its own vertical scale.");
    }
    text
}
