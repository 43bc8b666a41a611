//! Agents: what lives through a curriculum.
//!
//! This room holds the [`Agent`] trait (TELLA's eight hooks, batch first), the
//! contract by which an agent's state is saved, restored and compared, the
//! resolvers by which agents are found, and the small built-in agents, one
//! readable file each.
//!
//! `builtin/` has the agents, `representation/` how they tell states apart.
//!
//! What must stay out: the log, the curriculum, the engine. An agent sees
//! observations, rewards and, where the curriculum shows them, task labels.

mod agent;
mod builtin;
mod registry;
mod representation;
mod state;

pub use agent::{Agent, AgentError, AgentState, Transitions};
pub use builtin::{Builtin, builtin};
pub use registry::{
    AgentInit, AgentRegistry, AgentResolver, AgentSpec, CONFIG_FILE, resolve_config,
};
