//! Why there is no report.

use std::path::PathBuf;
use tella_events::EventError;
use tella_metrics::MetricsError;
use tella_metrics::cohort::Damaged;
use tella_metrics::ste::SteError;

/// What keeps a report from being made. A lifetime that cannot be measured is no error: the
/// report says so.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A run folder, its log, or a file that was to be written.
    #[error(transparent)]
    Event(#[from] EventError),
    /// The store of experts.
    #[error(transparent)]
    Ste(#[from] SteError),
    /// The settings do not fit.
    #[error(transparent)]
    Settings(#[from] MetricsError),
    /// All lifetimes there are to report on are damaged.
    #[error("{}", .0.iter().map(Damaged::to_string).collect::<Vec<_>>().join("\n"))]
    Damaged(Vec<Damaged>),
    /// There is nothing to report on.
    #[error("{0}")]
    Nothing(String),
    /// Something lies where the report was to go.
    #[error("{} {what}", path.display())]
    InTheWay {
        /// Where.
        path: PathBuf,
        /// What lies there.
        what: &'static str,
    },
    /// A figure or a table that cannot be turned into a file.
    #[error("{name}: {why}")]
    Encode {
        /// Which.
        name: String,
        /// Why.
        why: String,
    },
}
