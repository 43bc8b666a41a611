//! Classic control: the small environments that every library of the field has,
//! under Gymnasium's ids. One file an environment.

mod acrobot;
mod cartpole;
mod libm;
mod mountain_car;
mod state;

pub use acrobot::Acrobot;
pub use cartpole::CartPole;
pub use mountain_car::MountainCar;

use crate::wrappers::TimeLimit;
use crate::{Env, EnvError, EnvResolver, EnvSpec, Lanes, ParamSpec, Params, VecEnv, int_param};

/// Resolves the ids of classic control.
#[derive(Clone, Copy, Debug, Default)]
pub struct Classic;

const MAX_EPISODE_STEPS: &str = "max_episode_steps";

impl EnvResolver for Classic {
    fn specs(&self) -> Vec<EnvSpec> {
        let cartpole = "Balance a pole on a cart by pushing the cart left or right";
        let car = "Drive an under-powered car out of a valley by building up momentum";
        let acrobot = "Swing a two-link pendulum up by torque at the joint between the links";
        vec![
            spec("CartPole-v0", cartpole, 200, CartPole::params()),
            spec("CartPole-v1", cartpole, 500, CartPole::params()),
            spec("MountainCar-v0", car, 200, MountainCar::params()),
            spec("Acrobot-v1", acrobot, 500, Acrobot::params()),
        ]
    }

    fn make(
        &self,
        name: &str,
        params: &Params,
        lanes: usize,
        threads: usize,
    ) -> Result<Box<dyn VecEnv>, EnvError> {
        match name {
            "CartPole-v0" | "CartPole-v1" => {
                limited(CartPole::new(params)?, params, lanes, threads)
            }
            "MountainCar-v0" => limited(MountainCar::new(params)?, params, lanes, threads),
            "Acrobot-v1" => limited(Acrobot::new(params)?, params, lanes, threads),
            _ => Err(EnvError(format!("classic control has no `{name}`"))),
        }
    }
}

fn spec(name: &str, summary: &str, limit: i64, params: Vec<ParamSpec>) -> EnvSpec {
    let help = "Steps after which an episode is cut";
    let limit = ParamSpec::int(MAX_EPISODE_STEPS, limit, 1, i64::MAX, help);
    let params = [limit].into_iter().chain(params).collect();
    EnvSpec { name: name.into(), summary: summary.into(), params, continuing: false }
}

/// A batch of copies of `env`, each under a time limit.
fn limited<E: Env + Clone + 'static>(
    env: E,
    params: &Params,
    lanes: usize,
    threads: usize,
) -> Result<Box<dyn VecEnv>, EnvError> {
    let limit = int_param(params, MAX_EPISODE_STEPS)?.max(1) as u64;
    Ok(Box::new(Lanes::new(lanes, threads, || TimeLimit::new(env.clone(), limit))))
}
