//! `MountainCarContinuous-v0`: the car of [`super::MountainCar`] with a throttle, whose
//! use costs something.
//!
//! The action comes as a 32-bit float, and after every step the state is rounded to 32
//! bits (the start of an episode is not). In between gym 0.23.1 on NumPy 1.23 computes
//! in 64 bits, Gymnasium 1.4.0 on NumPy 2.4 in 32.

use super::library::Library;
use super::mountain_car::{MAX_POSITION, MIN_POSITION};
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
    name: "MountainCarContinuous",
    prefixes: &["MountainCarContinuous-"],
    task: "The car of MountainCar with a throttle: the action is a number from -1 to 1. Observed are \
        position and velocity.",
    reward: "-0.1 times the squared action for each step, and 100 more for the step that reaches the \
        goal.",
    end: "Reaching `goal_position` at `goal_velocity` or faster terminates it, `max_episode_steps` \
        steps truncate it.",
    parameters: "`reset_low` is at most `reset_high`.",
};

/// Acceleration by the steepest slope in one step.
const GRAVITY: f64 = 0.0025;

/// A car between two hills, accelerated by an action from -1 (left) to 1 (right); beyond
/// that the engine gives no more, but costs more.
///
/// Observation: position and velocity. Reward: minus a tenth of the squared action, and
/// 100 in the step that reaches the goal, which is terminal.
#[derive(Clone, Debug)]
pub struct MountainCarContinuous {
    library: Library,
    power: f64,
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
    /// No step was taken yet: the position has all its 64 bits.
    fresh: bool,
    rng: Generator,
}

impl MountainCarContinuous {
    /// The parameters, with the libraries' values as defaults.
    pub fn params() -> Vec<ParamSpec> {
        let float = ParamSpec::float;
        let own = [
            float("power", 0.0015, 0.0, 1.0, "Acceleration by the engine at full throttle"),
            float("max_speed", 0.07, 1e-6, 10.0, "Greatest speed in one step"),
            float("goal_position", 0.45, MIN_POSITION, MAX_POSITION, "Position of the goal"),
            float("goal_velocity", 0.0, -10.0, 10.0, "Least velocity at the goal"),
        ];
        own.into_iter().chain(Start::params(-0.6, -0.4, 10.0, "position")).collect()
    }

    /// The environment with complete, checked parameters.
    pub(super) fn new(params: &Params, library: Library) -> Result<Self, EnvError> {
        let get = |name| float_param(params, name);
        Ok(MountainCarContinuous {
            library,
            power: get("power")?,
            max_speed: get("max_speed")?,
            goal_position: get("goal_position")?,
            goal_velocity: get("goal_velocity")?,
            start: Start::chosen(params)?,
            now: Now { position: 0.0, velocity: 0.0, fresh: true, rng: Generator::new(0) },
        })
    }

    /// Moves the car in 64 bits; whether it is at the goal.
    fn drive(&mut self, acceleration: f64) -> bool {
        let Now { position, velocity, .. } = &mut self.now;
        *velocity = (*velocity + acceleration).clamp(-self.max_speed, self.max_speed);
        *position = (*position + *velocity).clamp(MIN_POSITION, MAX_POSITION);
        // The left wall stops the car.
        if *position == MIN_POSITION && *velocity < 0.0 {
            *velocity = 0.0;
        }
        *position >= self.goal_position && *velocity >= self.goal_velocity
    }

    /// [`Self::drive`] in 32 bits.
    fn drive_f32(&mut self, acceleration: f32) -> bool {
        let max_speed = self.max_speed as f32;
        let velocity = (self.now.velocity as f32 + acceleration).clamp(-max_speed, max_speed);
        let (min, max) = (MIN_POSITION as f32, MAX_POSITION as f32);
        let position = (self.now.position as f32 + velocity).clamp(min, max);
        let stopped = position == min && velocity < 0.0;
        let velocity = if stopped { 0.0 } else { velocity };
        (self.now.position, self.now.velocity) = (position.into(), velocity.into());
        position >= self.goal_position as f32 && velocity >= self.goal_velocity as f32
    }

    fn observe(&self, observation: &mut LaneMut<'_>) {
        let values = [self.now.position as f32, self.now.velocity as f32];
        observation.f32(0).copy_from_slice(&values);
    }
}

impl Env for MountainCarContinuous {
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
        Space::uniform_box(-1.0, 1.0, &[1], Dtype::Float32)
    }

    fn reset(&mut self, seed: Option<u64>, observation: &mut LaneMut<'_>) -> Result<(), EnvError> {
        if let Some(seed) = seed {
            self.now.rng = Generator::new(seed);
        }
        self.now.position = self.start.draw(&mut self.now.rng);
        self.now.velocity = 0.0;
        self.now.fresh = true;
        self.observe(observation);
        Ok(())
    }

    fn step(&mut self, action: Lane<'_>, observation: &mut LaneMut<'_>) -> Result<Step, EnvError> {
        let action = state::number(action)?;
        let throttle = f64::from(action.clamp(-1.0, 1.0));
        let Now { position, fresh, .. } = self.now;
        let in_32_bits = self.library == Library::Gymnasium;
        let place =
            if in_32_bits && !fresh { (3.0 * position as f32).into() } else { 3.0 * position };
        let slope = GRAVITY * place.cos();
        // Clipped, the action is a Python float, whose product has 64 bits.
        let acceleration = if in_32_bits && action.abs() <= 1.0 {
            f64::from(action * self.power as f32 - slope as f32)
        } else {
            throttle * self.power - slope
        };
        let terminated = if in_32_bits && !fresh {
            self.drive_f32(acceleration as f32)
        } else {
            self.drive(acceleration)
        };
        let now = &mut self.now;
        now.position = f64::from(now.position as f32);
        now.velocity = f64::from(now.velocity as f32);
        now.fresh = false;
        self.observe(observation);
        let goal = if terminated { 100.0 } else { 0.0 };
        let action = f64::from(action);
        Ok(Step { reward: goal - action * action * 0.1, terminated, truncated: false })
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
