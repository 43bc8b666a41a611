//! Why a model cannot be trained.

use crate::NnError;
use crate::panics::{caught, is_about_memory};
use tella_envs::EnvError;

/// Why a trial ends without a score.
#[derive(Debug, thiserror::Error)]
pub enum MadError {
    /// The model cannot be had, or a checkpoint is another's.
    #[error(transparent)]
    Nn(#[from] NnError),
    /// Examples cannot be drawn.
    #[error(transparent)]
    Examples(#[from] EnvError),
    /// The model is made for fewer positions.
    #[error(
        "an example has {positions} positions, the model's `max_length` is {max_length}; raise it, or \
         leave it out"
    )]
    TooLong {
        /// Positions of an example.
        positions: usize,
        /// The model's limit.
        max_length: i64,
    },
    /// The model would see what it is to predict.
    #[error(
        "`{layer}` looks at later positions, but what it is to predict is the next token; leave out \
         `bidirectional`, or take the task compression alone"
    )]
    LooksAhead {
        /// The layer's name in a declaration.
        layer: &'static str,
    },
    /// A token that the model has no embedding for.
    #[error("token {token} is outside the model's vocabulary, 0 to {most}")]
    Token {
        /// The token.
        token: i64,
        /// The largest there may be.
        most: i64,
    },
    /// Training went astray.
    #[error(
        "the loss is not finite from step {step} on (epoch {epoch}); a lower learning rate may help"
    )]
    NotFinite {
        /// The first such step, counted from 1.
        step: u64,
        /// Its epoch, counted from 1.
        epoch: u64,
    },
    /// The device has too little memory.
    #[error(
        "out of memory on the device: lower the batch size, the sequence's length, or the model's \
         width or depth"
    )]
    Memory,
    /// libtorch failed.
    #[error("libtorch failed: {0}")]
    Torch(String),
}

/// Runs what computes, and makes errors of what libtorch panics with.
pub(super) fn guarded<T>(run: impl FnOnce() -> Result<T, MadError>) -> Result<T, MadError> {
    caught(run, said_by_torch)
}

/// The error that a panic of libtorch's means; nothing where it is none of libtorch's.
fn said_by_torch(text: &str) -> Option<MadError> {
    if is_about_memory(text) {
        return Some(MadError::Memory);
    }
    let said = text.split_once("Torch(\"")?.1;
    Some(MadError::Torch(said.split("\\n").next().unwrap_or(said).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_of_libtorch_are_told_apart() {
        let panicking = |text: &'static str| guarded(|| -> Result<(), _> { panic!("{text}") });
        let unwrap = "called `Result::unwrap()` on an `Err` value: Torch(\"";
        let out =
            "CUDA out of memory. Tried to allocate 2.00 GiB.\\nException raised from malloc\")";
        let shapes = "shape '[2]' is invalid for input of size 3\\nException raised from infer\")";
        for (text, expected) in [
            (out, "out of memory on the device"),
            (shapes, "libtorch failed: shape '[2]' is invalid for input of size 3"),
        ] {
            let error = said_by_torch(&format!("{unwrap}{text}")).unwrap().to_string();
            assert!(error.starts_with(expected) && !error.contains("Exception"), "{error}");
        }
        assert!(matches!(
            panicking("DefaultCPUAllocator: can't allocate memory"),
            Err(MadError::Memory)
        ));
        let ours = std::panic::catch_unwind(|| panicking("an index out of bounds"));
        assert!(ours.is_err(), "a mistake of ours stays one");
    }
}
