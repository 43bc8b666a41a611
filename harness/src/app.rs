//! The assembled program: which environments and agents it knows.

use std::ffi::OsString;
use std::io;
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
    /// The command that lives one lifetime in a process of its own, to which the run
    /// folder and options are added; where empty, this program's `worker`.
    pub worker: Vec<OsString>,
}

impl App {
    /// The rooms that come with the program.
    pub fn builtin() -> Self {
        let mut agents = AgentRegistry::empty();
        agents.add(tella_agents::builtin());
        App { envs: Registry::builtin(), agents, worker: Vec::new() }
    }

    /// The worker command, filled in.
    pub fn worker_command(&self) -> io::Result<Vec<OsString>> {
        if !self.worker.is_empty() {
            return Ok(self.worker.clone());
        }
        Ok(vec![std::env::current_exe()?.into_os_string(), "worker".into()])
    }
}
