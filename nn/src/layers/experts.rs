//! A mixture of experts: each position's channels go through the few of many small gated networks
//! that a router likes best.
//!
//! Expert e is W3_e (gelu(W2_e x) * W1_e x). The router's scores of the `active` best experts are
//! made weights by a softmax, all others have weight 0, and y is the weighted sum. Sizes are those
//! of mad-lab's `MoeMlp`, which differs in two ways: its experts share one dense last map, and
//! experts that were not chosen keep the score 0 in its softmax and so take part.
//!
//! All experts are computed for all positions: at these sizes that is faster than gathering.

use super::Linear;
use crate::stack::Fields;
use crate::{Params, PositionWise};
use tch::Tensor;

/// What a declaration may say.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpertsOptions {
    /// Experts.
    pub experts: i64,
    /// Experts that count at a position.
    pub active: i64,
    /// Inner width of each.
    pub inner: i64,
}

impl ExpertsOptions {
    pub(crate) fn read(fields: &mut Fields<'_>) -> Self {
        let experts = fields.integer("experts", 8, 1..=1024);
        Self {
            experts,
            active: fields.integer("active", 2.min(experts), 1..=experts),
            inner: fields.integer("inner", 16, 1..=1 << 16),
        }
    }
}

/// The layer.
#[derive(Debug)]
pub struct Experts {
    active: i64,
    inner: i64,
    router: Linear,
    up: Linear,
    gate: Linear,
    /// (experts, inner, D).
    down: Tensor,
}

impl Experts {
    /// Draws its weights.
    pub fn new(params: &Params<'_>, width: i64, options: &ExpertsOptions) -> Self {
        let ExpertsOptions { experts, active, inner } = *options;
        let bound = 1.0 / (inner as f64).sqrt();
        Self {
            active,
            inner,
            router: Linear::new(&params.sub("router"), width, experts, true),
            up: Linear::new(&params.sub("up"), width, experts * inner, false),
            gate: Linear::new(&params.sub("gate"), width, experts * inner, false),
            down: params.uniform("down", &[experts, inner, width], -bound, bound),
        }
    }

    /// Weights (..., experts) that sum to 1, 0 for all but the active.
    fn weights(&self, x: &Tensor) -> Tensor {
        let scores = self.router.map(x);
        let (best, chosen) = scores.topk(self.active, -1, true, true);
        scores.zeros_like().scatter(-1, &chosen, &best.softmax(-1, None))
    }
}

impl PositionWise for Experts {
    fn apply(&self, x: &Tensor, _train: bool) -> Tensor {
        let hidden = self.gate.map(x).gelu("tanh") * self.up.map(x);
        let shape = [&x.size()[..x.dim() - 1], &[-1, self.inner]].concat();
        let weighted = hidden.reshape(shape) * self.weights(x).unsqueeze(-1);
        // The sum over experts of their last maps is one map of all their inner values.
        weighted.flatten(-2, -1).matmul(&self.down.flatten(0, 1).to_kind(x.kind()))
    }
}
