//! The course of a lifetime: what came after what, and how long it took.

use std::collections::HashMap;
use tella_events::{BlockSubtype, BlockType};
use tella_metrics::l2metrics::Settings;
use tella_metrics::{Experiences, Order};

/// What came after what in a lifetime.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// The spans, in order.
    pub spans: Vec<Span>,
    /// The number of experiences in all spans.
    pub experiences: usize,
}

/// Experiences of one task that follow each other in one block.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// Its block.
    pub block_num: u64,
    /// Learning or evaluation.
    pub block_type: BlockType,
    /// In sleep.
    pub asleep: bool,
    /// Its task.
    pub task: String,
    /// The experiences before it, and it included.
    pub start: usize,
    /// The experiences up to its end.
    pub end: usize,
    /// Its steps, where the log has lengths.
    pub steps: Option<u64>,
    /// Complete experiences with a value of the measure.
    pub measured: usize,
    /// Their mean; NaN of none.
    pub mean: f64,
}

impl Span {
    /// It is learning from experiences.
    pub fn is_learning(&self) -> bool {
        self.block_type == BlockType::Train && !self.asleep
    }
}

impl Course {
    /// The course that a log tells; `None` where its rows cannot be put in order.
    pub(super) fn of(log: &Experiences, settings: &Settings) -> Option<Self> {
        let order = Order::of(log).ok()?;
        let measure = log.measure(&settings.perf_measure).ok()?;
        let names: Vec<&str> =
            log.task_name.values().iter().map(|n| settings.variant_mode.task(n)).collect();
        // Codes of names that stand for one task are one.
        let mut first: HashMap<&str, usize> = HashMap::new();
        let codes: Vec<usize> =
            names.iter().enumerate().map(|(code, n)| *first.entry(n).or_insert(code)).collect();
        let mut course = Self { experiences: order.len(), ..Self::default() };
        let mut last = None;
        for (at, row) in order.rows().enumerate() {
            let task = codes[log.task_name.codes()[row] as usize];
            let key = (log.block_num[row], log.block_type[row], log.block_subtype[row], task);
            if last != Some(key) {
                last = Some(key);
                course.spans.push(Span {
                    block_num: key.0,
                    block_type: key.1,
                    asleep: key.2 == BlockSubtype::Sleep,
                    task: names[task].to_owned(),
                    start: at,
                    end: at,
                    steps: log.episode_step_count.is_some().then_some(0),
                    measured: 0,
                    mean: f64::NAN,
                });
            }
            let Some(span) = course.spans.last_mut() else { continue };
            span.end = at + 1;
            if let (Some(steps), Some(counts)) = (&mut span.steps, &log.episode_step_count) {
                *steps = steps.saturating_add(counts[row]);
            }
            if log.complete[row] && !measure[row].is_nan() {
                span.measured += 1;
                let before = if span.measured == 1 { 0.0 } else { span.mean };
                span.mean = before + (measure[row] - before) / span.measured as f64;
            }
        }
        Some(course)
    }

    /// The blocks, in order: the spans of each.
    pub fn blocks(&self) -> impl Iterator<Item = &[Span]> {
        self.spans.chunk_by(|a, b| a.block_num == b.block_num)
    }

    /// The evaluations that count: those asleep, where there are any.
    pub fn evaluations(&self) -> impl Iterator<Item = &Span> {
        let is_test = |span: &&Span| span.block_type == BlockType::Test;
        let slept = self.spans.iter().filter(is_test).any(|span| span.asleep);
        self.spans.iter().filter(is_test).filter(move |span| span.asleep == slept)
    }

    /// The mean of a task in each block that evaluates it.
    pub fn evaluations_of(&self, task: &str) -> Vec<(u64, f64)> {
        let mut means: Vec<(u64, f64, usize)> = Vec::new();
        for span in self.evaluations().filter(|span| span.task == task && span.measured > 0) {
            match means.last_mut() {
                Some((block, mean, n)) if *block == span.block_num => {
                    *n += span.measured;
                    *mean += (span.mean - *mean) * span.measured as f64 / *n as f64;
                }
                _ => means.push((span.block_num, span.mean, span.measured)),
            }
        }
        means.into_iter().map(|(block, mean, _)| (block, mean)).collect()
    }

    /// What was learnt in which order: block, task, experiences.
    pub fn order(&self) -> Vec<(u64, &str, usize)> {
        let learnt = self.spans.iter().filter(|span| span.is_learning());
        learnt.map(|span| (span.block_num, span.task.as_str(), span.end - span.start)).collect()
    }
}
