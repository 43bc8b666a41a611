//! What stands at the end of a network: from what was encoded to a head's outputs.

use crate::Params;
use crate::layers::Linear;
use tch::Tensor;

/// A layer of tanh and a linear map, into which pairs of the same were injected.
///
/// Plasticity injection (Nikishin et al. 2023): at an injection a pair with equal, newly drawn weights is added,
/// y = h(x) + Σ (a_k(x) - b_k(x)), so that outputs stay as they are, and from then on the newest a alone learns.
#[derive(Debug)]
pub(super) struct Head {
    first: Part,
    pairs: Vec<[Part; 2]>,
}

/// Pairs that a head has room for.
pub(super) const PAIRS: usize = 8;

#[derive(Debug)]
struct Part {
    hidden: Linear,
    out: Linear,
}

impl Head {
    /// From `width` inputs through as many hidden units to `outputs`, whose weights are scaled by `gain`; with room for
    /// `pairs` injections.
    pub(super) fn new(
        params: &Params<'_>,
        width: i64,
        outputs: i64,
        gain: f64,
        pairs: usize,
    ) -> Self {
        let part = |params: &Params<'_>| Part {
            hidden: Linear::new(&params.sub("hidden"), width, width, true),
            out: last(&params.sub("out"), width, outputs, gain),
        };
        let pair = |k: usize| {
            let params = params.sub(format!("pair{k}"));
            ["learned", "fixed"].map(|name| part(&params.sub(name)))
        };
        Self { first: part(params), pairs: (0..pairs).map(pair).collect() }
    }

    /// (N, width) to (N, outputs), after `injected` injections.
    pub(super) fn map(&self, x: &Tensor, injected: usize) -> Tensor {
        self.pairs[..injected].iter().fold(self.first.map(x), |y, [learned, fixed]| {
            // First the difference: it is 0, to the bit, as long as both are equal.
            y + (learned.map(x) - fixed.map(x))
        })
    }

    /// Adds pair `number`, both its parts with the values of the one that is fixed.
    pub(super) fn inject(&self, number: usize) {
        let [learned, fixed] = &self.pairs[number];
        tch::no_grad(|| {
            for (to, from) in learned.tensors().iter_mut().zip(fixed.tensors()) {
                to.copy_(&from);
            }
        });
    }

    /// After `injected` injections only the newest part that is not fixed learns.
    pub(super) fn fix(&self, injected: usize) {
        let set = |part: &Part, learns: bool| {
            for tensor in part.tensors() {
                let _ = tensor.set_requires_grad(learns);
            }
        };
        set(&self.first, injected == 0);
        for (k, [learned, fixed]) in self.pairs.iter().enumerate() {
            set(learned, k + 1 == injected);
            set(fixed, false);
        }
    }
}

impl Part {
    fn map(&self, x: &Tensor) -> Tensor {
        self.out.map(&self.hidden.map(x).tanh())
    }

    fn tensors(&self) -> Vec<Tensor> {
        let of = |linear: &Linear| {
            let (weight, bias) = linear.weights();
            [Some(weight.shallow_clone()), bias.map(Tensor::shallow_clone)]
        };
        [&self.hidden, &self.out].into_iter().flat_map(of).flatten().collect()
    }
}

/// The last layer of a head.
pub(super) fn last(params: &Params<'_>, width: i64, outputs: i64, gain: f64) -> Linear {
    let bias = params.constant("bias", &[outputs], 0.0);
    Linear::glorot(params, width, outputs, gain).with_bias(bias)
}
