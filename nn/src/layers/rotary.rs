//! Rotary position embedding: pairs of channels turned by an angle that grows with the position (Su
//! et al. 2021).
//!
//! Channel i of the first r/2 is paired with channel i + r/2, and the pair at position t is turned
//! by t * 10000^(-2i/r); channels from r on stay. Products of turned queries and keys depend on the
//! distance of their positions alone. Angles are computed in double precision: positions of a
//! lifetime grow without end.

use crate::Params;
use tch::Tensor;

/// Positions whose sines are kept.
const KEPT: i64 = 4096;

/// The turning of the first `turned` channels of some heads.
#[derive(Debug)]
pub(super) struct Rotary {
    turned: i64,
    /// Of the first positions.
    kept: Tensor,
}

impl Rotary {
    /// For heads that are used up to `max_length` positions.
    pub(super) fn new(params: &Params<'_>, turned: i64, max_length: i64) -> Self {
        Self { turned, kept: params.buffer(&tables(turned, 0, max_length.min(KEPT))) }
    }

    /// Turns x (B, L, H, d), whose first position is `from`.
    pub(super) fn turn(&self, x: &Tensor, from: i64) -> Tensor {
        if self.turned == 0 {
            return x.shallow_clone();
        }
        let length = x.size()[1];
        let tables = match from + length <= self.kept.size()[1] {
            true => self.kept.narrow(1, from, length),
            false => tables(self.turned, from, length).to_device(x.device()),
        };
        let tables = tables.to_kind(x.kind()).unsqueeze(2);
        let own = x.narrow(-1, 0, self.turned);
        let turned = (&own * tables.get(0)).addcmul(&own.roll(self.turned / 2, -1), &tables.get(1));
        match crate::conv::last(x) - self.turned {
            0 => turned,
            rest => Tensor::cat(&[turned, x.narrow(-1, self.turned, rest)], -1),
        }
    }
}

/// What a channel is multiplied by, and its partner: cosines and signed sines (2, length, turned).
fn tables(turned: i64, from: i64, length: i64) -> Tensor {
    let half = turned / 2;
    let angle = |t: i64, i: i64| t as f64 * 10_000_f64.powf(-2.0 * i as f64 / turned as f64);
    let angles: Vec<f64> =
        (from..from + length).flat_map(|t| (0..half).map(move |i| angle(t, i))).collect();
    let angles = Tensor::from_slice(&angles).reshape([length, half]);
    let (cos, sin) = (angles.cos(), angles.sin());
    Tensor::stack(&[Tensor::cat(&[&cos, &cos], -1), Tensor::cat(&[-&sin, sin], -1)], 0)
}
