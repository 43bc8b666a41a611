//! What every layer is: one function in two forms.

use crate::{NnError, State};
use tch::Tensor;

/// A map from sequences to sequences of the same shape, position by position in order.
///
/// The two forms agree: stepping through a sequence gives what [`Layer::parallel`] gives for it.
pub trait Layer: std::fmt::Debug + Send {
    /// All positions at once, for training: (B, L, D) to (B, L, D).
    ///
    /// `before` is what acting left behind ([`Layer::step`]) for the B sequences: the result is
    /// that of the positions which follow. No gradient flows into it. Without it every sequence is
    /// at its start. `train` turns dropout on, where a layer has some; libtorch's generator draws
    /// it, so that whoever wants it repeatable seeds that (`tch::manual_seed`) before an update.
    fn parallel(&self, x: &Tensor, before: Option<&State>, train: bool) -> Tensor;

    /// One position for each lane, for acting: (B, D) to (B, D), without gradient. `state` moves on
    /// by one.
    fn step(&self, x: &Tensor, state: &mut State) -> Tensor;

    /// The state of `lanes` sequences at their start.
    ///
    /// # Errors
    ///
    /// [`NnError::NotCausal`] where the layer looks at later positions.
    fn state(&self, lanes: i64) -> Result<State, NnError>;

    /// Computes anew what `state` keeps of the weights (spectra of kernels), to be called when they
    /// were learned on. What was remembered of earlier positions stays as it is.
    fn refresh(&self, state: &mut State) {
        let _ = state;
    }
}

/// A layer that looks at one position at a time, and so needs no state.
pub trait PositionWise: std::fmt::Debug + Send {
    /// (..., D) to (..., D).
    fn apply(&self, x: &Tensor, train: bool) -> Tensor;
}

impl<T: PositionWise> Layer for T {
    fn parallel(&self, x: &Tensor, _before: Option<&State>, train: bool) -> Tensor {
        self.apply(x, train)
    }

    fn step(&self, x: &Tensor, _state: &mut State) -> Tensor {
        tch::no_grad(|| self.apply(x, false))
    }

    fn state(&self, lanes: i64) -> Result<State, NnError> {
        Ok(State::new(lanes))
    }
}
