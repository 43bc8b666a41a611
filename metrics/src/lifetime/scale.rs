//! The scale that performance is measured on: each task's range from 0 to 1.

use super::{Experts, Lifetime, curve};
use crate::l2metrics::{DataRange, Normalization, Settings};
use crate::{MetricsError, ranges};
use std::collections::BTreeMap;

/// The range of each task's performance.
///
/// It is found over all lifetimes that are looked at together (all lifetimes of a run, all
/// of both sides of a comparison) and over their experts: a range of each lifetime's own
/// would make a lifetime that learns nothing look like one that learns everything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scale {
    /// `None`: performance as it is in the log.
    ranges: Option<BTreeMap<String, DataRange>>,
    /// What is odd about the ranges that were given.
    notes: Vec<String>,
}

impl Scale {
    /// The scale for these lifetimes, as the settings say: `normalization_method` `task`, a
    /// range for each task; `run`, one range for all; `none`, no scale; and `data_range`
    /// in place of what is found. Smoothed learning curves and evaluations' means count.
    ///
    /// # Errors
    ///
    /// Where the data range that was given leaves out a task, or a range is too wide for
    /// floating point.
    pub fn over<'a>(
        lifetimes: impl IntoIterator<Item = &'a Lifetime>,
        experts: &Experts,
        settings: &Settings,
    ) -> Result<Self, MetricsError> {
        if settings.normalization_method == Normalization::None {
            return Ok(Self::default());
        }
        let mut ranges = BTreeMap::new();
        for lifetime in lifetimes {
            for (task, name) in lifetime.tasks.iter().enumerate() {
                let own = || lifetime.stretches_of(task);
                let learning = own().flat_map(|s| lifetime.smooth[s.rows.clone()].iter().copied());
                let evaluations = lifetime.evaluations[task].iter().map(|e| e.mean);
                widen(&mut ranges, name, learning.chain(evaluations));
                if !ranges.contains_key(name) {
                    continue;
                }
                for run in experts.runs(name) {
                    let run = curve::smoothed(run, std::iter::once(0..run.len()));
                    widen(&mut ranges, name, run.into_iter());
                }
            }
        }
        let mut notes = Vec::new();
        if let Some(given) = &settings.data_range {
            notes = ranges::notes(given, ranges.iter().map(|(task, r)| (task.as_str(), *r)));
            for (name, range) in &mut ranges {
                *range = given_range(given, name)?;
            }
        }
        if settings.normalization_method == Normalization::Run {
            let all = ranges
                .values()
                .copied()
                .reduce(|a, b| DataRange { min: a.min.min(b.min), max: a.max.max(b.max) });
            ranges.values_mut().zip(all.into_iter().cycle()).for_each(|(range, all)| *range = all);
        }
        match ranges.iter().find(|(_, range)| !(range.max - range.min).is_finite()) {
            Some((task, DataRange { min, max })) => {
                Err(MetricsError::RangeTooWide { task: task.clone(), min: *min, max: *max })
            }
            None => Ok(Self { ranges: Some(ranges), notes }),
        }
    }

    /// Performance is left as it is in the log.
    pub fn is_raw(&self) -> bool {
        self.ranges.is_none()
    }

    /// What is odd about the ranges that were given.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The ranges by task; `None` where performance is left as it is.
    pub fn ranges(&self) -> Option<&BTreeMap<String, DataRange>> {
        self.ranges.as_ref()
    }

    /// A value of a task on the scale. Where the range is empty every value is 0.
    pub(crate) fn apply(&self, task: &str, value: f64) -> f64 {
        let Some(ranges) = &self.ranges else { return value };
        let Some(DataRange { min, max }) = ranges.get(task) else { return 0.0 };
        let width = max - min;
        // What is left of a constant after smoothing is rounding, not performance.
        if width <= curve::REACHED * min.abs().max(max.abs()) {
            return 0.0;
        }
        (value - min) / width
    }
}

fn widen(ranges: &mut BTreeMap<String, DataRange>, task: &str, values: impl Iterator<Item = f64>) {
    for value in values {
        match ranges.get_mut(task) {
            Some(range) => {
                range.min = range.min.min(value);
                range.max = range.max.max(value);
            }
            None => {
                ranges.insert(task.to_owned(), DataRange { min: value, max: value });
            }
        }
    }
}

/// The entry of a task, whatever its case.
fn given_range(given: &BTreeMap<String, DataRange>, task: &str) -> Result<DataRange, MetricsError> {
    let same = |(name, _): &(&String, &DataRange)| name.to_lowercase() == task.to_lowercase();
    given.iter().find(same).map(|(_, range)| *range).ok_or_else(|| MetricsError::NoDataRange {
        task: task.to_owned(),
        tasks: given.keys().cloned().collect::<Vec<_>>().join(", "),
    })
}

#[cfg(test)]
mod tests {
    use super::super::worked::lifetime;
    use super::*;

    fn scale(settings: &Settings) -> Result<Scale, MetricsError> {
        let (a, b) = (lifetime("e x=2 | l x 4 | e x=4 y=7"), lifetime("e x=0 | l x 1 | e y=7"));
        Scale::over([&a, &b], &Experts::default(), settings)
    }

    #[test]
    fn a_range_spans_all_lifetimes() {
        let scale = scale(&Settings::default()).unwrap();
        assert_eq!(scale.apply("x", 1.0), 0.25);
        // A constant task is at the bottom of its scale.
        assert_eq!(scale.apply("y", 7.0), 0.0);
        assert!(!scale.is_raw());
    }

    #[test]
    fn settings_choose_the_range() {
        let run = Settings { normalization_method: Normalization::Run, ..Settings::default() };
        assert_eq!(scale(&run).unwrap().apply("y", 7.0), 1.0);
        let none = Settings { normalization_method: Normalization::None, ..Settings::default() };
        assert_eq!(scale(&none).unwrap().apply("y", 7.0), 7.0);
        let range = |min, max| DataRange { min, max };
        let given = BTreeMap::from([("X".to_owned(), range(0.0, 8.0))]);
        let given = Settings { data_range: Some(given), ..Settings::default() };
        let error = scale(&given).unwrap_err().to_string();
        assert_eq!(error, "the data range has no entry for task `y` (it has: X)");
    }

    #[test]
    fn a_range_too_wide_is_refused() {
        let life = lifetime("e x=-1e308 | l x 1 | e x=1e308");
        let error = Scale::over([&life], &Experts::default(), &Settings::default()).unwrap_err();
        assert!(matches!(error, MetricsError::RangeTooWide { .. }));
    }
}
