//! Hyena: long convolutions between gates (Poli et al. 2023).
//!
//! Order n: x goes through a linear map to (n + 1) E channels and a short convolution, and is split
//! into gates x_0 ... x_(n-1) and v, the last. For each gate from x_(n-1) down to x_1: v = h_i *
//! (x_i v) + b_i x_i v, with h_i a [`HyenaFilter`] and b_i a learned skip. The result is a linear
//! map of x_0 v. For order 2 that is the product of matrices D(x_0) T(h) D(x_1) with v.
//!
//! E is `inner_factor` times the width. `projection_groups` channels share one projection before
//! the short convolution tells them apart (mad-lab's). Source: mad-lab's `HyenaOperator`; orders
//! above 2 as safari's `hyena.py` has them.

use super::gates::Gates;
use super::{HyenaFilter, Linear, Shape};
use crate::conv::{Backend, Online};
use crate::stack::Fields;
use crate::{Layer, NnError, Params, State};
use tch::Tensor;

/// What a declaration may say.
#[derive(Clone, Debug, PartialEq)]
pub struct HyenaOptions {
    /// Gates.
    pub order: i64,
    /// Units of a layer of the filter's network.
    pub filter_order: i64,
    /// Taps of the short convolution.
    pub short_filter: i64,
    /// Inner channels over the width.
    pub inner_factor: i64,
    /// Channels that share a projection.
    pub projection_groups: i64,
    /// Share of gated inputs that are dropped in training.
    pub dropout: f64,
}

impl Default for HyenaOptions {
    fn default() -> Self {
        Self {
            order: 2,
            filter_order: 4,
            short_filter: 3,
            inner_factor: 4,
            projection_groups: 4,
            dropout: 0.0,
        }
    }
}

impl HyenaOptions {
    pub(crate) fn read(fields: &mut Fields<'_>, width: i64) -> Self {
        let default = Self::default();
        let options = Self {
            order: fields.integer("order", default.order, 2..=8),
            filter_order: fields.integer("filter_order", default.filter_order, 1..=1024),
            short_filter: fields.integer("short_filter", default.short_filter, 1..=64),
            inner_factor: fields.integer("inner_factor", default.inner_factor, 1..=16),
            projection_groups: fields.integer(
                "projection_groups",
                default.projection_groups,
                1..=64,
            ),
            dropout: fields.number("dropout", default.dropout, 0.0..=0.9),
        };
        let channels = (options.order + 1) * options.inner_factor * width;
        fields.divides(
            "projection_groups",
            options.projection_groups,
            "the channels of all gates",
            channels,
        );
        options
    }
}

/// The layer.
#[derive(Debug)]
pub struct Hyena {
    options: HyenaOptions,
    shape: Shape,
    inner: i64,
    gates: Gates,
    /// One for each gate but the first, in the order of the gates.
    filters: Vec<HyenaFilter>,
    skips: Vec<Tensor>,
    project_out: Linear,
}

impl Hyena {
    /// Draws its weights.
    pub fn new(params: &Params<'_>, shape: Shape, options: &HyenaOptions) -> Self {
        let inner = options.inner_factor * shape.width;
        let channels = (options.order + 1) * inner;
        let filters = 1..options.order;
        let filter = |i| {
            HyenaFilter::new(
                &params.sub(format!("filter{i}")),
                inner,
                shape.max_length,
                options.filter_order,
            )
        };
        Self {
            inner,
            gates: Gates::new(
                params,
                shape.width,
                channels,
                options.projection_groups,
                options.short_filter,
            ),
            filters: filters.clone().map(filter).collect(),
            skips: filters.map(|i| params.normal(&format!("skip{i}"), &[inner], 1.0)).collect(),
            project_out: Linear::new(&params.sub("project_out"), inner, shape.width, true),
            options: options.clone(),
            shape,
        }
    }

    fn filter(&self, i: usize, length: i64) -> Tensor {
        self.filters[i].taps(length)
    }

    fn online(&self) -> Online {
        Online::new(self.shape.max_length)
    }

    /// From its start, channels first: every product is a matrix's, and nothing is copied between.
    fn by_matrix(&self, x: &Tensor, train: bool) -> Tensor {
        let mixed = self.gates.by_matrix(x);
        let mut split = mixed.split(self.inner, 0);
        let mut v = split.pop().expect("there are gates and v");
        for i in (0..self.filters.len()).rev() {
            v = (v * &split[i + 1]).dropout(self.options.dropout, train);
            let taps = with_skip(&self.filter(i, x.size()[1]), &self.skips[i]);
            v = self.shape.backend.causal(&v.transpose(0, 1), &taps).transpose(0, 1);
        }
        self.project_out.map_columns(&(v * &split[0]))
    }
}

impl Layer for Hyena {
    fn parallel(&self, x: &Tensor, before: Option<&State>, train: bool) -> Tensor {
        if before.is_none() && self.shape.backend == Backend::Toeplitz {
            return self.by_matrix(x, train);
        }
        let parts = before.map(State::parts);
        let mixed = self.gates.parallel(x, parts.map(|parts| &parts[0]));
        let mut split = mixed.split(self.inner, 1);
        let mut v = split.pop().expect("there are gates and v");
        for i in (0..self.filters.len()).rev() {
            v = (v * &split[i + 1]).dropout(self.options.dropout, train);
            let past = parts.map(|parts| self.online().inputs(&parts[i + 1]));
            let taps = |length| with_skip(&self.filter(i, length), &self.skips[i]);
            v = after(self.shape.backend, &v, past, taps);
        }
        self.project_out.map(&(v * &split[0]).transpose(1, 2))
    }

    fn step(&self, x: &Tensor, state: &mut State) -> Tensor {
        tch::no_grad(|| {
            let mixed = self.gates.step(x, &mut state.parts_mut()[0]);
            let mut split = mixed.split(self.inner, 1);
            let mut v = split.pop().expect("there are gates and v");
            for i in (0..self.filters.len()).rev() {
                let gated = v * &split[i + 1];
                v = self.online().step(&gated, &mut state.parts_mut()[i + 1])
                    + &gated * &self.skips[i];
            }
            state.tick();
            self.project_out.map(&(v * &split[0]))
        })
    }

    fn state(&self, lanes: i64) -> Result<State, NnError> {
        tch::no_grad(|| {
            let state = State::new(lanes).with_part(self.gates.state(lanes)?);
            let convolution = |i| {
                self.online().state(lanes, &[self.inner], &self.filter(i, self.shape.max_length))
            };
            Ok((0..self.filters.len()).map(convolution).fold(state, State::with_part))
        })
    }

    fn refresh(&self, state: &mut State) {
        tch::no_grad(|| {
            for (i, part) in state.parts_mut()[1..].iter_mut().enumerate() {
                self.online().refresh(part, &self.filter(i, self.shape.max_length));
            }
        });
    }
}

/// Taps (C, K) of the convolution that adds its inputs times `skip` (C), too.
pub(super) fn with_skip(taps: &Tensor, skip: &Tensor) -> Tensor {
    taps + skip.unsqueeze(-1).constant_pad_nd([0, crate::conv::last(taps) - 1])
}

/// The convolution of `v` (B, ..., L) with taps of the length asked for, after the inputs `past`
/// (B, ..., P).
pub(super) fn after(
    backend: Backend,
    v: &Tensor,
    past: Option<Tensor>,
    taps: impl Fn(i64) -> Tensor,
) -> Tensor {
    let length = crate::conv::last(v);
    match past {
        None => backend.causal(v, &taps(length)),
        Some(past) => {
            let all = Tensor::cat(&[past.to_kind(v.kind()), v.shallow_clone()], -1);
            let total = crate::conv::last(&all);
            backend.causal(&all, &taps(total)).narrow(-1, total - length, length)
        }
    }
}
