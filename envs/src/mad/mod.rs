//! The six synthetic tasks of mechanistic architecture design (MAD; Poli et al. 2024), which
//! tell sequence models apart: as examples, and as environments in which an example is an episode.
//!
//! A [`Task`] has settings, an [`Examples`] draws its [`Example`]s, an [`Oracle`] solves them as
//! well as they can be solved. [`Rules::MadLab`] draws what the generator of mad-lab
//! (athms/mad-lab, commit 0f49a452) draws for the same seed; [`Rules::Corrected`], the default,
//! draws tasks that are what they are described to be. Where the two differ, the task's file says how.
//!
//! What both share, since it makes the tasks what they are: inputs and targets of the recalls are
//! one sequence, shifted by a position; a training example has every next token for a target, a
//! test example only those that can be known.

mod benchmark;
mod compression;
mod copying;
mod env;
mod example;
mod families;
mod fuzzy;
mod memorization;
mod noise;
mod oracle;
mod recall;
mod settings;
mod task;

pub use benchmark::{BenchmarkSetting, TEST_EXAMPLES, benchmark};
pub use env::TokenTask;
pub use example::{Example, Examples, IGNORED, Rules, Split};
pub use oracle::Oracle;
pub use task::{TASKS, Task};

use crate::params::resolve;
use crate::{
    EnvCollection, EnvError, EnvResolver, EnvSpec, Lanes, ParamError, ParamSpec, Params, VecEnv,
    int_param, nearest,
};

/// The settings of the task `name` with their defaults and ranges.
pub fn settings(name: &str) -> Option<Vec<ParamSpec>> {
    settings::of(name)
}

/// The task whose name lies nearest.
pub fn nearest_task(name: &str) -> Option<&'static str> {
    nearest(name, TASKS)
}

/// Name of the parameter for the spaces' size.
const TOKENS: &str = "tokens";

/// Resolves the names of the tasks' environments.
#[derive(Clone, Copy, Debug, Default)]
pub struct MadTasks;

impl EnvResolver for MadTasks {
    fn specs(&self) -> Vec<EnvSpec> {
        families::ENVS.iter().map(spec).collect()
    }

    fn collection(&self) -> Option<EnvCollection> {
        Some(EnvCollection { key: "mad", shared: &[TOKENS], families: families::FAMILIES })
    }

    fn resolve_params(&self, name: &str, given: &Params) -> Result<Params, Vec<ParamError>> {
        let specs = self.spec(name).map(|spec| spec.params).unwrap_or_default();
        let params = resolve(&specs, given)?;
        let Some(task) = families::task_of(name) else { return Ok(params) };
        let task = Task::new(task, &params, Rules::Corrected)?;
        match tokens(&task, &params) {
            Ok(_) => Ok(params),
            Err(error) => Err(vec![error]),
        }
    }

    fn episode_limit(&self, name: &str, params: &Params) -> Option<u64> {
        let task = Task::new(families::task_of(name)?, params, Rules::Corrected).ok()?;
        Some(TokenTask::steps(&task) as u64)
    }

    fn make(
        &self,
        name: &str,
        params: &Params,
        lanes: usize,
        threads: usize,
    ) -> Result<Box<dyn VecEnv>, EnvError> {
        let wrong = |error: &ParamError| EnvError(format!("{name}: {error}"));
        let task = families::task_of(name)
            .ok_or_else(|| EnvError(format!("no task of MAD is called `{name}`")))?;
        let task = Task::new(task, params, Rules::Corrected).map_err(|found| wrong(&found[0]))?;
        let tokens = tokens(&task, params).map_err(|error| wrong(&error))?;
        let env = TokenTask::new(task, tokens);
        Ok(Box::new(Lanes::new(lanes, threads, || env.clone())))
    }
}

fn spec((name, task, summary): &(&str, &str, &str)) -> EnvSpec {
    let help = "Tokens of both spaces, of which the task uses the first; 0: `vocab_size`";
    let tokens = ParamSpec::int(TOKENS, 0, 0, settings::MOST_TOKENS, help);
    let params = settings::of(task).into_iter().flatten().chain([tokens]).collect();
    EnvSpec { name: (*name).into(), summary: (*summary).into(), params, continuing: false }
}

/// The size of the spaces.
fn tokens(task: &Task, params: &Params) -> Result<i64, ParamError> {
    let invalid = |message: String| ParamError::invalid(TOKENS, message);
    match int_param(params, TOKENS).map_err(|error| invalid(error.to_string()))? {
        0 => Ok(task.vocab_size()),
        n if n < task.vocab_size() => Err(invalid(format!(
            "expected at least `vocab_size`, which is {}, or 0, found {n}",
            task.vocab_size()
        ))),
        n => Ok(n),
    }
}
