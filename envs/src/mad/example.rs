//! Examples: what they hold, and the stream they are drawn from.

use super::Task;
use crate::EnvError;
use tella_rng::{Generator, LegacyGenerator, SeedSequence};

/// The target of a position that is not scored.
pub const IGNORED: i64 = -100;

/// A sequence of tokens and, for each position, the token that is to be predicted once the inputs up
/// to it are known. In compression all inputs are known.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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

/// What examples are drawn from.
#[derive(Clone, Debug)]
pub(super) struct Draws {
    /// The task's generator.
    pub(super) rng: Generator,
    /// NumPy's global generator, which mad-lab's blanks come from.
    pub(super) global: Option<LegacyGenerator>,
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
        Self { task: task.clone(), draws: Draws { rng, global: None } }
    }

    /// The next example.
    ///
    /// # Errors
    ///
    /// Under mad-lab's rules, where its generator fails: a noisy sequence without any key.
    pub fn next(&mut self, split: Split) -> Result<Example, EnvError> {
        self.task.draw(split, &mut self.draws)
    }
}

impl Task {
    /// An example for scoring from an environment's generator, under corrected rules.
    pub(super) fn drawn(&self, rng: &mut Generator) -> Result<Example, EnvError> {
        let mut draws = Draws { rng: rng.clone(), global: None };
        let example = self.draw(Split::Test, &mut draws);
        *rng = draws.rng;
        example
    }
}

/// One sequence as inputs and as targets, shifted by a position. For learning the targets are
/// `sequence` itself, for scoring `known`.
pub(super) fn shifted(mut sequence: Vec<i64>, known: &[i64], split: Split) -> Example {
    let targets = match split {
        Split::Train => sequence[1..].to_vec(),
        Split::Test => known[1..].to_vec(),
    };
    sequence.pop();
    Example { inputs: sequence, targets }
}
