//! The world of foraging against one written in the obvious way, and its rewards against
//! their closed form.

use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::f64::consts::TAU;
use tella_envs::{Batch, Catalog, Params, Registry, StepBatch, VecEnv};
use tella_rng::{Generator, SeedSequence};

const NAME: &str = "Forager-v0";

fn make(given: &Value) -> Box<dyn VecEnv> {
    let registry = Registry::builtin();
    let given: Params = serde_json::from_value(given.clone()).unwrap();
    let params = registry.resolve_params(NAME, &given).unwrap();
    registry.make(NAME, &params, 1, 1).unwrap()
}

/// A world whose cells are looked up in a table and whose pending objects in a list.
struct Slow {
    size: i64,
    reach: i64,
    objects: BTreeMap<(i64, i64), u8>,
    agent: (i64, i64),
    /// When an object of a kind is to appear.
    pending: Vec<(u64, u8)>,
    respawn: (i64, i64),
    time: u64,
    rng: Generator,
    worth: Worth,
}

/// What kinds are worth.
struct Worth {
    drift: String,
    kinds: u8,
    reward: f64,
    amplitude: f64,
    period: f64,
    phase: f64,
    harmonics: u64,
    seed: u64,
}

impl Worth {
    /// The closed form, of kind `kind` from 1, at a time.
    fn at(&self, kind: u8, time: u64) -> f64 {
        let share = f64::from(kind - 1) / f64::from(self.kinds);
        let turns = time as f64 / self.period + self.phase + share;
        let wave = match self.drift.as_str() {
            "square" if turns.rem_euclid(1.0) < 0.5 => 1.0,
            "square" => -1.0,
            "sine" => (TAU * turns).sin(),
            "constant" => 1.0,
            _ => self.fourier(kind, turns),
        };
        self.reward + self.amplitude * wave
    }

    /// Coefficients drawn from a stream beside the world's, two a harmonic, kind after kind.
    fn fourier(&self, kind: u8, turns: f64) -> f64 {
        let child = SeedSequence::with_spawn_key(self.seed, &[0]);
        let mut rng = Generator::from_seed_sequence(&child);
        let mut own = Vec::new();
        for _ in 0..kind {
            own = (1..=self.harmonics)
                .map(|h| [(); 2].map(|()| rng.normal(0.0, 1.0 / h as f64)))
                .collect();
        }
        let greatest: f64 = own.iter().map(|[a, b]| (a * a + b * b).sqrt()).sum();
        let terms = (1..).zip(&own).map(|(h, [a, b])| {
            let angle = TAU * f64::from(h) * turns;
            a * angle.cos() + b * angle.sin()
        });
        terms.sum::<f64>() / greatest
    }
}

impl Slow {
    fn new(p: &Value, seed: u64) -> Self {
        let int = |name: &str| p[name].as_i64().unwrap();
        let float = |name: &str| p[name].as_f64().unwrap();
        let (size, kinds) = (int("size"), int("kinds"));
        let objects = float("density") * (size * size) as f64 / kinds as f64;
        let mut world = Slow {
            size,
            reach: (int("view_size") - 1) / 2,
            objects: BTreeMap::new(),
            agent: (size / 2, size / 2),
            pending: Vec::new(),
            respawn: (int("respawn_min"), int("respawn_max")),
            time: 0,
            rng: Generator::new(seed),
            worth: Worth {
                drift: p["drift"].as_str().unwrap().into(),
                kinds: kinds as u8,
                reward: float("reward"),
                amplitude: float("amplitude"),
                period: int("period") as f64,
                phase: float("phase"),
                harmonics: int("harmonics") as u64,
                seed,
            },
        };
        for kind in 1..=kinds {
            for _ in 0..objects.round().max(1.0) as u64 {
                world.place(kind as u8);
            }
        }
        world
    }

    fn place(&mut self, kind: u8) {
        loop {
            let cell = self.rng.integers(0, self.size * self.size);
            let at = (cell % self.size, cell / self.size);
            if at != self.agent && !self.objects.contains_key(&at) {
                self.objects.insert(at, kind);
                return;
            }
        }
    }

    fn step(&mut self, action: i64) -> f64 {
        let (dx, dy) = [(0, -1), (1, 0), (0, 1), (-1, 0)][action as usize];
        let (x, y) = self.agent;
        self.agent = ((x + dx).rem_euclid(self.size), (y + dy).rem_euclid(self.size));
        let mut reward = 0.0;
        if let Some(kind) = self.objects.remove(&self.agent) {
            let delay = self.rng.integers(self.respawn.0, self.respawn.1 + 1);
            self.pending.push((self.time + delay as u64, kind));
            reward = self.worth.at(kind, self.time);
        }
        self.pending.sort();
        while self.pending.first().is_some_and(|(due, _)| *due <= self.time) {
            let (_, kind) = self.pending.remove(0);
            self.place(kind);
        }
        self.time += 1;
        reward
    }

    fn view(&self) -> Vec<u8> {
        let around = -self.reach..=self.reach;
        let (x, y) = self.agent;
        let cells = around.clone().flat_map(|dy| {
            around
                .clone()
                .map(move |dx| ((x + dx).rem_euclid(self.size), (y + dy).rem_euclid(self.size)))
        });
        cells.map(|at| self.objects.get(&at).copied().unwrap_or(0)).collect()
    }
}

fn params() -> impl Strategy<Value = Value> {
    let world = (3i64..13, 0i64..16, 1i64..9, 0.0..0.5f64, 1i64..20, 0i64..20);
    let drift = prop::sample::select(vec!["square", "sine", "fourier", "constant"]);
    let rewards = (drift, -2.0..2.0f64, 0.0..3.0f64, 2i64..300, 0.0..1.0f64, 1i64..6);
    (world, rewards, 1i64..200).prop_map(|(world, rewards, window)| {
        let (size, view, kinds, density, min, more) = world;
        let (drift, reward, amplitude, period, phase, harmonics) = rewards;
        // Odd, 3 or more, and no wider than the world.
        let view = (3 + 2 * view).min(size - 1 + size % 2).max(3);
        json!({
            "window": window, "size": size, "view_size": view, "kinds": kinds,
            "density": density, "respawn_min": min, "respawn_max": min + more, "drift": drift,
            "reward": reward, "amplitude": amplitude, "period": period, "phase": phase,
            "harmonics": harmonics,
        })
    })
}

proptest! {
    /// Through windows of any length, saved and restored into another world on the way,
    /// the stream is that of one slow world that knows of no windows.
    #[test]
    fn the_stream_is_the_slow_worlds(params in params(), seed: u64, saved_at in 0usize..400) {
        let mut env = make(&params);
        let mut slow = Slow::new(&params, seed);
        let mut actions = Batch::new(env.action_space(), 1);
        let mut out = StepBatch::new(env.observation_space(), 1);
        let mut chooser = Generator::new(seed ^ 1);
        let window = params["window"].as_u64().unwrap();
        env.reset(0, Some(seed), &mut out.observations).unwrap();
        prop_assert_eq!(out.observations.lane(0).u8(0), slow.view());
        for step in 0..400 {
            if step == saved_at {
                let state = env.save().unwrap();
                env = make(&params);
                env.reset(0, Some(99), &mut out.observations).unwrap();
                env.restore(&state).unwrap();
            }
            let action = chooser.integers(0, 4);
            actions.lane_mut(0).i64(0)[0] = action;
            env.step(&actions, &[true], &mut out).unwrap();
            let reward = slow.step(action);
            prop_assert!((out.rewards[0] - reward).abs() < 1e-9, "{} {}", out.rewards[0], reward);
            prop_assert_eq!(out.observations.lane(0).u8(0), slow.view());
            let (end, at_end) = (out.truncated[0], slow.time.is_multiple_of(window));
            prop_assert_eq!((out.terminated[0], end), (false, at_end));
            if end {
                env.reset(0, None, &mut out.observations).unwrap();
                prop_assert_eq!(out.observations.lane(0).u8(0), slow.view());
            }
        }
    }
}

/// Objects are neither lost nor made: each lies somewhere, or was collected so few steps
/// ago that it may not be back.
#[test]
fn a_collected_object_is_back_within_its_delay() {
    let params = json!({
        "size": 5, "view_size": 5, "kinds": 1, "density": 0.2, "respawn_min": 4,
        "respawn_max": 9, "drift": "constant", "window": 100_000,
    });
    let mut env = make(&params);
    let mut actions = Batch::new(env.action_space(), 1);
    let mut out = StepBatch::new(env.observation_space(), 1);
    env.reset(0, Some(5), &mut out.observations).unwrap();
    let mut chooser = Generator::new(6);
    let mut collected: Vec<i64> = Vec::new();
    for step in 0..5_000 {
        actions.lane_mut(0).i64(0)[0] = chooser.integers(0, 4);
        env.step(&actions, &[true], &mut out).unwrap();
        collected.extend((out.rewards[0] != 0.0).then_some(step));
        // The view is the whole world, in which there are five.
        let lying = out.observations.lane(0).u8(0).iter().filter(|c| **c == 1).count();
        let within = |steps: i64| collected.iter().filter(|s| **s > step - steps).count();
        assert!(lying + within(4) <= 5 && lying + within(9) >= 5, "step {step}: {lying}");
    }
    assert!(collected.len() > 300, "{}", collected.len());
}

#[test]
fn parameters_that_contradict_each_other_are_named() {
    let registry = Registry::builtin();
    let given = json!({"view_size": 8, "size": 5, "respawn_min": 50, "respawn_max": 20});
    let given: Params = serde_json::from_value(given).unwrap();
    let errors = registry.resolve_params(NAME, &given).unwrap_err();
    let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "parameter `view_size`: expected an odd number, found 8: the agent is in the middle",
            "parameter `view_size`: expected at most `size`, which is 5, found 8",
            "parameter `respawn_min`: expected at most `respawn_max`, which is 20, found 50",
        ]
    );
}

#[test]
fn a_state_of_another_world_is_refused() {
    let state = make(&json!({"size": 10})).save().unwrap();
    let mut other = make(&json!({"size": 10, "kinds": 2}));
    let message = other.restore(&state).unwrap_err().to_string();
    assert_eq!(message, "saved environment: a world of other parameters");
}
