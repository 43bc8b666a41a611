//! `Acrobot-v1`: swing a two-link pendulum up by torque at the joint between the
//! links (Sutton 1996; Sutton and Barto 2018): start state rounded to 32 bits, 64-bit
//! state from then on, 32-bit observations.
//!
//! `sin` and `cos` are NumPy's. Those of NumPy 2.4, and so Gymnasium 1.4.0's, are the C
//! library's, as here. Those of NumPy 1.23, and so gym 0.23.1's, are too, except on
//! processors with AVX-512 (SKX), where they are approximations that differ in the last
//! places; this file does not follow them there, so that a run does not depend on the
//! processor. There angles differ from gym's by about 1e-16 a step, which the pendulum's
//! chaos makes larger as an episode goes on.

use super::drawing::{BODY, Drawing, FAINT, GOAL, INK, MOVING};
use super::libm::{sin_cos_f32, square};
use super::start::Start;
use crate::EnvFamily;
use crate::state::{self, bad_action};
use crate::{
    BoxSpace, Dtype, Env, EnvError, Frame, Lane, LaneMut, ParamSpec, Params, RenderOptions, Space,
    Step, float_param, text_param,
};
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;
use tella_rng::Generator;

/// What it is, in words.
pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "Acrobot",
    prefixes: &["Acrobot-"],
    task: "Two links hang from a joint, with a motor between them. The agent gives a torque of -1, 0 \
        or 1 (actions 0, 1, 2) and has to swing the free end above a line one link above the \
        joint. Observed are cosine and sine of both angles and both angular velocities.",
    reward: "-1 for each step, 0 for the one that reaches the line.",
    end: "Reaching the line terminates it, `max_episode_steps` steps truncate it.",
    parameters: "`reset_low` is at most `reset_high`.",
};

/// Greatest angular velocity of the first and of the second joint, radians a second.
const MAX_VEL: [f64; 2] = [4.0 * PI, 9.0 * PI];

/// A two-link pendulum whose inner joint hangs free; the torque at the outer one is
/// -1 (0), 0 (1) or 1 (2).
///
/// Observation: cosine and sine of the first angle (0 hanging down), of the second
/// (relative to the first), and the two angular velocities. Reward -1 a step, 0 for the
/// step that lifts the tip above the line one link over the upper joint, which is terminal.
#[derive(Clone, Debug)]
pub struct Acrobot {
    links: Links,
    torque_noise_max: f64,
    /// Time between two steps.
    dt: f64,
    start: Start,
    now: Now,
}

/// The pendulum itself.
#[derive(Clone, Debug)]
struct Links {
    gravity: f64,
    /// Length of the first link.
    l1: f64,
    /// Masses.
    m1: f64,
    m2: f64,
    /// Distances of the centres of mass from the upper ends.
    lc1: f64,
    lc2: f64,
    /// Moment of inertia of either link.
    moi: f64,
    /// The equations of the 1996 paper, which lack a term of the book's.
    nips: bool,
}

/// What changes while it runs: two angles and their velocities.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Now {
    state: [f64; 4],
    rng: Generator,
}

impl Acrobot {
    /// The parameters, with the libraries' values as defaults.
    pub fn params() -> Vec<ParamSpec> {
        let float = ParamSpec::float;
        let own = [
            float("gravity", 9.8, 0.0, 100.0, "Gravitational acceleration, m/s^2"),
            float("link_length_1", 1.0, 0.01, 100.0, "Length of the first link, m"),
            float("link_mass_1", 1.0, 0.01, 100.0, "Mass of the first link, kg"),
            float("link_mass_2", 1.0, 0.01, 100.0, "Mass of the second link, kg"),
            float("link_com_pos_1", 0.5, 0.01, 100.0, "Centre of mass of the first link, m"),
            float("link_com_pos_2", 0.5, 0.01, 100.0, "Centre of mass of the second link, m"),
            float("link_moi", 1.0, 0.01, 100.0, "Moment of inertia of either link, kg m^2"),
            float("dt", 0.2, 1e-6, 10.0, "Time between two steps, s"),
            float("torque_noise_max", 0.0, 0.0, 100.0, "Greatest noise added to the torque, N m"),
            ParamSpec::choice(
                "book_or_nips",
                &["book", "nips"],
                "Equations of the book or of the 1996 paper",
            ),
        ];
        let start = Start::params(-0.1, 0.1, 1e3, "value of each element of the state");
        own.into_iter().chain(start).collect()
    }

    /// The environment with complete, checked parameters.
    pub fn new(params: &Params) -> Result<Self, EnvError> {
        let get = |name| float_param(params, name);
        let links = Links {
            gravity: get("gravity")?,
            l1: get("link_length_1")?,
            m1: get("link_mass_1")?,
            m2: get("link_mass_2")?,
            lc1: get("link_com_pos_1")?,
            lc2: get("link_com_pos_2")?,
            moi: get("link_moi")?,
            nips: text_param(params, "book_or_nips")? == "nips",
        };
        let now = Now { state: [0.0; 4], rng: Generator::new(0) };
        Ok(Acrobot {
            links,
            torque_noise_max: get("torque_noise_max")?,
            dt: get("dt")?,
            start: Start::chosen(params)?,
            now,
        })
    }
}

impl Links {
    /// Time derivative of the state under a torque.
    fn derivative(&self, [theta1, theta2, dtheta1, dtheta2]: [f64; 4], torque: f64) -> [f64; 4] {
        let Links { gravity, l1, m1, m2, lc1, lc2, moi, nips } = *self;
        let (sin2, cos2) = (theta2.sin(), theta2.cos());
        let d1 =
            m1 * square(lc1) + m2 * (square(l1) + square(lc2) + 2.0 * l1 * lc2 * cos2) + moi + moi;
        let d2 = m2 * (square(lc2) + l1 * lc2 * cos2) + moi;
        let phi2 = m2 * lc2 * gravity * (theta1 + theta2 - PI / 2.0).cos();
        let phi1 = -m2 * l1 * lc2 * square(dtheta2) * sin2
            - 2.0 * m2 * l1 * lc2 * dtheta2 * dtheta1 * sin2
            + (m1 * lc1 + m2 * l1) * gravity * (theta1 - PI / 2.0).cos()
            + phi2;
        let force = if nips {
            torque + d2 / d1 * phi1 - phi2
        } else {
            torque + d2 / d1 * phi1 - m2 * l1 * lc2 * square(dtheta1) * sin2 - phi2
        };
        let ddtheta2 = force / (m2 * square(lc2) + moi - square(d2) / d1);
        let ddtheta1 = -(d2 * ddtheta2 + phi1) / d1;
        [dtheta1, dtheta2, ddtheta1, ddtheta2]
    }

    /// The state after a time `dt`, by the classic Runge-Kutta method of order 4.
    fn integrate(&self, y: [f64; 4], torque: f64, dt: f64) -> [f64; 4] {
        let ahead = |k: [f64; 4], h: f64| std::array::from_fn(|i| y[i] + h * k[i]);
        let k1 = self.derivative(y, torque);
        let k2 = self.derivative(ahead(k1, dt / 2.0), torque);
        let k3 = self.derivative(ahead(k2, dt / 2.0), torque);
        let k4 = self.derivative(ahead(k3, dt), torque);
        let sum = |i: usize| k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i];
        std::array::from_fn(|i| y[i] + dt / 6.0 * sum(i))
    }
}

/// The angle in `-PI ..= PI`.
fn wrap(mut angle: f64) -> f64 {
    // Only links of odd proportions turn this fast; the loops below would take for ever.
    if angle.abs() > 1e6 {
        angle %= 2.0 * PI;
    }
    while angle > PI {
        angle -= PI - -PI;
    }
    while angle < -PI {
        angle += PI - -PI;
    }
    angle
}

impl Env for Acrobot {
    fn observation_space(&self) -> Space {
        let high: Vec<f64> =
            [1.0, 1.0, 1.0, 1.0, MAX_VEL[0], MAX_VEL[1]].map(|x| x as f32 as f64).to_vec();
        let low = high.iter().map(|x| -x).collect();
        Space::Box(BoxSpace { low, high, shape: vec![6], dtype: Dtype::Float32 })
    }

    fn action_space(&self) -> Space {
        Space::discrete(3)
    }

    fn reset(&mut self, seed: Option<u64>, observation: &mut LaneMut<'_>) -> Result<(), EnvError> {
        let Now { state, rng } = &mut self.now;
        if let Some(seed) = seed {
            *rng = Generator::new(seed);
        }
        // gym keeps the start state in 32 bits and takes its sines in 32 bits too.
        let start: [f32; 4] = std::array::from_fn(|_| self.start.draw(rng) as f32);
        *state = start.map(f64::from);
        let [a, b, da, db] = start;
        let ((sin_a, cos_a), (sin_b, cos_b)) = (sin_cos_f32(a), sin_cos_f32(b));
        observation.f32(0).copy_from_slice(&[cos_a, sin_a, cos_b, sin_b, da, db]);
        Ok(())
    }

    fn step(&mut self, action: Lane<'_>, observation: &mut LaneMut<'_>) -> Result<Step, EnvError> {
        let Now { state, rng } = &mut self.now;
        let mut torque = match action.i64(0)[0] {
            0 => -1.0,
            1 => 0.0,
            2 => 1.0,
            other => return Err(bad_action(other, 3)),
        };
        if self.torque_noise_max > 0.0 {
            torque += rng.uniform(-self.torque_noise_max, self.torque_noise_max);
        }
        let [a, b, da, db] = self.links.integrate(*state, torque, self.dt);
        let [v1, v2] = MAX_VEL;
        *state = [wrap(a), wrap(b), da.clamp(-v1, v1), db.clamp(-v2, v2)];

        let [a, b, da, db] = *state;
        let terminated = -a.cos() - (b + a).cos() > 1.0;
        let values = [a.cos(), a.sin(), b.cos(), b.sin(), da, db].map(|x| x as f32);
        observation.f32(0).copy_from_slice(&values);
        let reward = if terminated { 0.0 } else { -1.0 };
        Ok(Step { reward, terminated, truncated: false })
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
        // What counts as high takes both links to be of length 1, whatever they weigh.
        let [a, b, ..] = self.now.state;
        let joint = [a.sin(), -a.cos()];
        let tip = [joint[0] + (a + b).sin(), joint[1] - (a + b).cos()];
        let mut drawing = Drawing::new([-2.3, 2.3], [-2.3, 2.3], options);
        drawing.line([[-2.3, 1.0], [2.3, 1.0]], 0.02, GOAL);
        drawing.line([[-0.3, 0.0], [0.3, 0.0]], 0.04, FAINT);
        drawing.line([[0.0, 0.0], joint], 0.18, BODY);
        drawing.line([joint, tip], 0.18, MOVING);
        for place in [[0.0, 0.0], joint] {
            drawing.disc(place, 0.05, INK);
        }
        Some(drawing.frame())
    }
}
