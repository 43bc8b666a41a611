//! Classic control: the small environments that every library of the field has,
//! under Gymnasium's ids. One file an environment.
//!
//! Each equals gym 0.23.1's or Gymnasium 1.4.0's, as its parameter `library` says, bit for
//! bit. Where the two differ in their numbers the environment's file says how; besides,
//! all differ in what they say of a last step that is terminal by itself.

mod acrobot;
mod cartpole;
mod drawing;
mod libm;
mod library;
mod mountain_car;
mod mountain_car_continuous;
mod pendulum;
mod start;
mod valley;

pub use acrobot::Acrobot;
pub use cartpole::CartPole;
pub use libm::{Power, Product, Square};
pub use mountain_car::MountainCar;
pub use mountain_car_continuous::MountainCarContinuous;
pub use pendulum::Pendulum;

use crate::params::resolve;
use crate::wrappers::{LastStep, TimeLimit};
use crate::{
    Env, EnvCollection, EnvError, EnvFamily, EnvResolver, EnvSpec, Lanes, ParamError, ParamSpec,
    Params, VecEnv, int_param,
};
use library::Library;
use start::Start;

/// Resolves the ids of classic control.
#[derive(Clone, Copy, Debug, Default)]
pub struct Classic;

const MAX_EPISODE_STEPS: &str = "max_episode_steps";

impl EnvResolver for Classic {
    fn specs(&self) -> Vec<EnvSpec> {
        let cartpole = "Balance a pole on a cart by pushing the cart left or right";
        let car = "Drive an under-powered car out of a valley by building up momentum";
        let throttle = "Drive an under-powered car out of a valley with a throttle, sparingly";
        let pendulum = "Swing a pendulum up by a torque and hold it upright";
        let acrobot = "Swing a two-link pendulum up by torque at the joint between the links";
        vec![
            spec("CartPole-v0", cartpole, 200, CartPole::<Power>::params()),
            spec("CartPole-v1", cartpole, 500, CartPole::<Power>::params()),
            spec("MountainCar-v0", car, 200, MountainCar::params()),
            spec("MountainCarContinuous-v0", throttle, 999, MountainCarContinuous::params()),
            spec("Pendulum-v1", pendulum, 200, Pendulum::params()),
            spec("Acrobot-v1", acrobot, 500, Acrobot::params()),
        ]
    }

    fn collection(&self) -> Option<EnvCollection> {
        const FAMILIES: &[&EnvFamily] = &[
            &cartpole::FAMILY,
            &mountain_car::FAMILY,
            &mountain_car_continuous::FAMILY,
            &pendulum::FAMILY,
            &acrobot::FAMILY,
        ];
        let shared = &["library", MAX_EPISODE_STEPS];
        Some(EnvCollection { key: "classic-control", shared, families: FAMILIES })
    }

    fn resolve_params(&self, name: &str, given: &Params) -> Result<Params, Vec<ParamError>> {
        let specs = self.spec(name).map(|s| s.params).unwrap_or_default();
        let params = resolve(&specs, given)?;
        match Start::contradiction(&params) {
            Some(error) => Err(vec![error]),
            None => Ok(params),
        }
    }

    fn episode_limit(&self, _: &str, params: &Params) -> Option<u64> {
        int_param(params, MAX_EPISODE_STEPS).ok()?.try_into().ok()
    }

    fn make(
        &self,
        name: &str,
        params: &Params,
        lanes: usize,
        threads: usize,
    ) -> Result<Box<dyn VecEnv>, EnvError> {
        let library = Library::chosen(params)?;
        let batch = Copies { params, library, lanes, threads };
        match name {
            "CartPole-v0" | "CartPole-v1" => match library {
                Library::Gym => batch.of(CartPole::<Power>::new(params, f32::MAX.into())?),
                Library::Gymnasium => batch.of(CartPole::<Product>::new(params, f64::INFINITY)?),
            },
            "MountainCar-v0" => batch.of(MountainCar::new(params)?),
            "MountainCarContinuous-v0" => batch.of(MountainCarContinuous::new(params, library)?),
            "Pendulum-v1" => batch.of(Pendulum::new(params, library)?),
            "Acrobot-v1" => batch.of(Acrobot::new(params)?),
            _ => Err(EnvError(format!("classic control has no `{name}`"))),
        }
    }
}

fn spec(name: &str, summary: &str, limit: i64, params: Vec<ParamSpec>) -> EnvSpec {
    let help = "Steps after which an episode is cut";
    let limit = ParamSpec::int(MAX_EPISODE_STEPS, limit, 1, i64::MAX, help);
    let params = [limit, Library::param()].into_iter().chain(params).collect();
    EnvSpec { name: name.into(), summary: summary.into(), params, continuing: false }
}

/// What a batch is made with besides its environment.
struct Copies<'a> {
    params: &'a Params,
    library: Library,
    lanes: usize,
    threads: usize,
}

impl Copies<'_> {
    /// A batch of copies of `env`, each under a time limit.
    fn of<E: Env + Clone + 'static>(self, env: E) -> Result<Box<dyn VecEnv>, EnvError> {
        let limit = int_param(self.params, MAX_EPISODE_STEPS)?.max(1) as u64;
        let last_step = match self.library {
            Library::Gym => LastStep::OneEnd,
            Library::Gymnasium => LastStep::BothEnds,
        };
        let make = || TimeLimit::new(env.clone(), limit, last_step);
        Ok(Box::new(Lanes::new(self.lanes, self.threads, make)))
    }
}
