//! The gates of both Hyenas: a linear map whose outputs some channels share, then a short convolution
//! that tells them apart (mad-lab's projection groups).
//!
//! Of C channels c, C / G outputs p of the linear map: gate\[c, t\] = b\[c\] + sum over j < K of w\[c, j\]
//! p\[c mod C/G, t - j\], zero before the start.

use super::{Linear, ShortConv};
use crate::{NnError, Params, State};
use tch::Tensor;

/// Matrix units like rows that are a multiple of this.
const ALIGNED: i64 = 8;

/// All gates of a layer.
#[derive(Debug)]
pub(super) struct Gates {
    groups: i64,
    project_in: Linear,
    short: ShortConv,
}

impl Gates {
    /// `channels` of a `width`, of which `groups` share a projection, with `taps` taps each.
    pub(super) fn new(
        params: &Params<'_>,
        width: i64,
        channels: i64,
        groups: i64,
        taps: i64,
    ) -> Self {
        let project_in = Linear::new(&params.sub("project_in"), width, channels / groups, true);
        let short = ShortConv::new(&params.sub("short"), channels, taps);
        Self { groups, project_in, short }
    }

    fn projected(&self, x: &Tensor) -> Tensor {
        let projected = self.project_in.map(x);
        Tensor::cat(&vec![&projected; self.groups as usize], -1)
    }

    /// (B, L, D) to (B, C, L), after the inputs that `before` remembers.
    pub(super) fn parallel(&self, x: &Tensor, before: Option<&State>) -> Tensor {
        self.short.parallel(&self.projected(x), before)
    }

    /// (B, L, D) to (C, B, L), as one matrix product of the inputs that the taps see.
    ///
    /// More products than [`Gates::parallel`] by the number of taps and groups, which matrix units do
    /// not mind; what that writes and reads again, they would.
    pub(super) fn by_matrix(&self, x: &Tensor) -> Tensor {
        let (size, taps) = (x.size(), self.short.taps());
        let (batch, length, width) = (size[0], size[1], size[2]);
        // A channel that is 1 from the start on carries the projection's bias, its last tap the other.
        let one = x.pad([0, ALIGNED], "constant", 1.0).constant_pad_nd([0, 0, taps - 1, 0]);
        let seen: Vec<Tensor> = (0..taps).map(|j| one.narrow(1, j, length)).collect();
        let seen = Tensor::cat(&seen, -1).reshape([batch * length, taps * (width + ALIGNED)]);
        let (weight, bias) = self.project_in.weights();
        let bias = bias.expect("the projection has a bias").unsqueeze(1);
        let rows = Tensor::cat(&[weight, &bias], 1).constant_pad_nd([0, ALIGNED - 1]);
        let (of_taps, offset) = self.short.weights();
        let of_taps = of_taps.reshape([self.groups, -1, taps, 1]);
        let joint = (of_taps * rows.unsqueeze(1)).flatten(0, 1)
            + offset.reshape([-1, 1, 1]).constant_pad_nd([width, ALIGNED - 1, taps - 1, 0]);
        let joint = joint.flatten(1, 2).to_kind(x.kind());
        joint.mm(&seen.transpose(0, 1)).reshape([-1, batch, length])
    }

    /// (B, D) to (B, C).
    pub(super) fn step(&self, x: &Tensor, state: &mut State) -> Tensor {
        self.short.step(&self.projected(x), state)
    }

    /// Lanes at their start.
    pub(super) fn state(&self, lanes: i64) -> Result<State, NnError> {
        self.short.state(lanes)
    }
}
