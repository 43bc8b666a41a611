//! Compression: a whole sequence through one position.
//!
//! Random tokens and one that ends them; all of them are to be given back, of the last position's encoding
//! alone. The last token is asked for, too, and always the same. Tokens in order: random ones,
//! noise, the last.
//!
//! mad-lab means not to ask for noise, but gives inputs for targets and does. Corrected, noise is not asked for.

use super::example::Draws;
use super::noise::Noise;
use super::{Example, IGNORED, Rules};

/// The task's settings.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Compression {
    pub(super) vocab_size: i64,
    pub(super) seq_len: usize,
    pub(super) noise: Noise,
}

impl Compression {
    /// Tokens that are drawn where there is no noise.
    pub(super) fn plain(&self) -> i64 {
        self.vocab_size - 1 - self.noise.tokens
    }

    pub(super) fn draw(&self, rules: Rules, draws: &mut Draws, example: &mut Example) {
        let (rng, plain) = (&mut draws.rng, self.plain());
        for _ in 1..self.seq_len {
            let token = rng.integers(0, plain);
            example.push(token, token);
        }
        for (token, target) in example.inputs.iter_mut().zip(&mut example.targets) {
            if self.noise.strikes(rng) {
                *token = self.noise.token(plain, rng);
                *target = if rules == Rules::MadLab { *token } else { IGNORED };
            }
        }
        example.push(self.vocab_size - 1, self.vocab_size - 1);
    }
}
