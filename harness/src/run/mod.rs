//! A run: lifetimes side by side over one folder.
//!
//! `plan` is what a run is a function of, and how it is written to and read from
//! the run folder; `estimate` is what it takes and `disk` the room for it; `thread` and `process` are the two kinds of process isolation;
//! `supervise` watches over them; `live` is one lifetime in the calling thread; `state` is how a lifetime stands; `summary` is what is told at the end; `replay` reads what one
//! experience is simulated again from.

mod disk;
mod estimate;
mod live;
mod panics;
mod plan;
mod process;
mod progress;
mod replay;
mod signals;
mod state;
mod summary;
mod supervise;
mod thread;
mod verify;

pub use disk::{bytes, warning as disk_warning};
pub use estimate::{Estimate, Estimator};
pub use live::{LiveSpec, live_here};
#[cfg(libtorch)]
pub(crate) use panics::catch as catch_panic;
pub use plan::{Plan, PlanError, PlanSpec, planned};
pub use process::work;
pub use progress::{Display, Progress};
pub use replay::{Recording, RecordingError, explicit_curriculum};
pub use signals::Signals;
pub use state::State;
pub use summary::Summary;
pub use supervise::Supervision;
pub use thread::any_given_up;
pub use verify::{Verdict, verify};

use crate::App;
use crate::engine::{Fault, IsolationReport, Party};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use tella_curricula::Curriculum;

/// How a lifetime ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// The curriculum's end was met.
    Complete,
    /// It was asked to stop; it can be resumed.
    Interrupted,
    /// The disk is full; it can be resumed.
    DiskFull,
    /// The log is damaged.
    Corrupt,
    /// The log could not be written or read for another reason.
    LogError,
    /// Agent or environment failed.
    Fault,
    /// It was not lived here: another process is living it.
    Running,
}

impl End {
    /// The word for it, in JSON and in text.
    pub fn as_str(self) -> &'static str {
        match self {
            End::Complete => "complete",
            End::Interrupted => "interrupted",
            End::DiskFull => "disk-full",
            End::Corrupt => "corrupt",
            End::LogError => "log-error",
            End::Fault => "fault",
            End::Running => "running",
        }
    }
}

/// What is known of a lifetime that ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LifetimeReport {
    /// Its index.
    pub lifetime: u64,
    /// How it ended.
    pub end: End,
    /// Experiences logged.
    pub experiences: u64,
    /// Steps of all its environments, where it was lived in a thread of this process.
    #[serde(skip)]
    pub steps: u64,
    /// Hash of the log's content, where it is complete.
    pub content_hash: Option<String>,
    /// The fault, where there was one.
    pub fault: Option<Fault>,
    /// What else there is to say.
    pub message: Option<String>,
    /// What was seen of the agent in evaluation.
    pub isolation: IsolationReport,
}

impl LifetimeReport {
    /// The report of a lifetime of which nothing is known but how it ended.
    pub(crate) fn unseen(lifetime: u64, end: End) -> Self {
        LifetimeReport {
            lifetime,
            end,
            experiences: 0,
            steps: 0,
            content_hash: None,
            fault: None,
            message: None,
            isolation: IsolationReport::default(),
        }
    }

    /// One object: how it ended, and what there is to say.
    pub fn to_json(&self) -> Value {
        json!({
            "lifetime": self.lifetime, "status": self.end, "experiences": self.experiences,
            "content_hash": self.content_hash, "fault": self.fault, "message": self.message,
            "isolation": self.isolation,
        })
    }

    /// Whether the fault is this program's.
    pub fn is_bug(&self) -> bool {
        self.fault.as_ref().is_some_and(|f| f.party == Party::Harness)
    }
}

/// Process isolation: how lifetimes are kept apart. (Evaluation isolation, which keeps an agent
/// from changing in evaluation blocks, is the engine's.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Isolate {
    /// A thread of this process a lifetime.
    None,
    /// A process a lifetime.
    Process,
}

impl Isolate {
    /// What keeps lifetimes apart where nobody says: processes where the agent or an environment
    /// comes from outside.
    pub fn fitting(app: &App, agent: &str, curriculum: &Curriculum) -> Self {
        let mut variants = curriculum.variants();
        match app.agents.is_foreign(agent) || variants.any(|v| app.envs.is_foreign(&v.env)) {
            true => Isolate::Process,
            false => Isolate::None,
        }
    }
}

/// Ends this process now, whatever its threads are doing and without what libraries do at the end.
pub fn exit_at_once(code: u8) -> ! {
    signal_hook::low_level::exit(code.into())
}

/// Runs or resumes the given lifetimes of `plan`.
pub fn run(
    plan: &Arc<Plan>,
    lifetimes: &[u64],
    isolate: Isolate,
    how: Supervision,
    signals: &Signals,
    display: &mut Display,
) -> Result<Vec<LifetimeReport>, PlanError> {
    let lifetimes = lifetimes.iter().copied();
    match isolate {
        Isolate::None => supervise::supervise(lifetimes, how, signals, display, |i, sender| {
            thread::start(Arc::clone(plan), i, sender)
        }),
        Isolate::Process => supervise::supervise(lifetimes, how, signals, display, |i, sender| {
            process::start(plan, i, how, sender)
        }),
    }
}
