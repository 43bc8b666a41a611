//! One environment's records, replayed and compared.

use crate::records::{Record, Records, Start};
use std::collections::BTreeSet;
use tella_envs::{Batch, Catalog, Params, Registry, StepBatch, VecEnv};

/// How an episode ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    /// Terminated with a positive reward.
    Success,
    /// Terminated with reward 0.
    Failure,
    /// Terminated with a negative reward.
    Penalty,
    /// Cut at `max_steps`.
    Timeout,
    /// Terminated and cut in the same step.
    Both,
}

/// An environment to compare.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// Its name.
    pub(crate) name: String,
    /// Parameters that are not the default.
    pub(crate) params: Params,
}

/// What a replay came to.
#[derive(Debug, Default)]
pub(crate) struct Played {
    /// Steps compared.
    pub(crate) steps: u64,
    /// Ways of ending that were seen.
    pub(crate) ends: BTreeSet<End>,
    /// The first difference of each run that has one.
    pub(crate) differences: Vec<String>,
}

/// An environment as it is replayed.
struct Side {
    env: Box<dyn VecEnv>,
    actions: Batch,
    out: StepBatch,
    /// The leaf of the observation that is the image.
    image: usize,
}

/// Replays the records of `job`, whose runs began with `seeds`.
pub(crate) fn replay(job: &Job, seeds: &[u64], records: Records<'_>) -> Played {
    let registry = Registry::builtin();
    let params = registry.resolve_params(&job.name, &job.params).unwrap();
    let env = registry.make(&job.name, &params, 1, 1).unwrap();
    let actions = Batch::new(env.action_space(), 1);
    let out = StepBatch::new(env.observation_space(), 1);
    let image = out.observations.layout().leaves.len() / 2;
    let mut side = Side { env, actions, out, image };

    let (mut played, mut run, mut step, mut differs) = (Played::default(), None, 0, false);
    for record in records {
        if record.start == Start::Seeded {
            let next = run.map_or(0, |run| run + 1);
            (run, step, differs) = (Some(next), 0, false);
        }
        if differs {
            continue;
        }
        let run = run.expect("records begin with a seeded reset");
        // The last seed may be played twice, the second time with care.
        let seed = seeds[run.min(seeds.len() - 1)];
        let place = format!("{} {:?}, run {run} (seed {seed}), step {step}", job.name, job.params);
        if let Err(difference) = side.follow(&record, seed, &mut played.ends) {
            played.differences.push(format!("{place}: {difference}"));
            differs = true;
        }
        if record.start == Start::Step {
            step += 1;
            played.steps += 1;
        }
    }
    assert!(run.is_some_and(|run| run + 1 >= seeds.len()), "{}: a run for every seed", job.name);
    played
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, ours: T, theirs: T) -> Result<(), String> {
    if ours == theirs { Ok(()) } else { Err(format!("{what} is {ours:?}, not {theirs:?}")) }
}

impl Side {
    /// Does what the record tells and compares what comes of it.
    fn follow(
        &mut self,
        record: &Record,
        seed: u64,
        ends: &mut BTreeSet<End>,
    ) -> Result<(), String> {
        match record.start {
            Start::Step => {
                self.actions.lane_mut(0).i64(0)[0] = record.action.into();
                self.env.step(&self.actions, &[true], &mut self.out).map_err(|e| e.to_string())?;
                let out = &self.out;
                let (reward, terminated, truncated) =
                    (out.rewards[0], out.terminated[0], out.truncated[0]);
                same("reward", reward.to_bits(), record.reward.to_bits())?;
                match record.terminated_truncated {
                    Some(theirs) => {
                        same("(terminated, truncated)", (terminated, truncated), theirs)?
                    }
                    None => same("done", terminated || truncated, record.done)?,
                }
                ends.extend(match (terminated, truncated) {
                    (true, true) => Some(End::Both),
                    (false, true) => Some(End::Timeout),
                    (true, false) if reward > 0.0 => Some(End::Success),
                    (true, false) if reward < 0.0 => Some(End::Penalty),
                    (true, false) => Some(End::Failure),
                    (false, false) => None,
                });
            }
            Start::Seeded | Start::Unseeded => {
                let seed = (record.start == Start::Seeded).then_some(seed);
                self.env.reset(0, seed, &mut self.out.observations).map_err(|e| e.to_string())?;
            }
        }
        let seen = self.out.observations.lane(0);
        same("image", seen.u8(self.image), record.image)?;
        if self.image == 1 {
            same("direction", seen.i64(0), &[i64::from(record.direction)])?;
            same("mission", seen.text(2)[0].as_str(), record.mission)?;
        }
        if !record.grid.is_empty() {
            same("grid", self.env.render(0).as_deref(), Some(record.grid))?;
        }
        Ok(())
    }
}
