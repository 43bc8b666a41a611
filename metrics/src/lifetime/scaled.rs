//! A lifetime on a scale, with experts beside: what metrics are functions of.

use super::{Evaluation, Experts, Lifetime, Scale, Stretch, curve};
use crate::l2metrics::Report;

/// A lifetime on a [`Scale`], which turns performance into a share of its task's range.
#[derive(Clone, Debug)]
pub struct Scaled<'a> {
    /// The lifetime.
    pub lifetime: &'a Lifetime,
    /// Performance is as in the log, not a share of a range.
    pub raw: bool,
    /// What the profile `l2metrics` says of it, where that was asked for.
    pub l2metrics: Option<&'a Report>,
    curve: Vec<f64>,
    evaluations: Vec<Vec<Evaluation>>,
    experts: Vec<Vec<Vec<f64>>>,
}

impl<'a> Scaled<'a> {
    /// Puts a lifetime on a scale.
    pub fn new(lifetime: &'a Lifetime, scale: &Scale, experts: &Experts) -> Self {
        let mut scaled = lifetime.smooth.clone();
        for stretch in &lifetime.stretches {
            let name = &lifetime.tasks[stretch.task];
            scaled[stretch.rows.clone()].iter_mut().for_each(|v| *v = scale.apply(name, *v));
        }
        let evaluations = lifetime.evaluations.iter().zip(&lifetime.tasks).map(|(own, name)| {
            let on_scale = |e: &Evaluation| Evaluation { mean: scale.apply(name, e.mean), ..*e };
            own.iter().map(on_scale).collect()
        });
        let experts = lifetime.tasks.iter().map(|name| {
            let on_scale = |run: &Vec<f64>| -> Vec<f64> {
                let smooth = curve::smoothed(run, std::iter::once(0..run.len()));
                smooth.into_iter().map(|value| scale.apply(name, value)).collect()
            };
            experts.runs(name).iter().map(on_scale).collect()
        });
        Self {
            lifetime,
            raw: scale.is_raw(),
            l2metrics: None,
            curve: scaled,
            evaluations: evaluations.collect(),
            experts: experts.collect(),
        }
    }

    /// The smoothed learning curve of a stretch.
    pub fn curve(&self, stretch: &Stretch) -> &[f64] {
        &self.curve[stretch.rows.clone()]
    }

    /// All of a task's learning, its stretches one after the other, each smoothed.
    pub fn learning(&self, task: usize) -> Vec<f64> {
        self.lifetime.stretches_of(task).flat_map(|s| self.curve(s).iter().copied()).collect()
    }

    /// The evaluations of a task, by gap.
    pub fn evaluations(&self, task: usize) -> &[Evaluation] {
        &self.evaluations[task]
    }

    /// The last evaluation of a task in a gap up to `gap`.
    pub fn evaluation_before(&self, task: usize, gap: usize) -> Option<f64> {
        self.evaluations[task].iter().rev().find(|e| e.gap <= gap).map(|e| e.mean)
    }

    /// The first evaluation of a task in a gap from `gap` on.
    pub fn evaluation_after(&self, task: usize, gap: usize) -> Option<f64> {
        self.evaluations[task].iter().find(|e| e.gap >= gap).map(|e| e.mean)
    }

    /// The last evaluation of a task, where it lies after the task's first learning.
    pub fn final_evaluation(&self, task: usize) -> Option<f64> {
        let first = self.lifetime.stretches_of(task).next()?.learning.start;
        self.evaluations[task].last().filter(|e| e.gap > first).map(|e| e.mean)
    }

    /// The learning curves of a task's expert, a run each, smoothed.
    pub fn experts(&self, task: usize) -> &[Vec<f64>] {
        &self.experts[task]
    }
}
