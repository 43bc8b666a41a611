//! One name in the catalog: what there is to know about it, and how it is made.

use super::env::{MiniGrid, Rules};
use super::given::Given;
use super::observe::{self, Chosen, Described, Image, Observer};
use super::task::Task;
use super::world::Setup;
use crate::params::resolve;
use crate::{
    EnvError, EnvSpec, Lanes, ParamError, ParamSpec, ParamValue, Params, VecEnv, bool_param,
    int_param,
};

/// A named environment.
pub(super) struct Entry {
    name: &'static str,
    summary: String,
    params: Vec<ParamSpec>,
    ready: MakeReady,
}

/// Turns complete parameters, each in its own range, into what can be made, or says
/// which of them does not go with the others.
type MakeReady = Box<dyn Fn(&Params) -> Result<Ready, ParamError> + Send + Sync>;

/// An environment whose own parameters are read; those that all share are not.
struct Ready {
    /// With `max_steps` and `see_through_walls` as they are where none are given.
    setup: Setup,
    make: Make,
}

/// Makes a batch: a world's setup, number of lanes, number of threads.
type Make = Box<dyn FnOnce(Setup, usize, usize) -> Box<dyn VecEnv>>;

impl Ready {
    fn new<T: Task, O: Observer>(
        name: &'static str,
        rules: Rules,
        setup: Setup,
        actions: usize,
        task: T,
        observer: O,
    ) -> Ready {
        let make = move |setup, lanes, threads| -> Box<dyn VecEnv> {
            let env = MiniGrid::new(name, rules, setup, actions, task, observer);
            Box::new(Lanes::new(lanes, threads, || env.clone()))
        };
        Ready { setup, make: Box::new(make) }
    }
}

/// TELLA's tasks leave out `Done`.
const TELLA_ACTIONS: usize = 6;

/// Longest episode that may be asked for.
const MAX_STEPS: i64 = 1_000_000_000;

impl Entry {
    /// One of TELLA's M21 tasks: the agent's view alone, six actions, gym-minigrid's
    /// rules, and no parameters of its own.
    pub(super) fn tella<T: Task>(
        name: &'static str,
        summary: String,
        setup: Setup,
        task: T,
    ) -> Entry {
        let ready = move |_: &Params| {
            let task = task.clone();
            Ok(Ready::new(name, Rules::GymMinigrid, setup, TELLA_ACTIONS, task, Image))
        };
        let params = vec![max_steps_spec(setup.max_steps)];
        Entry { name, summary, params, ready: Box::new(ready) }
    }

    /// An environment of minigrid as it is registered there: view, direction and
    /// mission unless another observation is chosen, and the first `actions` of the
    /// seven actions. `level` makes a task and its setup from the environment's own
    /// `params`. Those that all share come on top: what the agent is shown
    /// ([`observe::specs`]), and `max_steps` and `see_through_walls` with their
    /// defaults from that setup.
    pub(super) fn minigrid<T: Task>(
        name: &'static str,
        summary: String,
        mut params: Vec<ParamSpec>,
        actions: usize,
        level: impl Fn(&Given<'_>) -> Result<(Setup, T), ParamError> + Send + Sync + 'static,
    ) -> Entry {
        let ready = move |params: &Params| {
            let (setup, task) = level(&Given(params))?;
            let rules = Rules::Minigrid;
            Ok(match observe::choose(&Given(params), &setup)? {
                Chosen::Described => Ready::new(name, rules, setup, actions, task, Described),
                Chosen::Image => Ready::new(name, rules, setup, actions, task, Image),
                Chosen::Other(shown) => Ready::new(name, rules, setup, actions, task, shown),
            })
        };
        params.extend(observe::specs());
        let defaults = resolve(&params, &Params::new()).expect("nothing given, nothing wrong");
        let Setup { max_steps, see_through_walls, .. } =
            ready(&defaults).expect("the defaults make a level").setup;
        let help = "Whether walls and closed doors leave the view free";
        params.push(max_steps_spec(max_steps));
        params.push(ParamSpec::bool("see_through_walls", see_through_walls, help));
        Entry { name, summary, params, ready: Box::new(ready) }
    }

    /// The name.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// What is known without making one.
    pub(super) fn spec(&self) -> EnvSpec {
        let (summary, params) = (self.summary.clone(), self.params.clone());
        EnvSpec { name: self.name.into(), summary, params, continuing: false }
    }

    /// Complete parameters. `max_steps` is where none is given what the level's other
    /// parameters make it.
    pub(super) fn resolve_params(&self, given: &Params) -> Result<Params, Vec<ParamError>> {
        let mut params = resolve(&self.params, given)?;
        let ready = (self.ready)(&params).map_err(|error| vec![error])?;
        if !given.contains_key("max_steps") {
            params.insert("max_steps".into(), ParamValue::Int(ready.setup.max_steps.into()));
        }
        Ok(params)
    }

    /// A batch of `lanes` environments, stepped by `threads` threads.
    pub(super) fn make(
        &self,
        params: &Params,
        lanes: usize,
        threads: usize,
    ) -> Result<Box<dyn VecEnv>, EnvError> {
        let wrong = |what: String| EnvError(format!("{}: {what}", self.name));
        let Ready { mut setup, make } = (self.ready)(params).map_err(|e| wrong(e.to_string()))?;
        let steps = int_param(params, "max_steps")?;
        setup.max_steps = u32::try_from(steps)
            .map_err(|_| wrong(format!("parameter `max_steps`: {steps} is no number of steps")))?;
        if params.contains_key("see_through_walls") {
            setup.see_through_walls = bool_param(params, "see_through_walls")?;
        }
        Ok(make(setup, lanes, threads))
    }
}

fn max_steps_spec(default: u32) -> ParamSpec {
    let help = "Steps after which an episode is cut; success pays 1 - 0.9 * steps / max_steps";
    ParamSpec::int("max_steps", default.into(), 1, MAX_STEPS, help)
}
