//! `ste`: for each task its preprocessed learning, one block after the other, over that of its
//! single-task experts.

use super::Plot;
use crate::figure::Figure;
use crate::plots::keys::{Shown, key};
use crate::plots::legend;
use crate::plots::panels::{Panels, range_of};
use crate::plots::parts::lowest_and_highest;
use tella_metrics::told::counted;

pub(super) fn draw(plot: &Plot<'_>) -> Option<Figure> {
    let (rows, data) = (&plot.sample.rows, &plot.sample.data);
    let performance = &data.stages.performance;
    let with_experts = |task: &usize| !data.experts[*task].is_empty();
    let tasks: Vec<usize> = plot.tasks(true).into_iter().filter(with_experts).collect();
    if tasks.is_empty() {
        return None;
    }
    let learning = |task: usize| -> Vec<usize> {
        let own =
            |at: &usize| rows[*at].learns && !rows[*at].asleep && data.task[*at] as usize == task;
        (0..rows.len()).filter(own).collect()
    };
    let own: Vec<Vec<usize>> = tasks.iter().map(|task| learning(*task)).collect();
    let experts = || tasks.iter().flat_map(|task| &data.experts[*task]);
    let longest = own.iter().map(Vec::len).chain(experts().map(Vec::len)).max().unwrap_or(1);
    let mine = own.iter().flatten().map(|at| performance[*at]);
    let range = range_of(mine.chain(experts().flatten().copied()));
    let mut panels = Panels::plain(tasks.len());
    if let Some(head) = plot.head() {
        panels.head(&head);
    }
    for (n, (task, own)) in tasks.iter().zip(&own).enumerate() {
        let ink = plot.inks[*task];
        let frame = panels.frame(n, plot.name(*task), ink, longest as f64, range);
        panels.axes(n, &frame, "learning experiences", "performance");
        let (_, _, top, bottom) = frame.sides();
        for run in &data.experts[*task] {
            let places = (0..).zip(run).map(|(at, value)| frame.at(f64::from(at), *value));
            let places: Vec<_> = places.collect();
            panels.canvas.dots(legend::EXPERT, &lowest_and_highest(&places));
        }
        for at in
            (1..own.len()).filter(|at| rows[own[*at]].block_num != rows[own[at - 1]].block_num)
        {
            let x = frame.x.at(at as f64);
            panels.canvas.line("ax y", (x, top), (x, bottom));
        }
        let places = (0..).zip(own).map(|(n, at)| frame.at(f64::from(n), performance[*at]));
        let places: Vec<_> = places.collect();
        panels.canvas.dots(&ink.colour(), &lowest_and_highest(&places));
    }
    let keys = [
        key(Shown::Dots, "an experience of a single-task expert"),
        key(Shown::Upright, "blocks were put together"),
    ];
    let alt = format!(
        "Preprocessed learning of {} over that of their experts, {} at most.",
        counted(tasks.len(), "task"),
        counted(longest, "experience")
    );
    let about = "Learning in the task's colour, that of its single-task experts in grey; dotted \
                 lines: where blocks were put together. Of many dots in one column of the drawing the \
                 lowest and the highest are drawn.";
    Some(plot.figure(
        "ste",
        "Against single-task experts, as L2Metrics",
        alt,
        about,
        panels.finish(&keys),
    ))
}
