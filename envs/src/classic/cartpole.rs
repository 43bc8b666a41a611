//! `CartPole-v0` and `CartPole-v1`: balance a pole on a cart (Barto, Sutton and
//! Anderson 1983): 64-bit state, 32-bit observations.
//!
//! gym 0.23.1 squares by the C library's `pow`, Gymnasium 1.4.0 by a product, which makes
//! the last place of some states differ; and Gymnasium's observation space does not bound
//! the velocities, where gym's bounds them by the largest 32-bit float.

use super::drawing::{BODY, Drawing, FAINT, INK, MOVING};
use super::libm::Square;
use super::start::Start;
use crate::EnvFamily;
use crate::state;
use crate::{
    BoxSpace, Dtype, Env, EnvError, Frame, Lane, LaneMut, ParamSpec, Params, RenderOptions, Space,
    Step, bool_param, float_param, text_param,
};
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;
use std::marker::PhantomData;
use tella_rng::Generator;

/// What it is, in words.
pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "CartPole",
    prefixes: &["CartPole-"],
    task: "A pole stands on a cart, joined to it at its foot. The agent pushes the cart left (0) or \
        right (1) in every step and has to keep the pole upright and the cart near the middle. \
        Observed are position and velocity of the cart, angle and angular velocity of the pole.",
    reward: "1 for each step, the last included; with `sutton_barto_reward` 0, and -1 for the step in \
        which the pole falls.",
    end: "The pole's leaning by more than `theta_threshold_radians` (12 degrees) and the cart's \
        leaving `x_threshold` terminate it, `max_episode_steps` steps truncate it.",
    parameters: "`reset_low` is at most `reset_high`.",
};

/// A pole, hinged to a cart that is pushed left (0) or right (1).
///
/// Observation: cart position, cart velocity, pole angle (radians, 0 upright), its
/// velocity. Terminal once the cart or the pole leaves its threshold. Reward 1 a step; or,
/// as Sutton and Barto have it, -1 for the terminal step and 0 for the others.
#[derive(Clone, Debug)]
pub struct CartPole<S> {
    gravity: f64,
    /// Of the pole.
    masspole: f64,
    /// Of cart and pole.
    total_mass: f64,
    /// Half the pole's length.
    length: f64,
    polemass_length: f64,
    force_mag: f64,
    tau: f64,
    semi_implicit: bool,
    x_threshold: f64,
    theta_threshold: f64,
    /// Greatest velocity in the observation space.
    max_velocity: f64,
    /// Reward of a step, and of the terminal one.
    rewards: [f64; 2],
    start: Start,
    now: Now,
    square: PhantomData<S>,
}

/// What changes while it runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Now {
    x: f64,
    x_dot: f64,
    theta: f64,
    theta_dot: f64,
    rng: Generator,
}

impl<S: Square> CartPole<S> {
    /// The parameters, with the libraries' values as defaults.
    pub fn params() -> Vec<ParamSpec> {
        let float = ParamSpec::float;
        let own = [
            float("gravity", 9.8, 0.0, 1e3, "Gravitational acceleration, m/s^2"),
            float("masscart", 1.0, 1e-3, 1e3, "Mass of the cart, kg"),
            float("masspole", 0.1, 1e-3, 1e3, "Mass of the pole, kg"),
            float("length", 0.5, 1e-3, 1e3, "Half the length of the pole, m"),
            float("force_mag", 10.0, 0.0, 1e4, "Force of a push, N"),
            float("tau", 0.02, 1e-6, 1.0, "Time between two steps, s"),
            ParamSpec::choice(
                "kinematics_integrator",
                &["euler", "semi-implicit-euler"],
                "How a step is integrated",
            ),
            float("x_threshold", 2.4, 1e-3, 1e3, "Cart position that ends the episode, m"),
            float(
                "theta_threshold_radians",
                12.0 * 2.0 * PI / 360.0,
                1e-3,
                PI,
                "Pole angle that ends the episode",
            ),
            ParamSpec::bool(
                "sutton_barto_reward",
                false,
                "Reward -1 for the terminal step and 0 for the others, in place of 1 a step",
            ),
        ];
        let start = Start::params(-0.05, 0.05, 1e3, "value of each element of the state");
        own.into_iter().chain(start).collect()
    }

    /// The environment with complete, checked parameters, whose observation space bounds
    /// the velocities by `max_velocity`.
    pub(super) fn new(params: &Params, max_velocity: f64) -> Result<Self, EnvError> {
        let get = |name| float_param(params, name);
        let (masscart, masspole, length) = (get("masscart")?, get("masspole")?, get("length")?);
        Ok(CartPole {
            gravity: get("gravity")?,
            masspole,
            total_mass: masspole + masscart,
            length,
            polemass_length: masspole * length,
            force_mag: get("force_mag")?,
            tau: get("tau")?,
            semi_implicit: text_param(params, "kinematics_integrator")? != "euler",
            x_threshold: get("x_threshold")?,
            theta_threshold: get("theta_threshold_radians")?,
            max_velocity,
            rewards: if bool_param(params, "sutton_barto_reward")? {
                [0.0, -1.0]
            } else {
                [1.0, 1.0]
            },
            start: Start::chosen(params)?,
            now: Now { x: 0.0, x_dot: 0.0, theta: 0.0, theta_dot: 0.0, rng: Generator::new(0) },
            square: PhantomData,
        })
    }

    #[inline]
    fn observe(&self, observation: &mut LaneMut<'_>) {
        let Now { x, x_dot, theta, theta_dot, .. } = self.now;
        let values = [x as f32, x_dot as f32, theta as f32, theta_dot as f32];
        observation.f32(0).copy_from_slice(&values);
    }
}

impl<S: Square> Env for CartPole<S> {
    fn observation_space(&self) -> Space {
        let high = vec![
            (self.x_threshold * 2.0) as f32 as f64,
            self.max_velocity,
            (self.theta_threshold * 2.0) as f32 as f64,
            self.max_velocity,
        ];
        let low = high.iter().map(|x| -x).collect();
        Space::Box(BoxSpace { low, high, shape: vec![4], dtype: Dtype::Float32 })
    }

    fn action_space(&self) -> Space {
        Space::discrete(2)
    }

    fn reset(&mut self, seed: Option<u64>, observation: &mut LaneMut<'_>) -> Result<(), EnvError> {
        let now = &mut self.now;
        if let Some(seed) = seed {
            now.rng = Generator::new(seed);
        }
        for value in [&mut now.x, &mut now.x_dot, &mut now.theta, &mut now.theta_dot] {
            *value = self.start.draw(&mut now.rng);
        }
        self.observe(observation);
        Ok(())
    }

    #[inline]
    fn step(&mut self, action: Lane<'_>, observation: &mut LaneMut<'_>) -> Result<Step, EnvError> {
        let force = match action.i64(0)[0] {
            0 => -self.force_mag,
            1 => self.force_mag,
            other => return Err(state::bad_action(other, 2)),
        };
        let Now { x, x_dot, theta, theta_dot, .. } = &mut self.now;
        let (cos, sin) = (theta.cos(), theta.sin());

        // Florian (2005), "Correct equations for the dynamics of the cart-pole system".
        let push = self.polemass_length * S::square(*theta_dot) * sin;
        let temp = (force + push) / self.total_mass;
        let lever = self.length * (4.0 / 3.0 - self.masspole * S::square(cos) / self.total_mass);
        let theta_acc = (self.gravity * sin - cos * temp) / lever;
        let x_acc = temp - self.polemass_length * theta_acc * cos / self.total_mass;

        if self.semi_implicit {
            *x_dot += self.tau * x_acc;
            *x += self.tau * *x_dot;
            *theta_dot += self.tau * theta_acc;
            *theta += self.tau * *theta_dot;
        } else {
            *x += self.tau * *x_dot;
            *x_dot += self.tau * x_acc;
            *theta += self.tau * *theta_dot;
            *theta_dot += self.tau * theta_acc;
        }
        let terminated = x.abs() > self.x_threshold || theta.abs() > self.theta_threshold;
        self.observe(observation);
        Ok(Step { reward: self.rewards[usize::from(terminated)], terminated, truncated: false })
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
        let Now { x, theta, .. } = self.now;
        let pole = 2.0 * self.length;
        // Wide enough for the track, high enough for the pole.
        let half = self.x_threshold.max(1.2 * pole);
        let mut drawing = Drawing::new([-half, half], [-0.3 * half, half], options);
        drawing.line([[-half, 0.0], [half, 0.0]], 0.008 * half, FAINT);
        for end in [-self.x_threshold, self.x_threshold] {
            drawing.line([[end, -0.05 * half], [end, 0.05 * half]], 0.008 * half, FAINT);
        }
        let (width, height) = (0.1 * half, 0.055 * half);
        let (left, right) = (x - width, x + width);
        drawing.polygon([[left, -height], [right, -height], [right, height], [left, height]], BODY);
        for wheel in [-0.06, 0.06] {
            drawing.disc([x + wheel * half, -height], 0.03 * half, INK);
        }
        let tip = [x + pole * theta.sin(), height + pole * theta.cos()];
        drawing.line([[x, height], tip], 0.04 * half, MOVING);
        drawing.disc([x, height], 0.012 * half, INK);
        Some(drawing.frame())
    }
}
