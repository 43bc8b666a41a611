//! Multi-head Hyena: the long convolution of outer products (Massaroli et al. 2023).
//!
//! Gates x_0, x_1 and v are had as in [`Hyena`](super::Hyena) of order 2, and their channels stand
//! as (h, d): h of F = D / heads filters, d of `heads` channels each. For every filter h the
//! products z\[a, b\] = v\[a\] x_1\[b\] of all pairs of its channels are convolved with its taps
//! and given its skip; y\[b\] = sum over a of x_0\[a\] z'\[a, b\]. So a filter carries a matrix, as
//! a head of linear attention does. `heads` counts the channels of a filter: mad-lab's meaning,
//! whose `MultiHeadHyenaOperator` this is.

use super::gates::Gates;
use super::hyena::{after, with_skip};
use super::{HyenaFilter, Linear, Shape};
use crate::conv::{Backend, Online, matrix};
use crate::stack::Fields;
use crate::{Layer, NnError, Params, State};
use tch::Tensor;

/// What a declaration may say.
#[derive(Clone, Debug, PartialEq)]
pub struct MultiHeadHyenaOptions {
    /// Channels of a filter.
    pub heads: i64,
    /// Units of a layer of the filter's network.
    pub filter_order: i64,
    /// Taps of the short convolution.
    pub short_filter: i64,
    /// Channels that share a projection.
    pub projection_groups: i64,
}

impl MultiHeadHyenaOptions {
    pub(crate) fn read(fields: &mut Fields<'_>, width: i64) -> Self {
        let options = Self {
            heads: fields.heads(16, width),
            filter_order: fields.integer("filter_order", 2, 1..=1024),
            short_filter: fields.integer("short_filter", 3, 1..=64),
            projection_groups: fields.integer("projection_groups", 4, 1..=64),
        };
        fields.divides(
            "projection_groups",
            options.projection_groups,
            "the channels of all gates",
            3 * width,
        );
        options
    }
}

/// The layer.
#[derive(Debug)]
pub struct MultiHeadHyena {
    options: MultiHeadHyenaOptions,
    shape: Shape,
    gates: Gates,
    filter: HyenaFilter,
    /// One for each filter.
    skip: Tensor,
    project_out: Linear,
}

impl MultiHeadHyena {
    /// Draws its weights.
    pub fn new(params: &Params<'_>, shape: Shape, options: &MultiHeadHyenaOptions) -> Self {
        let (width, filters) = (shape.width, shape.width / options.heads);
        Self {
            gates: Gates::new(
                params,
                width,
                3 * width,
                options.projection_groups,
                options.short_filter,
            ),
            filter: HyenaFilter::new(
                &params.sub("filter"),
                filters,
                shape.max_length,
                options.filter_order,
            ),
            skip: params.normal("skip", &[filters], 1.0),
            project_out: Linear::new(&params.sub("project_out"), width, width, true),
            options: options.clone(),
            shape,
        }
    }

    fn filters(&self) -> i64 {
        self.shape.width / self.options.heads
    }

    /// (B, 3 D, ...) to x_0, x_1 and v, each (B, heads, F, ...).
    fn split(&self, mixed: &Tensor) -> [Tensor; 3] {
        let size = mixed.size();
        let shape = [&[size[0], self.filters(), self.options.heads], &size[2..]].concat();
        [0, 1, 2].map(|i| {
            mixed.narrow(1, i * self.shape.width, self.shape.width).reshape(&shape).transpose(1, 2)
        })
    }

    fn online(&self) -> Online {
        Online::new(self.shape.max_length)
    }

    /// From its start, as attention without a softmax: input s adds x_1\[s\] to output t, times (v\[s\] .
    /// x_0\[t\]) and the tap of t - s. L^2 products a filter in the place of `heads`^2 convolutions.
    fn by_matrix(&self, x: &Tensor) -> Tensor {
        let mixed = self.gates.by_matrix(x);
        let (batch, length) = (x.size()[0], x.size()[1]);
        let [heads, filters] = [self.options.heads, self.filters()];
        // Each (F B, heads, L).
        let part = |i: i64| {
            let part = mixed.narrow(0, i * self.shape.width, self.shape.width);
            part.unflatten(0, [filters, heads]).transpose(1, 2).flatten(0, 1)
        };
        let [q, b, a] = [0, 1, 2].map(part);
        let taps = with_skip(&self.filter.taps(length), &self.skip).to_kind(x.kind());
        let weights = a.transpose(1, 2).matmul(&q).unflatten(0, [filters, batch]);
        let weights = (weights * matrix(&taps, length).unsqueeze(1)).flatten(0, 1);
        let y = b.matmul(&weights).unflatten(0, [filters, batch]);
        self.project_out.map_columns(&y.transpose(1, 2).flatten(0, 1))
    }
}

impl Layer for MultiHeadHyena {
    fn parallel(&self, x: &Tensor, before: Option<&State>, _train: bool) -> Tensor {
        if before.is_none() && self.shape.backend == Backend::Toeplitz {
            return self.by_matrix(x);
        }
        let parts = before.map(State::parts);
        let mixed = self.gates.parallel(x, parts.map(|parts| &parts[0]));
        let [q, b, a] = self.split(&mixed);
        // (B, a, b, F, L)
        let z = a.unsqueeze(2) * b.unsqueeze(1);
        let past = parts.map(|parts| self.online().inputs(&parts[1]));
        let taps = |length| with_skip(&self.filter.taps(length), &self.skip);
        let z = after(self.shape.backend, &z, past, taps);
        let y = (z * q.unsqueeze(2)).sum_dim_intlist([1].as_slice(), false, None);
        // (B, b, F, L) to (B, L, F b)
        self.project_out.map(&y.permute([0, 3, 2, 1]).flatten(2, 3))
    }

    fn step(&self, x: &Tensor, state: &mut State) -> Tensor {
        tch::no_grad(|| {
            let mixed = self.gates.step(x, &mut state.parts_mut()[0]);
            let [q, b, a] = self.split(&mixed);
            let z = a.unsqueeze(2) * b.unsqueeze(1);
            let z = self.online().step(&z, &mut state.parts_mut()[1]) + &z * &self.skip;
            let y = (z * q.unsqueeze(2)).sum_dim_intlist([1].as_slice(), false, None);
            state.tick();
            self.project_out.map(&y.transpose(1, 2).flatten(1, 2))
        })
    }

    fn state(&self, lanes: i64) -> Result<State, NnError> {
        tch::no_grad(|| {
            let channels = [self.options.heads, self.options.heads, self.filters()];
            let convolution =
                self.online().state(lanes, &channels, &self.filter.taps(self.shape.max_length));
            Ok(State::new(lanes).with_part(self.gates.state(lanes)?).with_part(convolution))
        })
    }

    fn refresh(&self, state: &mut State) {
        tch::no_grad(|| {
            let taps = self.filter.taps(self.shape.max_length);
            self.online().refresh(&mut state.parts_mut()[1], &taps);
        });
    }
}
