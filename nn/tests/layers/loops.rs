//! What definitions are written with: weights as numbers, and the functions that layers share.

use std::collections::HashMap;
use std::f64::consts::{PI, TAU};
use tch::nn::VarStore;
use tch::{Kind, Tensor};

/// Positions, each with its channels; or channels, each with its taps.
pub(crate) type Rows = Vec<Vec<f64>>;

/// Weights by name.
pub(crate) struct Weights(HashMap<String, (Vec<i64>, Vec<f64>)>);

impl Weights {
    pub(crate) fn of(store: &VarStore) -> Self {
        let values = |t: &Tensor| {
            Vec::try_from(t.to_kind(Kind::Double).reshape(-1i64).to_device(tch::Device::Cpu))
                .unwrap()
        };
        Self(
            store
                .variables()
                .iter()
                .map(|(name, t)| (name.clone(), (t.size(), values(t))))
                .collect(),
        )
    }

    pub(crate) fn vector(&self, name: &str) -> &[f64] {
        &self.0[name].1
    }

    /// W x + b, with the bias where there is one.
    pub(crate) fn map(&self, name: &str, x: &[f64]) -> Vec<f64> {
        let (size, weight) = &self.0[&format!("{name}.weight")];
        assert_eq!(size[1] as usize, x.len(), "{name}");
        let bias = self.0.get(&format!("{name}.bias")).map(|(_, bias)| bias);
        let row = |(o, row): (usize, &[f64])| {
            let dot: f64 = row.iter().zip(x).map(|(w, x)| w * x).sum();
            dot + bias.map_or(0.0, |bias| bias[o])
        };
        weight.chunks(x.len()).enumerate().map(row).collect()
    }

    /// The short convolution; its taps stand last first, as PyTorch's.
    pub(crate) fn short_conv(&self, name: &str, x: &Rows) -> Rows {
        let (size, weight) = &self.0[&format!("{name}.weight")];
        let (bias, taps) = (self.vector(&format!("{name}.bias")), size[2] as usize);
        let channel = |t: usize, c: usize| {
            let tap = |j: usize| weight[c * taps + taps - 1 - j] * x[t - j][c];
            bias[c] + (0..taps.min(t + 1)).map(tap).sum::<f64>()
        };
        (0..x.len()).map(|t| (0..x[t].len()).map(|c| channel(t, c)).collect()).collect()
    }
}

/// y\[t\]\[c\] = skip\[c\] x\[t\]\[c\] + sum over j <= t of taps\[c\]\[j\] x\[t - j\]\[c\].
pub(crate) fn convolve(x: &Rows, taps: &[Vec<f64>], skip: &[f64]) -> Rows {
    let at = |t: usize, c: usize| {
        skip[c] * x[t][c] + (0..=t).map(|j| taps[c][j] * x[t - j][c]).sum::<f64>()
    };
    (0..x.len()).map(|t| (0..x[t].len()).map(|c| at(t, c)).collect()).collect()
}

/// Taps of Hyena's filter, a row a channel.
pub(crate) fn hyena_filter(
    w: &Weights,
    at: &str,
    channels: usize,
    taps: usize,
    order: usize,
) -> Rows {
    let sine = w.vector(&format!("{at}sine"));
    assert_eq!(sine.len(), order);
    let at_time = |t: usize| -> Vec<f64> {
        let time = t as f64 / (taps - 1) as f64;
        let angle = 1e-4 * TAU * t as f64 / taps as f64;
        let mut x = vec![time, angle.cos(), -angle.sin()];
        for i in 0..3 {
            let mapped = w.map(&format!("{at}layer{i}"), &x);
            x = mapped.iter().zip(sine).map(|(x, a)| (a * x).sin()).collect();
        }
        let damped = |(c, value): (usize, f64)| {
            // Channels reach a hundredth after 150 % to 30 % of the taps, their rates evenly spread.
            let share = c as f64 / (channels - 1) as f64;
            let rate = 100_f64.ln() * ((1.0 - share) / 1.5 + share / 0.3);
            value * (-rate * time).exp()
        };
        w.map(&format!("{at}last"), &x).into_iter().enumerate().map(damped).collect()
    };
    let times: Rows = (0..taps).map(at_time).collect();
    (0..channels).map(|c| times.iter().map(|values| values[c]).collect()).collect()
}

pub(crate) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

pub(crate) fn silu(x: f64) -> f64 {
    x * sigmoid(x)
}

pub(crate) fn softplus(x: f64) -> f64 {
    x.exp().ln_1p()
}

/// x times the normal distribution's share below x: libtorch's, since Rust has no error function.
pub(crate) fn gelu(x: f64) -> f64 {
    Tensor::from(x).gelu("none").double_value(&[])
}

pub(crate) fn gelu_tanh(x: f64) -> f64 {
    0.5 * x * (1.0 + ((2.0 / PI).sqrt() * (x + 0.044715 * x.powi(3))).tanh())
}

/// The first half times the sigmoid of the second.
pub(crate) fn glu(x: &[f64]) -> Vec<f64> {
    let (values, gates) = x.split_at(x.len() / 2);
    values.iter().zip(gates).map(|(value, gate)| value * sigmoid(*gate)).collect()
}

pub(crate) fn softmax(x: &[f64]) -> Vec<f64> {
    let total: f64 = x.iter().map(|x| x.exp()).sum();
    x.iter().map(|x| x.exp() / total).collect()
}

pub(crate) fn rms(x: &[f64], scale: &[f64]) -> Vec<f64> {
    let mean = x.iter().map(|x| x * x).sum::<f64>() / x.len() as f64;
    x.iter().zip(scale).map(|(x, g)| x / (mean + 1e-5).sqrt() * g).collect()
}
