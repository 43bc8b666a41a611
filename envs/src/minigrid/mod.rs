//! Grid worlds: MiniGrid's engine and the tasks on it.
//!
//! A [`World`] is a [`Grid`] of [`Cell`]s with an agent in it, a random stream,
//! and the rules that all tasks share. A [`Task`] makes levels in it and says
//! what counts there. An [`Observer`] says what of it the agent is shown. The
//! three together are a [`MiniGrid`], which is an [`Env`](crate::Env).
//!
//! Tasks under `MiniGrid-` ids equal minigrid 3.2.0 on Gymnasium 1.4.0, tasks
//! under TELLA's class names (the 18 variants of its M21 curricula) equal TELLA
//! 2.1.0 on gym-minigrid 1.0.3 and gym 0.23.1, step for step: the random draws and
//! their order, the observations, the rewards, the ends. TELLA's variants show the
//! agent's view alone and take six actions. The two originals share their rules
//! but for [`Rules`].
//!
//! Since a draw more or less changes every level after it, code that draws
//! follows upstream's order even where another would be simpler.

mod cell;
mod entry;
mod env;
mod given;
mod grid;
mod no_level;
mod observe;
mod place;
mod position;
mod render;
mod rooms;
mod task;
mod tasks;
mod text;
mod view;
mod world;

pub use cell::{Cell, Color, DoorState, Kind};
pub use env::{MiniGrid, Rules};
pub use grid::Grid;
pub use no_level::NoLevel;
pub use observe::{Described, Image, Observer};
pub use place::ANY_TRIES;
pub use position::{Area, Direction, Pos};
pub use rooms::Rooms;
pub use task::Task;
pub use view::{MAX_VIEW_SIZE, VIEW_BYTES, VIEW_SIZE, view_bytes, write_view, write_view_of_size};
pub use world::{Action, Outcome, Setup, World};

use crate::{EnvCollection, EnvError, EnvResolver, EnvSpec, ParamError, Params, VecEnv, int_param};

/// Resolves the names of grid worlds.
#[derive(Clone, Copy, Debug, Default)]
pub struct GridWorlds;

impl EnvResolver for GridWorlds {
    fn specs(&self) -> Vec<EnvSpec> {
        tasks::entries().iter().map(|e| e.spec()).collect()
    }

    fn collection(&self) -> Option<EnvCollection> {
        const SHARED: &[&str] =
            &["observation", "agent_view_size", "tile_size", "max_steps", "see_through_walls"];
        Some(EnvCollection { key: "minigrid", shared: SHARED, families: tasks::FAMILIES })
    }

    fn spec(&self, name: &str) -> Option<EnvSpec> {
        tasks::entry(name).map(|e| e.spec())
    }

    fn resolve_params(&self, name: &str, given: &Params) -> Result<Params, Vec<ParamError>> {
        match tasks::entry(name) {
            Some(entry) => entry.resolve_params(given),
            None => Err(Vec::new()),
        }
    }

    fn episode_limit(&self, _: &str, params: &Params) -> Option<u64> {
        int_param(params, "max_steps").ok()?.try_into().ok()
    }

    fn make(
        &self,
        name: &str,
        params: &Params,
        lanes: usize,
        threads: usize,
    ) -> Result<Box<dyn VecEnv>, EnvError> {
        match tasks::entry(name) {
            Some(entry) => entry.make(params, lanes, threads),
            None => Err(EnvError(format!("no grid world is called `{name}`"))),
        }
    }
}
