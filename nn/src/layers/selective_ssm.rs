//! The selective state-space model: Mamba's recurrence (Gu and Dao 2023).
//!
//! x is mapped to u and z, E channels each (`expand` times the width); u goes through a short
//! convolution and silu. For each channel e and state n: h\[t\] = exp(dt\[t\] A) h\[t-1\] + dt\[t\]
//! B\[t\] u\[t\], y\[t\] = sum_n C\[t\] h\[t\] + D u\[t\], where dt, B and C are functions of the
//! input: dt\[t, e\] = softplus(W' W u\[t\] + b) with W of rank D / 16. A = -exp(a) begins at -1
//! ... -N, b such that dt begins between .001 and .1 (uniform in logarithm). The result is a linear
//! map of y silu(z). A and D are learned by [`Group::Dynamics`]. Defaults are mad-lab's.
//!
//! Parallel by doubling: after the pass of reach r each position has joined the 2 r steps that end
//! with it, a pair (factor, sum) each; factors are at most 1, so that nothing overflows.

use super::{Linear, Shape, ShortConv};
use crate::stack::Fields;
use crate::{Group, Layer, NnError, Params, State};
use tch::{Kind, Tensor};

/// h (B, E, N).
const HIDDEN: &str = "hidden";

/// What a declaration may say.
#[derive(Clone, Debug, PartialEq)]
pub struct SelectiveSsmOptions {
    /// N: states of a channel.
    pub states: i64,
    /// Taps of the short convolution.
    pub short_filter: i64,
    /// Inner channels over the width.
    pub expand: i64,
}

impl SelectiveSsmOptions {
    pub(crate) fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            states: fields.integer("states", 4, 1..=4096),
            short_filter: fields.integer("short_filter", 4, 1..=64),
            expand: fields.integer("expand", 2, 1..=16),
        }
    }
}

/// The layer.
#[derive(Debug)]
pub struct SelectiveSsm {
    inner: i64,
    rank: i64,
    states: i64,
    project_in: Linear,
    short: ShortConv,
    /// To dt's low rank, B and C.
    select: Linear,
    step_size: Linear,
    /// ln(-A) (E, N) and D (E).
    decay: Tensor,
    skip: Tensor,
    project_out: Linear,
}

impl SelectiveSsm {
    /// Draws its weights.
    pub fn new(params: &Params<'_>, shape: Shape, options: &SelectiveSsmOptions) -> Self {
        let (width, states) = (shape.width, options.states);
        let (inner, rank) = (options.expand * width, (width + 15) / 16);
        let dynamics = params.group(Group::Dynamics);
        let decay = (Tensor::arange(states, (Kind::Double, tch::Device::Cpu)) + 1.0).log();
        Self {
            inner,
            rank,
            states,
            project_in: Linear::new(&params.sub("project_in"), width, 2 * inner, false),
            short: ShortConv::new(&params.sub("short"), inner, options.short_filter),
            select: Linear::new(&params.sub("select"), inner, rank + 2 * states, false),
            step_size: Linear::new(&params.sub("step_size"), rank, inner, false)
                .with_bias(step_bias(params, inner)),
            decay: dynamics.given("decay", &decay.unsqueeze(0).expand([inner, -1], false)),
            skip: dynamics.constant("skip", &[inner], 1.0),
            project_out: Linear::new(&params.sub("project_out"), inner, width, false),
        }
    }

    /// Of u (B, L, E): exp(dt A) and dt B u (B, L, E, N), and C (B, L, N, 1).
    fn selected(&self, u: &Tensor) -> [Tensor; 3] {
        let all = self.select.map(u);
        let dt = self.step_size.map(&all.narrow(-1, 0, self.rank)).softplus().unsqueeze(-1);
        let b = all.narrow(-1, self.rank, self.states).unsqueeze(-2);
        let c = all.narrow(-1, self.rank + self.states, self.states).unsqueeze(-1);
        let factor = (&dt * -self.decay.exp()).exp();
        [factor, dt * b * u.unsqueeze(-1), c]
    }
}

/// What softplus makes step sizes of: between .001 and .1, uniform in logarithm.
fn step_bias(params: &Params<'_>, inner: i64) -> Tensor {
    let mut rng = params.generator("step_bias");
    let bias = |_| {
        let dt = rng.uniform(0.001_f64.ln(), 0.1_f64.ln()).exp().max(1e-4);
        dt + (-(-dt).exp_m1()).ln()
    };
    params.given("step_bias", &Tensor::from_slice(&(0..inner).map(bias).collect::<Vec<f64>>()))
}

/// h\[t\] = factor\[t\] h\[t-1\] + sum\[t\] from 0, for (B, L, ...).
fn scan(mut factor: Tensor, mut sum: Tensor) -> Tensor {
    let length = sum.size()[1];
    let mut reach = 1;
    while reach < length {
        let rest = length - reach;
        let earlier = |t: &Tensor| t.narrow(1, 0, rest);
        let later = |t: &Tensor| t.narrow(1, reach, rest);
        let first = |t: &Tensor| t.narrow(1, 0, reach);
        let joined = later(&factor) * earlier(&sum) + later(&sum);
        sum = Tensor::cat(&[first(&sum), joined], 1);
        factor = Tensor::cat(&[first(&factor), later(&factor) * earlier(&factor)], 1);
        reach *= 2;
    }
    sum
}

impl Layer for SelectiveSsm {
    fn parallel(&self, x: &Tensor, before: Option<&State>, _train: bool) -> Tensor {
        let projected = self.project_in.map(x);
        let (u, z) =
            (projected.narrow(-1, 0, self.inner), projected.narrow(-1, self.inner, self.inner));
        let u =
            self.short.parallel(&u, before.map(|state| &state.parts()[0])).silu().transpose(1, 2);
        // The recurrence is not a matrix unit's work: it is computed in the weights' precision.
        let u = u.to_kind(self.skip.kind());
        let [factor, mut sum, c] = self.selected(&u);
        if let Some(state) = before {
            // The hidden state counts as the first position's own input.
            let carried = factor.narrow(1, 0, 1) * state.get(HIDDEN).unsqueeze(1);
            let length = sum.size()[1];
            sum = Tensor::cat(&[sum.narrow(1, 0, 1) + carried, sum.narrow(1, 1, length - 1)], 1);
        }
        let y = scan(factor, sum).matmul(&c).squeeze_dim(-1) + &u * &self.skip;
        self.project_out.map(&(y.to_kind(x.kind()) * z.silu()))
    }

    fn step(&self, x: &Tensor, state: &mut State) -> Tensor {
        tch::no_grad(|| {
            let projected = self.project_in.map(x);
            let (u, z) =
                (projected.narrow(-1, 0, self.inner), projected.narrow(-1, self.inner, self.inner));
            let u = self.short.step(&u, &mut state.parts_mut()[0]).silu();
            let [factor, sum, c] = self.selected(&u);
            let hidden = factor * state.get(HIDDEN) + sum;
            let y = hidden.matmul(&c).squeeze_dim(-1) + &u * &self.skip;
            state.set(HIDDEN, hidden);
            state.tick();
            self.project_out.map(&(y * z.silu()))
        })
    }

    fn state(&self, lanes: i64) -> Result<State, NnError> {
        let state =
            State::new(lanes).with(HIDDEN, &[self.inner, self.states], self.project_out.like());
        Ok(state.with_part(self.short.state(lanes)?))
    }
}
