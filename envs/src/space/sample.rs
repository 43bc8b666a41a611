//! Drawing a value from a space.
//!
//! A leaf is drawn exactly as gym 0.23.1 and Gymnasium draw it from a generator in
//! the same state. A `Tuple` or `Dict` draws its parts one after the other from the
//! one generator it is given; gym hands every part a generator of its own, so whole
//! products differ from gym's while each part follows the same distribution.

use super::{BoxSpace, Dtype, Space};
use crate::{LaneMut, LeafMut};
use tella_rng::Generator;

impl Space {
    /// Draws a value into `lane`, which must be a lane of this space (panics if it is not).
    ///
    /// `Box`: a bounded element is uniform (integers ends included), an unbounded one
    /// standard normal, a half-bounded one the bound plus or minus a standard exponential.
    pub fn sample(&self, rng: &mut Generator, lane: &mut LaneMut<'_>) {
        self.sample_leaves(rng, lane, &mut 0);
    }

    fn sample_leaves(&self, rng: &mut Generator, lane: &mut LaneMut<'_>, leaf: &mut usize) {
        match self {
            Space::Tuple(parts) => {
                parts.iter().for_each(|part| part.sample_leaves(rng, lane, leaf));
            }
            Space::Dict(parts) => {
                parts.iter().for_each(|(_, part)| part.sample_leaves(rng, lane, leaf));
            }
            _ => {
                self.sample_leaf(rng, lane, *leaf);
                *leaf += 1;
            }
        }
    }

    fn sample_leaf(&self, rng: &mut Generator, lane: &mut LaneMut<'_>, leaf: usize) {
        match self {
            Space::Discrete { n, start } => lane.i64(leaf)[0] = start + rng.integers(0, *n),
            Space::MultiDiscrete { nvec } => {
                for (x, n) in lane.i64(leaf).iter_mut().zip(nvec) {
                    *x = (rng.random() * *n as f64) as i64;
                }
            }
            Space::MultiBinary { .. } => sample_bits(rng, lane.u8(leaf)),
            Space::Text { min_length, max_length, charset } => {
                let length = rng.integers(*min_length as i64, *max_length as i64 + 1);
                let letters = charset.chars().count() as i64;
                let text = &mut lane.text(leaf)[0];
                text.clear();
                for _ in 0..length {
                    let i = rng.integers(0, letters) as usize;
                    text.extend(charset.chars().nth(i));
                }
            }
            Space::Box(b) => b.sample(rng, lane.leaf(leaf)),
            Space::Tuple(_) | Space::Dict(_) => unreachable!("a product is not a leaf"),
        }
    }
}

/// `integers(0, 2, dtype=int8)`: four bytes of each 32-bit draw, lowest first, of
/// which Lemire's method for two values keeps the top bit and never rejects.
fn sample_bits(rng: &mut Generator, bits: &mut [u8]) {
    for four in bits.chunks_mut(4) {
        // A range of 2^32 values takes exactly one 32-bit draw.
        let word = rng.integers(0, 1 << 32);
        for (i, bit) in four.iter_mut().enumerate() {
            *bit = (word >> (8 * i + 7) & 1) as u8;
        }
    }
}

impl BoxSpace {
    fn sample(&self, rng: &mut Generator, value: LeafMut<'_>) {
        match value {
            LeafMut::U8(v) => self.draw(rng, |i, x| v[i] = x as u8),
            LeafMut::I64(v) => self.draw(rng, |i, x| v[i] = x.floor() as i64),
            LeafMut::F32(v) => self.draw(rng, |i, x| v[i] = x as f32),
            LeafMut::F64(v) => self.draw(rng, |i, x| v[i] = x),
            LeafMut::Text(_) => panic!("a Box holds no text"),
        }
    }

    /// Draws every element, in the order of gym: all unbounded elements, all that
    /// are bounded below only, all bounded above only, all bounded ones.
    fn draw(&self, rng: &mut Generator, mut put: impl FnMut(usize, f64)) {
        let elements = |below: bool, above: bool| {
            (0..self.low.len()).filter(move |&i| {
                (self.low[i] != f64::NEG_INFINITY) == below
                    && (self.high[i] != f64::INFINITY) == above
            })
        };
        for i in elements(false, false) {
            put(i, rng.normal(0.0, 1.0));
        }
        for i in elements(true, false) {
            put(i, rng.standard_exponential() + self.bounds(i).0);
        }
        for i in elements(false, true) {
            put(i, -rng.standard_exponential() + self.bounds(i).1);
        }
        // The upper end of an integer box belongs to it.
        let end = match self.dtype {
            Dtype::Uint8 | Dtype::Int64 => 1.0,
            Dtype::Float32 | Dtype::Float64 => 0.0,
        };
        for i in elements(true, true) {
            let (low, high) = self.bounds(i);
            put(i, rng.uniform(low, high + end));
        }
    }
}
