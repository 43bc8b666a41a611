//! The short convolution: a few taps for each channel, with a bias.
//!
//! y\[t, c\] = b\[c\] + sum over j < K of w\[c, j\] x\[t - j, c\], zero before the start. PyTorch's
//! depthwise `Conv1d` with padding K - 1, cut to the input's length, has the same taps last first.

use crate::{NnError, Params, State};
use tch::Tensor;

/// The last K - 1 inputs, oldest first.
const HISTORY: &str = "history";

/// A causal convolution of each channel with its own taps.
#[derive(Debug)]
pub struct ShortConv {
    /// (C, 1, K), the earliest input's tap first.
    weight: Tensor,
    bias: Tensor,
}

impl ShortConv {
    /// `taps` taps for each of `channels`, drawn uniformly within one over the root of their number.
    pub fn new(params: &Params<'_>, channels: i64, taps: i64) -> Self {
        let bound = 1.0 / (taps as f64).sqrt();
        Self {
            weight: params.uniform("weight", &[channels, 1, taps], -bound, bound),
            bias: params.uniform("bias", &[channels], -bound, bound),
        }
    }

    pub(super) fn taps(&self) -> i64 {
        self.weight.size()[2]
    }

    /// The taps (C, 1, K), the earliest input's first, and the bias (C).
    pub(super) fn weights(&self) -> (&Tensor, &Tensor) {
        (&self.weight, &self.bias)
    }

    /// (B, L, C) to (B, C, L), after the inputs that `before` remembers.
    pub fn parallel(&self, x: &Tensor, before: Option<&State>) -> Tensor {
        let x = x.transpose(1, 2);
        let x = match before {
            Some(state) => Tensor::cat(&[state.get(HISTORY).to_kind(x.kind()), x], -1),
            None => x.constant_pad_nd([self.taps() - 1, 0]),
        };
        let channels = self.bias.size()[0];
        let like = |t: &Tensor| t.to_kind(x.kind());
        x.conv1d(&like(&self.weight), Some(like(&self.bias)), [1], [0], [1], channels)
    }

    /// (B, C) to (B, C).
    pub fn step(&self, x: &Tensor, state: &mut State) -> Tensor {
        let all = Tensor::cat(&[state.get(HISTORY), x.unsqueeze(-1)], -1);
        let y = (&all * self.weight.squeeze_dim(1)).sum_dim_intlist([-1].as_slice(), false, None)
            + &self.bias;
        state.set(HISTORY, all.narrow(-1, 1, self.taps() - 1));
        state.tick();
        y
    }

    /// Lanes at their start.
    ///
    /// # Errors
    ///
    /// None; the form is [`Layer::state`](crate::Layer::state)'s.
    pub fn state(&self, lanes: i64) -> Result<State, NnError> {
        Ok(State::new(lanes).with(HISTORY, &[self.bias.size()[0], self.taps() - 1], &self.weight))
    }
}
