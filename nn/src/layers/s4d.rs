//! S4D: a diagonal state-space model for each channel (Gu et al. 2022).
//!
//! x' = A x + B u, y = Re(C x) with N / 2 complex poles that stand for pairs of conjugates, B = 1,
//! held constant over steps of dt (zero-order hold). Its taps are K\[l\] = 2 Re sum_n C'_n exp(dt
//! A_n l), C' = C (exp(dt A) - 1) / A. Poles A = -exp(a) + i w begin at -1/2 + i pi n (S4D-Lin), dt
//! at draws that are uniform in logarithm between `dt_min` and `dt_max` (units: steps), C as
//! complex normal draws. Then + D u, gelu, dropout, and a gated linear map. dt and A are learned by
//! [`Group::Dynamics`].
//!
//! Acting is the recurrence s <- exp(dt A) s + u, y = 2 Re sum C' s. Powers of exp(dt A) are
//! computed in double precision, and so is the state kept: a phase grows by dt w a step, and single
//! precision would lose it within some thousand.

use super::{Linear, Shape};
use crate::stack::Fields;
use crate::{Group, Layer, NnError, Params, State};
use std::f64::consts::PI;
use tch::{Kind, Tensor};

/// States s (B, H, N / 2, 2): real and imaginary parts.
const STATES: &str = "states";

/// What a declaration may say.
#[derive(Clone, Debug, PartialEq)]
pub struct S4dOptions {
    /// N: real states of a channel.
    pub states: i64,
    /// Least step size at the beginning.
    pub dt_min: f64,
    /// Largest step size at the beginning.
    pub dt_max: f64,
    /// Share of values dropped in training.
    pub dropout: f64,
}

impl Default for S4dOptions {
    fn default() -> Self {
        Self { states: 64, dt_min: 0.001, dt_max: 0.1, dropout: 0.0 }
    }
}

impl S4dOptions {
    pub(crate) fn read(fields: &mut Fields<'_>) -> Self {
        let default = Self::default();
        let options = Self {
            states: fields.integer("states", default.states, 2..=4096),
            dt_min: fields.number("dt_min", default.dt_min, 1e-6..=10.0),
            dt_max: fields.number("dt_max", default.dt_max, 1e-6..=10.0),
            dropout: fields.number("dropout", 0.0, 0.0..=0.9),
        };
        if options.states % 2 == 1 {
            fields.refuse("states", "`states` counts pairs of conjugates twice: it is even");
        }
        if options.dt_min > options.dt_max {
            fields.refuse("dt_min", "`dt_min` is larger than `dt_max`");
        }
        options
    }
}

/// The layer.
#[derive(Debug)]
pub struct S4d {
    options: S4dOptions,
    shape: Shape,
    /// ln dt (H).
    log_dt: Tensor,
    /// ln(-Re A) and Im A (H, N / 2).
    decay: Tensor,
    turn: Tensor,
    /// C (H, N / 2, 2).
    c: Tensor,
    /// D (H).
    skip: Tensor,
    project_out: Linear,
}

impl S4d {
    /// Draws its weights.
    pub fn new(params: &Params<'_>, shape: Shape, options: &S4dOptions) -> Self {
        let (width, pairs) = (shape.width, options.states / 2);
        let dynamics = params.group(Group::Dynamics);
        let turn = Tensor::arange(pairs, (Kind::Double, tch::Device::Cpu)) * PI;
        Self {
            log_dt: dynamics.uniform("log_dt", &[width], options.dt_min.ln(), options.dt_max.ln()),
            decay: dynamics.constant("decay", &[width, pairs], 0.5_f64.ln()),
            turn: dynamics.given("turn", &turn.unsqueeze(0).expand([width, -1], false)),
            c: params.normal("c", &[width, pairs, 2], 0.5_f64.sqrt()),
            skip: params.normal("skip", &[width], 1.0),
            project_out: Linear::new(&params.sub("project_out"), width, 2 * width, true),
            options: options.clone(),
            shape,
        }
    }

    /// dt A and C' (H, N / 2), complex, in double precision.
    fn discrete(&self) -> (Tensor, Tensor) {
        let wide = |t: &Tensor| t.to_kind(Kind::Double);
        let a = Tensor::complex(&-wide(&self.decay).exp(), &wide(&self.turn));
        let step = &a * wide(&self.log_dt).exp().unsqueeze(-1);
        let c = wide(&self.c).contiguous().view_as_complex() * (step.exp() - 1.0) / a;
        (step, c)
    }

    /// 2 Re sum_n w_n exp(dt A_n (l + from)) for each l of `length`: w (..., H, N / 2) gives (...,
    /// H, L).
    ///
    /// With l = q S + r, S about the root of L, it is a product of matrices of exp(dt A q S) and of exp(dt A (r + from)): few
    /// exponentials, and nothing of the size N L.
    fn response(step: &Tensor, weights: &Tensor, length: i64, from: f64) -> Tensor {
        let stride = (length as f64).sqrt().ceil() as i64;
        let powers = |count: i64, scale: f64, from: f64| {
            let l = Tensor::arange(count, (Kind::Double, step.device())) * scale + from;
            (step.unsqueeze(-1) * l).exp()
        };
        let far = powers((length + stride - 1) / stride, stride as f64, 0.0);
        let near = powers(stride, 1.0, from);
        // Real parts alone, by real numbers: Re(a b) = Re a Re b - Im a Im b.
        let far = (weights.unsqueeze(-1) * far).transpose(-1, -2).contiguous();
        let far = far.view_as_real().flatten(-2, -1);
        let near = Tensor::stack(&[near.real(), -near.imag()], -2).flatten(-3, -2);
        far.matmul(&near).flatten(-2, -1).narrow(-1, 0, length) * 2.0
    }

    /// The first taps (H, length).
    pub fn taps(&self, length: i64) -> Tensor {
        let (step, c) = self.discrete();
        Self::response(&step, &c, length, 0.0).to_kind(self.skip.kind())
    }

    fn finished(&self, y: &Tensor, train: bool) -> Tensor {
        self.project_out.map(&y.gelu("none").dropout(self.options.dropout, train)).glu(-1)
    }
}

impl Layer for S4d {
    fn parallel(&self, x: &Tensor, before: Option<&State>, train: bool) -> Tensor {
        let u = x.transpose(1, 2);
        let length = crate::conv::last(&u);
        let skip = self.skip.to_kind(x.kind()).unsqueeze(-1);
        let mut y = self.shape.backend.causal(&u, &self.taps(length)) + &u * skip;
        if let Some(state) = before {
            let (step, c) = self.discrete();
            let states = state.get(STATES).view_as_complex() * c;
            y += Self::response(&step, &states, length, 1.0).to_kind(y.kind());
        }
        self.finished(&y.transpose(1, 2), train)
    }

    fn step(&self, x: &Tensor, state: &mut State) -> Tensor {
        tch::no_grad(|| {
            let [power, c] = state.shared() else { unreachable!("refresh sets two") };
            let states =
                state.get(STATES).view_as_complex() * power + x.to_kind(Kind::Double).unsqueeze(-1);
            let y = (&states * c).sum_dim_intlist([-1].as_slice(), false, None).real() * 2.0;
            state.set(STATES, states.view_as_real().copy());
            state.tick();
            self.finished(&(y.to_kind(x.kind()) + x * &self.skip), false)
        })
    }

    fn state(&self, lanes: i64) -> Result<State, NnError> {
        let wide = self.log_dt.to_kind(Kind::Double);
        let shape = [self.shape.width, self.options.states / 2, 2];
        let mut state = State::new(lanes).with(STATES, &shape, &wide);
        self.refresh(&mut state);
        Ok(state)
    }

    fn refresh(&self, state: &mut State) {
        tch::no_grad(|| {
            let (step, c) = self.discrete();
            state.set_shared(vec![step.exp(), c]);
        });
    }
}
