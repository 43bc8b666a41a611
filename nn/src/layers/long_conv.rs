//! The long convolution with learned taps (Fu et al. 2023, "Simple Hardware-Efficient Long
//! Convolutions").
//!
//! For each of `channels` copies c of every channel h: y\[c, h\] = k\[c, h\] * x\[h\] + D\[c, h\]
//! x\[h\]; then gelu, dropout, and a gated linear map of all copies to the width. Before use the
//! taps are smoothed (moving average of `smooth` taps), squashed (moved towards zero by `squash`,
//! those nearer become zero) and, in training, dropped one by one. They have a learning rate of
//! their own and no weight decay ([`Group::Filters`]). `bidirectional` has a second kernel for
//! later positions; such a layer cannot act.
//!
//! Taps begin as normal draws of deviation .002, or with `init: decay` as .02 exp(-(j / N) (H/2)^(h
//! / H)) times normal draws: channel h of H, tap j of N.

use super::{Linear, Shape, hyena};
use crate::conv::Online;
use crate::stack::Fields;
use crate::{Group, Layer, NnError, Params, State};
use tch::{Kind, Tensor};

/// How taps begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelInit {
    /// Small normal draws.
    Random,
    /// Normal draws that decay, each channel at its own rate.
    Decay,
}

/// What a declaration may say.
#[derive(Clone, Debug, PartialEq)]
pub struct LongConvOptions {
    /// Kernels for each channel.
    pub channels: i64,
    /// How taps begin.
    pub init: KernelInit,
    /// How far taps are moved towards zero.
    pub squash: f64,
    /// Taps averaged, odd; 1 for none.
    pub smooth: i64,
    /// Share of taps dropped in training.
    pub kernel_dropout: f64,
    /// Share of values dropped in training.
    pub dropout: f64,
    /// Whether later positions count as well.
    pub bidirectional: bool,
}

impl Default for LongConvOptions {
    fn default() -> Self {
        let (init, squash, kernel_dropout) = (KernelInit::Random, 0.001, 0.2);
        Self {
            channels: 2,
            init,
            squash,
            smooth: 1,
            kernel_dropout,
            dropout: 0.0,
            bidirectional: false,
        }
    }
}

impl LongConvOptions {
    pub(crate) fn read(fields: &mut Fields<'_>) -> Self {
        let default = Self::default();
        let smooth = fields.integer("smooth", default.smooth, 1..=1023);
        if smooth % 2 == 0 {
            fields.refuse("smooth", "`smooth` counts taps around one: it is odd");
        }
        let inits = [("random", KernelInit::Random), ("decay", KernelInit::Decay)];
        Self {
            channels: fields.integer("channels", default.channels, 1..=64),
            init: fields.choice("init", &inits),
            squash: fields.number("squash", default.squash, 0.0..=1.0),
            smooth,
            kernel_dropout: fields.number("kernel_dropout", default.kernel_dropout, 0.0..=0.9),
            dropout: fields.number("dropout", default.dropout, 0.0..=0.9),
            bidirectional: fields.flag("bidirectional", default.bidirectional),
        }
    }
}

/// The layer.
#[derive(Debug)]
pub struct LongConv {
    options: LongConvOptions,
    shape: Shape,
    /// Taps as they are learned (C, H, N); for later positions too.
    kernel: Tensor,
    before: Option<Tensor>,
    /// (C, H).
    skip: Tensor,
    project_out: Linear,
}

impl LongConv {
    /// Draws its weights.
    pub fn new(params: &Params<'_>, shape: Shape, options: &LongConvOptions) -> Self {
        let (width, size) = (shape.width, [options.channels, shape.width, shape.max_length]);
        let filters = params.group(Group::Filters);
        let kernel = |name: &str| match options.init {
            KernelInit::Random => filters.normal(name, &size, 0.002),
            KernelInit::Decay => decaying(&filters, name, &size),
        };
        Self {
            kernel: kernel("kernel"),
            before: options.bidirectional.then(|| kernel("kernel_before")),
            skip: params.normal("skip", &[options.channels, width], 1.0),
            project_out: Linear::new(
                &params.sub("project_out"),
                options.channels * width,
                2 * width,
                true,
            ),
            options: options.clone(),
            shape,
        }
    }

    /// The taps that are used: smoothed, squashed, and in training dropped.
    fn taps(&self, kernel: &Tensor, length: i64, train: bool) -> Tensor {
        let window = self.options.smooth;
        let smooth = match window {
            1 => kernel.shallow_clone(),
            _ => kernel.avg_pool1d([window], [1], [window / 2], false, true),
        };
        let squashed = smooth.sign() * (smooth.abs() - self.options.squash).relu();
        let used = squashed.narrow(-1, 0, length.min(self.shape.max_length));
        used.dropout(self.options.kernel_dropout, train)
    }

    /// Of y (B, C, H, ...) without skip, and x (B, 1, H, ...): (B, ..., D).
    fn finished(&self, y: Tensor, x: &Tensor, train: bool) -> Tensor {
        let skip = if x.dim() == 4 { self.skip.unsqueeze(-1) } else { self.skip.shallow_clone() };
        let y = (y + x * skip.to_kind(x.kind()))
            .gelu("none")
            .flatten(1, 2)
            .dropout(self.options.dropout, train);
        let y = if y.dim() == 3 { y.transpose(1, 2) } else { y };
        self.project_out.map(&y).glu(-1)
    }

    fn online(&self) -> Online {
        Online::new(self.shape.max_length)
    }
}

/// Normal draws that decay.
fn decaying(params: &Params<'_>, name: &str, &[channels, width, taps]: &[i64; 3]) -> Tensor {
    let mut rng = params.generator(name);
    let rate = |h: i64| (width as f64 / 2.0).powf(h as f64 / width as f64);
    let tap = |h: i64, j: i64| 0.02 * (-(j as f64 / taps as f64) * rate(h)).exp();
    let values: Vec<f64> = (0..channels)
        .flat_map(|_| (0..width).flat_map(|h| (0..taps).map(move |j| (h, j))))
        .map(|(h, j)| tap(h, j) * rng.standard_normal())
        .collect();
    params.given(
        name,
        &Tensor::from_slice(&values).reshape([channels, width, taps]).to_kind(Kind::Double),
    )
}

impl Layer for LongConv {
    fn parallel(&self, x: &Tensor, before: Option<&State>, train: bool) -> Tensor {
        // (B, 1, H, L)
        let x = x.transpose(1, 2).unsqueeze(1);
        let taps = |length| self.taps(&self.kernel, length, train);
        let y = match &self.before {
            None => {
                let past =
                    before.map(|state| self.online().inputs(&state.parts()[0]).narrow(1, 0, 1));
                hyena::after(self.shape.backend, &x, past, taps)
            }
            Some(kernel) => {
                let length = crate::conv::last(&x);
                let kernel = self.taps(kernel, length, train);
                self.shape.backend.bidirectional(&x, &taps(length), &kernel)
            }
        };
        self.finished(y, &x, train)
    }

    fn step(&self, x: &Tensor, state: &mut State) -> Tensor {
        tch::no_grad(|| {
            let x = x.unsqueeze(1);
            let y = self.online().step(&x, &mut state.parts_mut()[0]);
            state.tick();
            self.finished(y, &x, false)
        })
    }

    fn state(&self, lanes: i64) -> Result<State, NnError> {
        if self.before.is_some() {
            let hint = "leave out `bidirectional`";
            return Err(NnError::NotCausal { layer: "long-conv", hint });
        }
        tch::no_grad(|| {
            let channels = [self.options.channels, self.shape.width];
            let taps = self.taps(&self.kernel, self.shape.max_length, false);
            Ok(State::new(lanes).with_part(self.online().state(lanes, &channels, &taps)))
        })
    }

    fn refresh(&self, state: &mut State) {
        tch::no_grad(|| {
            let taps = self.taps(&self.kernel, self.shape.max_length, false);
            self.online().refresh(&mut state.parts_mut()[0], &taps);
        });
    }
}
