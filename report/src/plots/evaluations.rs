//! Evaluations: for each task its performance in every evaluation block, the mean over
//! lifetimes with its interval, and in which blocks the task was learnt.

use super::estimates::{self, Line};
use super::keys::{self, Key, Shown, key};
use super::panels::{Panels, common_range};
use crate::figure::{Figure, Part};
use crate::findings::Findings;
use crate::study::{Side, Task};
use tella_metrics::told::{counted, number};

/// Height of the mark of a block that all lifetimes learn a task in.
const RUG: f64 = 12.0;

pub(super) fn draw(findings: &Findings<'_>) -> Vec<Figure> {
    let study = findings.study;
    let drawn: Vec<(&Task, &Vec<Line>)> = study
        .tasks
        .iter()
        .zip(&findings.evaluations)
        .filter(|(_, lines)| lines.iter().flatten().any(|(_, estimate)| estimate.is_some()))
        .collect();
    if drawn.is_empty() {
        return Vec::new();
    }
    let measure = &study.request.settings.perf_measure;
    let ranges: Vec<(f64, f64)> = drawn.iter().map(|(_, lines)| estimates::range(lines)).collect();
    let common = common_range(&ranges);
    let courses = || study.sides.iter().flat_map(|side| side.courses.iter().flatten());
    let last = courses().flat_map(|c| c.spans.last()).map(|span| span.block_num).max();
    let end = last.unwrap_or(0) as f64 + 0.5;
    let mut panels = Panels::new(drawn.len(), study);
    for (n, ((task, lines), range)) in drawn.iter().zip(&ranges).enumerate() {
        let frame = panels.frame(n, &task.name, task.ink, end, common.unwrap_or(*range));
        panels.axes(n, &frame, "block", measure);
        panels.canvas.open(&task.ink.colour());
        let (_, _, _, bottom) = frame.sides();
        let width = (frame.x.at(1.0) - frame.x.at(0.0)).clamp(1.0, 14.0);
        for (block, share) in learnt_in(&study.sides, &task.name) {
            let height = RUG * share;
            let corner = (frame.x.at(block as f64) - width / 2.0, bottom - height);
            let title = format!("block {block}: learnt in {}% of lifetimes", number(100.0 * share));
            panels.canvas.rect("m p", corner, (width, height), &title);
        }
        for (side, line) in lines.iter().enumerate() {
            estimates::draw(&mut panels.canvas, &frame, line, side, Some(task.ink.marker()));
        }
        panels.canvas.close();
    }
    let mut keys: Vec<Key> = keys::intervals(findings).into_iter().collect();
    let learnt = drawn.iter().any(|(task, _)| task.learnt);
    keys.extend(learnt.then(|| {
        key(Shown::Rug, "learnt in this block, as high as the share of lifetimes that did")
    }));
    vec![Figure {
        name: "evaluations".to_owned(),
        part: Part::Performance,
        title: "Evaluations".to_owned(),
        alt: alt(findings, &drawn, measure),
        caption: caption(findings, common.is_some()),
        canvas: panels.finish(&keys),
    }]
}

/// The blocks in which a task is learnt, each with the share of the lifetimes that do.
fn learnt_in(sides: &[Side], task: &str) -> Vec<(u64, f64)> {
    let mut blocks: std::collections::BTreeMap<u64, usize> = std::collections::BTreeMap::new();
    let courses: Vec<_> = sides.iter().flat_map(|side| side.courses.iter().flatten()).collect();
    for course in &courses {
        for block in course.blocks() {
            if block.iter().any(|span| span.is_learning() && span.task == task) {
                *blocks.entry(block[0].block_num).or_default() += 1;
            }
        }
    }
    blocks.into_iter().map(|(block, n)| (block, n as f64 / courses.len() as f64)).collect()
}

fn alt(findings: &Findings<'_>, drawn: &[(&Task, &Vec<Line>)], measure: &str) -> String {
    let mut text =
        format!("Mean {measure} of {} in each evaluation block.", counted(drawn.len(), "task"));
    text.push_str(&estimates::ends(findings, drawn.iter().copied()));
    text
}

fn caption(findings: &Findings<'_>, common: bool) -> String {
    let mut text = "Mean performance in each evaluation block.".to_owned();
    text.push_str(&findings.about_intervals());
    text.push_str(
        " Marks at the bottom: blocks in which the task was learnt, as high as the share of \
         lifetimes that did.",
    );
    if !common {
        text.push_str(" Each panel has its own vertical scale.");
    }
    text
}
