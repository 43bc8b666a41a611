//! The assembled program: which environments and agents it knows.

use tella_agents::AgentRegistry;
use tella_envs::Registry;

/// Everything a run may name. `main.rs` fills in the built-ins; a program that
/// embeds the harness adds resolvers of its own.
#[derive(Default)]
pub struct App {
    /// Environments by name.
    pub envs: Registry,
    /// Agents by name.
    pub agents: AgentRegistry,
}
