//! Token models on the synthetic tasks of mechanistic architecture design.
//!
//! A [`TokenModel`] is an embedding, a stack and a head; [`Data`] are a task's examples as
//! tensors; a [`Trainer`] trains one model on them, epoch by epoch, and can stop after any and
//! go on later to the same result. What may be tried and compared (learning rates, settings,
//! architectures) and where it is written is not known here.

mod checkpoint;
mod data;
mod error;
mod initial;
mod model;
mod score;
mod step;
mod trainer;

pub use data::{Data, Sequences};
pub use error::MadError;
pub use model::TokenModel;
pub use score::{Accuracy, Score, Tally};
pub use step::TrainingStep;
pub use trainer::{Epoch, Outcome, Trainer, Trial, model_length};

/// How many threads libtorch computes with on a processor. Sums are taken in another order with another
/// number.
pub fn use_threads(threads: u32) {
    tch::set_num_threads(threads as i32);
}
