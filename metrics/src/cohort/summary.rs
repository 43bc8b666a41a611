//! One metric over the lifetimes of a cohort.

use super::{Measures, Place};
use crate::definition::{Definition, Measured};
use crate::statistics::{Bootstrap, Caution, Estimate, Scores, Statistic, Stratum, caution};
use std::collections::BTreeMap;
use tella_events::LifetimeState;

/// A metric's values over lifetimes, and the lifetimes without one.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// The member, its stratum, and its value.
    pub values: Vec<(usize, usize, f64)>,
    /// The lifetimes that do not count.
    pub absent: Vec<Absent>,
}

/// A lifetime that does not count, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Absent {
    /// The lifetime.
    #[serde(flatten)]
    pub place: Place,
    /// Why.
    pub reason: String,
}

impl Sample {
    /// The values as scores, a stratum a curriculum.
    pub fn scores(&self) -> Scores {
        let mut strata: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for (_, stratum, value) in &self.values {
            strata.entry(*stratum).or_default().push(*value);
        }
        Scores::new(strata.into_values().map(Stratum::of_lifetimes))
    }
}

impl Measures<'_> {
    /// The values of the metric at this place in the list, of the lifetimes that were
    /// lived to their end.
    pub fn sample(&self, metric: usize) -> Sample {
        self.sample_of(|measured| measured[metric].value.clone().map_err(|why| why.to_string()))
    }

    /// The values of a task.
    pub fn sample_of_task(&self, metric: usize, task: &str) -> Sample {
        self.sample_of(|measured| {
            let found = measured[metric].tasks.iter().find(|(name, _)| name == task);
            let value = found.ok_or("the task is not in the log".to_owned())?;
            value.1.clone().map_err(|why| why.to_string())
        })
    }

    fn sample_of(&self, value: impl Fn(&[Measured]) -> Result<f64, String>) -> Sample {
        let mut curricula: Vec<(&str, &str)> = Vec::new();
        let mut sample = Sample::default();
        for (at, (member, measured)) in self.cohort.members.iter().zip(&self.measured).enumerate() {
            let value = match member.state {
                LifetimeState::Complete => value(measured),
                state => Err(format!("not lived to its end ({})", state.as_str())),
            };
            let curriculum = (member.curriculum.as_str(), member.curriculum_text.as_str());
            let stratum = curricula.iter().position(|c| *c == curriculum).unwrap_or_else(|| {
                curricula.push(curriculum);
                curricula.len() - 1
            });
            match value {
                Ok(value) => sample.values.push((at, stratum, value)),
                Err(reason) => sample.absent.push(Absent { place: member.place.clone(), reason }),
            }
        }
        sample
    }
}

/// A metric over lifetimes: aggregates with intervals, and who does not count.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The metric.
    pub metric: &'static Definition,
    /// The number of lifetimes with a value.
    pub lifetimes: usize,
    /// Its statistics, where any lifetime has a value.
    pub statistics: Vec<(Statistic, Estimate)>,
    /// The lifetimes that do not count.
    pub absent: Vec<Absent>,
    /// What must be said of so few.
    pub caution: Option<Caution>,
}

impl Summary {
    /// Aggregates a sample.
    pub(crate) fn new(metric: &'static Definition, sample: &Sample, bootstrap: &Bootstrap) -> Self {
        let mut statistics = vec![Statistic::Mean, Statistic::Median, Statistic::Iqm];
        let gap = metric.unit.optimum().map(|optimum| Statistic::OptimalityGap { optimum });
        statistics.extend(gap);
        let scores = sample.scores();
        let estimates = match scores.is_empty() {
            true => Vec::new(),
            false => bootstrap.estimates(&scores, &statistics),
        };
        Self {
            metric,
            lifetimes: sample.values.len(),
            statistics: statistics.into_iter().zip(estimates).collect(),
            absent: sample.absent.clone(),
            caution: caution(sample.values.len()),
        }
    }

    /// An estimate by the statistic's key.
    pub fn get(&self, key: &str) -> Option<&Estimate> {
        self.statistics.iter().find(|(statistic, _)| statistic.key() == key).map(|(_, e)| e)
    }
}
