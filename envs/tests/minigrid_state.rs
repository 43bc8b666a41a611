//! Grid worlds as environments: saving and restoring in the middle of an
//! episode, repeatability, parameters, and what is refused.

use tella_envs::{Batch, Catalog, ParamValue, Params, Registry, Space, StepBatch, VecEnv};
use tella_rng::Generator;

const LANES: usize = 3;

/// The names of all grid worlds.
fn names() -> Vec<String> {
    use tella_envs::EnvResolver;
    tella_envs::minigrid::GridWorlds.specs().into_iter().map(|s| s.name).collect()
}

fn make(name: &str, given: &Params, threads: usize) -> Box<dyn VecEnv> {
    let registry = Registry::builtin();
    let params = registry.resolve_params(name, given).unwrap();
    registry.make(name, &params, LANES, threads).unwrap()
}

/// A batch being played with random actions.
struct Play {
    env: Box<dyn VecEnv>,
    actions: Batch,
    out: StepBatch,
    chooser: Generator,
}

impl Play {
    fn start(name: &str, threads: usize, seed: u64) -> Play {
        let env = make(name, &Params::new(), threads);
        let actions = Batch::new(env.action_space(), LANES);
        let mut out = StepBatch::new(env.observation_space(), LANES);
        let mut play = Play { env, actions, out: out.clone(), chooser: Generator::new(seed) };
        for lane in 0..LANES {
            play.env.reset(lane, Some(seed + lane as u64), &mut out.observations).unwrap();
        }
        play.out = out;
        play
    }

    /// One step of all lanes, and resets where episodes ended; what was seen.
    fn step(&mut self) -> (StepBatch, Vec<Option<String>>) {
        let Space::Discrete { n, .. } = *self.env.action_space() else { panic!() };
        for lane in 0..LANES {
            self.actions.lane_mut(lane).i64(0)[0] = self.chooser.integers(0, n);
        }
        self.env.step(&self.actions, &[true; LANES], &mut self.out).unwrap();
        for lane in 0..LANES {
            if self.out.terminated[lane] || self.out.truncated[lane] {
                self.env.reset(lane, None, &mut self.out.observations).unwrap();
            }
        }
        (self.out.clone(), (0..LANES).map(|lane| self.env.render(lane)).collect())
    }
}

fn assert_same(one: (StepBatch, Vec<Option<String>>), other: (StepBatch, Vec<Option<String>>)) {
    assert_eq!(one.0.observations, other.0.observations);
    assert_eq!(one.0.rewards, other.0.rewards);
    assert_eq!(one.0.terminated, other.0.terminated);
    assert_eq!(one.0.truncated, other.0.truncated);
    assert_eq!(one.1, other.1);
}

#[test]
fn restored_in_the_middle_it_goes_on_as_if_uninterrupted() {
    for name in names() {
        let mut play = Play::start(&name, 1, 5);
        for round in 0..6 {
            for _ in 0..17 * round {
                play.step();
            }
            let saved = play.env.save().expect("grid worlds can be saved");
            // Another batch of the same name, in quite another state.
            let mut other = Play::start(&name, 2, 99);
            other.step();
            other.env.restore(&saved).unwrap();
            other.out = play.out.clone();
            other.chooser = play.chooser.clone();
            for _ in 0..60 {
                assert_same(play.step(), other.step());
            }
        }
    }
}

#[test]
fn never_seeded_means_seed_zero() {
    for name in names() {
        let (mut unseeded, mut seeded) =
            (make(&name, &Params::new(), 1), make(&name, &Params::new(), 1));
        let mut out = StepBatch::new(unseeded.observation_space(), LANES);
        unseeded.reset(0, None, &mut out.observations).unwrap();
        seeded.reset(0, Some(0), &mut out.observations).unwrap();
        assert_eq!(unseeded.render(0), seeded.render(0), "{name}");
    }
}

#[test]
fn an_episode_ends_after_max_steps() {
    let given = Params::from([("max_steps".into(), ParamValue::Int(4))]);
    for name in names() {
        let mut env = make(&name, &given, 1);
        let mut actions = Batch::new(env.action_space(), LANES);
        let mut out = StepBatch::new(env.observation_space(), LANES);
        env.reset(0, Some(3), &mut out.observations).unwrap();
        let active = [true, false, false];
        for step in 1..=4 {
            actions.lane_mut(0).i64(0)[0] = 0;
            env.step(&actions, &active, &mut out).unwrap();
            assert_eq!((out.terminated[0], out.truncated[0]), (false, step == 4), "{name}, {step}");
        }
        let fault = env.step(&actions, &active, &mut out).unwrap_err();
        assert_eq!(fault.to_string(), format!("environment 0: {name}: a step before a reset"));
    }
}

#[test]
fn actions_outside_the_space_are_refused() {
    for name in names() {
        let mut env = make(&name, &Params::new(), 1);
        let Space::Discrete { n, start: 0 } = *env.action_space() else { panic!("{name}") };
        let mut actions = Batch::new(env.action_space(), LANES);
        let mut out = StepBatch::new(env.observation_space(), LANES);
        env.reset(1, Some(3), &mut out.observations).unwrap();
        for wrong in [n, -1, i64::MAX, i64::MIN] {
            actions.lane_mut(1).i64(0)[0] = wrong;
            let fault = env.step(&actions, &[false, true, false], &mut out).unwrap_err();
            let place = format!("environment 1: {name}: action {wrong} is outside");
            assert!(fault.to_string().starts_with(&place), "{fault}");
        }
    }
}

#[test]
fn states_that_do_not_fit_are_refused() {
    let saved = Play::start("DynObstaclesS6N1", 1, 0).env.save().unwrap();
    let mut other = make("DynObstaclesS8N2", &Params::new(), 1);
    let error = other.restore(&saved).unwrap_err().to_string();
    assert!(error.contains("it is one of DynObstaclesS6N1"), "{error}");

    let shorter = Params::from([("max_steps".into(), ParamValue::Int(4))]);
    let mut other = make("DynObstaclesS6N1", &shorter, 1);
    let error = other.restore(&saved).unwrap_err().to_string();
    assert!(error.contains("max_steps: 144") && error.contains("max_steps: 4"), "{error}");

    let mut same = make("DynObstaclesS6N1", &Params::new(), 1);
    for length in 0..saved.len() {
        assert!(same.restore(&saved[..length]).is_err(), "the first {length} bytes");
    }
    same.restore(&saved).unwrap();
}

#[test]
fn max_steps_is_checked() {
    let registry = Registry::builtin();
    for steps in [0, -1, i64::MAX] {
        let given = Params::from([("max_steps".into(), ParamValue::Int(steps))]);
        assert!(registry.resolve_params("DoorKeyS5", &given).is_err(), "{steps}");
    }
}
