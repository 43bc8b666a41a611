//! Causal attention: each position's query against the keys before it (Vaswani et al. 2017).
//!
//! For each head y\[t\] = sum over i in the window of softmax_i(q\[t\] . k\[i\] / sqrt(d)) v\[i\],
//! then a linear map of all heads. The window of position t is t and the `window` positions before
//! it; without `window` it is the `max_length` positions that end with t, so that acting for a
//! lifetime holds a bounded number of keys. The first `rotary` channels of queries and keys are
//! turned by their position. Defaults are mad-lab's `mh-attention`; its `window_size: [32, 32]` is
//! `window: 32`.

use super::rotary::Rotary;
use super::{Linear, Shape, joined};
use crate::stack::Fields;
use crate::state::{unrolled, write};
use crate::{Layer, NnError, Params, State};
use tch::{Kind, Tensor};

/// Keys and values of the window: rings (B, H, d, W).
const KEYS: &str = "keys";
const VALUES: &str = "values";
/// How many of them a lane has written.
const WRITTEN: &str = "written";

/// What a declaration may say.
#[derive(Clone, Debug, PartialEq)]
pub struct AttentionOptions {
    /// Heads.
    pub heads: i64,
    /// Channels of a head that are turned by the position; 0 for none.
    pub rotary: i64,
    /// Earlier positions that are looked at.
    pub window: Option<i64>,
    /// Share of weights that are dropped in training.
    pub dropout: f64,
}

impl AttentionOptions {
    pub(crate) fn read(fields: &mut Fields<'_>, width: i64, max_length: i64) -> Self {
        let heads = fields.heads(16, width);
        let turned = (width / heads.max(1)).min(8);
        let rotary = fields.integer("rotary", turned - turned % 2, 0..=width / heads.max(1));
        if rotary % 2 == 1 {
            fields
                .refuse("rotary", "`rotary` counts channels that are turned in pairs: it is even");
        }
        Self {
            heads,
            rotary,
            window: fields.optional_integer("window", 0..=max_length - 1),
            dropout: fields.number("dropout", 0.0, 0.0..=0.9),
        }
    }
}

/// The layer.
#[derive(Debug)]
pub struct Attention {
    options: AttentionOptions,
    width: i64,
    /// Positions looked at, this one included.
    seen: i64,
    rotary: Rotary,
    project_in: Linear,
    project_out: Linear,
}

impl Attention {
    /// Draws its weights.
    pub fn new(params: &Params<'_>, shape: Shape, options: &AttentionOptions) -> Self {
        let width = shape.width;
        Self {
            options: options.clone(),
            width,
            seen: options
                .window
                .map_or(shape.max_length, |window| window + 1)
                .min(shape.max_length),
            rotary: Rotary::new(params, options.rotary, shape.max_length),
            project_in: Linear::new(&params.sub("project_in"), width, 3 * width, true),
            project_out: Linear::new(&params.sub("project_out"), width, width, true),
        }
    }

    /// Queries, keys and values (B, H, L, d) of x (B, L, D), whose first position is `from`.
    fn projected(&self, x: &Tensor, from: i64) -> [Tensor; 3] {
        let heads = self.options.heads;
        let all = self.project_in.map(x).unflatten(-1, [3 * heads, self.width / heads]);
        // Queries and keys at once.
        let turned = self.rotary.turn(&all.narrow(2, 0, 2 * heads), from);
        let part = |of: &Tensor, i: i64| of.narrow(2, i * heads, heads).transpose(1, 2);
        [part(&turned, 0), part(&turned, 1), part(&all, 2)]
    }

    /// Which of `past` remembered and L new keys each of L queries sees: (L, past + L).
    fn mask(&self, length: i64, past: i64, x: &Tensor) -> Tensor {
        let options = (Kind::Int64, x.device());
        let query = Tensor::arange(length, options).unsqueeze(1) + past;
        let distance = query - Tensor::arange(length + past, options).unsqueeze(0);
        distance.ge(0).logical_and(&distance.lt(self.seen))
    }
}

fn attend(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    mask: Option<&Tensor>,
    dropout: f64,
    causal: bool,
) -> Tensor {
    Tensor::scaled_dot_product_attention(q, k, v, mask, dropout, causal, None, false)
}

impl Layer for Attention {
    fn parallel(&self, x: &Tensor, before: Option<&State>, train: bool) -> Tensor {
        let length = x.size()[1];
        let dropout = if train { self.options.dropout } else { 0.0 };
        let y = match before {
            None => {
                let [q, k, v] = self.projected(x, 0);
                let mask = (length > self.seen).then(|| self.mask(length, 0, x));
                attend(&q, &k, &v, mask.as_ref(), dropout, mask.is_none())
            }
            Some(state) => {
                let [q, k, v] = self.projected(x, state.clock());
                let past = |name, new: &Tensor| {
                    let ring = unrolled(&state.get(name), state.clock()).transpose(-1, -2);
                    Tensor::cat(&[ring.to_kind(x.kind()), new.shallow_clone()], 2)
                };
                // Of W remembered places, oldest first, a lane has written the last ones.
                let age = Tensor::arange(self.seen, (Kind::Float, x.device()));
                let written = (age + state.get(WRITTEN)).ge(self.seen as f64);
                let written =
                    written.constant_pad_nd([0, length]).logical_or(&self.is_new(length, x));
                let mask =
                    self.mask(length, self.seen, x).logical_and(&written.unsqueeze(1).unsqueeze(1));
                attend(&q, &past(KEYS, &k), &past(VALUES, &v), Some(&mask), dropout, false)
            }
        };
        self.project_out.map(&joined(&y))
    }

    fn step(&self, x: &Tensor, state: &mut State) -> Tensor {
        tch::no_grad(|| {
            let now = state.clock();
            let [q, k, v] = self.projected(&x.unsqueeze(1), now);
            let (keys, values) = (state.get(KEYS), state.get(VALUES));
            write(&keys, now, &k.squeeze_dim(2));
            write(&values, now, &v.squeeze_dim(2));
            let written = (state.get(WRITTEN) + 1.0).clamp_max(self.seen as f64);
            // Steps since each place of the ring was written, this step's being 0.
            let place = Tensor::arange(self.seen, (Kind::Int64, x.device()));
            let age = (-place + now).remainder(self.seen);
            let mask = age.lt_tensor(&written).unsqueeze(1).unsqueeze(1);
            state.set(WRITTEN, written);
            state.tick();
            let y = attend(
                &q,
                &keys.transpose(-1, -2),
                &values.transpose(-1, -2),
                Some(&mask),
                0.0,
                false,
            );
            self.project_out.map(&joined(&y)).squeeze_dim(1)
        })
    }

    fn state(&self, lanes: i64) -> Result<State, NnError> {
        let (heads, like) = (self.options.heads, self.project_in.like());
        let ring = [heads, self.width / heads, self.seen];
        Ok(State::new(lanes).with(KEYS, &ring, like).with(VALUES, &ring, like).with(
            WRITTEN,
            &[1],
            &like.to_kind(Kind::Float).narrow(0, 0, 1),
        ))
    }
}

impl Attention {
    /// Whether each of W + L keys is one of the L new ones.
    fn is_new(&self, length: i64, x: &Tensor) -> Tensor {
        Tensor::arange(self.seen + length, (Kind::Int64, x.device())).ge(self.seen)
    }
}
