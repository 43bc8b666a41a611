//! Cutting outliers: each task's values to its 10% and 90% quantiles, or to a given range.

use super::numpy::quantile;
use super::preprocess::TaskRows;
use super::settings::DataRange;
use crate::MetricsError;
use std::collections::BTreeMap;

/// Cuts the values of every task in place.
pub(crate) fn clamp(
    perf: &mut [f64],
    rows: &TaskRows,
    given: Option<&BTreeMap<String, DataRange>>,
) -> Result<(), MetricsError> {
    for task in 0..rows.tasks().len() {
        let (low, high) = match given {
            Some(ranges) => {
                let range = rows.range_of(task, ranges)?;
                (range.min, range.max)
            }
            None => {
                let mut sorted: Vec<f64> = rows.of(task).map(|row| perf[row]).collect();
                sorted.sort_by(f64::total_cmp);
                (quantile(&sorted, 0.1), quantile(&sorted, 0.9))
            }
        };
        for row in rows.of(task) {
            // As `numpy.clip`: where the bounds are crossed, the upper one wins.
            perf[row] = perf[row].max(low).min(high);
        }
    }
    Ok(())
}
