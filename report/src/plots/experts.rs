//! Single-task experts: a task's learning in lifetimes over the learning of those who learn
//! nothing else.

use super::estimates::{self, Line};
use super::panels::Panels;
use super::parts::{POINTS, in_parts, middle};
use super::{keys, legend};
use crate::figure::{Figure, Part};
use crate::findings::Findings;
use crate::study::Task;
use tella_metrics::lifetime::Scaled;
use tella_metrics::told::{counted, number};

/// A task, its learning in each side's lifetimes, and its experts'.
struct Overlay<'a> {
    task: &'a Task,
    length: usize,
    sides: Vec<Line>,
    expert: Line,
    runs: usize,
}

pub(super) fn draw(findings: &Findings<'_>) -> Vec<Figure> {
    let study = findings.study;
    let sides: Vec<Vec<Scaled<'_>>> = (0..study.sides.len()).map(|n| findings.scaled(n)).collect();
    let overlay = |task| overlay(findings, task, &sides);
    let drawn: Vec<Overlay<'_>> = study.tasks.iter().filter_map(overlay).collect();
    if drawn.is_empty() {
        return Vec::new();
    }
    let raw = sides.iter().flatten().any(|life| life.raw);
    let what = match raw {
        true => study.request.settings.perf_measure.as_str(),
        false => "share of range",
    };
    let mut panels = Panels::with_experts(drawn.len(), study);
    for (n, overlay) in drawn.iter().enumerate() {
        let Task { name, ink, .. } = overlay.task;
        let lines: Vec<Line> = overlay.sides.iter().chain([&overlay.expert]).cloned().collect();
        let range = if raw { estimates::range(&lines) } else { (0.0, 1.0) };
        let frame = panels.frame(n, name, *ink, overlay.length as f64, range);
        panels.axes(n, &frame, "learning experiences", what);
        panels.canvas.open(legend::EXPERT);
        estimates::draw(&mut panels.canvas, &frame, &overlay.expert, 0, None);
        panels.canvas.close();
        panels.canvas.open(&ink.colour());
        for (side, line) in overlay.sides.iter().enumerate() {
            estimates::draw(&mut panels.canvas, &frame, line, side, None);
        }
        panels.canvas.close();
    }
    vec![Figure {
        name: "experts".to_owned(),
        part: Part::Transfer,
        title: "Against single-task experts".to_owned(),
        alt: alt(findings, &drawn),
        caption: caption(findings, &drawn, raw),
        canvas: panels.finish(&keys::intervals(findings).into_iter().collect::<Vec<_>>()),
    }]
}

fn overlay<'a>(
    findings: &Findings<'a>,
    task: &'a Task,
    sides: &[Vec<Scaled<'_>>],
) -> Option<Overlay<'a>> {
    let place = |life: &Scaled<'_>| life.lifetime.tasks.iter().position(|name| *name == task.name);
    let with_task = |life: &Scaled<'_>| Some((place(life)?, life.experts(place(life)?).to_vec()));
    let (_, runs) = sides.iter().flatten().find_map(with_task)?;
    // A lifetime of the experts' own is no lifetime that is set against them.
    let learnings: Vec<Vec<Vec<f64>>> = sides
        .iter()
        .map(|lives| {
            let others = lives.iter().filter(|life| life.lifetime.learnt > 1 || lives.len() == 1);
            let learning = |life: &Scaled<'_>| Some(life.learning(place(life)?));
            others.filter_map(learning).filter(|curve| !curve.is_empty()).collect()
        })
        .collect();
    let all = || learnings.iter().flatten().chain(&runs);
    if runs.is_empty() || learnings.iter().all(Vec::is_empty) {
        return None;
    }
    let length = all().map(Vec::len).max().unwrap_or(0);
    let line = |curves: &Vec<Vec<f64>>| -> Line {
        let curves: Vec<Vec<f64>> = curves.iter().map(|curve| in_parts(curve, length)).collect();
        let means = findings.curve_bootstrap().mean_curve(&curves).into_iter().enumerate();
        means.map(|(at, estimate)| (middle(at, length), estimate)).collect()
    };
    let (sides, expert) = (learnings.iter().map(line).collect(), line(&runs));
    Some(Overlay { task, length, sides, expert, runs: runs.len() })
}

fn last(line: &Line) -> Option<f64> {
    line.iter().rev().find_map(|(_, estimate)| Some(estimate.as_ref()?.point))
}

fn alt(findings: &Findings<'_>, drawn: &[Overlay<'_>]) -> String {
    let told = |overlay: &Overlay<'_>| {
        let sides = overlay.sides.iter().zip(&findings.study.sides);
        let ends: Vec<String> = sides
            .filter_map(|(line, side)| Some(format!("{} {}", side.label, number(last(line)?))))
            .collect();
        let expert = last(&overlay.expert).map_or("–".to_owned(), number);
        format!("{}: {}, expert {expert}", overlay.task.name, ends.join(", "))
    };
    let all: Vec<String> = drawn.iter().map(told).collect();
    format!(
        "Learning of {} over that of their single-task experts. At the end: {}.",
        counted(drawn.len(), "task"),
        all.join("; ")
    )
}

fn caption(findings: &Findings<'_>, drawn: &[Overlay<'_>], raw: bool) -> String {
    let runs: Vec<usize> = drawn.iter().map(|overlay| overlay.runs).collect();
    let (few, many) = (runs.iter().min().unwrap_or(&0), runs.iter().max().unwrap_or(&0));
    let count = match (few, many) {
        (1, 1) => "one run".to_owned(),
        (few, many) if few == many => format!("mean of {few} runs"),
        (few, many) => format!("mean of {few} to {many} runs"),
    };
    let scale = if raw { "" } else { ", as a share of the task's range" };
    let mut text = format!(
        "A task's learning in lifetimes, one stretch after the other, in its colour; its single-task \
         expert ({count}) in grey{scale}. Both are smoothed alike."
    );
    text.push_str(&findings.about_intervals());
    if drawn.iter().any(|overlay| overlay.length > POINTS) {
        text.push_str(&format!(" A point is the mean over one of {POINTS} equal parts."));
    }
    text
}
