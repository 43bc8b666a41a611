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

use super::example::Draws;
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

/// The longest motif there may be.
pub(super) const LONGEST: usize = 8;

/// Some different tokens in order.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Motif {
    tokens: [i64; LONGEST],
    size: usize,
}

/// Where a key and its value stand in the sequence: the key's first token, its size, the value's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    place: usize,
    key: usize,
    value: usize,
}

/// Motifs of the sizes that there are.
struct Motifs {
    /// The lowest token and the number of tokens.
    first: i64,
    tokens: u64,
    /// Least and greatest size.
    sizes: [usize; 2],
    /// mad-lab's order of all of them, for each size.
    orders: Vec<Vec<u32>>,
}

impl Fuzzy {
    /// Tokens that are keys or values.
    pub(super) fn plain(&self) -> i64 {
        self.vocab_size - if self.multi_query { 1 } else { 2 } - self.noise.tokens
    }

    fn padding(&self) -> i64 {
        self.vocab_size - if self.multi_query { 1 } else { 2 }
    }

    pub(super) fn draw(
        &self,
        rules: Rules,
        split: Split,
        draws: &mut Draws,
        example: &mut Example,
    ) {
        let Draws { rng, pairs, .. } = draws;
        let (plain, middle) = (self.plain(), self.plain() / 2);
        let shortest = if split == Split::Train { 1 } else { self.key_size };
        let keys = Motifs::new([0, middle], [shortest, self.key_size], rules, rng);
        let values = Motifs::new([middle, plain], [1, self.value_size], rules, rng);
        let sizes = [keys.size(rng), values.size(rng)];
        let probe = [keys.draw(sizes[0], rng), values.draw(sizes[1], rng)];
        let probe_size = sizes[0] + sizes[1];
        let probe_place = rng.choice(self.seq_len - 2 * probe_size);

        let longest = self.key_size + self.value_size;
        let end = self.seq_len - probe_size - longest;
        let mut probe_came = false;
        pairs.clear();
        while example.inputs.len() < end {
            let place = example.inputs.len();
            let sizes = [keys.size(rng), values.size(rng)];
            let last_chance = rules == Rules::Corrected && place + longest >= end;
            let [key, value] = if !probe_came && (place >= probe_place || last_chance) {
                probe
            } else if self.noise.strikes(rng) {
                for _ in 0..sizes[0] + sizes[1] {
                    example.push(self.noise.token(plain, rng), IGNORED);
                }
                continue;
            } else {
                let key = keys.draw(sizes[0], rng);
                let value = if key == probe[0] {
                    probe[1]
                } else if let Some(pair) = find(pairs, &key, &example.inputs) {
                    Motif::of(&example.inputs[pair.place + pair.key..][..pair.value])
                } else {
                    values.draw(sizes[1], rng)
                };
                [key, value]
            };
            probe_came |= key == probe[0];
            let again = find(pairs, &key, &example.inputs).is_some();
            if !again {
                pairs.push(Pair { place, key: key.size, value: value.size });
            }
            key.tokens().iter().for_each(|token| example.push(*token, IGNORED));
            let scored = again && self.multi_query;
            let target = |token: i64| if scored { token } else { IGNORED };
            value.tokens().iter().for_each(|token| example.push(*token, target(*token)));
        }
        if !self.multi_query {
            example.push(self.vocab_size - 1, IGNORED);
        }
        probe[0].tokens().iter().for_each(|token| example.push(*token, IGNORED));
        probe[1].tokens().iter().for_each(|token| example.push(*token, *token));

        let padding = (self.seq_len + 1).saturating_sub(example.inputs.len());
        (0..padding).for_each(|_| example.push(self.padding(), IGNORED));
        example.inputs.rotate_right(padding);
        example.targets.rotate_right(padding);
        example.shift(split);
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
                    key.clear();
                    value.clear();
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

/// The pair of a key that came.
fn find<'a>(pairs: &'a [Pair], key: &Motif, sequence: &[i64]) -> Option<&'a Pair> {
    pairs.iter().find(|pair| sequence[pair.place..][..pair.key] == *key.tokens())
}

impl Motif {
    fn of(tokens: &[i64]) -> Self {
        let mut motif = Self { tokens: [0; LONGEST], size: tokens.len() };
        motif.tokens[..tokens.len()].copy_from_slice(tokens);
        motif
    }

    fn tokens(&self) -> &[i64] {
        &self.tokens[..self.size]
    }

    /// The motif whose tokens are, each among those that are not in it already, in these places.
    fn in_places(first: i64, size: usize, mut place: impl FnMut(usize) -> i64) -> Self {
        let (mut motif, mut taken) = ([0; LONGEST], [0; LONGEST]);
        for i in 0..size {
            let mut token = place(i);
            // In order, so that each moves it by one that is not counted.
            taken[..i].iter().for_each(|earlier| token += i64::from(token >= *earlier));
            taken[i] = token;
            taken[..=i].sort_unstable();
            motif[i] = first + token;
        }
        Self { tokens: motif, size }
    }
}

impl Motifs {
    fn new([from, to]: [i64; 2], sizes: [usize; 2], rules: Rules, rng: &mut Generator) -> Self {
        let mut motifs =
            Self { first: from, tokens: (to - from) as u64, sizes, orders: Vec::new() };
        if rules == Rules::MadLab {
            for size in sizes[0]..=sizes[1] {
                let count = arrangements(motifs.tokens, size).expect("checked with the settings");
                let mut order: Vec<u32> = (0..count).collect();
                rng.shuffle(&mut order);
                motifs.orders.push(order);
            }
        }
        motifs
    }

    fn size(&self, rng: &mut Generator) -> usize {
        self.sizes[0] + rng.choice(self.sizes[1] - self.sizes[0] + 1)
    }

    fn draw(&self, size: usize, rng: &mut Generator) -> Motif {
        // Tokens that are left for each place.
        let left = |i: usize| self.tokens - i as u64;
        let Some(order) = self.orders.get(size - self.sizes[0]) else {
            return Motif::in_places(self.first, size, |i| rng.choice(left(i) as usize) as i64);
        };
        // Where all stand in the order of their tokens, this is its place.
        let mut rank = u64::from(order[rng.choice(order.len())]);
        Motif::in_places(self.first, size, |i| {
            let below: u64 = (i + 1..size).map(left).product();
            let place = rank / below;
            rank %= below;
            place as i64
        })
    }
}

/// How many motifs of `size` different ones of `tokens` there are, up to what a list may hold.
pub(super) fn arrangements(tokens: u64, size: usize) -> Option<u32> {
    const MOST: u64 = 1 << 24;
    let taken = (0..size as u64).map(|k| tokens.saturating_sub(k));
    let count = taken.into_iter().try_fold(1_u64, u64::checked_mul)?;
    (count <= MOST).then_some(count as u32)
}
