//! A study: what is reported on. Its sides are read from run folders and L2Logger
//! scenarios, each once.

mod about;
mod course;
mod side;
mod tasks;

pub use about::{About, LifetimeAbout, Planned};
pub use course::{Course, Span};
pub use side::{Row, Sample, Side};
pub use tasks::Task;

use crate::ReportError;
use std::path::PathBuf;
use tella_metrics::Definition;
use tella_metrics::cohort::Damaged;
use tella_metrics::l2metrics::Settings;
use tella_metrics::lifetime::Experts;
use tella_metrics::statistics::Bootstrap;
use tella_metrics::ste;

/// What a report is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The folders of each side.
    pub sides: Vec<Vec<PathBuf>>,
    /// The metrics that are told.
    pub metrics: Vec<&'static Definition>,
    /// The metrics that sides are compared in.
    pub compared: Vec<&'static Definition>,
    /// How to measure.
    pub settings: Settings,
    /// The single-task experts to measure against.
    pub store: ste::Experts,
    /// How intervals are made.
    pub bootstrap: Bootstrap,
}

/// What is reported on.
#[derive(Clone, Debug)]
pub struct Study {
    /// The sides: an agent each, as a rule.
    pub sides: Vec<Side>,
    /// The tasks of all sides.
    pub tasks: Vec<Task>,
    /// The single-task experts.
    pub experts: Experts,
    /// What was asked for.
    pub request: Request,
}

impl Study {
    /// Reads all that a request names.
    ///
    /// # Errors
    ///
    /// Where a folder cannot be read, or no side has a lifetime that can be measured: what is
    /// damaged, where that is why.
    pub fn read(mut request: Request) -> Result<Self, ReportError> {
        // Reads the whole store, so that each lifetime finds its tasks' experts loaded.
        let mut experts = Experts::read(&mut request.store, &request.settings)?;
        let mut sides = Vec::new();
        for dirs in &request.sides {
            sides.push(Side::read(dirs, &request)?);
        }
        side::name_apart(&mut sides);
        if sides.iter().all(|side| side.cohort.lifetimes().next().is_none()) {
            let damaged = sides.iter().flat_map(|side| &side.cohort.damaged);
            let damaged: Vec<Damaged> = damaged.cloned().collect();
            if !damaged.is_empty() {
                return Err(ReportError::Damaged(damaged));
            }
            let why = sides.iter().find_map(Side::why_nothing);
            return Err(ReportError::Nothing(why.unwrap_or_else(|| "no lifetime".to_owned())));
        }
        tasks::add_own_experts(&mut experts, &sides);
        let tasks = Task::of(&sides);
        Ok(Self { sides, tasks, experts, request })
    }

    /// The task of a name, whatever its case.
    pub fn task(&self, name: &str) -> Option<&Task> {
        let lower = name.to_lowercase();
        self.tasks.iter().find(|task| task.name == name || task.name.to_lowercase() == lower)
    }

    /// Whether sides are set beside each other.
    pub fn compares(&self) -> bool {
        self.sides.len() > 1
    }
}
