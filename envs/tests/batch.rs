//! What holds of every native environment as a batch: lanes do not touch each other,
//! threads change nothing, and a saved batch goes on as if it had not been.

use tella_envs::wrappers::{Actions, Adapter, adapt, adapted_spaces};
use tella_envs::{Batch, Catalog, LeafMut, ParamValue, Params, Registry, StepBatch, VecEnv};
use tella_rng::Generator;

/// A batch, played at random: each lane has its own stream of actions, takes part in a
/// step or sits it out, and is reset when its episode has ended.
struct Player {
    env: Box<dyn VecEnv>,
    actions: Batch,
    out: StepBatch,
    choosers: Vec<Generator>,
    active: Vec<bool>,
}

impl Player {
    /// Lane `i` gets the seed `seed + i`.
    fn new(mut env: Box<dyn VecEnv>, seed: u64) -> Self {
        let lanes = env.num_envs();
        let mut out = StepBatch::new(env.observation_space(), lanes);
        for lane in 0..lanes {
            env.reset(lane, Some(seed + lane as u64), &mut out.observations).unwrap();
        }
        Player {
            actions: Batch::new(env.action_space(), lanes),
            choosers: (0..lanes).map(|lane| Generator::new(seed + lane as u64)).collect(),
            active: vec![true; lanes],
            env,
            out,
        }
    }

    fn step(&mut self) {
        let space = self.env.action_space().clone();
        for (lane, chooser) in self.choosers.iter_mut().enumerate() {
            self.active[lane] = chooser.random() < 0.8;
            space.sample(chooser, &mut self.actions.lane_mut(lane));
        }
        self.env.step(&self.actions, &self.active, &mut self.out).unwrap();
        for lane in 0..self.active.len() {
            if self.active[lane] && (self.out.terminated[lane] || self.out.truncated[lane]) {
                self.env.reset(lane, None, &mut self.out.observations).unwrap();
            }
        }
    }

    /// Everything that can be seen of a lane.
    fn seen(&self, lane: usize) -> (String, u64, bool, bool) {
        let space = self.env.observation_space();
        space.check(self.out.observations.lane(lane)).unwrap();
        let observation = space.to_json(self.out.observations.lane(lane)).to_string();
        let StepBatch { rewards, terminated, truncated, .. } = &self.out;
        (observation, rewards[lane].to_bits(), terminated[lane], truncated[lane])
    }

    fn all(&self) -> Vec<(String, u64, bool, bool)> {
        (0..self.active.len()).map(|lane| self.seen(lane)).collect()
    }
}

fn make(name: &str, lanes: usize, threads: usize) -> Box<dyn VecEnv> {
    let registry = Registry::builtin();
    // Short episodes, so that many end.
    let mut params = Params::new();
    let spec = registry.spec(name).unwrap();
    if spec.params.iter().any(|p| p.name == "max_episode_steps") {
        params.insert("max_episode_steps".into(), ParamValue::Int(30));
    }
    let params = registry.resolve_params(name, &params).unwrap();
    registry.make(name, &params, lanes, threads).unwrap()
}

fn names() -> Vec<String> {
    Registry::builtin().names()
}

#[test]
fn a_batch_equals_single_environments() {
    for name in names() {
        let mut batch = Player::new(make(&name, 5, 1), 40);
        let mut singles: Vec<Player> =
            (0..5).map(|i| Player::new(make(&name, 1, 1), 40 + i)).collect();
        for step in 0..200 {
            batch.step();
            for (lane, single) in singles.iter_mut().enumerate() {
                single.step();
                assert_eq!(batch.seen(lane), single.seen(0), "{name}, step {step}, lane {lane}");
            }
        }
    }
}

/// The steps are more than a batch takes to try itself with its threads and without.
#[test]
fn threads_change_nothing() {
    for name in names() {
        let mut players = [1, 2, 3, 7, 64].map(|threads| Player::new(make(&name, 7, threads), 5));
        for step in 0..100 {
            let [first, rest @ ..] = &mut players;
            first.step();
            for player in rest {
                player.step();
                assert_eq!(player.all(), first.all(), "{name}, step {step}");
            }
        }
    }
}

#[test]
fn a_step_that_resets_is_a_step_and_then_resets() {
    for name in names() {
        for threads in [1, 3] {
            let mut apart = Player::new(make(&name, 7, 1), 5);
            let mut at_once = Player::new(make(&name, 7, threads), 5);
            for step in 0..100 {
                apart.step();
                at_once.actions = apart.actions.clone();
                let Player { env, actions, out, .. } = &mut at_once;
                let ended = env.step_and_reset(actions, &apart.active, out).unwrap();
                let ends = |lane: &usize| {
                    apart.active[*lane] && (out.terminated[*lane] || out.truncated[*lane])
                };
                assert_eq!(ended, (0..7).filter(ends).count(), "{name}, step {step}");
                assert_eq!(at_once.all(), apart.all(), "{name}, step {step}");
            }
        }
    }
}

#[test]
fn a_restored_batch_goes_on_in_the_middle_of_episodes() {
    for name in names() {
        let mut player = Player::new(make(&name, 3, 1), 9);
        (0..47).for_each(|_| player.step());
        let state = player.env.save().expect("native environments can be saved");
        // Restored into a batch that has lived through something else.
        let mut other = Player::new(make(&name, 3, 2), 1234);
        (0..11).for_each(|_| other.step());
        other.env.restore(&state).unwrap();
        other.out = player.out.clone();
        other.choosers = player.choosers.clone();
        for step in 0..100 {
            player.step();
            other.step();
            assert_eq!(other.all(), player.all(), "{name}, step {step}");
        }
    }
}

#[test]
fn a_damaged_state_is_refused() {
    for name in names() {
        let mut env = make(&name, 2, 1);
        let state = Player::new(make(&name, 2, 1), 0).env.save().unwrap();
        for cut in 0..state.len() {
            assert!(env.restore(&state[..cut]).is_err(), "{name}: {cut} of {}", state.len());
        }
        let mut three = make(&name, 3, 1);
        let error = three.restore(&state).unwrap_err();
        assert_eq!(error.to_string(), "saved batch has 2 environments, this one 3");
    }
}

#[test]
fn steps_outside_an_episode_and_wrong_actions_are_refused() {
    for name in names() {
        let mut env = make(&name, 2, 1);
        let mut actions = Batch::new(env.action_space(), 2);
        let mut out = StepBatch::new(env.observation_space(), 2);
        let fault = env.step(&actions, &[false, true], &mut out).unwrap_err();
        assert_eq!(fault.lane, 1, "{name}");
        assert!(fault.to_string().contains("reset"), "{name}: {fault}");

        for lane in 0..2 {
            env.reset(lane, Some(3), &mut out.observations).unwrap();
        }
        for bad in [-1, 1_000, i64::MIN, i64::MAX] {
            match actions.lane_mut(1).leaf(0) {
                LeafMut::I64(action) => action[0] = bad,
                // Those of control clip, as their originals do.
                LeafMut::F32(action) => action[0] = f32::NAN,
                other => panic!("{name}: actions of {other:?}"),
            }
            let fault = env.step(&actions, &[true, true], &mut out).unwrap_err();
            assert_eq!(fault.lane, 1, "{name}: {bad}");
        }
        actions = Batch::new(env.action_space(), 2);
        let mut ended = false;
        for _ in 0..10_000 {
            env.step(&actions, &[false, true], &mut out).unwrap();
            ended = out.terminated[1] || out.truncated[1];
            if ended {
                break;
            }
        }
        assert!(ended, "{name}: no episode of 10,000 steps");
        assert!(env.step(&actions, &[false, true], &mut out).is_err(), "{name}");
    }
}

/// The lowest faulty lane is named whatever the threads.
#[test]
fn the_lowest_faulty_lane_is_named() {
    // A batch with threads takes its first steps without them.
    for (threads, before) in [(1, 0), (2, 0), (2, 20), (4, 20)] {
        let mut env = make("CartPole-v1", 8, threads);
        let mut out = StepBatch::new(env.observation_space(), 8);
        for lane in 0..8 {
            env.reset(lane, Some(0), &mut out.observations).unwrap();
        }
        let mut actions = Batch::new(env.action_space(), 8);
        for _ in 0..before {
            env.step_and_reset(&actions, &[true; 8], &mut out).unwrap();
        }
        for lane in [3, 5, 7] {
            actions.lane_mut(lane).i64(0)[0] = 2;
        }
        let fault = env.step(&actions, &[true; 8], &mut out).unwrap_err();
        assert_eq!(fault.to_string(), "environment 3: action 2 is outside 0 to 1");
    }
}

#[test]
fn adapted_tasks_look_alike_and_go_on_after_a_restore() {
    let adapters =
        [Adapter::Pad { shape: vec![6] }, Adapter::ActionSubset(Actions::First { n: 2 })];
    let names = ["CartPole-v1", "MountainCar-v0", "Acrobot-v1"];
    let adapted = |name| adapt(make(name, 3, 1), &adapters).unwrap();
    let spaces = names.map(|name| {
        let (plain, adapted) = (make(name, 1, 1), adapted(name));
        let planned =
            adapted_spaces(plain.observation_space(), plain.action_space(), &adapters).unwrap();
        let real = (adapted.observation_space().clone(), adapted.action_space().clone());
        assert_eq!(planned, real);
        real
    });
    assert!(spaces.iter().all(|s| *s == spaces[0]));
    for name in names {
        let mut player = Player::new(adapted(name), 1);
        (0..20).for_each(|_| player.step());
        let mut other = Player::new(adapted(name), 2);
        other.env.restore(&player.env.save().unwrap()).unwrap();
        other.out = player.out.clone();
        other.choosers = player.choosers.clone();
        for _ in 0..50 {
            player.step();
            other.step();
            assert_eq!(other.all(), player.all(), "{name}");
        }
    }
}

#[test]
fn an_adapter_shows_what_the_environment_shows() {
    let adapters = [Adapter::Flatten, Adapter::Pad { shape: vec![5] }];
    let mut plain = Player::new(make("CartPole-v1", 2, 1), 8);
    let mut padded = Player::new(adapt(make("CartPole-v1", 2, 1), &adapters).unwrap(), 8);
    for _ in 0..100 {
        plain.step();
        padded.step();
        for lane in 0..2 {
            let bare = plain.out.observations.lane(lane).f32(0);
            let shown = padded.out.observations.lane(lane).f32(0);
            assert_eq!((&shown[..4], shown[4]), (bare, 0.0));
        }
    }
}

#[test]
fn adapters_are_declared_as_in_a_curriculum() {
    let text = r#"[{"pad": {"shape": [250, 160, 3]}}, "flatten", "one-hot",
        {"resize": {"shape": [8, 8]}}, {"action-subset": {"n": 6}}, {"action-subset": [0, 2]}]"#;
    let adapters: Vec<Adapter> = serde_json::from_str(text).unwrap();
    assert_eq!(adapters[4], Adapter::ActionSubset(Actions::First { n: 6 }));
    let again: Vec<Adapter> =
        serde_json::from_str(&serde_json::to_string(&adapters).unwrap()).unwrap();
    assert_eq!(again, adapters);
    for wrong in [
        r#"{"pad": {"shape": [2], "value": 1}}"#,
        r#"{"action-subset": {"n": 6, "m": 1}}"#,
        r#"{"resize": {"shape": [2, 2, 2]}}"#,
        r#""crop""#,
    ] {
        assert!(serde_json::from_str::<Adapter>(wrong).is_err(), "{wrong}");
    }
}
