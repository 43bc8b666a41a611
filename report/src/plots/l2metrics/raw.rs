//! `raw`: performance of every learning experience as logged, a dot each in its task's colour, and
//! the smoothed line of each block.

use super::Plot;
use crate::drawing::Track;
use crate::figure::Figure;
use crate::plots::keys::{Shown, key};
use crate::plots::panels::range_of;
use crate::plots::parts::lowest_and_highest;
use tella_metrics::told::{counted, number};

pub(super) fn draw(plot: &Plot<'_>) -> Option<Figure> {
    let (rows, data) = (&plot.sample.rows, &plot.sample.data);
    let learning: Vec<usize> = (0..rows.len()).filter(|at| rows[*at].learns).collect();
    let (tasks, raw) = (plot.tasks(true), &data.stages.raw);
    let x = range_of(learning.iter().map(|at| rows[*at].x as f64));
    if tasks.is_empty() {
        return None;
    }
    let y = range_of(learning.iter().map(|at| raw[*at]));
    let measure = &plot.findings.study.request.settings.perf_measure;
    let mut keys = vec![key(Shown::Dots, "an experience")];
    keys.extend(data.stages.smoothed.as_ref().map(|_| key(Shown::Line("i l thin"), "smoothed")));
    let (mut canvas, frame) = plot.frame((x.0.min(0.0), x.1), y, measure, &tasks, &keys);
    let place = |at: usize, values: &[f64]| frame.at(rows[at].x as f64, values[at]);
    for task in &tasks {
        let own = learning.iter().filter(|at| data.task[**at] as usize == *task);
        let places: Vec<_> = own.map(|at| place(*at, raw)).collect();
        canvas.dots(&plot.inks[*task].colour(), &lowest_and_highest(&places));
    }
    if let Some(smoothed) = &data.stages.smoothed {
        for block in learning.chunk_by(|a, b| rows[*a].block_num == rows[*b].block_num) {
            let places: Vec<_> = block.iter().map(|at| place(*at, smoothed)).collect();
            let track: Track = lowest_and_highest(&places).into_iter().collect();
            canvas.track("i l thin", &track);
        }
    }
    let alt = format!(
        "{} of {}, {measure} from {} to {}.",
        counted(learning.len(), "learning experience"),
        counted(tasks.len(), "task"),
        number(y.0),
        number(y.1)
    );
    let about = "A dot is a learning experience as logged, lines are smoothed. Of many in one \
                 column of the drawing the lowest and the highest are drawn.";
    Some(plot.figure("raw", "Raw performance", alt, about, canvas))
}
