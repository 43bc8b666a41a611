//! The two-layer perceptron: W2 gelu(W1 x), gelu by its tanh approximation, four times as wide
//! within (mad-lab's).

use super::Linear;
use crate::stack::Fields;
use crate::{Params, PositionWise};
use tch::Tensor;

/// What a declaration may say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MlpOptions {
    /// Inner width; four times the width unless given.
    pub inner: Option<i64>,
    /// Whether both maps have a bias.
    pub bias: bool,
    /// Share of inner values that are dropped in training.
    pub dropout: f64,
}

impl MlpOptions {
    pub(crate) fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            inner: fields.optional_integer("inner", 1..=1 << 20),
            bias: fields.flag("bias", false),
            dropout: fields.number("dropout", 0.0, 0.0..=0.9),
        }
    }
}

/// The layer.
#[derive(Debug)]
pub struct Mlp {
    up: Linear,
    down: Linear,
    dropout: f64,
}

impl Mlp {
    /// Draws its weights.
    pub fn new(params: &Params<'_>, width: i64, options: &MlpOptions) -> Self {
        let inner = options.inner.unwrap_or(4 * width);
        Self {
            up: Linear::new(&params.sub("up"), width, inner, options.bias),
            down: Linear::new(&params.sub("down"), inner, width, options.bias),
            dropout: options.dropout,
        }
    }
}

impl PositionWise for Mlp {
    fn apply(&self, x: &Tensor, train: bool) -> Tensor {
        self.down.map(&self.up.map(x).gelu("tanh").dropout(self.dropout, train))
    }
}
