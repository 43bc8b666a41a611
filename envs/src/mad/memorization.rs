//! Memorization: values of keys that no example shows, learned from targets over all examples.
//!
//! Every key has a value, the same in all examples, of learning and of scoring. An example is keys, each followed
//! by a token that asks for its value. Tokens in order: keys, values (halves of what is left),
//! noise, the token that asks. The map is a function of `kv_map_seed` alone.

use super::example::Draws;
use super::noise::Noise;
use super::{Example, IGNORED};
use std::collections::HashMap;
use tella_rng::Generator;

/// The task's settings.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Memorization {
    pub(super) vocab_size: i64,
    pub(super) seq_len: usize,
    pub(super) noise: Noise,
    /// Keys with their values, in the order in which they were drawn.
    pub(super) map: Vec<(i64, i64)>,
}

/// Keys of `plain` tokens in random order, with their values.
pub(super) fn map(plain: i64, seed: u64) -> Vec<(i64, i64)> {
    let mut rng = Generator::new(seed);
    let mut shuffled = |from: i64, to: i64| {
        let mut tokens: Vec<i64> = (from..to).collect();
        rng.shuffle(&mut tokens);
        tokens
    };
    let keys = shuffled(0, plain / 2);
    keys.into_iter().zip(shuffled(plain / 2, plain)).collect()
}

/// The tokens that are keys or values.
pub(super) fn plain(vocab_size: i64, noise: Noise) -> i64 {
    vocab_size - 1 - noise.tokens
}

impl Memorization {
    pub(super) fn draw(&self, draws: &mut Draws, example: &mut Example) {
        let rng = &mut draws.rng;
        let pairs = self.seq_len / 2;
        let free = rng.choice(pairs);
        for place in 0..pairs {
            if place != free && self.noise.strikes(rng) {
                let first = plain(self.vocab_size, self.noise);
                for _ in 0..2 {
                    example.push(self.noise.token(first, rng), IGNORED);
                }
                continue;
            }
            let (key, value) = self.map[rng.choice(self.map.len())];
            example.push(key, IGNORED);
            example.push(self.vocab_size - 1, value);
        }
    }

    /// What can be known after each input by one that has seen the values `seen`.
    pub(super) fn answers(&self, inputs: &[i64], seen: &HashMap<i64, i64>) -> Vec<i64> {
        let asked = |i: usize| {
            let is_asked = inputs[i] == self.vocab_size - 1;
            seen.get(&inputs[i.checked_sub(1).filter(|_| is_asked)?]).copied()
        };
        (0..inputs.len()).map(|i| asked(i).unwrap_or(IGNORED)).collect()
    }
}
