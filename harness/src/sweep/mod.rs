//! A sweep: the runs of a grid, each in a folder of its own below one folder.
//!
//! What is left to do is read from the folders, so that the same sweep can be begun again at
//! any time, by any number of processes: `standing` says how a lifetime stands, `live` lives those that
//! are left, and `index` is the file that says which folder is which run.

mod index;
mod live;
mod standing;

pub use live::{Ended, Unit};
pub use standing::Standing;

use crate::App;
use crate::run::{Isolate, Plan, PlanError, PlanSpec};
use std::path::PathBuf;
use std::sync::Arc;
use tella_curricula::{Cell, Document};
use tella_events::RunFolder;

/// One run of a sweep.
pub struct SweepRun {
    /// Its place in the grid; its folder has the cell's name.
    pub cell: Cell,
    /// What it is a function of.
    pub spec: PlanSpec,
    /// Its curriculum, which runs may share.
    pub document: Arc<Document>,
    /// What keeps its lifetimes apart.
    pub isolation: Isolate,
}

/// The runs of a grid below one folder.
pub struct Sweep {
    /// Environments and agents by name.
    pub app: Arc<App>,
    /// The folder.
    pub dir: PathBuf,
    /// What the grid says it is for.
    pub description: Option<String>,
    /// The runs, in the grid's order.
    pub runs: Vec<SweepRun>,
    /// Lifetimes of each.
    pub lifetimes: u64,
    /// Threads that step a lifetime's environments.
    pub threads: usize,
}

impl Sweep {
    /// The folder of a run.
    pub fn run_dir(&self, run: &SweepRun) -> PathBuf {
        self.dir.join(&run.cell.name)
    }

    /// The plan of a run, whose folder is made where it is not there.
    pub fn plan(&self, run: &SweepRun) -> Result<Plan, PlanError> {
        let (app, spec) = (Arc::clone(&self.app), run.spec.clone());
        let document = Document::clone(&run.document);
        let plan = Plan::join(app, spec, document, &self.run_dir(run), 0..self.lifetimes)?;
        Ok(plan.with_threads(self.threads))
    }

    /// Fails where a folder that is there holds another run than the grid has.
    pub fn check_folders(&self) -> Result<(), PlanError> {
        for run in &self.runs {
            if RunFolder::open(self.run_dir(run)).is_ok() {
                self.plan(run)?;
            }
        }
        Ok(())
    }

    /// How the lifetimes of each run stand.
    pub fn standings(&self) -> Vec<Vec<Standing>> {
        self.runs.iter().map(|run| Standing::of_run(&self.run_dir(run), self.lifetimes)).collect()
    }
}
