//! A task's examples as tensors, and the scores of one who knows all that can be known.

use super::{Accuracy, MadError, Tally};
use tch::{Device, Tensor};
use tella_envs::EnvError;
use tella_envs::mad::{Example, Examples, IGNORED, Oracle, Split, Task};

/// Inputs and targets of many examples.
#[derive(Debug)]
pub struct Sequences {
    /// Tokens (N, L), on the device.
    pub inputs: Tensor,
    /// Tokens or -100 (N, L), on the device.
    pub targets: Tensor,
    /// The targets again, row by row, to score by.
    pub scored: Vec<i64>,
}

/// What a task is trained, selected and scored on.
#[derive(Debug)]
pub struct Data {
    /// The task.
    pub task: Task,
    /// For learning.
    pub train: Sequences,
    /// For choosing the epoch and between trials: a stream of its own, in the form for scoring.
    pub validation: Sequences,
    /// For the score.
    pub test: Sequences,
    /// The accuracy of the exact solver on `test`: what no model can be expected to exceed.
    pub ceiling: Accuracy,
}

impl Sequences {
    /// Tensors of examples.
    ///
    /// # Errors
    ///
    /// A token that is none of `vocab_size`.
    pub fn new(examples: &[Example], vocab_size: i64, device: Device) -> Result<Self, MadError> {
        let all = |tokens: fn(&Example) -> &Vec<i64>| -> Vec<i64> {
            examples.iter().flat_map(|example| tokens(example).iter().copied()).collect()
        };
        let (inputs, scored) = (all(|e| &e.inputs), all(|e| &e.targets));
        let outside = |token: &&i64| !(0..vocab_size).contains(*token);
        let targets = scored.iter().filter(|target| **target != IGNORED);
        if let Some(token) = inputs.iter().chain(targets).find(outside) {
            return Err(MadError::Token { token: *token, most: vocab_size - 1 });
        }
        let tensor = |tokens: &[i64]| {
            Tensor::from_slice(tokens).reshape([examples.len() as i64, -1]).to_device(device)
        };
        Ok(Self { inputs: tensor(&inputs), targets: tensor(&scored), scored })
    }

    /// How many there are.
    pub fn count(&self) -> i64 {
        self.inputs.size()[0]
    }
}

impl Data {
    /// Draws examples: for learning, then for scoring, from the stream of `seed`, as mad-lab does, and for
    /// validation as many as for scoring from a stream apart.
    ///
    /// # Errors
    ///
    /// Where mad-lab's generator fails.
    pub fn draw(
        task: &Task,
        train: usize,
        test: usize,
        seed: u64,
        device: Device,
    ) -> Result<Self, MadError> {
        let mut stream = Examples::new(task, seed)?;
        let drawn = |stream: &mut Examples, n: usize, split| -> Result<Vec<Example>, EnvError> {
            (0..n).map(|_| stream.next(split)).collect()
        };
        let train = drawn(&mut stream, train, Split::Train)?;
        let scored = drawn(&mut stream, test, Split::Test)?;
        let validation = drawn(&mut Examples::validation(task, seed), test, Split::Test)?;
        let ceiling = ceiling(task, &train, &scored);
        let tensors = |examples: &[Example]| Sequences::new(examples, task.vocab_size(), device);
        Ok(Self {
            task: task.clone(),
            train: tensors(&train)?,
            validation: tensors(&validation)?,
            test: tensors(&scored)?,
            ceiling,
        })
    }
}

/// The exact solver's accuracy.
fn ceiling(task: &Task, train: &[Example], test: &[Example]) -> Accuracy {
    let mut oracle = Oracle::new(task);
    train.iter().for_each(|example| oracle.see(example));
    let mut tally = Tally::new(task.vocab_size());
    for batch in test.chunks(Tally::BATCH) {
        let answers = batch.iter().flat_map(|example| oracle.answers(&example.inputs));
        let targets = batch.iter().flat_map(|example| example.targets.iter().copied());
        tally.add(answers.zip(targets));
    }
    tally.accuracy()
}
