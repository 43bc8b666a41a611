//! Numbers of a network's heads, what a mean over them is, and the actions that they choose.

use tch::{Device, Kind, Tensor};

/// The numbers of a tensor, one after another.
pub(super) fn floats(tensor: &Tensor) -> Vec<f32> {
    let flat = tensor.flatten(0, -1).to_kind(Kind::Float).to_device(Device::Cpu);
    Vec::try_from(flat).expect("a flat tensor of floats")
}

/// 1 where a flag holds, 0 elsewhere.
pub(super) fn flags(flags: &[bool], device: Device) -> Tensor {
    let flags: Vec<f32> = flags.iter().map(|flag| f32::from(*flag)).collect();
    Tensor::from_slice(&flags).to_device(device)
}

/// The share of each step in a mean over those that count: of 1 for a step that does and 0 for one that does not.
pub(super) fn shares(counts: &Tensor) -> Tensor {
    counts / counts.sum(Kind::Float).clamp_min(1.0)
}

/// The action that `draw`, even between 0 and 1, falls on.
pub(super) fn drawn(log_probs: &[f32], draw: f64) -> usize {
    let mut below = 0.0;
    for (action, log_prob) in log_probs.iter().enumerate() {
        below += f64::from(*log_prob).exp();
        if draw < below {
            return action;
        }
    }
    // Probabilities that were rounded may not add up to 1.
    greatest(log_probs)
}

/// The first of the greatest.
pub(super) fn greatest(values: &[f32]) -> usize {
    (1..values.len()).fold(0, |best, i| if values[i] > values[best] { i } else { best })
}
