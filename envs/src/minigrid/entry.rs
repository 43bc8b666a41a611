//! One name in the catalog: what there is to know about it, and how it is made.

use super::env::MiniGrid;
use super::observe::{Described, Image, Observer};
use super::task::Task;
use super::world::Setup;
use crate::{EnvError, EnvSpec, Lanes, ParamSpec, Params, VecEnv, int_param};

/// Makes a batch: a world's setup, number of lanes, number of threads.
type Make = Box<dyn Fn(Setup, usize, usize) -> Box<dyn VecEnv>>;

/// A named environment.
pub(super) struct Entry {
    name: &'static str,
    summary: String,
    setup: Setup,
    make: Make,
}

/// TELLA's tasks leave out `Done`.
const TELLA_ACTIONS: usize = 6;

/// Longest episode that may be asked for.
const MAX_STEPS: i64 = 1_000_000_000;

impl Entry {
    /// One of TELLA's M21 tasks: the agent's view alone, and six actions.
    pub(super) fn tella<T: Task>(
        name: &'static str,
        summary: String,
        setup: Setup,
        task: T,
    ) -> Entry {
        Entry::new::<T, Image>(name, summary, setup, TELLA_ACTIONS, task)
    }

    /// An environment of gym-minigrid as it is registered there: view, direction
    /// and mission, and the first `actions` of the seven actions.
    pub(super) fn plain<T: Task>(
        name: &'static str,
        summary: String,
        setup: Setup,
        actions: usize,
        task: T,
    ) -> Entry {
        Entry::new::<T, Described>(name, summary, setup, actions, task)
    }

    fn new<T: Task, O: Observer>(
        name: &'static str,
        summary: String,
        setup: Setup,
        actions: usize,
        task: T,
    ) -> Entry {
        let make = move |setup, lanes, threads| -> Box<dyn VecEnv> {
            let env = MiniGrid::<T, O>::new(name, setup, actions, task.clone());
            Box::new(Lanes::new(lanes, threads, || env.clone()))
        };
        Entry { name, summary, setup, make: Box::new(make) }
    }

    /// The name.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// What is known without making one.
    pub(super) fn spec(&self) -> EnvSpec {
        let help = "Steps after which an episode is cut; success pays 1 - 0.9 * steps / max_steps";
        let default = i64::from(self.setup.max_steps);
        let max_steps = ParamSpec::int("max_steps", default, 1, MAX_STEPS, help);
        EnvSpec {
            name: self.name.into(),
            summary: self.summary.clone(),
            params: vec![max_steps],
            continuing: false,
        }
    }

    /// A batch of `lanes` environments, stepped by `threads` threads.
    pub(super) fn make(
        &self,
        params: &Params,
        lanes: usize,
        threads: usize,
    ) -> Result<Box<dyn VecEnv>, EnvError> {
        let steps = int_param(params, "max_steps")?;
        let max_steps = u32::try_from(steps)
            .map_err(|_| EnvError(format!("{}: max_steps is {steps}", self.name)))?;
        Ok((self.make)(Setup { max_steps, ..self.setup }, lanes, threads))
    }
}
