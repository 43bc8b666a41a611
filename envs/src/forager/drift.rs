//! What a kind of object is worth, as a function of time.

use crate::EnvError;
use std::f64::consts::TAU;
use tella_rng::{Generator, SeedSequence};

/// The shape of a drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 1 for the first half of a period, -1 for the second.
    Square,
    /// A sine wave.
    Sine,
    /// So many sines and cosines, of one period, of half, of a third and so on, with
    /// random amplitudes: a function of its own for each kind.
    Fourier(usize),
    /// No drift: always 1.
    Constant,
}

impl Shape {
    /// The names, the default first.
    pub const NAMES: [&str; 4] = ["square", "sine", "fourier", "constant"];

    /// The shape of that name; `harmonics` counts for `fourier` alone.
    pub fn named(name: &str, harmonics: usize) -> Result<Self, EnvError> {
        match name {
            "square" => Ok(Shape::Square),
            "sine" => Ok(Shape::Sine),
            "fourier" => Ok(Shape::Fourier(harmonics)),
            "constant" => Ok(Shape::Constant),
            other => Err(EnvError(format!("parameter `drift`: there is no `{other}`"))),
        }
    }
}

/// The rewards of all kinds: kind `k` of `n` is worth, at time `t`,
///
/// ```text
/// reward + amplitude * wave(t / period + phase + k / n)
/// ```
///
/// where `wave` has period 1 and lies in -1 ..= 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Drift {
    /// The wave.
    pub shape: Shape,
    /// Number of kinds.
    pub kinds: usize,
    /// The average.
    pub reward: f64,
    /// Greatest distance from it.
    pub amplitude: f64,
    /// Steps of a period.
    pub period: u64,
    /// Share of a period by which all kinds are ahead.
    pub phase: f64,
}

impl Drift {
    /// Replaces `series` by the coefficients of a world of this seed, of cosine and sine,
    /// harmonic by harmonic, kind by kind: normal, falling with the harmonic's number,
    /// scaled so that no sum leaves -1 ..= 1. Empty for other shapes than `Fourier`.
    ///
    /// They come from a stream of their own, so that worlds of one seed are laid out
    /// alike whatever the drift.
    pub fn draw_series(&self, seed: u64, series: &mut Vec<[f64; 2]>) {
        series.clear();
        let Shape::Fourier(harmonics) = self.shape else { return };
        let mut rng = Generator::from_seed_sequence(&SeedSequence::with_spawn_key(seed, &[0]));
        for kind in 0..self.kinds {
            for h in 1..=harmonics {
                let scale = 1.0 / h as f64;
                series.push([rng.normal(0.0, scale), rng.normal(0.0, scale)]);
            }
            let own = &mut series[kind * harmonics..];
            let greatest: f64 = own.iter().map(|[a, b]| a.hypot(*b)).sum();
            own.iter_mut().flatten().for_each(|c| *c /= greatest);
        }
    }

    /// The reward of an object of `kind` (from 0) collected at `time`; `series` is what
    /// [`Drift::draw_series`] drew.
    pub fn reward(&self, kind: usize, time: u64, series: &[[f64; 2]]) -> f64 {
        let ahead = self.phase + kind as f64 / self.kinds as f64;
        let place = ((time % self.period) as f64 / self.period as f64 + ahead).fract();
        let wave = match self.shape {
            Shape::Square if place < 0.5 => 1.0,
            Shape::Square => -1.0,
            Shape::Sine => (TAU * place).sin(),
            Shape::Fourier(harmonics) => (1..=harmonics)
                .zip(&series[kind * harmonics..])
                .map(|(h, [a, b])| {
                    let (sin, cos) = (TAU * h as f64 * place).sin_cos();
                    a * cos + b * sin
                })
                .sum(),
            Shape::Constant => 1.0,
        };
        self.reward + self.amplitude * wave
    }
}
