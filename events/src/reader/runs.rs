//! A column whose value seldom changes from one row to the next.

use std::ops::{Index, Range};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Runs of equal values. What a million rows of a few blocks share takes a few words in place
/// of megabytes, and is compared by the run in place of by the row.
#[derive(Debug)]
pub struct Runs<T> {
    values: Vec<T>,
    /// The row after the last of each run.
    ends: Vec<usize>,
    /// The run that was asked for last: rows are mostly asked for in order.
    latest: AtomicUsize,
}

impl<T: Copy + PartialEq> Runs<T> {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// No row.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Appends a row.
    #[inline]
    pub fn push(&mut self, value: T) {
        self.push_run(value, 1);
    }

    /// Appends so many rows of one value.
    #[inline]
    pub fn push_run(&mut self, value: T, rows: usize) {
        let end = self.len() + rows;
        match (self.values.last(), self.ends.last_mut()) {
            (Some(last), Some(last_end)) if *last == value => *last_end = end,
            _ if rows > 0 => {
                self.values.push(value);
                self.ends.push(end);
            }
            _ => {}
        }
    }

    /// Appends the rows of another column.
    pub fn append(&mut self, other: &Self) {
        other.runs().for_each(|(value, rows)| self.push_run(value, rows.len()));
    }

    /// The value of the last row.
    #[inline]
    pub fn last(&self) -> Option<T> {
        self.values.last().copied()
    }

    /// The value of a row, and the rows of the run it lies in. Panics where there is no such
    /// row, as a slice does.
    #[inline]
    pub fn run(&self, row: usize) -> (T, Range<usize>) {
        let run = self.find(row);
        (self.values[run], self.start(run)..self.ends[run])
    }

    /// The runs, in order.
    pub fn runs(&self) -> impl ExactSizeIterator<Item = (T, Range<usize>)> + '_ {
        let run = |run| (self.values[run], self.start(run)..self.ends[run]);
        (0..self.values.len()).map(run)
    }

    /// The values, row by row.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.runs().flat_map(|(value, rows)| std::iter::repeat_n(value, rows.len()))
    }

    fn start(&self, run: usize) -> usize {
        run.checked_sub(1).map_or(0, |before| self.ends[before])
    }

    #[inline]
    fn find(&self, row: usize) -> usize {
        let latest = self.latest.load(Relaxed);
        for run in latest..self.ends.len().min(latest + 2) {
            if row < self.ends[run] && row >= self.start(run) {
                self.latest.store(run, Relaxed);
                return run;
            }
        }
        let run = self.ends.partition_point(|end| *end <= row);
        self.latest.store(run, Relaxed);
        run
    }
}

impl<T: Copy + PartialEq> Index<usize> for Runs<T> {
    type Output = T;

    #[inline]
    fn index(&self, row: usize) -> &T {
        &self.values[self.find(row)]
    }
}

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Self { values: Vec::new(), ends: Vec::new(), latest: AtomicUsize::new(0) }
    }
}

impl<T: Clone> Clone for Runs<T> {
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), ends: self.ends.clone(), latest: AtomicUsize::new(0) }
    }
}

/// Equal row by row: neighbouring runs always differ.
impl<T: PartialEq> PartialEq for Runs<T> {
    fn eq(&self, other: &Self) -> bool {
        self.ends == other.ends && self.values == other.values
    }
}

impl<T: Copy + PartialEq> Extend<T> for Runs<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, rows: I) {
        rows.into_iter().for_each(|value| self.push(value));
    }
}

impl<T: Copy + PartialEq> FromIterator<T> for Runs<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        let mut runs = Self::default();
        runs.extend(rows);
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// A column of runs answers as a plain list does, in whatever order it is asked.
        #[test]
        fn runs_are_a_list(rows in proptest::collection::vec(0u8..3, 0..60), asked in proptest::collection::vec(0usize..60, 0..60)) {
            let runs: Runs<u8> = rows.iter().copied().collect();
            prop_assert_eq!(runs.len(), rows.len());
            prop_assert_eq!(runs.iter().collect::<Vec<_>>(), rows.clone());
            for row in asked.into_iter().filter(|row| *row < rows.len()) {
                prop_assert_eq!(runs[row], rows[row]);
                let (value, range) = runs.run(row);
                prop_assert!(range.contains(&row) && rows[range.clone()].iter().all(|v| *v == value));
                prop_assert!(range.start == 0 || rows[range.start - 1] != value);
                prop_assert!(range.end == rows.len() || rows[range.end] != value);
            }
            let mut twice = runs.clone();
            twice.append(&runs);
            prop_assert_eq!(twice, rows.iter().chain(&rows).copied().collect());
        }
    }
}
