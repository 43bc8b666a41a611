//! The metrics of a run: those of each lifetime, and their means.

mod batches;
mod damaged;
mod json;
mod layout;
mod source;
mod table;
mod tsv;
mod variants;

pub use batches::{batches, schema};
pub use damaged::{Damaged, Place, Sound};
pub use layout::{layout, layout_whole};
pub use source::{About, Lifetime, Run};
pub use tsv::{lifetimes_tsv, regimes_tsv};
pub use variants::tuned_rows;

use crate::l2metrics::{Data, Report, Settings, measure, measure_with_data, wanted_experts};
use crate::ste::{Experts, SteError};
use crate::{Experiences, MetricsError};
use tella_events::{EventError, LifetimeState, RunFolder};

/// The metrics of all lifetimes of a run.
#[derive(Clone, Debug)]
pub struct RunMetrics {
    /// The name of the run's folder.
    pub run_id: String,
    /// How it was measured.
    pub settings: Settings,
    /// The lifetimes, by index.
    pub lifetimes: Vec<LifetimeMetrics>,
    /// Those whose logs are damaged.
    pub damaged: Vec<Damaged>,
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
/// as their logs reach; without experts.
///
/// # Errors
///
/// Where a log cannot be read. A lifetime that has nothing to measure is no error: it says so
/// itself; one whose log is damaged is among the damaged.
pub fn measure_run(run: &RunFolder, settings: &Settings) -> Result<RunMetrics, EventError> {
    let run = Run::of(run)?;
    let none = Experts::none();
    let measured: Result<Sound<LifetimeMetrics>, EventError> =
        run.read(|lifetime, log| Ok(LifetimeMetrics::new(lifetime, measure(log, &none, settings))));
    Ok(RunMetrics::new(&run, settings, measured?))
}

/// What is handed the rows of each lifetime that could be measured.
pub type DataSink<'a, E> = &'a mut dyn FnMut(&Lifetime, &Experiences, &Data) -> Result<(), E>;

/// Measures every lifetime of a run against the experts there are. `data` is handed the rows
/// of each lifetime that could be measured.
///
/// # Errors
///
/// As [`measure_run`]; where an expert cannot be read; what `data` says.
pub fn measure_against<E: From<EventError> + From<SteError>>(
    run: &Run,
    experts: &mut Experts,
    settings: &Settings,
    mut data: Option<DataSink<'_, E>>,
) -> Result<RunMetrics, E> {
    let measured: Result<Sound<LifetimeMetrics>, E> = run.read(|lifetime, log| {
        experts.load(&wanted_experts(log, settings, experts.names()))?;
        let outcome = match &mut data {
            None => measure(log, experts, settings),
            Some(sink) => match measure_with_data(log, experts, settings) {
                Ok((report, data)) => {
                    sink(lifetime, log, &data)?;
                    Ok(report)
                }
                Err(error) => Err(error),
            },
        };
        Ok(LifetimeMetrics::new(lifetime, outcome))
    });
    Ok(RunMetrics::new(run, settings, measured?))
}

impl LifetimeMetrics {
    fn new(lifetime: &Lifetime, mut outcome: Result<Report, MetricsError>) -> Self {
        if let (Ok(report), Some(fraction)) = (&mut outcome, lifetime.about.tune) {
            report.notes.push(format!(
                "the first {} % of the learning is marked for tuning (`tune`); these metrics are of the whole lifetime",
                100.0 * fraction
            ));
        }
        if let (Ok(report), true) = (&mut outcome, lifetime.state != LifetimeState::Complete) {
            report.notes.push(format!(
                "not lived to its end ({}); these metrics are of what its log holds",
                lifetime.state.as_str()
            ));
        }
        let Lifetime { lifetime_idx, state, about, .. } = lifetime;
        Self { lifetime_idx: *lifetime_idx, state: *state, about: about.clone(), outcome }
    }
}

impl RunMetrics {
    fn new(run: &Run, settings: &Settings, (lifetimes, damaged): Sound<LifetimeMetrics>) -> Self {
        Self { run_id: run.run_id.clone(), settings: settings.clone(), lifetimes, damaged }
    }

    /// The lifetimes that could be measured.
    pub fn measured(&self) -> impl Iterator<Item = (u32, &Report)> {
        self.lifetimes.iter().filter_map(|l| Some((l.lifetime_idx, l.outcome.as_ref().ok()?)))
    }
}

/// The mean of what is there; `None` of nothing.
fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.into_iter().collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}
