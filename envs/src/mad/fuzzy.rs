//! Fuzzy in-context recall: keys and values are motifs of several tokens.
//!
//! A motif is some different tokens in order. For learning keys have one to `k_motif_size` tokens, for
//! scoring always `k_motif_size`; values have one to `v_motif_size`. Keys and their values follow each
//! other as in [in-context recall](super::recall), one of the pairs is chosen before, and its key
//! is asked for at the end. Padding fills the front. Scored are all tokens of the values of keys
//! that come again. Tokens in order: keys, values (halves of what is left), noise, then
//! padding and, with one query, the token before the last key.
//!
//! mad-lab chooses where the pair that is asked for is to stand from more places than the sequence
//! has, so that sometimes it never comes and cannot be known (2 to 8 % of examples at 128
//! positions). Corrected, it comes at the last place where there is room if it has not come before.
//! mad-lab also lists and shuffles all motifs for every example, before it draws any; corrected,
//! a motif is drawn.

use super::example::{Draws, shifted};
use super::noise::Noise;
use super::{Example, IGNORED, Rules, Split};
use std::collections::HashMap;
use tella_rng::Generator;

/// The task's settings.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fuzzy {
    pub(super) vocab_size: i64,
    pub(super) seq_len: usize,
    pub(super) key_size: usize,
    pub(super) value_size: usize,
    pub(super) multi_query: bool,
    pub(super) noise: Noise,
}

/// Motifs of one size.
struct Motifs {
    /// The lowest token and the number of tokens.
    first: i64,
    tokens: u64,
    size: usize,
    /// mad-lab's order of all of them.
    order: Option<Vec<u32>>,
}

impl Fuzzy {
    /// Tokens that are keys or values.
    pub(super) fn plain(&self) -> i64 {
        self.vocab_size - if self.multi_query { 1 } else { 2 } - self.noise.tokens
    }

    fn padding(&self) -> i64 {
        self.vocab_size - if self.multi_query { 1 } else { 2 }
    }

    pub(super) fn draw(&self, rules: Rules, split: Split, draws: &mut Draws) -> Example {
        let rng = &mut draws.rng;
        let (plain, keys) = (self.plain(), self.plain() / 2);
        let key_sizes = match split {
            Split::Train => 1..=self.key_size,
            Split::Test => self.key_size..=self.key_size,
        };
        let mut listed = |sizes: std::ops::RangeInclusive<usize>, first: i64, end: i64| {
            let of = |size| Motifs::new(first, (end - first) as u64, size, rules, rng);
            sizes.map(of).collect::<Vec<_>>()
        };
        let key_motifs = listed(key_sizes, 0, keys);
        let value_motifs = listed(1..=self.value_size, keys, plain);
        let probe_key = &key_motifs[rng.choice(key_motifs.len())];
        let probe_value = &value_motifs[rng.choice(value_motifs.len())];
        let (probe_key, probe_value) = (probe_key.draw(rng), probe_value.draw(rng));
        let probe_size = probe_key.len() + probe_value.len();
        let probe_place = rng.choice(self.seq_len - 2 * probe_size);

        let longest = self.key_size + self.value_size;
        let end = self.seq_len - probe_size - longest;
        let (mut sequence, mut known) = (Vec::new(), Vec::new());
        let mut values: HashMap<Vec<i64>, Vec<i64>> = HashMap::new();
        let mut probe_came = false;
        while sequence.len() < end {
            let key = &key_motifs[rng.choice(key_motifs.len())];
            let value = &value_motifs[rng.choice(value_motifs.len())];
            let last_chance = rules == Rules::Corrected && sequence.len() + longest >= end;
            let (key, value) = if !probe_came && (sequence.len() >= probe_place || last_chance) {
                (probe_key.clone(), probe_value.clone())
            } else if self.noise.strikes(rng) {
                let size = key.size + value.size;
                sequence.extend((0..size).map(|_| self.noise.token(plain, rng)));
                known.extend(vec![IGNORED; size]);
                continue;
            } else {
                let key = key.draw(rng);
                let kept = values.get(&key).cloned();
                let value = match kept {
                    _ if key == probe_key => probe_value.clone(),
                    Some(value) => value,
                    None => value.draw(rng),
                };
                (key, value)
            };
            probe_came |= key == probe_key;
            let again = values.contains_key(&key);
            known.extend(vec![IGNORED; key.len()]);
            match again && self.multi_query {
                true => known.extend(&value),
                false => known.extend(vec![IGNORED; value.len()]),
            }
            sequence.extend(key.iter().chain(&value));
            values.insert(key, value);
        }
        if !self.multi_query {
            sequence.push(self.vocab_size - 1);
            known.push(IGNORED);
        }
        known.extend(vec![IGNORED; probe_key.len()]);
        known.extend(&probe_value);
        sequence.extend(probe_key.iter().chain(&probe_value));

        let padding = (self.seq_len + 1).saturating_sub(sequence.len());
        let padded = |token: i64, rest: Vec<i64>| [vec![token; padding], rest].concat();
        shifted(padded(self.padding(), sequence), &padded(IGNORED, known), split)
    }

    /// What can be known after each input of an example for scoring.
    pub(super) fn answers(&self, inputs: &[i64]) -> Vec<i64> {
        let (plain, keys) = (self.plain(), self.plain() / 2);
        let mut values: HashMap<Vec<i64>, Vec<i64>> = HashMap::new();
        let (mut key, mut value) = (Vec::new(), Vec::new());
        let mut answer = |token: i64| {
            if (keys..plain).contains(&token) {
                value.push(token);
            } else {
                // What came before is over.
                if key.len() == self.key_size && !value.is_empty() {
                    values.entry(key.clone()).or_insert_with(|| value.clone());
                }
                if !value.is_empty() || token >= plain {
                    (key.clear(), value.clear());
                }
                if token < keys {
                    key.push(token);
                }
            }
            let known = if key.len() == self.key_size { values.get(&key) } else { None };
            known.and_then(|known| known.get(value.len())).copied().unwrap_or(IGNORED)
        };
        inputs.iter().map(|token| answer(*token)).collect()
    }
}

impl Motifs {
    fn new(first: i64, tokens: u64, size: usize, rules: Rules, rng: &mut Generator) -> Self {
        let order = (rules == Rules::MadLab).then(|| {
            let count = arrangements(tokens, size).expect("checked with the settings");
            let mut order: Vec<u32> = (0..count).collect();
            rng.shuffle(&mut order);
            order
        });
        Self { first, tokens, size, order }
    }

    fn draw(&self, rng: &mut Generator) -> Vec<i64> {
        let drawn = match &self.order {
            Some(order) => self.at(order[rng.choice(order.len())].into()),
            None => rng.choice_without_replacement(self.tokens, self.size),
        };
        drawn.into_iter().map(|token| self.first + token as i64).collect()
    }

    /// The motif in place `rank` where all stand in the order of their tokens.
    fn at(&self, mut rank: u64) -> Vec<u64> {
        let mut left: Vec<u64> = (0..self.tokens).collect();
        let below = |taken: usize| -> u64 {
            (taken + 1..self.size).map(|k| self.tokens - k as u64).product()
        };
        let place = |taken| {
            let token = left.remove((rank / below(taken)) as usize);
            rank %= below(taken);
            token
        };
        (0..self.size).map(place).collect()
    }
}

/// How many motifs of `size` different ones of `tokens` there are, up to what a list may hold.
pub(super) fn arrangements(tokens: u64, size: usize) -> Option<u32> {
    const MOST: u64 = 1 << 24;
    let taken = (0..size as u64).map(|k| tokens.saturating_sub(k));
    let count = taken.into_iter().try_fold(1_u64, u64::checked_mul)?;
    (count <= MOST).then_some(count as u32)
}
