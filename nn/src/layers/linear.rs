//! The linear map: y = W x + b.

use crate::{Params, PositionWise};
use tch::Tensor;

/// A linear map of the last dimension, its weights drawn as PyTorch draws them: uniform within one
/// over the root of the number of inputs.
#[derive(Debug)]
pub struct Linear {
    weight: Tensor,
    bias: Option<Tensor>,
}

impl Linear {
    /// From `inputs` to `outputs` channels.
    pub fn new(params: &Params<'_>, inputs: i64, outputs: i64, bias: bool) -> Self {
        let bound = 1.0 / (inputs as f64).sqrt();
        Self {
            weight: params.uniform("weight", &[outputs, inputs], -bound, bound),
            bias: bias.then(|| params.uniform("bias", &[outputs], -bound, bound)),
        }
    }

    /// Without bias, drawn by Glorot's uniform rule times `gain`.
    pub(crate) fn glorot(params: &Params<'_>, inputs: i64, outputs: i64, gain: f64) -> Self {
        let bound = gain * (6.0 / (inputs + outputs) as f64).sqrt();
        Self { weight: params.uniform("weight", &[outputs, inputs], -bound, bound), bias: None }
    }

    /// The same map with the bias (outputs).
    pub(crate) fn with_bias(self, bias: Tensor) -> Self {
        Self { bias: Some(bias), ..self }
    }

    /// A tensor of the weights' kind and device.
    pub(crate) fn like(&self) -> &Tensor {
        &self.weight
    }

    /// The matrix (outputs, inputs) and the bias (outputs).
    pub(crate) fn weights(&self) -> (&Tensor, Option<&Tensor>) {
        (&self.weight, self.bias.as_ref())
    }

    /// (..., inputs) to (..., outputs), computed in the input's kind.
    pub fn map(&self, x: &Tensor) -> Tensor {
        let like = |t: &Tensor| t.to_kind(x.kind());
        x.linear(&like(&self.weight), self.bias.as_ref().map(like))
    }

    /// The same of channels that stand first: (inputs, B, L) to (B, L, outputs), without a copy of them.
    pub(crate) fn map_columns(&self, x: &Tensor) -> Tensor {
        let size = x.size();
        let (rows, weight) =
            (x.flatten(1, 2).transpose(0, 1), self.weight.to_kind(x.kind()).transpose(0, 1));
        let y = match &self.bias {
            Some(bias) => bias.to_kind(x.kind()).addmm(&rows, &weight),
            None => rows.mm(&weight),
        };
        y.reshape([size[1], size[2], -1])
    }
}

impl PositionWise for Linear {
    fn apply(&self, x: &Tensor, _train: bool) -> Tensor {
        self.map(x)
    }
}
