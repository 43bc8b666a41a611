//! `Pendulum-v1`: swing a pendulum up and hold it there, by a torque that is too weak
//! to lift it at once. 64-bit state, 32-bit observations.
//!
//! The torque comes as a 32-bit float. gym 0.23.1 on NumPy 1.23 goes on with it in 64
//! bits, Gymnasium 1.4.0 on NumPy 2.4 in 32.
//!
//! As in Acrobot, gym's `sin` and `cos` are the C library's except on processors with
//! AVX-512; Gymnasium's are the C library's everywhere.

use super::drawing::{Drawing, FAINT, INK, MOVING};
use super::libm::{square, square_f32};
use super::library::Library;
use crate::EnvFamily;
use crate::state;
use crate::{
    BoxSpace, Dtype, Env, EnvError, Frame, Lane, LaneMut, ParamSpec, Params, RenderOptions, Space,
    Step, float_param,
};
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;
use tella_rng::Generator;

/// What it is, in words.
pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "Pendulum",
    prefixes: &["Pendulum-"],
    task: "A pendulum hangs on a joint with a motor that is too weak to lift it at once. The agent \
        gives a torque from -`max_torque` to `max_torque` and has to swing it up and hold it \
        upright. Observed are cosine and sine of the angle, 0 being upright, and the angular \
        velocity.",
    reward: "Minus the sum of the squared angle, a tenth of the squared angular velocity and a \
        thousandth of the squared torque, for each step.",
    end: "`max_episode_steps` steps truncate it; nothing terminates it.",
    parameters: "",
};

/// A pendulum, turned about its upper end by a torque.
///
/// Observation: cosine and sine of the angle (0 upright), angular velocity. Action: the
/// torque, clipped to its range. Reward: minus the sum of the squared angle, a tenth of
/// the squared velocity and a thousandth of the squared torque, all as they were before
/// the step. It has no end of its own.
#[derive(Clone, Debug)]
pub struct Pendulum {
    library: Library,
    /// Gravity's part of the angular acceleration, of a pendulum held level.
    pull: f64,
    /// Angular acceleration by a torque of 1.
    push: f64,
    dt: f64,
    max_speed: f64,
    max_torque: f64,
    /// Greatest angle and velocity at the start.
    start: [f64; 2],
    now: Now,
}

/// What changes while it runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Now {
    theta: f64,
    theta_dot: f64,
    rng: Generator,
}

impl Pendulum {
    /// The parameters, with the libraries' values as defaults.
    pub fn params() -> Vec<ParamSpec> {
        let float = ParamSpec::float;
        vec![
            float("g", 10.0, 0.0, 1e3, "Gravitational acceleration, m/s^2"),
            float("m", 1.0, 1e-3, 1e3, "Mass of the pendulum, kg"),
            float("l", 1.0, 1e-3, 1e3, "Length of the pendulum, m"),
            float("dt", 0.05, 1e-6, 1.0, "Time between two steps, s"),
            float("max_speed", 8.0, 1e-3, 1e3, "Greatest angular velocity, radians a second"),
            float("max_torque", 2.0, 1e-3, 1e3, "Greatest torque, N m"),
            float("x_init", PI, 0.0, 1e3, "Greatest angle at the start of an episode"),
            float("y_init", 1.0, 0.0, 1e3, "Greatest angular velocity at the start of an episode"),
        ]
    }

    /// The environment with complete, checked parameters.
    pub(super) fn new(params: &Params, library: Library) -> Result<Self, EnvError> {
        let get = |name| float_param(params, name);
        let (g, m, l) = (get("g")?, get("m")?, get("l")?);
        Ok(Pendulum {
            library,
            pull: 3.0 * g / (2.0 * l),
            push: 3.0 / (m * square(l)),
            dt: get("dt")?,
            max_speed: get("max_speed")?,
            max_torque: get("max_torque")?,
            start: [get("x_init")?, get("y_init")?],
            now: Now { theta: 0.0, theta_dot: 0.0, rng: Generator::new(0) },
        })
    }

    /// A thousandth of the squared torque, and the torque's angular acceleration.
    #[inline]
    fn effort(&self, torque: f32) -> (f64, f64) {
        match self.library {
            Library::Gym => (0.001 * square(torque.into()), self.push * f64::from(torque)),
            Library::Gymnasium => {
                let (cost, push) = (0.001 * square_f32(torque), self.push as f32 * torque);
                (cost.into(), push.into())
            }
        }
    }

    fn observe(&self, observation: &mut LaneMut<'_>) {
        let Now { theta, theta_dot, .. } = self.now;
        let values = [theta.cos(), theta.sin(), theta_dot].map(|x| x as f32);
        observation.f32(0).copy_from_slice(&values);
    }
}

/// The angle in `-PI .. PI`, as Python's remainder has it.
fn normalize(angle: f64) -> f64 {
    let turn = 2.0 * PI;
    let rest = (angle + PI) % turn;
    (if rest < 0.0 { rest + turn } else { rest }) - PI
}

impl Env for Pendulum {
    fn observation_space(&self) -> Space {
        let high = vec![1.0, 1.0, self.max_speed as f32 as f64];
        let low = high.iter().map(|x| -x).collect();
        Space::Box(BoxSpace { low, high, shape: vec![3], dtype: Dtype::Float32 })
    }

    fn action_space(&self) -> Space {
        let max = self.max_torque as f32 as f64;
        Space::uniform_box(-max, max, &[1], Dtype::Float32)
    }

    fn reset(&mut self, seed: Option<u64>, observation: &mut LaneMut<'_>) -> Result<(), EnvError> {
        let now = &mut self.now;
        if let Some(seed) = seed {
            now.rng = Generator::new(seed);
        }
        let [theta, theta_dot] = self.start;
        now.theta = now.rng.uniform(-theta, theta);
        now.theta_dot = now.rng.uniform(-theta_dot, theta_dot);
        self.observe(observation);
        Ok(())
    }

    fn step(&mut self, action: Lane<'_>, observation: &mut LaneMut<'_>) -> Result<Step, EnvError> {
        let max = self.max_torque as f32;
        let torque = state::number(action)?.clamp(-max, max);
        let (cost, push) = self.effort(torque);
        let Now { theta, theta_dot, .. } = &mut self.now;
        let cost = square(normalize(*theta)) + 0.1 * square(*theta_dot) + cost;
        let speed = *theta_dot + (self.pull * theta.sin() + push) * self.dt;
        *theta_dot = speed.clamp(-self.max_speed, self.max_speed);
        *theta += *theta_dot * self.dt;
        self.observe(observation);
        Ok(Step { reward: -cost, terminated: false, truncated: false })
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
        // Of length 1 at any length: only the angle is to be seen.
        let theta = self.now.theta;
        let mut drawing = Drawing::new([-1.3, 1.3], [-1.3, 1.3], options);
        drawing.line([[0.0, 0.0], [0.0, 1.15]], 0.01, FAINT);
        drawing.line([[0.0, 0.0], [-theta.sin(), theta.cos()]], 0.17, MOVING);
        drawing.disc([0.0, 0.0], 0.045, INK);
        Some(drawing.frame())
    }
}
