//! One lifetime in the calling thread, for a program that embeds the harness and hands over
//! an agent and environments that exist: nobody else can live it again.

use super::LifetimeReport;
use super::plan::{Plan, PlanError, PlanSpec};
use super::thread::live;
use crate::App;
use crate::engine::{Control, Request};
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tella_curricula::Document;
use tella_envs::Params;

const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// What such a lifetime is, besides its curriculum and the objects.
#[derive(Clone, Debug)]
pub struct LiveSpec {
    /// The agent's name in [`App::agents`].
    pub agent: String,
    /// The lifetime's own agent seed, for the log.
    pub agent_seed: Option<u64>,
    /// Its own curriculum seed, for the log.
    pub curriculum_seed: Option<u64>,
    /// Environments stepped together.
    pub num_envs: usize,
    /// An episode that takes more steps than this is taken for endless.
    pub max_episode_steps: u64,
    /// Whether the first environment is drawn.
    pub render: bool,
    /// Whether the log keeps transitions.
    pub transitions: bool,
    /// Deletes the run folder first, where it exists.
    pub force: bool,
}

/// Lives lifetime 0 of a run in the new folder `dir`. A fault that comes where `interrupted` says
/// so is the user's wish to stop.
pub fn live_here(
    app: Arc<App>,
    spec: LiveSpec,
    document: Document,
    dir: &Path,
    interrupted: &dyn Fn() -> bool,
) -> Result<LifetimeReport, PlanError> {
    let seeds = (spec.agent_seed, spec.curriculum_seed);
    let plan_spec = PlanSpec {
        agent: spec.agent,
        agent_config: Params::new(),
        agent_seed: 0,
        curriculum_seed: 0,
        num_envs: spec.num_envs,
        max_episode_steps: spec.max_episode_steps,
        overrides: Vec::new(),
        curriculum_config: None,
        transitions: spec.transitions,
    };
    let plan = Plan::create_live(app, plan_spec, document, dir, seeds, spec.force)?;
    let plan = plan.with_render(spec.render);
    let curriculum = plan.curriculum(0)?;
    let control = Control::default();
    let log = OnceLock::new();
    Ok(std::thread::scope(|scope| {
        let (over, is_over) = channel::<()>();
        let control = &control;
        scope.spawn(move || {
            while is_over.recv_timeout(FLUSH_EVERY) == Err(RecvTimeoutError::Timeout) {
                control.request(Request::Flush);
            }
        });
        let report = live(&plan, 0, &curriculum, control, &log, interrupted);
        drop(over);
        report
    }))
}
