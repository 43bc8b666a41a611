//! Cutting outliers: each task's values to its 10% and 90% quantiles, or to a given range.

use super::experts::CurvesByTask;
use super::numpy::quantile;
use super::preprocess::TaskRows;
use super::settings::DataRange;
use crate::MetricsError;
use std::collections::BTreeMap;

/// Cuts the values of every task, and those of its experts, in place. The quantiles are those
/// of both together.
pub(crate) fn clamp(
    perf: &mut [f64],
    experts: &mut CurvesByTask,
    rows: &TaskRows,
    given: Option<&BTreeMap<String, DataRange>>,
) -> Result<(), MetricsError> {
    for (task, experts) in experts.iter_mut().enumerate() {
        let (low, high) = match given {
            Some(ranges) => {
                let range = rows.range_of(task, ranges)?;
                (range.min, range.max)
            }
            None => {
                let mut sorted: Vec<f64> = rows.of(task).map(|row| perf[row]).collect();
                sorted.extend(experts.iter().flat_map(|expert| &expert.perf));
                sorted.sort_unstable_by(f64::total_cmp);
                (quantile(&sorted, 0.1), quantile(&sorted, 0.9))
            }
        };
        // As `numpy.clip`: where the bounds are crossed, the upper one wins.
        let cut = |value: &mut f64| *value = value.max(low).min(high);
        rows.of(task).for_each(|row| cut(&mut perf[row]));
        let name = &rows.tasks()[task];
        // Experts of another task that were taken for this one's are not cut.
        let own = experts.iter_mut().filter(|expert| expert.task == *name);
        own.flat_map(|expert| &mut expert.perf).for_each(cut);
    }
    Ok(())
}
