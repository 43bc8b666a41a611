//! Hyena's filter: taps that are a function of time.
//!
//! Time features z\[t\] = (t / (N - 1), cos f w_t, -sin f w_t) with w_t = 2 pi t / N and the lowest
//! frequency f = 1e-4 go through a small network with sine activations, sin(a x), a learned for
//! each unit and shared by its layers. Its outputs, one a channel, are damped by
//! exp(-|d_c| t / (N - 1)), d = linspace(ln(.01) / 1.5, ln(.01) / .3), so that channels fall to a
//! hundredth at 150 % to 30 % of the N taps (Poli et al. 2023; mad-lab's `HyenaFilter`). Time is
//! counted against N, the number of taps the filter was made for: a shorter input sees the same
//! first taps. Units: t in positions.

use super::Linear;
use crate::{Group, Params};
use std::f64::consts::TAU;
use tch::{Kind, Tensor};

/// Time features.
const FEATURES: i64 = 3;

/// Inner layers between the first and the last.
const INNER: usize = 2;

/// Taps of some channels as a function of time.
#[derive(Debug)]
pub struct HyenaFilter {
    layers: Vec<Linear>,
    last: Linear,
    /// Frequencies of the sines (order).
    sine: Tensor,
    /// Features (N, 3) and damping (N, C).
    features: Tensor,
    damping: Tensor,
}

impl HyenaFilter {
    /// `taps` taps for each of `channels`, by a network of `order` units a layer.
    pub fn new(params: &Params<'_>, channels: i64, taps: i64, order: i64) -> Self {
        let params = params.group(Group::Filters);
        let widths = [FEATURES].into_iter().chain([order; INNER]);
        let layer =
            |(i, inputs)| Linear::new(&params.sub(format!("layer{i}")), inputs, order, true);
        let layers = (0..).zip(widths).map(layer).collect();
        let (features, damping) = (features(taps), damping(taps, channels));
        Self {
            layers,
            last: Linear::new(&params.sub("last"), order, channels, false),
            sine: params.constant("sine", &[order], 1.0),
            features: params.buffer(&features),
            damping: params.buffer(&damping),
        }
    }

    /// The first `length` taps (C, min(length, N)).
    pub fn taps(&self, length: i64) -> Tensor {
        let length = length.min(self.features.size()[0]);
        let mut x = self.features.narrow(0, 0, length);
        for layer in &self.layers {
            x = (layer.map(&x) * &self.sine).sin();
        }
        (self.last.map(&x) * self.damping.narrow(0, 0, length)).transpose(0, 1)
    }
}

/// 0 to 1 in `taps` steps.
fn time(taps: i64) -> Tensor {
    Tensor::linspace(0.0, 1.0, taps, (Kind::Double, tch::Device::Cpu)).unsqueeze(1)
}

fn features(taps: i64) -> Tensor {
    // Three features leave one frequency, the lowest.
    let angle = time(taps) * ((taps - 1) as f64 * TAU / taps as f64 * 1e-4);
    Tensor::cat(&[time(taps), angle.cos(), -angle.sin()], 1)
}

fn damping(taps: i64, channels: i64) -> Tensor {
    let target = 0.01_f64.ln();
    let rates =
        Tensor::linspace(target / 1.5, target / 0.3, channels, (Kind::Double, tch::Device::Cpu));
    (time(taps) * rates).exp()
}
