//! `learning`: preprocessed performance of learning experiences with evaluations taken out of
//! time, and dashed lines through the means of each task's evaluations.

use super::Plot;
use crate::drawing::Track;
use crate::figure::Figure;
use crate::plots::keys::{Shown, key};
use crate::plots::panels::range_of;
use crate::plots::parts::lowest_and_highest;
use tella_metrics::told::{counted, number};

pub(super) fn draw(plot: &Plot<'_>) -> Option<Figure> {
    let (rows, data) = (&plot.sample.rows, &plot.sample.data);
    let performance = &data.stages.performance;
    let tasks = plot.tasks(true);
    if tasks.is_empty() {
        return None;
    }
    let (mut learnt, mut evaluated) =
        (vec![Vec::new(); data.tasks.len()], vec![Vec::new(); data.tasks.len()]);
    let evaluates = plot.evaluates();
    let mut time = 0.0;
    let all: Vec<usize> = (0..rows.len()).collect();
    for regime in all.chunk_by(|a, b| data.regime_num[*a] == data.regime_num[*b]) {
        let (first, last) = (regime[0], regime[regime.len() - 1]);
        let task = data.task[first] as usize;
        if rows[first].learns {
            let since = |at: usize| time + (rows[at].x - rows[first].x) as f64;
            learnt[task].extend(regime.iter().map(|at| (since(*at), performance[*at])));
            time += (rows[last].x - rows[first].x) as f64 + 1.0;
        } else if evaluates(first) {
            let mean = regime.iter().map(|at| performance[*at]).sum::<f64>() / regime.len() as f64;
            evaluated[task].push((time, mean));
        }
    }
    let values = learnt.iter().chain(&evaluated).flatten().map(|(_, value)| *value);
    let y = range_of(values);
    let mut keys = vec![key(Shown::Dots, "an experience")];
    let dashed = evaluated.iter().any(|places| places.len() > 1);
    keys.extend(dashed.then(|| key(Shown::Line("l thin d1"), "mean of evaluations")));
    let (mut canvas, frame) = plot.frame((0.0, time), y, "performance", &tasks, &keys);
    for (task, places) in evaluated.iter().enumerate().filter(|(_, places)| places.len() > 1) {
        let track: Track = places.iter().map(|(x, y)| frame.at(*x, *y)).collect();
        canvas.track(&format!("l thin d1 {}", plot.inks[task].colour()), &track);
    }
    for task in &tasks {
        let places: Vec<_> = learnt[*task].iter().map(|(x, y)| frame.at(*x, *y)).collect();
        canvas.dots(&plot.inks[*task].colour(), &lowest_and_highest(&places));
    }
    let count: usize = learnt.iter().map(Vec::len).sum();
    let alt = format!(
        "Preprocessed performance of {} of {}, from {} to {}.",
        counted(count, "learning experience"),
        counted(tasks.len(), "task"),
        number(y.0),
        number(y.1)
    );
    let about = "A dot is a learning experience, smoothed and normalised as the metrics take it; evaluations take \
                 no time, dashed lines go through their means. Of many dots in one column of the \
                 drawing the lowest and the highest are drawn.";
    Some(plot.figure("learning", "Learning performance", alt, about, canvas))
}
