//! SwiGLU: W3 (silu(W1 x) * W2 x), without biases (Shazeer 2020).
//!
//! The inner width is 8/3 of the width, rounded up to a multiple of 16, as mad-lab has it.

use super::Linear;
use crate::stack::Fields;
use crate::{Params, PositionWise};
use tch::Tensor;

/// What a declaration may say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SwiGluOptions {
    /// Inner width; 8/3 of the width unless given.
    pub inner: Option<i64>,
    /// Share of inner values that are dropped in training.
    pub dropout: f64,
}

impl SwiGluOptions {
    pub(crate) fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            inner: fields.optional_integer("inner", 1..=1 << 20),
            dropout: fields.number("dropout", 0.0, 0.0..=0.9),
        }
    }
}

/// The layer.
#[derive(Debug)]
pub struct SwiGlu {
    gate: Linear,
    up: Linear,
    down: Linear,
    dropout: f64,
}

impl SwiGlu {
    /// Draws its weights.
    pub fn new(params: &Params<'_>, width: i64, options: &SwiGluOptions) -> Self {
        let inner = options.inner.unwrap_or((8 * width / 3 + 15) / 16 * 16);
        Self {
            gate: Linear::new(&params.sub("gate"), width, inner, false),
            up: Linear::new(&params.sub("up"), width, inner, false),
            down: Linear::new(&params.sub("down"), inner, width, false),
            dropout: options.dropout,
        }
    }
}

impl PositionWise for SwiGlu {
    fn apply(&self, x: &Tensor, train: bool) -> Tensor {
        let inner = self.gate.map(x).silu() * self.up.map(x);
        self.down.map(&inner.dropout(self.dropout, train))
    }
}
