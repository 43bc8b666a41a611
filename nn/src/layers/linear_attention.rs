//! Linear attention: the softmax replaced by a product of features (Katharopoulos et al. 2020).
//!
//! For each head with features f: y\[t\] = sum over i <= t of (f(q\[t\]) . f(k\[i\])) v\[i\] /
//! (f(q\[t\]) . sum over i <= t of f(k\[i\]) + 1e-12). Parallel as a matrix of L * L products;
//! acting keeps the two sums. The features are mad-lab's `elementwise_product` of two learned
//! linear maps, one pair for queries and one for keys, or elu(x) + 1, which is positive so that the
//! divisor cannot vanish.

use super::{Linear, Shape, heads, joined};
use crate::stack::Fields;
use crate::{Layer, NnError, Params, State};
use tch::Tensor;

/// Sums of f(k) v^T (B, H, d, d) and of f(k) (B, H, d).
const PRODUCTS: &str = "products";
const KEYS: &str = "keys";

/// What keeps the divisor from zero.
const EPS: f64 = 1e-12;

/// What makes features of queries and keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// The product, channel by channel, of two learned linear maps.
    ElementwiseProduct,
    /// elu(x) + 1.
    Elu,
}

/// What a declaration may say.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearAttentionOptions {
    /// Heads.
    pub heads: i64,
    /// Features.
    pub feature: Feature,
}

impl LinearAttentionOptions {
    pub(crate) fn read(fields: &mut Fields<'_>, width: i64) -> Self {
        let features =
            [("elementwise-product", Feature::ElementwiseProduct), ("elu", Feature::Elu)];
        Self { heads: fields.heads(1, width), feature: fields.choice("feature", &features) }
    }
}

/// The layer.
#[derive(Debug)]
pub struct LinearAttention {
    heads: i64,
    width: i64,
    projections: [Linear; 3],
    /// Pairs of maps for queries and for keys.
    maps: Option<[[Linear; 2]; 2]>,
    project_out: Linear,
}

impl LinearAttention {
    /// Draws its weights.
    pub fn new(params: &Params<'_>, shape: Shape, options: &LinearAttentionOptions) -> Self {
        let (width, head) = (shape.width, shape.width / options.heads);
        let projection = |name| Linear::new(&params.sub(name), width, width, false);
        let pair = |of: &str| {
            ["a", "b"].map(|n| Linear::new(&params.sub(format!("{of}_{n}")), head, head, true))
        };
        let learned = options.feature == Feature::ElementwiseProduct;
        Self {
            heads: options.heads,
            width,
            projections: ["query", "key", "value"].map(projection),
            maps: learned.then(|| ["query_feature", "key_feature"].map(pair)),
            project_out: projection("project_out"),
        }
    }

    /// Features of queries and keys, and values: (B, H, L, d).
    fn projected(&self, x: &Tensor) -> [Tensor; 3] {
        let part = |i: usize| heads(&self.projections[i].map(x), self.heads);
        let feature = |i: usize| match &self.maps {
            Some(maps) => maps[i][0].map(&part(i)) * maps[i][1].map(&part(i)),
            None => part(i).elu() + 1.0,
        };
        [feature(0), feature(1), part(2)]
    }
}

impl Layer for LinearAttention {
    fn parallel(&self, x: &Tensor, before: Option<&State>, _train: bool) -> Tensor {
        let [q, k, v] = self.projected(x);
        let scores = q.matmul(&k.transpose(-1, -2)).tril(0);
        let (mut sum, mut divisor) =
            (scores.matmul(&v), scores.sum_dim_intlist([-1].as_slice(), true, None));
        if let Some(state) = before {
            sum += q.matmul(&state.get(PRODUCTS).to_kind(x.kind()));
            divisor += q.matmul(&state.get(KEYS).to_kind(x.kind()).unsqueeze(-1));
        }
        self.project_out.map(&joined(&(sum / (divisor + EPS))))
    }

    fn step(&self, x: &Tensor, state: &mut State) -> Tensor {
        tch::no_grad(|| {
            let [q, k, v] = self.projected(&x.unsqueeze(1));
            let products = state.get(PRODUCTS) + k.transpose(-1, -2).matmul(&v);
            let keys = state.get(KEYS) + k.squeeze_dim(2);
            let divisor = q.matmul(&keys.unsqueeze(-1));
            let y = q.matmul(&products) / (divisor + EPS);
            state.set(PRODUCTS, products);
            state.set(KEYS, keys);
            state.tick();
            self.project_out.map(&joined(&y)).squeeze_dim(1)
        })
    }

    fn state(&self, lanes: i64) -> Result<State, NnError> {
        let (head, like) = (self.width / self.heads, self.project_out.like());
        Ok(State::new(lanes).with(PRODUCTS, &[self.heads, head, head], like).with(
            KEYS,
            &[self.heads, head],
            like,
        ))
    }
}
