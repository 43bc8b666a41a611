//! Learning curves: for each task performance against its own learning experiences, the
//! mean over lifetimes with its interval, and where the task's learning was interrupted.

use super::estimates::{self, Line};
use super::keys::{self, Key, Shown, key};
use super::panels::{Panels, common_range};
use super::parts::{POINTS, in_parts, middle};
use crate::figure::{Figure, Part};
use crate::findings::Findings;
use crate::study::Task;
use tella_metrics::lifetime::Lifetime;
use tella_metrics::told::counted;

/// A task's learning in all lifetimes of all sides.
struct Learning<'a> {
    task: &'a Task,
    /// Experiences of the longest learning.
    length: usize,
    /// For each side, the mean over lifetimes.
    lines: Vec<Line>,
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
    let measure = &study.request.settings.perf_measure;
    let ranges: Vec<(f64, f64)> = tasks.iter().map(|t| estimates::range(&t.lines)).collect();
    let common = common_range(&ranges);
    let mut panels = Panels::new(tasks.len(), study);
    for (n, (learning, range)) in tasks.iter().zip(&ranges).enumerate() {
        let Task { name, ink, .. } = learning.task;
        let range = common.unwrap_or(*range);
        let frame = panels.frame(n, name, *ink, learning.length as f64, range);
        let (_, _, top, bottom) = frame.sides();
        panels.axes(n, &frame, "learning experiences", measure);
        for stop in learning.interruptions.iter().flatten() {
            let x = frame.x.at(*stop as f64);
            panels.canvas.line("ax y", (x, top), (x, bottom));
        }
        panels.canvas.open(&ink.colour());
        for (side, line) in learning.lines.iter().enumerate() {
            estimates::draw(&mut panels.canvas, &frame, line, side, None);
        }
        panels.canvas.close();
    }
    let stopped = tasks.iter().any(|t| t.interruptions.iter().flatten().next().is_some());
    let mut keys: Vec<Key> = keys::intervals(findings).into_iter().collect();
    keys.extend(stopped.then(|| key(Shown::Upright, "other tasks were learnt")));
    vec![Figure {
        name: "learning-curves".to_owned(),
        part: Part::Performance,
        title: "Learning curves".to_owned(),
        alt: alt(findings, &tasks, measure),
        caption: caption(findings, &tasks, common.is_some()),
        canvas: panels.finish(&keys),
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
        let line = |side: &Vec<(Vec<f64>, Vec<usize>)>| -> Line {
            let curves: Vec<Vec<f64>> =
                side.iter().map(|(curve, _)| in_parts(curve, length)).collect();
            let estimates = bootstrap.mean_curve(&curves).into_iter().enumerate();
            estimates.map(|(at, estimate)| (middle(at, length), estimate)).collect()
        };
        let mut stops = all().map(|(_, stops)| stops);
        let first = stops.next().cloned();
        let interruptions = first.filter(|first| stops.all(|stops| stops == first));
        Self { task, length, lines: learnings.iter().map(line).collect(), interruptions }
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

fn alt(findings: &Findings<'_>, tasks: &[Learning<'_>], measure: &str) -> String {
    let mut text = format!(
        "Learning curves of {}, {measure} by learning experiences.",
        counted(tasks.len(), "task")
    );
    text.push_str(&estimates::ends(
        findings,
        tasks.iter().map(|learning| (learning.task, &learning.lines)),
    ));
    text
}

fn caption(findings: &Findings<'_>, tasks: &[Learning<'_>], common: bool) -> String {
    let mut text = "Performance while a task is learnt against the task's own learning \
                    experiences, smoothed by a centred moving average within each stretch of \
                    learning."
        .to_owned();
    text.push_str(&findings.about_intervals());
    let longest = tasks.iter().map(|t| t.length).max().unwrap_or(0);
    if longest > POINTS {
        text.push_str(&format!(
            " A point is the mean over one of {POINTS} equal parts of a task's learning, {} at most.",
            counted(longest.div_ceil(POINTS), "experience")
        ));
    }
    if tasks.iter().any(|t| t.interruptions.as_ref().is_some_and(|stops| !stops.is_empty())) {
        text.push_str(" At dotted lines other tasks were learnt.");
    }
    if tasks.iter().any(|t| t.interruptions.is_none()) {
        text.push_str(
            " A panel without dotted lines: lifetimes were interrupted at different points.",
        );
    }
    if !common {
        text.push_str(" Each panel has its own vertical scale.");
    }
    text
}
