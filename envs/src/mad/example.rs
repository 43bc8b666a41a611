//! Examples: what they hold, and the stream they are drawn from.

use super::Task;
use super::fuzzy::Pair;
use crate::EnvError;
use tella_rng::{Generator, LegacyGenerator, SeedSequence};

/// The target of a position that is not scored.
pub const IGNORED: i64 = -100;

/// A sequence of tokens and, for each position, the token that is to be predicted once the inputs up
/// to it are known. In compression all inputs are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Example {
    /// Tokens.
    pub inputs: Vec<i64>,
    /// Tokens, or [`IGNORED`]; as many as inputs.
    pub targets: Vec<i64>,
}

/// Whose rules examples are drawn by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rules {
    /// The task as it is described.
    #[default]
    Corrected,
    /// mad-lab's generator, its mistakes included.
    MadLab,
}

impl Rules {
    /// The names, the default first.
    pub const NAMES: [&str; 2] = ["corrected", "mad-lab"];
}

/// What an example is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Learning: the recalls have every next token for a target.
    Train,
    /// Scoring: targets are what can be known.
    Test,
}

/// A stream of examples of a task.
#[derive(Clone, Debug)]
pub struct Examples {
    task: Task,
    draws: Draws,
}

/// What examples are drawn from, and room to draw them in: an example that is drawn over an
/// earlier one asks for no more memory.
#[derive(Clone, Debug)]
pub(super) struct Draws {
    /// The task's generator.
    pub(super) rng: Generator,
    /// NumPy's global generator, which mad-lab's blanks come from.
    pub(super) global: Option<LegacyGenerator>,
    /// What a task notes while it draws an example.
    pub(super) notes: [Vec<i64>; 2],
    /// Pairs of motifs that came.
    pub(super) pairs: Vec<Pair>,
}

impl Draws {
    pub(super) fn new(rng: Generator) -> Self {
        Self { rng, global: None, notes: Default::default(), pairs: Vec::new() }
    }
}

impl Examples {
    /// The stream of `default_rng(seed)`. Under mad-lab's rules NumPy's global generator is seeded with
    /// the same number.
    ///
    /// # Errors
    ///
    /// A seed beyond 32 bits under mad-lab's rules: NumPy's global generator takes none.
    pub fn new(task: &Task, seed: u64) -> Result<Self, EnvError> {
        let mut examples = Self::of(task, Generator::new(seed));
        if task.rules() == Rules::MadLab {
            let seed = u32::try_from(seed).map_err(|_| {
                let most = u32::MAX;
                EnvError(format!("mad-lab's generator takes seeds from 0 to {most}, not {seed}"))
            })?;
            examples.draws.global = Some(LegacyGenerator::new(seed));
        }
        Ok(examples)
    }

    /// A stream apart from that of [`Examples::new`] with the same seed, for examples that choose
    /// between models: from the first child of its seed sequence.
    pub fn validation(task: &Task, seed: u64) -> Self {
        let child = SeedSequence::with_spawn_key(seed, &[0]);
        let mut examples = Self::of(task, Generator::from_seed_sequence(&child));
        if task.rules() == Rules::MadLab {
            let [word] = child.generate_state_u32();
            examples.draws.global = Some(LegacyGenerator::new(word));
        }
        examples
    }

    /// The stream of a generator, under corrected rules.
    fn of(task: &Task, rng: Generator) -> Self {
        Self { task: task.clone(), draws: Draws::new(rng) }
    }

    /// The next example.
    ///
    /// # Errors
    ///
    /// Under mad-lab's rules, where its generator fails: a noisy sequence without any key.
    pub fn next(&mut self, split: Split) -> Result<Example, EnvError> {
        let mut example = Example::default();
        self.task.draw(split, &mut self.draws, &mut example)?;
        Ok(example)
    }
}

impl Example {
    pub(super) fn clear(&mut self) {
        self.inputs.clear();
        self.targets.clear();
    }

    /// Adds a token and what it is a target for.
    pub(super) fn push(&mut self, token: i64, target: i64) {
        self.inputs.push(token);
        self.targets.push(target);
    }

    /// Of a sequence and what of it can be known makes inputs and targets, shifted by a position. For
    /// learning the targets are the sequence itself.
    pub(super) fn shift(&mut self, split: Split) {
        match split {
            Split::Train => self.targets.copy_from_slice(&self.inputs),
            Split::Test => {}
        }
        self.targets.remove(0);
        self.inputs.pop();
    }
}
