//! Who solves a task as well as it can be: what is known, is answered.

use super::task::Kind;
use super::{Example, IGNORED, Task};
use std::collections::HashMap;

/// Exact answers to examples for scoring. An answer rests on the inputs up to its position, in
/// compression on all, in memorization on examples that were [seen](Oracle::see) before. Its score is
/// the ceiling of a task's: 1 under corrected rules, but in memorization where keys are scored that
/// no example for learning had.
#[derive(Clone, Debug)]
pub struct Oracle {
    task: Task,
    seen: HashMap<i64, i64>,
}

impl Oracle {
    /// One that has seen nothing.
    pub fn new(task: &Task) -> Self {
        Self { task: task.clone(), seen: HashMap::new() }
    }

    /// Remembers what an example for learning tells of others.
    pub fn see(&mut self, example: &Example) {
        if let Kind::Memorization(_) = self.task.kind() {
            let pairs = example.inputs.iter().zip(example.targets.iter().skip(1));
            self.seen.extend(pairs.filter(|(_, value)| **value != IGNORED));
        }
    }

    /// The answer at each position; [`IGNORED`] where it knows none.
    pub fn answers(&self, inputs: &[i64]) -> Vec<i64> {
        match self.task.kind() {
            Kind::Recall(task) => task.answers(inputs),
            Kind::Fuzzy(task) => task.answers(inputs),
            Kind::Copying(task) => task.answers(inputs),
            Kind::Compression(_) => inputs.to_vec(),
            Kind::Memorization(task) => task.answers(inputs, &self.seen),
        }
    }
}
