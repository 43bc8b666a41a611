//! Cohorts: the lifetimes of one agent, from one or several run folders, and their metrics.

mod json;
mod read;
mod summary;
mod table;

pub use crate::run::{Damaged, Place};
pub use read::{Cohort, Member};
pub use summary::{Absent, Sample, Summary};
pub(crate) use table::{interval, notes};

use crate::MetricsError;
use crate::definition::{Definition, Measured, Undefined};
use crate::l2metrics::Settings;
use crate::lifetime::{Experts, Scale, Scaled};
use crate::statistics::Bootstrap;
use crate::ste;
use crate::told::counted;
use std::collections::BTreeMap;

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
    /// The column that holds performance.
    pub perf_measure: String,
    /// The tasks that are learnt, and whether they have an expert.
    learnt: BTreeMap<String, bool>,
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
        perf_measure: settings.perf_measure.clone(),
        learnt: learnt(cohort, experts),
    };
    Ok(cohorts.iter().map(measures).collect())
}

impl Measures<'_> {
    /// The summary of each metric over the lifetimes.
    pub fn summaries(&self, bootstrap: &Bootstrap) -> Vec<Summary> {
        let of = |at| Summary::new(self.metrics[at], &self.sample(at), bootstrap);
        (0..self.metrics.len()).map(of).collect()
    }

    /// What a reader should know: what is odd about the logs, the data range or the store.
    pub fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> =
            self.cohort.lifetimes().flat_map(|life| life.notes.iter().cloned()).collect();
        notes.extend(self.scale.notes().iter().cloned());
        notes.extend(ste::partly(self.learnt.iter().map(|(task, has)| (task.as_str(), *has))));
        notes
    }

    /// How many complete experiences do not count, where there are any.
    pub fn without_value(&self) -> Option<String> {
        let without: usize = self.cohort.lifetimes().map(|life| life.missing.without_value).sum();
        let left_out = counted(without, "completed experience");
        let measure = &self.perf_measure;
        (without > 0).then(|| format!("{left_out} without a value of `{measure}` left out"))
    }
}

/// The tasks that a cohort learns, and whether they have an expert.
fn learnt(cohort: &Cohort, experts: &Experts) -> BTreeMap<String, bool> {
    let names = cohort.lifetimes().flat_map(|life| &life.tasks[..life.learnt]);
    names.map(|name| (name.clone(), !experts.runs(name).is_empty())).collect()
}
