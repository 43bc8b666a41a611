//! The tasks as environments: who knows the answers reaches a return of 1, who guesses does not.

use serde_json::json;
use tella_envs::mad::{Examples, IGNORED, Oracle, Rules, Split, TASKS, Task};
use tella_envs::{Batch, Catalog, Params, Registry, StepBatch, VecEnv};
use tella_rng::Generator;

/// Environments in the order of [`TASKS`].
const ENVS: [&str; 6] = [
    "MAD-InContextRecall-v0",
    "MAD-NoisyInContextRecall-v0",
    "MAD-FuzzyInContextRecall-v0",
    "MAD-Memorization-v0",
    "MAD-Compression-v0",
    "MAD-SelectiveCopying-v0",
];

fn make(name: &str, given: serde_json::Value, lanes: usize) -> Box<dyn VecEnv> {
    let registry = Registry::builtin();
    let given: Params = serde_json::from_value(given).unwrap();
    let params = registry.resolve_params(name, &given).unwrap();
    registry.make(name, &params, lanes, 1).unwrap()
}

/// Plays one lane.
struct Game {
    env: Box<dyn VecEnv>,
    actions: Batch,
    out: StepBatch,
}

impl Game {
    fn new(name: &str, given: serde_json::Value) -> Self {
        let env = make(name, given, 1);
        let actions = Batch::new(env.action_space(), 1);
        let out = StepBatch::new(env.observation_space(), 1);
        Self { env, actions, out }
    }

    fn reset(&mut self, seed: Option<u64>) {
        self.env.reset(0, seed, &mut self.out.observations).unwrap();
    }

    fn shown(&self) -> i64 {
        self.out.observations.lane(0).i64(0)[0]
    }

    fn step(&mut self, action: i64) -> (f64, bool) {
        self.actions.lane_mut(0).i64(0)[0] = action;
        self.env.step(&self.actions, &[true], &mut self.out).unwrap();
        (self.out.rewards[0], self.out.terminated[0])
    }

    /// An episode under a policy that is shown all tokens so far: return and length.
    fn episode(
        &mut self,
        seed: Option<u64>,
        mut policy: impl FnMut(&[i64]) -> i64,
    ) -> (f64, usize) {
        self.reset(seed);
        let (mut shown, mut total) = (Vec::new(), 0.0);
        loop {
            shown.push(self.shown());
            let action = policy(&shown);
            let (reward, ended) = self.step(action);
            total += reward;
            if ended {
                return (total, shown.len());
            }
        }
    }
}

fn baseline(name: &str) -> Task {
    crate::task(name, json!({}), Rules::Corrected)
}

#[test]
fn who_knows_reaches_one() {
    for (env, name) in ENVS.into_iter().zip(TASKS) {
        let task = baseline(name);
        let mut oracle = Oracle::new(&task);
        let mut examples = Examples::new(&task, 0).unwrap();
        (0..256).for_each(|_| oracle.see(&examples.next(Split::Train).unwrap()));
        let positions = task.positions();
        let policy = |shown: &[i64]| {
            let answer = match shown.len().checked_sub(positions + 1) {
                // The answers' phase.
                Some(i) => shown[i],
                None => *oracle.answers(shown).last().unwrap(),
            };
            if answer == IGNORED { 0 } else { answer }
        };
        let mut game = Game::new(env, json!({}));
        for seed in [Some(0), None, Some(77), None] {
            let (total, steps) = game.episode(seed, policy);
            assert!((total - 1.0).abs() < 1e-9, "{env}: {total}");
            assert_eq!(steps, positions * if name == "compression" { 2 } else { 1 }, "{env}");
        }
    }
}

/// One of 16 (32, 256) tokens is right, within five standard errors of the mean of 200 episodes.
#[test]
fn who_guesses_is_right_as_often_as_chance_has_it() {
    for (env, name) in ENVS.into_iter().zip(TASKS) {
        let tokens = baseline(name).vocab_size();
        let mut rng = Generator::new(1);
        let mut game = Game::new(env, json!({}));
        let mut play = || game.episode(None, |_| rng.integers(0, tokens)).0;
        let returns: Vec<f64> = (0..200).map(|_| play()).collect();
        let mean = returns.iter().sum::<f64>() / 200.0;
        let variance = returns.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / 199.0;
        let chance = 1.0 / tokens as f64;
        let error = (variance / 200.0).sqrt().max(chance / 20.0);
        assert!((mean - chance).abs() < 5.0 * error, "{env}: {mean}, {chance}");
    }
}

#[test]
fn restored_in_the_middle_it_goes_on_as_if_uninterrupted() {
    for env in ENVS {
        let (mut game, mut other) = (Game::new(env, json!({})), Game::new(env, json!({})));
        game.reset(Some(5));
        other.reset(Some(99));
        let mut rng = Generator::new(3);
        let mut action = || rng.integers(0, 16);
        for _ in 0..20 {
            game.step(action());
        }
        other.env.restore(&game.env.save().unwrap()).unwrap();
        // Into the next episode, which goes on in the same stream.
        for _ in 0..600 {
            let action = action();
            assert_eq!(game.step(action), other.step(action), "{env}");
            if game.out.terminated[0] {
                game.reset(None);
                other.reset(None);
            }
            assert_eq!(game.shown(), other.shown(), "{env}");
            assert_eq!(game.env.render(0), other.env.render(0));
        }
    }
}

#[test]
fn what_is_refused() {
    let mut game = Game::new(ENVS[0], json!({"tokens": 20}));
    let refused = |game: &mut Game, action| {
        game.actions.lane_mut(0).i64(0)[0] = action;
        game.env.step(&game.actions, &[true], &mut game.out).unwrap_err().to_string()
    };
    assert!(refused(&mut game, 3).ends_with("a step before a reset"));
    game.reset(Some(1));
    assert!(refused(&mut game, 20).ends_with("action 20 is outside 0 to 19"));
    // A token that the task has not is wrong, not refused.
    assert_eq!(game.step(19), (0.0, false));
    let mut longer = Game::new(ENVS[0], json!({"seq_len": 256}));
    longer.reset(Some(1));
    let error = game.env.restore(&longer.env.save().unwrap()).unwrap_err().to_string();
    assert!(error.ends_with("it is of another task"), "{error}");
}
