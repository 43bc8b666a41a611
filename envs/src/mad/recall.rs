//! In-context recall and its noisy form: the value of a key that came before.
//!
//! A sequence is pairs of a key and its value, keys drawn with replacement, each key's value drawn when it
//! first comes and kept for the sequence. In the noisy form a pair of noise tokens stands in place of
//! some. The last pair asks for a key that was there. Scored is the value of every key that comes
//! again, or with one query the last value alone, before whose key stands a token that says so.
//! Tokens in order: keys, values (halves of what is left), noise, and that token.
//!
//! mad-lab keeps one place free of noise so that there is a key to ask for, but draws it from one
//! place too many: sometimes none is kept free, and all may be noise. Corrected, one always is.
//! It calls this the same task with as many positions as `seq_len` with one query and one fewer
//! with many; so do both here.

use super::example::Draws;
use super::noise::Noise;
use super::{Example, IGNORED, Rules, Split};
use crate::EnvError;
use std::collections::HashMap;

/// The task's settings.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Recall {
    pub(super) vocab_size: i64,
    pub(super) seq_len: usize,
    pub(super) multi_query: bool,
    pub(super) noise: Noise,
}

impl Recall {
    /// Tokens that are keys or values.
    pub(super) fn plain(&self) -> i64 {
        self.vocab_size - i64::from(!self.multi_query) - self.noise.tokens
    }

    /// Positions of an example.
    pub(super) fn positions(&self) -> usize {
        self.seq_len - usize::from(self.multi_query)
    }

    pub(super) fn draw(
        &self,
        rules: Rules,
        split: Split,
        draws: &mut Draws,
        example: &mut Example,
    ) -> Result<(), EnvError> {
        let Draws { rng, notes: [values, came], .. } = draws;
        let (plain, keys) = (self.plain(), self.plain() / 2);
        let pairs = self.seq_len / 2 - 1;
        let free = rng.choice(match rules {
            Rules::Corrected => pairs,
            Rules::MadLab => pairs + 1,
        });
        values.clear();
        values.resize(keys as usize, IGNORED);
        came.clear();
        for place in 0..pairs {
            if place != free && self.noise.strikes(rng) {
                for _ in 0..2 {
                    example.push(self.noise.token(plain, rng), IGNORED);
                }
                continue;
            }
            let key = rng.integers(0, keys);
            let value = &mut values[key as usize];
            let again = *value != IGNORED;
            if !again {
                *value = rng.integers(keys, plain);
                came.push(key);
            }
            example.push(key, IGNORED);
            example.push(*value, if again && self.multi_query { *value } else { IGNORED });
        }
        if came.is_empty() {
            let message = "mad-lab's generator fails here: all pairs are noise, and there is no key to ask \
                           for; another seed or less noise does not";
            return Err(EnvError(message.to_owned()));
        }
        let key = came[rng.choice(came.len())];
        let value = values[key as usize];
        if !self.multi_query {
            example.push(self.vocab_size - 1, IGNORED);
        }
        example.push(key, IGNORED);
        example.push(value, value);
        example.shift(split);
        Ok(())
    }

    /// What can be known after each input: where it is a key that came before, its value.
    pub(super) fn answers(&self, inputs: &[i64]) -> Vec<i64> {
        let keys = self.plain() / 2;
        let mut values = HashMap::new();
        let mut key = None;
        let mut answer = |token: i64| {
            if let Some(key) = key.take().filter(|_| (keys..self.plain()).contains(&token)) {
                values.insert(key, token);
            }
            key = (token < keys).then_some(token);
            values.get(&token).copied().unwrap_or(IGNORED)
        };
        inputs.iter().map(|token| answer(*token)).collect()
    }
}
