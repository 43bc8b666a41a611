//! The learning agents learn, on every seed, with their default parameters. The
//! bounds are the project's own goals for them; `cargo run --release -p tella-agents
//! --example curve` prints the curves.

mod support;

use support::{agent, block, mean};
use tella_envs::{Catalog, Params, Registry};

/// Mean return of 100 evaluation episodes after `episodes` learning episodes.
fn learned(name: &str, env: &str, lanes: usize, episodes: u64, seed: u64) -> f64 {
    let envs = Registry::builtin();
    let params = envs.resolve_params(env, &Params::new()).unwrap();
    let mut env = envs.make(env, &params, lanes, 1).unwrap();
    let mut agent = agent(name, &*env, seed, &Params::new());
    block(&mut *env, &mut *agent, true, episodes, seed * 2);
    mean(&block(&mut *env, &mut *agent, false, 100, seed * 2 + 1))
}

#[test]
fn sarsa_tiles_balances_the_pole() {
    for lanes in [1, 8] {
        for seed in 1..=5 {
            let reached = learned("sarsa-tiles", "CartPole-v0", lanes, 500, seed);
            assert!(reached >= 195.0, "seed {seed}, {lanes} lanes: {reached}");
        }
    }
}

/// 0.6 is the goal; acting at random has 0.025, and a memoryless policy that is
/// right everywhere some 0.95.
#[test]
fn q_learning_finds_the_opening() {
    for lanes in [1, 8] {
        for seed in 1..=5 {
            let reached = learned("q-learning", "SimpleCrossingS9N1", lanes, 20_000, seed);
            assert!(reached >= 0.6, "seed {seed}, {lanes} lanes: {reached}");
        }
    }
}

/// Less than a tenth of the episodes for tasks whose view tells more.
#[test]
fn q_learning_masters_the_easier_tasks() {
    for (env, goal) in [("DistShiftR2", 0.9), ("DoorKeyS5", 0.85), ("DynObstaclesS6N1", 0.8)] {
        for seed in 1..=5 {
            let reached = learned("q-learning", env, 1, 2000, seed);
            assert!(reached >= goal, "{env}, seed {seed}: {reached}");
        }
    }
}

/// Bounded dimensions of another scale, with the same parameters. A car that never
/// gets up the hill has -200; -110 counts as solved.
#[test]
fn sarsa_tiles_climbs_the_hill() {
    for seed in 1..=5 {
        let reached = learned("sarsa-tiles", "MountainCar-v0", 1, 500, seed);
        assert!(reached >= -140.0, "seed {seed}: {reached}");
    }
}

/// The yardstick: acting at random the pole falls after some 22 steps.
#[test]
fn random_learns_nothing() {
    let reached = learned("random", "CartPole-v0", 4, 100, 1);
    assert!((15.0..30.0).contains(&reached), "{reached}");
}
