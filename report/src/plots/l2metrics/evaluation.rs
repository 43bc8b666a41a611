//! `evaluation`: for each group of variants preprocessed performance by evaluation block, the
//! mean of each variant with a 95% interval over its experiences.

use super::Plot;
use crate::figure::Figure;
use crate::plots::estimates::{self, Line};
use crate::plots::keys::{Shown, key};
use crate::plots::panels::Panels;
use std::collections::BTreeMap;
use tella_metrics::l2metrics::Normalization;
use tella_metrics::statistics::Estimate;
use tella_metrics::told::number;

/// Half the width of a 95% interval of a normal distribution, in standard deviations.
const NORMAL_95: f64 = 1.959_963_984_540_054;

pub(super) fn draw(plot: &Plot<'_>) -> Option<Figure> {
    let data = &plot.sample.data;
    let lines = lines(plot);
    let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
    for task in (0..data.tasks.len()).filter(|task| !lines[*task].is_empty()) {
        let name = plot.name(task);
        let group = name.split('_').next().unwrap_or(name);
        match groups.iter_mut().find(|(own, _)| *own == group) {
            Some((_, tasks)) => tasks.push(task),
            None => groups.push((group, vec![task])),
        }
    }
    if groups.is_empty() {
        return None;
    }
    let settings = &plot.findings.study.request.settings;
    let normalised = settings.normalization_method != Normalization::None;
    let (low, high) = estimates::range(&lines);
    // Intervals may reach beyond the range of what is measured, and are shown whole.
    let range = if normalised { (low.min(0.0), high.max(101.0)) } else { (low, high) };
    let end = lines.iter().flatten().map(|(block, _)| *block).fold(0.0, f64::max) + 0.5;
    let mut panels = Panels::plain(groups.len());
    if let Some(head) = plot.head() {
        panels.head(&head);
    }
    for (n, (group, tasks)) in groups.iter().enumerate() {
        let variant = |task: &usize| {
            let name = plot.name(*task);
            (name.split_once('_').map_or(name, |(_, variant)| variant), plot.inks[*task])
        };
        let frame = panels.group(n, group, tasks.iter().map(variant), end, range);
        panels.axes(n, &frame, "block", "performance");
        for task in tasks {
            let ink = plot.inks[*task];
            panels.canvas.open(&ink.colour());
            estimates::draw(&mut panels.canvas, &frame, &lines[*task], 0, Some(ink.marker()));
            panels.canvas.close();
        }
    }
    let last = |task: usize| lines[task].last().and_then(|(_, e)| Some(e.as_ref()?.point));
    let ends = (0..data.tasks.len()).filter_map(|task| Some((plot.name(task), last(task)?)));
    let ends: Vec<String> = ends.map(|(task, v)| format!("{task} {}", number(v))).collect();
    let alt = format!(
        "Preprocessed performance by evaluation block, {} groups of variants; in the last: {}.",
        groups.len(),
        ends.join(", ")
    );
    let about = "Means of a block's experiences with their 95% interval, as if experiences did not \
                 depend on each other: it says nothing of other lifetimes.";
    let keys = [key(Shown::Band, "95% interval of the mean over the block's experiences")];
    Some(plot.figure("evaluation", "Evaluation performance", alt, about, panels.finish(&keys)))
}

/// For each task, its mean in each evaluation block.
fn lines(plot: &Plot<'_>) -> Vec<Line> {
    let (rows, data) = (&plot.sample.rows, &plot.sample.data);
    let mut values: Vec<BTreeMap<u64, Vec<f64>>> = vec![BTreeMap::new(); data.tasks.len()];
    let evaluates = plot.evaluates();
    for at in (0..rows.len()).filter(|at| evaluates(*at)) {
        let own = values[data.task[at] as usize].entry(rows[at].block_num).or_default();
        own.push(data.stages.performance[at]);
    }
    let line = |blocks: BTreeMap<u64, Vec<f64>>| {
        blocks.into_iter().map(|(block, values)| (block as f64, Some(estimate(&values)))).collect()
    };
    values.into_iter().map(line).collect()
}

fn estimate(values: &[f64]) -> Estimate {
    let n = values.len() as f64;
    let point = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - point).powi(2)).sum();
    let half = NORMAL_95 * (squares / (n - 1.0) / n).sqrt();
    Estimate { point, interval: half.is_finite().then_some((point - half, point + half)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 1, 2, 3 have a standard error of the mean of 1 / sqrt(3).
    #[test]
    fn intervals_are_those_of_a_mean() {
        let found = estimate(&[1.0, 2.0, 3.0]);
        assert_eq!(found.point, 2.0);
        let (low, high) = found.interval.unwrap();
        assert!(
            (high - 2.0 - 1.959964 / 3f64.sqrt()).abs() < 1e-6 && (low + high - 4.0).abs() < 1e-12
        );
        assert_eq!(estimate(&[1.0]).interval, None);
    }
}
