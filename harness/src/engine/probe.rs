//! How long a variant's episodes and steps take, found by living a few at random.

use super::make::{episode_limit, make_envs};
use super::seeding::episode_seed;
use crate::App;
use std::time::Instant;
use tella_curricula::TaskVariant;
use tella_envs::{Batch, EnvError, StepBatch};
use tella_rng::Generator;

/// Most episodes lived, and most steps.
const EPISODES: u64 = 5;
const STEPS: u64 = 1000;

/// What was found of a variant. The lengths are the same every time, the times are not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probe {
    /// Mean length of an episode in steps, no more than the limit that ends all of them;
    /// where none ended, that limit, or the steps that were tried.
    pub steps_per_episode: f64,
    /// Seconds that a step of one environment takes.
    pub seconds_per_step: f64,
}

/// Lives a few episodes of `variant` with random actions in one environment.
pub fn probe(app: &App, variant: &TaskVariant) -> Result<Probe, EnvError> {
    let mut envs = make_envs(app, variant, 1, 1)?;
    let mut chooser = Generator::new(variant.seed);
    let mut actions = Batch::new(envs.action_space(), 1);
    let mut out = StepBatch::new(envs.observation_space(), 1);
    let action_space = envs.action_space().clone();
    let began = Instant::now();
    let (mut episodes, mut steps) = (0, 0);
    while episodes < EPISODES && steps < STEPS {
        envs.begin_episode(0, episodes).map_err(|fault| fault.error)?;
        let seed = episode_seed(variant.seed, episodes);
        envs.reset(0, Some(seed), &mut out.observations).map_err(|fault| fault.error)?;
        let mut ended = false;
        while !ended && steps < STEPS {
            action_space.sample(&mut chooser, &mut actions.lane_mut(0));
            envs.step(&actions, &[true], &mut out).map_err(|fault| fault.error)?;
            ended = out.terminated[0] || out.truncated[0];
            steps += 1;
        }
        episodes += u64::from(ended);
    }
    let tried = steps as f64;
    let limit = episode_limit(app, variant).map(|limit| limit as f64);
    let steps_per_episode = match episodes {
        0 => limit.unwrap_or(tried),
        // The last one may not have ended.
        n => (tried / n as f64).min(limit.unwrap_or(f64::INFINITY)),
    };
    Ok(Probe { steps_per_episode, seconds_per_step: began.elapsed().as_secs_f64() / steps as f64 })
}
