//! The MAD benchmark: architectures on tasks and settings, each with several learning rates and weight decays, in
//! a folder that can be gone on with.
//!
//! A [`Plan`] is what was asked for, written down first (`mad.json`). [`run`] lives its trials one after
//! another, each ending as a file; [`Results`] are what all of them came to, as tables and as a page.

mod folder;
mod plan;
mod published;
mod results;
mod run;
mod sheet;
mod spearman;
mod tables;

pub use folder::{Folder, FolderError, Trial};
pub use plan::{Architecture, Plan, TaskSetting, Unit};
pub use results::{Agreement, Results, TaskScore};
pub use run::{BenchmarkError, Ended, check, run};
