//! `MountainCar-v0`: drive an under-powered car out of a valley (Moore 1990): 64-bit
//! state, 32-bit observations. gym 0.23.1 and Gymnasium 1.4.0 agree in every bit.

use super::start::Start;
use super::valley;
use crate::EnvFamily;
use crate::state;
use crate::{
    BoxSpace, Dtype, Env, EnvError, Frame, Lane, LaneMut, ParamSpec, Params, RenderOptions, Space,
    Step, float_param,
};
use serde::{Deserialize, Serialize};
use tella_rng::Generator;

/// What it is, in words.
pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "MountainCar",
    prefixes: &["MountainCar-"],
    task: "A car in a valley has too weak an engine for the slope to its right. The agent \
        accelerates it left (0), not at all (1) or right (2) and has to swing it up to the goal on \
        the hill. Observed are position and velocity.",
    reward: "-1 for each step.",
    end: "Reaching `goal_position` at `goal_velocity` or faster terminates it, `max_episode_steps` \
        steps truncate it.",
    parameters: "`reset_low` is at most `reset_high`.",
};

pub(super) const MIN_POSITION: f64 = -1.2;
pub(super) const MAX_POSITION: f64 = 0.6;

/// A car between two hills, accelerated left (0), not at all (1) or right (2).
///
/// Observation: position and velocity. Reward -1 a step. Terminal once the car is at
/// the goal position or past it, at the goal velocity or faster.
#[derive(Clone, Debug)]
pub struct MountainCar {
    force: f64,
    gravity: f64,
    max_speed: f64,
    goal_position: f64,
    goal_velocity: f64,
    start: Start,
    now: Now,
}

/// What changes while it runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Now {
    position: f64,
    velocity: f64,
    rng: Generator,
}

impl MountainCar {
    /// The parameters, with the libraries' values as defaults.
    pub fn params() -> Vec<ParamSpec> {
        let float = ParamSpec::float;
        let own = [
            float("force", 0.001, 0.0, 1.0, "Acceleration by the engine in one step"),
            float("gravity", 0.0025, 0.0, 1.0, "Acceleration by the steepest slope in one step"),
            float("max_speed", 0.07, 1e-6, 10.0, "Greatest speed in one step"),
            float("goal_position", 0.5, MIN_POSITION, MAX_POSITION, "Position of the goal"),
            float("goal_velocity", 0.0, -10.0, 10.0, "Least velocity at the goal"),
        ];
        own.into_iter().chain(Start::params(-0.6, -0.4, 10.0, "position")).collect()
    }

    /// The environment with complete, checked parameters.
    pub fn new(params: &Params) -> Result<Self, EnvError> {
        let get = |name| float_param(params, name);
        Ok(MountainCar {
            force: get("force")?,
            gravity: get("gravity")?,
            max_speed: get("max_speed")?,
            goal_position: get("goal_position")?,
            goal_velocity: get("goal_velocity")?,
            start: Start::chosen(params)?,
            now: Now { position: 0.0, velocity: 0.0, rng: Generator::new(0) },
        })
    }

    #[inline]
    fn observe(&self, observation: &mut LaneMut<'_>) {
        let values = [self.now.position as f32, self.now.velocity as f32];
        observation.f32(0).copy_from_slice(&values);
    }
}

impl Env for MountainCar {
    fn observation_space(&self) -> Space {
        let round = |x: f64| x as f32 as f64;
        Space::Box(BoxSpace {
            low: vec![round(MIN_POSITION), -round(self.max_speed)],
            high: vec![round(MAX_POSITION), round(self.max_speed)],
            shape: vec![2],
            dtype: Dtype::Float32,
        })
    }

    fn action_space(&self) -> Space {
        Space::discrete(3)
    }

    fn reset(&mut self, seed: Option<u64>, observation: &mut LaneMut<'_>) -> Result<(), EnvError> {
        if let Some(seed) = seed {
            self.now.rng = Generator::new(seed);
        }
        self.now.position = self.start.draw(&mut self.now.rng);
        self.now.velocity = 0.0;
        self.observe(observation);
        Ok(())
    }

    #[inline]
    fn step(&mut self, action: Lane<'_>, observation: &mut LaneMut<'_>) -> Result<Step, EnvError> {
        let action = action.i64(0)[0];
        if !(0..3).contains(&action) {
            return Err(state::bad_action(action, 3));
        }
        let Now { position, velocity, .. } = &mut self.now;
        *velocity += (action - 1) as f64 * self.force + (3.0 * *position).cos() * -self.gravity;
        *velocity = velocity.clamp(-self.max_speed, self.max_speed);
        *position += *velocity;
        *position = position.clamp(MIN_POSITION, MAX_POSITION);
        // The left wall stops the car.
        if *position == MIN_POSITION && *velocity < 0.0 {
            *velocity = 0.0;
        }
        let terminated = *position >= self.goal_position && *velocity >= self.goal_velocity;
        self.observe(observation);
        Ok(Step { reward: -1.0, terminated, truncated: false })
    }

    fn save(&self, out: &mut Vec<u8>) -> bool {
        state::save(&self.now, out);
        true
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), EnvError> {
        self.now = state::restore(state)?;
        Ok(())
    }

    fn render_rgb(&self, options: &RenderOptions) -> Option<Frame> {
        Some(valley::draw(self.now.position, self.goal_position, options))
    }
}
