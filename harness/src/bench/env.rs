//! The speed of a raw batch: no agent, no log, no curriculum.

use super::cpu;
use serde::Serialize;
use std::time::{Duration, Instant};
use tella_envs::{Batch, EnvFault, Reset, StepBatch, VecEnv};
use tella_rng::Generator;

/// Batches of random actions, drawn beforehand and taken in turn. A prime number, so
/// that no environment whose episodes have an even length meets its actions in step.
const DRAWN: usize = 61;

/// How fast a raw batch was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EnvRate {
    /// Steps of single environments.
    pub steps: u64,
    /// Episodes that ended, each with a reset, those of the turn before the clock
    /// starts among them.
    pub episodes: u64,
    /// Time on the clock.
    pub seconds: f64,
    /// Processor time of all threads.
    pub cpu_seconds: f64,
    /// Steps of single environments a second on the clock.
    pub steps_per_second: f64,
}

/// Steps `envs` with random actions for about `time`, and resets what ends.
///
/// Observations are written; actions were drawn beforehand. The first reset of
/// environment `i` has the seed `i`, later ones go on in its stream.
pub fn env_rate(envs: &mut dyn VecEnv, time: Duration) -> Result<EnvRate, EnvFault> {
    let lanes = envs.num_envs();
    let actions = draw_actions(envs);
    let active = vec![true; lanes];
    let mut out = StepBatch::new(envs.observation_space(), lanes);
    let first = |lane| Reset { lane, seed: Some(lane as u64) };
    let resets: Vec<Reset> = (0..lanes).map(first).collect();
    envs.reset_all(&resets, &mut out.observations)?;
    let mut episodes = 0;
    let mut turn = || -> Result<(), EnvFault> {
        for actions in &actions {
            episodes += envs.step_and_reset(actions, &active, &mut out)? as u64;
        }
        Ok(())
    };
    turn()?;
    let (started, spent) = (Instant::now(), cpu::spent());
    let mut turns = 0;
    let elapsed = loop {
        turn()?;
        turns += 1;
        let elapsed = started.elapsed();
        if elapsed >= time {
            break elapsed.as_secs_f64();
        }
    };
    let steps = (turns * DRAWN * lanes) as u64;
    Ok(EnvRate {
        steps,
        episodes,
        seconds: elapsed,
        cpu_seconds: (cpu::spent() - spent).as_secs_f64(),
        steps_per_second: steps as f64 / elapsed,
    })
}

fn draw_actions(envs: &dyn VecEnv) -> Vec<Batch> {
    let (space, lanes) = (envs.action_space(), envs.num_envs());
    let mut rng = Generator::new(0);
    let draw = |_| {
        let mut actions = Batch::new(space, lanes);
        for lane in 0..lanes {
            space.sample(&mut rng, &mut actions.lane_mut(lane));
        }
        actions
    };
    (0..DRAWN).map(draw).collect()
}
