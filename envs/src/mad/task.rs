//! A task with its settings.

use super::compression::Compression;
use super::copying::Copying;
use super::example::Draws;
use super::fuzzy::Fuzzy;
use super::memorization::Memorization;
use super::recall::Recall;
use super::{Example, Rules, Split, settings};
use crate::{EnvError, ParamError, Params};

/// The tasks by name, in mad-lab's order.
pub const TASKS: [&str; 6] = [
    "in-context-recall",
    "noisy-in-context-recall",
    "fuzzy-in-context-recall",
    "memorization",
    "compression",
    "selective-copying",
];

/// A task with its settings and the rules its examples are drawn by.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    kind: Kind,
    rules: Rules,
}

/// What tells tasks apart.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Recall(Recall),
    Fuzzy(Fuzzy),
    Copying(Copying),
    Compression(Compression),
    Memorization(Memorization),
}

impl Task {
    /// The task `name`, one of [`TASKS`], with complete settings ([`super::settings`], resolved).
    ///
    /// # Errors
    ///
    /// Everything that is wrong with settings that are each in range.
    pub fn new(name: &str, params: &Params, rules: Rules) -> Result<Self, Vec<ParamError>> {
        Ok(Self { kind: settings::read(name, params, rules)?, rules })
    }

    /// The rules of its examples.
    pub fn rules(&self) -> Rules {
        self.rules
    }

    pub(super) fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Tokens; they are numbered from 0.
    pub fn vocab_size(&self) -> i64 {
        match &self.kind {
            Kind::Recall(task) => task.vocab_size,
            Kind::Fuzzy(task) => task.vocab_size,
            Kind::Copying(task) => task.vocab_size,
            Kind::Compression(task) => task.vocab_size,
            Kind::Memorization(task) => task.vocab_size,
        }
    }

    /// Positions of an example.
    pub fn positions(&self) -> usize {
        match &self.kind {
            Kind::Recall(task) => task.positions(),
            Kind::Fuzzy(task) => task.seq_len,
            Kind::Copying(task) => task.seq_len,
            Kind::Compression(task) => task.seq_len,
            Kind::Memorization(task) => task.seq_len / 2 * 2,
        }
    }

    /// Whether answers come after all inputs, from one position's encoding: compression.
    pub fn answers_afterwards(&self) -> bool {
        matches!(self.kind, Kind::Compression(_))
    }

    /// Draws the next example over `example`.
    pub(super) fn draw(
        &self,
        split: Split,
        draws: &mut Draws,
        example: &mut Example,
    ) -> Result<(), EnvError> {
        example.clear();
        match &self.kind {
            Kind::Recall(task) => return task.draw(self.rules, split, draws, example),
            Kind::Fuzzy(task) => task.draw(self.rules, split, draws, example),
            Kind::Copying(task) => task.draw(draws, example),
            Kind::Compression(task) => task.draw(self.rules, draws, example),
            Kind::Memorization(task) => task.draw(draws, example),
        }
        Ok(())
    }
}
