//! Cohorts: the lifetimes of one agent, from one or several run folders, and their metrics.

mod json;
mod read;
mod summary;
mod table;

pub use read::{Cohort, Member, Place};
pub use summary::{Absent, Sample, Summary};
pub(crate) use table::{interval, notes};

use crate::MetricsError;
use crate::definition::{Definition, Measured, Undefined};
use crate::l2metrics::Settings;
use crate::lifetime::{Experts, Scale, Scaled};
use crate::statistics::Bootstrap;

/// The metrics of a cohort's lifetimes.
#[derive(Clone, Debug)]
pub struct Measures<'a> {
    /// The lifetimes.
    pub cohort: &'a Cohort,
    /// What was measured.
    pub metrics: Vec<&'static Definition>,
    /// The scale it was measured on.
    pub scale: Scale,
    /// For each lifetime, what each metric says of it.
    pub measured: Vec<Vec<Measured>>,
}

/// Measures cohorts on one scale, so that they can be compared.
///
/// # Errors
///
/// Where the data range that the settings give does not fit.
pub fn measure<'a>(
    cohorts: &[&'a Cohort],
    metrics: &[&'static Definition],
    experts: &Experts,
    settings: &Settings,
) -> Result<Vec<Measures<'a>>, MetricsError> {
    let lifetimes = cohorts.iter().flat_map(|cohort| cohort.lifetimes());
    let scale = Scale::over(lifetimes, experts, settings)?;
    let of_member = |member: &Member| -> Vec<Measured> {
        let lifetime = match &member.lifetime {
            Ok(lifetime) => lifetime,
            Err(error) => {
                let reason = Undefined::from(error.to_string());
                let none = || Measured::of_lifetime(Err(reason.clone()));
                return metrics.iter().map(|_| none()).collect();
            }
        };
        let mut scaled = Scaled::new(lifetime, &scale, experts);
        scaled.l2metrics = member.l2metrics.as_ref();
        let measure = |metric: &&'static Definition| {
            let of_log = member.added.iter().find(|(added, _)| std::ptr::eq(*added, *metric));
            of_log.map_or_else(|| (metric.measure)(&scaled), |(_, measured)| measured.clone())
        };
        metrics.iter().map(measure).collect()
    };
    let measures = |cohort: &&'a Cohort| Measures {
        cohort,
        metrics: metrics.to_vec(),
        scale: scale.clone(),
        measured: cohort.members.iter().map(of_member).collect(),
    };
    Ok(cohorts.iter().map(measures).collect())
}

impl Measures<'_> {
    /// The summary of each metric over the lifetimes.
    pub fn summaries(&self, bootstrap: &Bootstrap) -> Vec<Summary> {
        let of = |at| Summary::new(self.metrics[at], &self.sample(at), bootstrap);
        (0..self.metrics.len()).map(of).collect()
    }
}
