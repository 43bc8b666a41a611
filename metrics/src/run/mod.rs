//! The metrics of a run folder: those of each lifetime, and their means.

mod json;
mod layout;
mod table;

use crate::l2metrics::{About, Report, Settings, measure};
use crate::{Experiences, MetricsError};
use tella_events::{EventError, LifetimeLog, LifetimeState, RunFolder};

/// The metrics of all lifetimes of a run.
#[derive(Clone, Debug)]
pub struct RunMetrics {
    /// The name of the run's folder.
    pub run_id: String,
    /// How it was measured.
    pub settings: Settings,
    /// The lifetimes, by index.
    pub lifetimes: Vec<LifetimeMetrics>,
}

/// The metrics of one lifetime.
#[derive(Clone, Debug)]
pub struct LifetimeMetrics {
    /// Its index.
    pub lifetime_idx: u32,
    /// How it stands.
    pub state: LifetimeState,
    /// What its JSON says besides metrics.
    pub about: About,
    /// Its metrics, or why there are none (yet).
    pub outcome: Result<Report, MetricsError>,
}

/// Measures every lifetime of a run folder: finished, running or interrupted ones, as far
/// as their logs reach.
///
/// # Errors
///
/// Where a log cannot be read or is damaged. A lifetime that has nothing to measure
/// is no error: it says so itself.
pub fn measure_run(run: &RunFolder, settings: &Settings) -> Result<RunMetrics, EventError> {
    let name = run.dir().file_name().map(|name| name.to_string_lossy().into_owned());
    let run_id = name.unwrap_or_else(|| run.dir().display().to_string());
    let mut lifetimes = Vec::new();
    for lifetime_idx in run.lifetimes()? {
        let log = match LifetimeLog::open(run, lifetime_idx) {
            // Its folder is made, its log not yet begun.
            Err(EventError::NoLifetime { .. }) => continue,
            log => log?,
        };
        let said =
            |key: &str| run.info().extra.get(key).and_then(|v| v.as_str()).map(str::to_owned);
        lifetimes.push(LifetimeMetrics {
            lifetime_idx,
            state: log.status().state,
            about: About {
                run_id: run_id.clone(),
                complexity: said("complexity"),
                difficulty: said("difficulty"),
                scenario_type: Some(run.info().scenario_type.clone()),
            },
            outcome: measure(&Experiences::from(log.table()?), settings),
        });
    }
    Ok(RunMetrics { run_id, settings: settings.clone(), lifetimes })
}

impl RunMetrics {
    /// The lifetimes that could be measured.
    fn measured(&self) -> impl Iterator<Item = (u32, &Report)> {
        self.lifetimes.iter().filter_map(|l| Some((l.lifetime_idx, l.outcome.as_ref().ok()?)))
    }
}

/// The mean of what is there; `None` of nothing.
fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.into_iter().collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
