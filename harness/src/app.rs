//! The assembled program: which environments and agents it knows.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use tella_agents::AgentRegistry;
use tella_curricula::{CurriculumError, Document, load_with};
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
    /// What a lifetime's thread does around all of it, where agents or environments want it.
    pub around_lifetime: Option<Around>,
    /// Curricula handed over as texts, by what stands for each where a command names a curriculum;
    /// in messages that is the name of its file.
    pub curricula: BTreeMap<String, String>,
    /// Whether the user wants it to stop, asked many times a second in the thread that called,
    /// where signals are minded by the program that embeds this one.
    pub interrupted: Option<Asks>,
    /// Lives lifetimes on a cluster's machines, where the program knows how to.
    pub cluster: Option<Cluster>,
}

/// A question.
pub type Asks = Box<dyn Fn() -> bool + Send + Sync>;

/// Lifetimes to live on a cluster. Their run folders are made.
#[derive(Clone, Debug)]
pub struct ClusterWork {
    /// The cluster; where none is named, the one at hand.
    pub address: Option<String>,
    /// Run folders and lifetimes of them.
    pub lifetimes: Vec<(PathBuf, u64)>,
    /// Options of `tella resume`.
    pub options: Vec<String>,
    /// Processors that a lifetime takes.
    pub num_cpus: f64,
    /// GPUs that a lifetime takes; may be a fraction.
    pub num_gpus: f64,
    /// How often a lifetime whose worker died is gone on with.
    pub retries: u64,
}

/// What came of lifetimes on a cluster. Those that ended lie in their run folders.
#[derive(Clone, Debug, Default)]
pub struct ClusterEnd {
    /// Those that could not be lived.
    pub failures: Vec<ClusterFailure>,
    /// The signal by which the user stopped it, where one came.
    pub signal: Option<i32>,
}

/// A lifetime that a cluster could not live.
#[derive(Clone, Debug)]
pub struct ClusterFailure {
    /// Its run folder.
    pub run: PathBuf,
    /// Its index.
    pub lifetime: u64,
    /// The exit code of `tella resume` there, where it came to one.
    pub exit: Option<u8>,
    /// What went wrong.
    pub message: String,
}

impl ClusterEnd {
    /// What went wrong with a lifetime.
    pub fn failure(&self, run: &Path, lifetime: u64) -> Option<&ClusterFailure> {
        let run = std::path::absolute(run).unwrap_or_else(|_| run.to_owned());
        self.failures.iter().find(|failed| failed.lifetime == lifetime && failed.run == run)
    }
}

/// Lives lifetimes elsewhere and returns once each has ended, or a signal has come. An error where
/// there is no such cluster.
pub type Cluster = Box<dyn Fn(ClusterWork) -> Result<ClusterEnd, String> + Send + Sync>;

/// Calls what it is given, once.
pub type Around = Box<dyn Fn(&mut (dyn FnMut() + Send)) + Send + Sync>;

impl App {
    /// The rooms that come with the program.
    pub fn builtin() -> Self {
        let mut agents = AgentRegistry::empty();
        agents.add(tella_agents::builtin());
        agents.add(tella_nn::agents::Neural);
        App { envs: Registry::builtin(), agents, ..App::default() }
    }

    /// The curriculum that was handed over, of the library or in the file of this name, with
    /// overrides.
    pub(crate) fn curriculum(
        &self,
        name: &str,
        overrides: &[String],
    ) -> Result<Document, CurriculumError> {
        match self.curricula.get(name) {
            Some(text) => Ok(Document::with_overrides(text, name, overrides)?),
            None => load_with(name, overrides),
        }
    }

    /// Calls `live` as a lifetime's thread is to be called.
    pub(crate) fn around_lifetime<T: Send>(&self, live: impl FnOnce() -> T + Send) -> Option<T> {
        let (mut live, mut lived) = (Some(live), None);
        let mut once = || lived = live.take().map(|live| live());
        match &self.around_lifetime {
            Some(around) => around(&mut once),
            None => once(),
        }
        lived
    }

    /// The worker command, filled in.
    pub fn worker_command(&self) -> io::Result<Vec<OsString>> {
        if !self.worker.is_empty() {
            return Ok(self.worker.clone());
        }
        Ok(vec![std::env::current_exe()?.into_os_string(), "worker".into()])
    }
}
