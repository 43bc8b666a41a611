//! Normalisation of each position's channels, with a learned scale.
//!
//! RMSNorm: x / sqrt(mean(x^2) + eps) * g (Zhang and Sennrich 2019). LayerNorm: (x - mean) /
//! sqrt(variance + eps) * g + b (Ba et al. 2016). eps is 1e-5.

use crate::{Params, PositionWise};
use tch::Tensor;

/// What both add to what they take the root of.
const EPS: f64 = 1e-5;

/// One of the two.
#[derive(Debug)]
pub enum Norm {
    /// RMSNorm with its scale.
    Rms(Tensor),
    /// LayerNorm with its scale and offset.
    Layer(Tensor, Tensor),
}

impl Norm {
    /// RMSNorm of `width` channels, scale 1.
    pub fn rms(params: &Params<'_>, width: i64) -> Self {
        Norm::Rms(params.constant("scale", &[width], 1.0))
    }

    /// LayerNorm of `width` channels, scale 1 and offset 0.
    pub fn layer(params: &Params<'_>, width: i64) -> Self {
        Norm::Layer(
            params.constant("scale", &[width], 1.0),
            params.constant("offset", &[width], 0.0),
        )
    }
}

impl PositionWise for Norm {
    fn apply(&self, x: &Tensor, _train: bool) -> Tensor {
        match self {
            Norm::Rms(scale) => x.rms_norm(scale.size(), Some(scale), EPS),
            Norm::Layer(scale, offset) => {
                x.layer_norm(scale.size(), Some(scale), Some(offset), EPS, false)
            }
        }
    }
}
