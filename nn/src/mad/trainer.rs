//! Trains one model on one task, epoch by epoch.

use super::checkpoint::{self, Saved};
use super::error::guarded;
use super::{Data, MadError, Score, Sequences, Tally, TokenModel, TrainingStep};
use crate::checkpoint::{restore_weights, weights};
use crate::stack::Declaration;
use crate::{NnError, Rates};
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};
use tella_envs::mad::Task;
use tella_rng::{Generator, SeedSequence};

/// What a trial is besides its data. Its result is a function of these, the data and the device.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The stack; its `max_length` is a limit, the model is made for the task's own length.
    pub declaration: Declaration,
    /// The setting's length, which filters of the model count time against.
    pub length: i64,
    /// Learning rate, constant.
    pub lr: f64,
    /// Weight decay.
    pub weight_decay: f64,
    /// Passes over the data at most.
    pub epochs: u64,
    /// Examples of a step.
    pub batch_size: i64,
    /// Seed of weights and of the order of examples.
    pub seed: u64,
    /// The macro accuracy on the validation examples above which training ends.
    pub enough: f64,
}

/// How an epoch ended.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Epoch {
    /// Mean loss of its steps.
    pub train_loss: f64,
    /// On the validation examples.
    pub validation: Score,
}

/// What a trial came to.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Outcome {
    /// All epochs.
    pub epochs: Vec<Epoch>,
    /// The epoch of the lowest validation perplexity, counted from 1.
    pub best_epoch: u64,
    /// The test score of that epoch's weights.
    pub test: Score,
    /// Weights that are learned.
    pub parameters: u64,
}

/// A trial under way.
#[derive(Debug)]
pub struct Trainer<'a> {
    trial: Trial,
    data: &'a Data,
    store: VarStore,
    step: TrainingStep,
    epochs: Vec<Epoch>,
    /// The weights after the epoch of the lowest validation perplexity so far, in `store`'s order.
    best: Vec<(String, Tensor)>,
}

/// Positions that a model of `declaration` is made for, on examples of `task` in a setting of `length`.
///
/// # Errors
///
/// One that is made for fewer, and one that looks at later positions where answers are asked for before them.
pub fn model_length(declaration: &Declaration, task: &Task, length: i64) -> Result<i64, MadError> {
    let max_length = declaration.max_length;
    let length = length.max(task.positions() as i64);
    match declaration.looks_ahead() {
        Some(layer) if !task.answers_afterwards() => Err(MadError::LooksAhead { layer }),
        _ if length > max_length => {
            Err(MadError::TooLong { positions: length as usize, max_length })
        }
        _ => Ok(length),
    }
}

impl<'a> Trainer<'a> {
    /// A trial at its beginning.
    ///
    /// # Errors
    ///
    /// A model that cannot be had, or that does not fit the task ([`model_length`]).
    pub fn new(trial: Trial, data: &'a Data) -> Result<Self, MadError> {
        let declaration = Declaration {
            max_length: model_length(&trial.declaration, &data.task, trial.length)?,
            // What a lane of acting would hold does not matter here.
            lane_memory: usize::MAX,
            ..trial.declaration.clone()
        };
        guarded(|| {
            let store = VarStore::new(data.train.inputs.device());
            let (vocab, after) = (data.task.vocab_size(), data.task.answers_afterwards());
            let model = TokenModel::new(&store, trial.seed, &declaration, vocab, after)?;
            let rates = Rates::new(trial.lr, trial.weight_decay);
            let step = TrainingStep::new(&store, model, rates);
            Ok(Self { trial, data, store, step, epochs: Vec::new(), best: Vec::new() })
        })
    }

    /// Weights that are learned.
    pub fn parameters(&self) -> u64 {
        self.store.trainable_variables().iter().map(|weights| weights.numel() as u64).sum()
    }

    /// Steps of an epoch.
    pub fn steps(&self) -> u64 {
        (self.data.train.count() as u64).div_ceil(self.trial.batch_size as u64)
    }

    /// The epochs so far.
    pub fn epochs(&self) -> &[Epoch] {
        &self.epochs
    }

    /// Whether there is no epoch left: all are over, or the last was good enough.
    pub fn is_finished(&self) -> bool {
        let enough = |epoch: &Epoch| epoch.validation.macro_accuracy > self.trial.enough;
        self.epochs.len() as u64 >= self.trial.epochs || self.epochs.last().is_some_and(enough)
    }

    /// Trains for an epoch. `goes_on` is asked after each step, and where it says no the epoch is not
    /// finished: false is returned, and what can be gone on with is the last checkpoint.
    ///
    /// # Errors
    ///
    /// A loss that is not finite, a device without enough memory.
    pub fn epoch(&mut self, mut goes_on: impl FnMut() -> bool) -> Result<bool, MadError> {
        guarded(|| {
            let number = self.epochs.len() as u64;
            let order = self.order(number);
            // Dropout, where a layer has some, is drawn by libtorch.
            tch::manual_seed((self.trial.seed ^ number.wrapping_mul(0x9e37_79b9)) as i64);
            let Sequences { inputs, targets, .. } = &self.data.train;
            let mut losses = Vec::new();
            for batch in order.split(self.trial.batch_size, 0) {
                let rows = |tokens: &Tensor| tokens.index_select(0, &batch);
                losses.push(self.step.train(&rows(inputs), &rows(targets))?);
                if !goes_on() {
                    return Ok(false);
                }
            }
            let train_loss = self.mean_loss(&losses, number)?;
            let validation = self.score(&self.data.validation);
            if validation.perplexity.is_nan() {
                // The last update did it.
                let step = (number + 1) * self.steps();
                return Err(MadError::NotFinite { step, epoch: number + 1 });
            }
            let is_best = |best: &Epoch| validation.perplexity < best.validation.perplexity;
            if self.best_epoch().is_none_or(|best| is_best(&self.epochs[best])) {
                self.best = weights(&self.store);
                self.best.iter_mut().for_each(|(_, weights)| *weights = weights.detach().copy());
            }
            self.epochs.push(Epoch { train_loss, validation });
            Ok(true)
        })
    }

    /// The order of examples in an epoch, which is a function of the seed and its number alone.
    fn order(&self, epoch: u64) -> Tensor {
        let seeds = SeedSequence::with_spawn_key(self.trial.seed, &[1, epoch as u32]);
        let order = Generator::from_seed_sequence(&seeds)
            .permutation(self.data.train.count() as usize)
            .into_iter();
        let order: Vec<i64> = order.map(|row| row as i64).collect();
        Tensor::from_slice(&order).to_device(self.device())
    }

    fn device(&self) -> Device {
        self.store.device()
    }

    fn mean_loss(&self, losses: &[Tensor], epoch: u64) -> Result<f64, MadError> {
        let losses = Tensor::stack(losses, 0).to_kind(Kind::Double).to_device(Device::Cpu);
        let losses = Vec::<f64>::try_from(&losses).expect("a row of numbers");
        match losses.iter().position(|loss| !loss.is_finite()) {
            Some(at) => {
                let step = epoch * self.steps() + at as u64 + 1;
                Err(MadError::NotFinite { step, epoch: epoch + 1 })
            }
            None => Ok(losses.iter().sum::<f64>() / losses.len() as f64),
        }
    }

    /// The score of the present weights.
    pub fn score(&self, on: &Sequences) -> Score {
        let batch = Tally::BATCH as i64;
        let mut tally = Tally::new(self.data.task.vocab_size());
        let (mut predictions, mut losses) = (Vec::new(), Vec::new());
        for (inputs, targets) in on.inputs.split(batch, 0).iter().zip(on.targets.split(batch, 0)) {
            let (predicted, loss) = self.step.evaluate(inputs, &targets);
            predictions.push(predicted);
            losses.push(loss);
        }
        let predictions = Tensor::cat(&predictions, 0).to_device(Device::Cpu).flatten(0, 1);
        let predictions = Vec::<i64>::try_from(&predictions).expect("a row of tokens");
        let row = on.inputs.size()[1] as usize * Tally::BATCH;
        for (predictions, targets) in predictions.chunks(row).zip(on.scored.chunks(row)) {
            tally.add(predictions.iter().copied().zip(targets.iter().copied()));
        }
        let loss = Tensor::stack(&losses, 0).sum(Kind::Double).double_value(&[]);
        tally.score(loss)
    }

    /// The place of the epoch of the lowest validation perplexity, the first of them.
    fn best_epoch(&self) -> Option<usize> {
        let perplexity = |i: &usize| self.epochs[*i].validation.perplexity;
        (0..self.epochs.len()).min_by(|a, b| perplexity(a).total_cmp(&perplexity(b)))
    }

    /// What the trial came to so far: the weights of the best epoch are scored on the test
    /// examples, and are the model's from here on.
    ///
    /// # Errors
    ///
    /// A device without enough memory.
    ///
    /// # Panics
    ///
    /// Before the first epoch.
    pub fn outcome(self) -> Result<Outcome, MadError> {
        let best = self.best_epoch().expect("an epoch is over");
        guarded(|| {
            restore_weights(&self.store, &self.best)?;
            Ok(Outcome {
                best_epoch: best as u64 + 1,
                test: self.score(&self.data.test),
                parameters: self.parameters(),
                epochs: self.epochs.clone(),
            })
        })
    }

    /// All that it takes to go on after the last epoch.
    pub fn checkpoint(&self) -> Vec<u8> {
        checkpoint::to_bytes(&Saved {
            epochs: self.epochs.clone(),
            weights: weights(&self.store),
            best: self.best.iter().map(|(name, w)| (name.clone(), w.shallow_clone())).collect(),
            remembered: self.step.remembered(),
        })
    }

    /// Goes on from what [`Trainer::checkpoint`] gave.
    ///
    /// # Errors
    ///
    /// Where it is another architecture's or version's, or damaged.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), NnError> {
        let saved = checkpoint::from_bytes(bytes)?;
        // Into the store, too, to see that they fit.
        restore_weights(&self.store, &saved.best)?;
        restore_weights(&self.store, &saved.weights)?;
        self.step.remember(&saved.remembered)?;
        let here = |(name, weights): (String, Tensor)| (name, weights.to_device(self.device()));
        self.best = saved.best.into_iter().map(here).collect();
        self.epochs = saved.epochs;
        Ok(())
    }
}
