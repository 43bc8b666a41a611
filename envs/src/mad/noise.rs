//! Noise: tokens of their own that stand where others would.

use tella_rng::Generator;

/// How much noise there is, and of which tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Noise {
    /// Number of its tokens.
    pub(super) tokens: i64,
    /// Probability that a place is noise.
    pub(super) share: f64,
}

impl Noise {
    /// Whether the next place is noise; without noise nothing is drawn.
    pub(super) fn strikes(&self, rng: &mut Generator) -> bool {
        self.share > 0.0 && rng.random() < self.share
    }

    /// A token of noise, of which `first` is the lowest.
    pub(super) fn token(&self, first: i64, rng: &mut Generator) -> i64 {
        first + rng.integers(0, self.tokens)
    }
}
