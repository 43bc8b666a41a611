//! A case (a seed and the draws to make) and its outcome, as
//! `reference/scripts/rng_draws.py` reads and writes them.

use serde::{Deserialize, Serialize};
use tella_rng::{Generator, SeedSequence, State};

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Case {
    pub(crate) seed: Seed,
    pub(crate) draws: Vec<Draw>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Seed {
    U64(u64),
    /// Upper and lower half.
    U128([u64; 2]),
    /// Entropy and spawn key.
    Child(u64, Vec<u32>),
    /// Words of entropy and spawn key.
    Words(Vec<u32>, Vec<u32>),
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Draw {
    RandomRaw,
    Random,
    RandomF32,
    Integers { low: i64, high: i64 },
    IntegersArray { low: i64, high: i64, size: usize },
    IntegersU8 { low: u8, high: u16, size: usize },
    IntegersI8 { low: i8, high: i16, size: usize },
    Uniform { low: f64, high: f64 },
    Normal { loc: f64, scale: f64 },
    StandardNormalArray { size: usize },
    Exponential { scale: f64 },
    StandardExponentialArray { size: usize },
    Shuffle { n: usize },
    Permutation { n: usize },
    Choice { n: usize },
    ChoiceOfList { n: usize },
    ChoiceWithoutReplacement { n: u64, k: usize },
}

#[derive(Debug, Deserialize, PartialEq)]
pub(crate) struct Outcome {
    words_u32: [u32; 7],
    words_u64: [u64; 5],
    /// One list a draw.
    values: Vec<Vec<u64>>,
    state: State,
}

impl Case {
    /// What this crate makes of the case.
    pub(crate) fn perform(&self) -> Outcome {
        let seeds = match &self.seed {
            Seed::U64(entropy) => SeedSequence::new(*entropy),
            Seed::U128([high, low]) => {
                SeedSequence::from_u128(u128::from(*high) << 64 | u128::from(*low))
            }
            Seed::Child(entropy, spawn_key) => SeedSequence::with_spawn_key(*entropy, spawn_key),
            Seed::Words(words, spawn_key) => SeedSequence::from_words(words, spawn_key),
        };
        let mut rng = Generator::from_seed_sequence(&seeds);
        Outcome {
            words_u32: seeds.generate_state_u32(),
            words_u64: seeds.generate_state_u64(),
            values: self.draws.iter().map(|draw| draw.perform(&mut rng)).collect(),
            state: rng.into(),
        }
    }
}

impl Draw {
    fn perform(&self, rng: &mut Generator) -> Vec<u64> {
        match *self {
            Draw::RandomRaw => vec![rng.random_raw()],
            Draw::Random => vec![rng.random().to_bits()],
            Draw::RandomF32 => vec![rng.random_f32().to_bits().into()],
            Draw::Integers { low, high } => vec![rng.integers(low, high) as u64],
            Draw::IntegersArray { low, high, size } => {
                (0..size).map(|_| rng.integers(low, high) as u64).collect()
            }
            Draw::IntegersU8 { low, high, size } => {
                let mut out = vec![0; size];
                rng.fill_integers_u8(low, high, &mut out);
                out.into_iter().map(u64::from).collect()
            }
            Draw::IntegersI8 { low, high, size } => {
                let mut out = vec![0; size];
                rng.fill_integers_i8(low, high, &mut out);
                out.into_iter().map(|value| u64::from(value as u8)).collect()
            }
            Draw::Uniform { low, high } => vec![rng.uniform(low, high).to_bits()],
            Draw::Normal { loc, scale } => vec![rng.normal(loc, scale).to_bits()],
            Draw::StandardNormalArray { size } => {
                (0..size).map(|_| rng.standard_normal().to_bits()).collect()
            }
            Draw::Exponential { scale } => vec![rng.exponential(scale).to_bits()],
            Draw::StandardExponentialArray { size } => {
                (0..size).map(|_| rng.standard_exponential().to_bits()).collect()
            }
            Draw::Shuffle { n } => {
                let mut items: Vec<u64> = (0..n as u64).collect();
                rng.shuffle(&mut items);
                items
            }
            Draw::Permutation { n } => {
                rng.permutation(n).into_iter().map(|index| index as u64).collect()
            }
            Draw::Choice { n } | Draw::ChoiceOfList { n } => vec![rng.choice(n) as u64],
            Draw::ChoiceWithoutReplacement { n, k } => rng.choice_without_replacement(n, k),
        }
    }
}
