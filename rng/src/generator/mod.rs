//! `numpy.random.Generator` over PCG64: the stream itself. The draws made from
//! it lie in the files beside this one, one kind each.

mod bounded;
mod permute;
mod state;
mod ziggurat;

pub use state::{State, StateError};

use crate::SeedSequence;
use rand_core::Rng;
use rand_pcg::Pcg64;
use serde::{Deserialize, Serialize};

/// `numpy.random.default_rng`'s generator. Saved and restored through serde
/// (see [`State`]); two generators are equal when all their draws will be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "State", try_from = "State")]
pub struct Generator {
    pcg: Pcg64,
    /// The upper half of a 64-bit draw of which a 32-bit draw took the lower.
    half: Option<u32>,
}

impl Generator {
    /// `default_rng(seed)`.
    pub fn new(seed: u64) -> Self {
        Self::from_seed_sequence(&SeedSequence::new(seed))
    }

    /// `default_rng(seed_sequence)`.
    pub fn from_seed_sequence(seeds: &SeedSequence) -> Self {
        let [state_high, state_low, stream_high, stream_low] = seeds.generate_state_u64();
        let join = |high, low| u128::from(high) << 64 | u128::from(low);
        Self {
            pcg: Pcg64::new(join(state_high, state_low), join(stream_high, stream_low)),
            half: None,
        }
    }

    /// `bit_generator.random_raw()`: the next 64 bits. A buffered 32-bit half
    /// stays where it is and is given out by a later 32-bit draw.
    #[inline]
    pub fn random_raw(&mut self) -> u64 {
        self.pcg.next_u64()
    }

    /// The next 32 bits: a new word's lower half, then its upper half.
    #[inline]
    fn next_u32(&mut self) -> u32 {
        if let Some(half) = self.half.take() {
            return half;
        }
        let word = self.random_raw();
        self.half = Some((word >> 32) as u32);
        word as u32
    }

    /// `random()`: uniform in [0, 1), 53 bits.
    #[inline]
    pub fn random(&mut self) -> f64 {
        const UNIT: f64 = 1.0 / (1u64 << 53) as f64;
        (self.random_raw() >> 11) as f64 * UNIT
    }

    /// `random(dtype=numpy.float32)`: uniform in [0, 1), 24 bits of a 32-bit draw.
    #[inline]
    pub fn random_f32(&mut self) -> f32 {
        const UNIT: f32 = 1.0 / (1u32 << 24) as f32;
        (self.next_u32() >> 8) as f32 * UNIT
    }

    /// `uniform(low, high)`: uniform in [low, high); `low` where both are equal,
    /// which takes a draw as well.
    ///
    /// # Panics
    ///
    /// Where `high - low` is negative or not finite.
    #[inline]
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        let range = high - low;
        assert!(range.is_finite() && range >= 0.0, "uniform: not a range: {low} to {high}");
        low + range * self.random()
    }
}
