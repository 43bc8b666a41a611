//! Seeds of lifetimes.

use tella_rng::Generator;

/// The seed of lifetime `lifetime_idx` (from 0) of an experiment seeded with
/// `experiment_seed`: draw number `lifetime_idx` of 64 raw bits from
/// `default_rng(experiment_seed)`, so that each lifetime before it takes one.
///
/// TELLA (`rl_experiment`) draws the curriculum's and the agent's seeds alike, from
/// two generators seeded with the curriculum seed and the agent seed.
pub fn lifetime_seeds(experiment_seed: u64, lifetime_idx: u64) -> u64 {
    let mut rng = Generator::new(experiment_seed);
    for _ in 0..lifetime_idx {
        rng.random_raw();
    }
    rng.random_raw()
}
