//! Environments: what a task runs on.
//!
//! This room holds spaces ([`Space`]), one environment ([`Env`]), a batch of
//! environments stepped together ([`VecEnv`]), the wrappers around them, the
//! native environments themselves and the catalog of their names and
//! parameters ([`Registry`]).
//!
//! What must stay out: curricula, agents, logs. An environment knows nothing
//! of blocks, tasks or who is acting; it draws from its own random stream and
//! from nothing else.

mod batch;
mod builtin;
pub mod classic;
mod counted;
mod env;
mod family;
pub mod forager;
mod frame;
pub mod mad;
pub mod minigrid;
mod nearest;
mod params;
mod registry;
mod space;
mod state;
mod team;
pub mod trace;
mod varying;
mod vector;
pub mod wrappers;

pub use batch::{Batch, Lane, LaneMut, Layout, Leaf, LeafLayout, LeafMut, LeafRef};
pub use counted::counted;
pub use env::{Env, EnvError, Step};
pub use family::{EnvCollection, EnvFamily};
pub use frame::{Frame, RenderOptions};
pub use nearest::nearest;
pub use params::{
    Draw, Drift, ParamError, ParamKind, ParamSchedule, ParamSource, ParamSources, ParamSpec,
    ParamValue, Params, SourceProblem, bool_param, fixed_params, float_param, int_param,
    parse as parse_params, resolve as resolve_params, text_param,
};
pub use registry::{Catalog, EnvResolver, EnvSpec, Registry};
pub use space::{BoxSpace, Dtype, Space, ValueError};
pub use varying::{MakeLane, Varying};
pub use vector::{EnvFault, Lanes, Reset, StepBatch, VecEnv};
