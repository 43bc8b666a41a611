//! Selective copying: tokens among blanks, to be repeated in order.
//!
//! `num_tokens_to_copy` tokens with blanks between them, a token that asks for them, and as many blanks
//! again, at which the tokens are to be given in order. Tokens in order: those to copy, the blank,
//! the one that asks.
//!
//! mad-lab draws the blanks' places from NumPy's global generator, whose seed is nobody's setting,
//! and never puts one behind the last token, which so always stands in front of the one that asks. Corrected,
//! places come from the task's generator, and all are alike.

use super::example::Draws;
use super::{Example, IGNORED};

/// The task's settings.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Copying {
    pub(super) vocab_size: i64,
    pub(super) seq_len: usize,
    pub(super) count: usize,
}

impl Copying {
    pub(super) fn draw(&self, draws: &mut Draws, example: &mut Example) {
        let Draws { rng, global, notes: [data, gaps], .. } = draws;
        let (blank, ask) = (self.vocab_size - 2, self.vocab_size - 1);
        data.clear();
        data.extend((0..self.count).map(|_| rng.integers(0, blank)));
        // Blanks before each token, and behind the last.
        gaps.clear();
        gaps.resize(self.count + 1, 0);
        for _ in 0..self.seq_len - 2 * self.count - 1 {
            let gap = match global {
                Some(global) => global.randint(0, self.count as i64) as usize,
                None => rng.choice(self.count + 1),
            };
            gaps[gap] += 1;
        }
        for (gap, token) in gaps.iter().zip(data.iter().chain([&ask])) {
            (0..*gap).for_each(|_| example.push(blank, IGNORED));
            example.push(*token, IGNORED);
        }
        data.iter().for_each(|token| example.push(blank, *token));
    }

    /// What can be known after each input.
    pub(super) fn answers(&self, inputs: &[i64]) -> Vec<i64> {
        let (blank, ask) = (self.vocab_size - 2, self.vocab_size - 1);
        let data: Vec<i64> = inputs.iter().copied().filter(|token| *token < blank).collect();
        let asked = inputs.iter().position(|token| *token == ask);
        let at = |i: usize| {
            let since = i.checked_sub(asked? + 1)?;
            data.get(since).copied()
        };
        (0..inputs.len()).map(|i| at(i).unwrap_or(IGNORED)).collect()
    }
}
