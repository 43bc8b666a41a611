//! A column of times of which some may be missing.

use std::ops::Range;

/// Times in microseconds since 1970 UTC, a word each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    values: Vec<i64>,
}

/// What stands for no time: 292,000 years before 1970.
const MISSING: i64 = i64::MIN;

/// What `timing.arrow` says of a lifetime's experiences.
#[derive(Clone, Debug, Default)]
pub(super) struct Timing {
    /// When they ended, as far as the table reaches.
    pub(super) finished_at: Times,
    /// The most memory that the agent took, in bytes.
    pub(super) agent_memory: Option<u64>,
}

impl Times {
    /// Times of which none is missing.
    pub(super) fn all(values: Vec<i64>) -> Self {
        Self { values }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// No row.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Appends a row.
    #[inline]
    pub fn push(&mut self, time: Option<i64>) {
        self.values.push(time.unwrap_or(MISSING));
    }

    /// Makes room for so many rows more.
    pub(crate) fn reserve(&mut self, rows: usize) {
        self.values.reserve(rows);
    }

    /// Appends the rows of another column.
    pub(crate) fn append(&mut self, other: Self) {
        self.values.extend(other.values);
    }

    /// Cuts the column to so many rows, or appends rows without a time.
    pub(crate) fn resize(&mut self, rows: usize) {
        self.values.resize(rows, MISSING);
    }

    /// The time of a row. Panics where there is no such row, as a slice does.
    #[inline]
    pub fn get(&self, row: usize) -> Option<i64> {
        Some(self.values[row]).filter(|time| *time != MISSING)
    }

    /// The first and the last time of some rows; `None` where they have none.
    pub fn span(&self, rows: Range<usize>) -> Option<(i64, i64)> {
        let times = &self.values[rows];
        let last = times.iter().copied().max().filter(|last| *last != MISSING)?;
        // As unsigned numbers above the missing one all others keep their order.
        let above = |time: &i64| time.wrapping_sub(MISSING).wrapping_sub(1) as u64;
        let first = times.iter().map(above).min()?;
        Some(((first as i64).wrapping_add(1).wrapping_add(MISSING), last))
    }
}

impl FromIterator<Option<i64>> for Times {
    fn from_iter<I: IntoIterator<Item = Option<i64>>>(rows: I) -> Self {
        Self { values: rows.into_iter().map(|time| time.unwrap_or(MISSING)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The span is that of the times there are.
        #[test]
        fn the_span_is_of_what_is_there(
            rows in proptest::collection::vec(proptest::option::of((i64::MIN + 1)..=i64::MAX), 0..20),
        ) {
            let times: Times = rows.iter().copied().collect();
            let there = || rows.iter().flatten().copied();
            let expected = there().min().zip(there().max());
            prop_assert_eq!(times.span(0..rows.len()), expected);
            prop_assert!(rows.iter().enumerate().all(|(row, time)| times.get(row) == *time));
        }
    }
}
