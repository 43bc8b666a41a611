//! Environments written for the crate `gymnasium-rs`, as tella sees environments.

use gymnasium_rs::core::{Env as Theirs, Space as TheirSpace};
use ndarray::Array1;
use std::collections::HashMap;
use std::marker::PhantomData;
use tella_envs::wrappers::{LastStep, TimeLimit};
use tella_envs::{
    BoxSpace, Dtype, Env, EnvError, EnvResolver, EnvSpec, Lane, LaneMut, Lanes, ParamSpec, Params,
    Space, Step, VecEnv, int_param,
};

/// One environment of that crate under a name. Its observations are vectors, its actions `A`.
pub struct GymnasiumRs<F, A> {
    pub name: &'static str,
    pub summary: &'static str,
    pub make: F,
    pub actions: PhantomData<fn() -> A>,
}

/// What an action is made from.
pub trait Action: Send + 'static {
    fn read(lane: Lane<'_>) -> Self;
}

impl Action for i32 {
    fn read(lane: Lane<'_>) -> Self {
        lane.i64(0)[0] as i32
    }
}

impl Action for Array1<f32> {
    fn read(lane: Lane<'_>) -> Self {
        lane.f32(0).to_vec().into()
    }
}

struct Ours<E, A> {
    env: E,
    seeded: bool,
    actions: PhantomData<fn() -> A>,
}

fn space(theirs: TheirSpace) -> Space {
    match theirs {
        TheirSpace::Discrete(n) => Space::discrete(n.into()),
        TheirSpace::Box { low, high } => {
            let bounds = |bound: &Array1<f32>| bound.iter().map(|x| f64::from(*x)).collect();
            let (shape, dtype) = (vec![low.len()], Dtype::Float32);
            Space::Box(BoxSpace { low: bounds(&low), high: bounds(&high), shape, dtype })
        }
    }
}

impl<E: Theirs<Array1<f32>, A> + Send, A: Action> Env for Ours<E, A> {
    fn observation_space(&self) -> Space {
        space(self.env.observation_space())
    }

    fn action_space(&self) -> Space {
        space(self.env.action_space())
    }

    fn reset(&mut self, seed: Option<u64>, observation: &mut LaneMut<'_>) -> Result<(), EnvError> {
        // Their seeds have 32 bits; unseeded they take one from the system, which no run may.
        let seed = seed.or((!self.seeded).then_some(0)).map(|s| (s ^ (s >> 32)) as i32);
        self.seeded = true;
        let (values, _) = self.env.reset(seed, HashMap::new());
        observation.f32(0).copy_from_slice(&values.to_vec());
        Ok(())
    }

    fn step(&mut self, action: Lane<'_>, observation: &mut LaneMut<'_>) -> Result<Step, EnvError> {
        let (values, reward, terminated, truncated, _) = self.env.step(A::read(action));
        observation.f32(0).copy_from_slice(&values.to_vec());
        Ok(Step { reward: reward.into(), terminated, truncated })
    }
}

impl<F, E, A: Action> EnvResolver for GymnasiumRs<F, A>
where
    F: Fn() -> E + Send + Sync,
    E: Theirs<Array1<f32>, A> + Send + 'static,
{
    fn specs(&self) -> Vec<EnvSpec> {
        let help = "Steps after which an episode is cut";
        let params = vec![ParamSpec::int("max_episode_steps", 500, 1, 1_000_000, help)];
        let (name, summary) = (self.name.into(), self.summary.into());
        vec![EnvSpec { name, summary, params, continuing: false }]
    }

    fn make(&self, _: &str, given: &Params, n: usize, threads: usize) -> Made {
        let limit = int_param(given, "max_episode_steps")? as u64;
        let ours = || Ours { env: (self.make)(), seeded: false, actions: PhantomData };
        let limited = || TimeLimit::new(ours(), limit, LastStep::BothEnds);
        Ok(Box::new(Lanes::new(n, threads, limited)))
    }
}

type Made = Result<Box<dyn VecEnv>, EnvError>;
