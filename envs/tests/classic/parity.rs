//! Bit for bit.

use crate::original::{AVX512, GYM, GYMNASIUM, Game, Record, play};
use crate::replay::{Seen, differs, equal};
use serde_json::{Value, json};
use tella_reference::sweep;

const SEEDS: [u64; 2] = [12345, u64::MAX];

/// Both seeds, `steps` steps in all, at the library's own parameters, on the C library's
/// sines; the records of the first seed.
fn both_seeds(library: &str, env: &'static str, steps: u64) -> (Vec<Record>, Seen) {
    let runs: Vec<(Vec<Record>, Seen)> = std::thread::scope(|scope| {
        let one = |seed| {
            move || {
                let game = Game::new(library, env, seed);
                let disabled = if library == GYM { AVX512 } else { "" };
                let records = play(&game, steps / 2, disabled);
                let seen = equal(&game, &records);
                (records, seen)
            }
        };
        let threads: Vec<_> = SEEDS.map(|seed| scope.spawn(one(seed))).into_iter().collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(runs.iter().map(|(_, seen)| seen.steps as u64).sum::<u64>(), steps);
    let sum = |what: fn(&Seen) -> usize| runs.iter().map(|(_, seen)| what(seen)).sum::<usize>();
    // Every way of ending has occurred; Pendulum has one.
    assert!(sum(|s| s.truncated) > 0, "{library}, {env}");
    assert!(sum(|s| s.terminated) > 0 || env == "Pendulum-v1", "{library}, {env}");
    let seen = Seen {
        steps: sum(|s| s.steps),
        terminated: sum(|s| s.terminated),
        truncated: sum(|s| s.truncated),
        both: sum(|s| s.both),
    };
    let records = runs.into_iter().next().map(|(records, _)| records).unwrap_or_default();
    (records, seen)
}

/// Both libraries' environments equal ours, and they differ from one another.
fn equal_and_different(env: &'static str, steps: u64) {
    let (records, _) = both_seeds(GYM, env, steps);
    both_seeds(GYMNASIUM, env, steps);
    assert!(differs(&Game::new(GYMNASIUM, env, SEEDS[0]), &records), "{env}");
}

/// Both libraries' environments equal ours, which serves both: they are equal to one
/// another, but for a last step that is terminal.
fn equal_and_the_same(env: &'static str, steps: u64) {
    let (gyms, _) = both_seeds(GYM, env, steps);
    let (gymnasiums, _) = both_seeds(GYMNASIUM, env, steps);
    let one_end = |r: Record| Record { truncated: r.truncated && !r.terminated, ..r };
    assert!(gyms.into_iter().eq(gymnasiums.into_iter().map(one_end)), "{env}");
}

/// A square that is a product differs from one by `pow` in one of a thousand, in the last
/// place, and a light pole moves the cart so little that this shows in no state of
/// 100,000; with a heavy one it does.
#[test]
fn cartpole() {
    for library in [GYM, GYMNASIUM] {
        both_seeds(library, "CartPole-v1", sweep(100_000, 1_000_000));
    }
    let heavy = json!({"masspole": 5.0, "masscart": 0.1, "force_mag": 1.0});
    let game = |library| Game::new(library, "CartPole-v1", 3).with(heavy.clone());
    let records = play(&game(GYM), 10_000, "");
    equal(&game(GYM), &records);
    assert!(differs(&game(GYMNASIUM), &records));
    equal(&game(GYMNASIUM), &play(&game(GYMNASIUM), 10_000, ""));
}

#[test]
fn cartpole_v0() {
    for library in [GYM, GYMNASIUM] {
        both_seeds(library, "CartPole-v0", sweep(10_000, 100_000));
    }
}

#[test]
fn mountain_car() {
    equal_and_the_same("MountainCar-v0", sweep(100_000, 1_000_000));
}

#[test]
fn mountain_car_continuous() {
    equal_and_different("MountainCarContinuous-v0", sweep(20_000, 200_000));
}

#[test]
fn pendulum() {
    equal_and_different("Pendulum-v1", sweep(10_000, 100_000));
}

#[test]
fn acrobot() {
    equal_and_the_same("Acrobot-v1", sweep(10_000, 100_000));
}

/// An environment with all its physical parameters away from their defaults, and with
/// the reset options that Gymnasium alone has.
fn other_physics() -> [(&'static str, Value, Value); 5] {
    [
        (
            "CartPole-v1",
            json!({
                "gravity": 3.7, "masscart": 0.7, "masspole": 0.3, "length": 0.9, "force_mag": 4.3,
                "tau": 0.03, "kinematics_integrator": "semi-implicit-euler", "x_threshold": 1.3,
                "theta_threshold_radians": 0.5, "max_episode_steps": 60,
            }),
            json!({"reset_low": -0.3, "reset_high": 0.1, "sutton_barto_reward": true}),
        ),
        (
            "MountainCar-v0",
            json!({
                "force": 0.0013, "gravity": 0.0023, "max_speed": 0.05, "goal_position": 0.45,
                "goal_velocity": 0.01,
            }),
            json!({"reset_low": -1.0, "reset_high": 0.3}),
        ),
        (
            "MountainCarContinuous-v0",
            json!({
                "power": 0.0019, "max_speed": 0.05, "goal_position": 0.4, "goal_velocity": 0.02,
                "max_episode_steps": 150,
            }),
            json!({"reset_low": -1.1, "reset_high": 0.4}),
        ),
        (
            "Pendulum-v1",
            json!({
                "g": 9.81, "m": 1.3, "l": 0.7, "dt": 0.04, "max_speed": 7.3, "max_torque": 1.7,
            }),
            json!({"x_init": 2.0, "y_init": 3.0}),
        ),
        (
            "Acrobot-v1",
            json!({
                "link_length_1": 1.1, "link_mass_1": 0.9, "link_mass_2": 1.3, "link_com_pos_1": 0.6,
                "link_com_pos_2": 0.35, "link_moi": 1.2, "torque_noise_max": 0.3, "dt": 0.15,
                "book_or_nips": "nips",
            }),
            json!({"reset_low": -3.0, "reset_high": 9.0}),
        ),
    ]
}

#[test]
fn other_physics_equal_the_libraries() {
    let steps = sweep(1_500, 20_000);
    for (env, physics, options) in other_physics() {
        let game = Game::new(GYM, env, 3).with(physics.clone());
        let records = play(&game, steps, AVX512);
        equal(&game, &records);
        // The parameters make a difference.
        assert!(differs(&Game::new(GYM, env, 3), &records), "{env}");
        let game = Game::new(GYMNASIUM, env, 3).with(physics).with(options);
        equal(&game, &play(&game, steps, ""));
    }
}

/// A step that ends the task and meets the limit is one end in gym, two in Gymnasium.
#[test]
fn a_last_step_that_is_terminal() {
    let limit = json!({"max_episode_steps": 10});
    for (library, env, both) in [(GYM, "CartPole-v1", false), (GYMNASIUM, "CartPole-v1", true)] {
        let game = Game::new(library, env, 1).with(limit.clone());
        let seen = equal(&game, &play(&game, 2_000, ""));
        assert!(seen.terminated > 0 && seen.truncated > 0, "{library}: {seen:?}");
        assert_eq!(seen.both > 0, both, "{library}: {seen:?}");
    }
}
