//! A column that counts.

use super::runs::Runs;
use std::ops::Range;

/// Numbers of which most are one more than the number before, as `exp_num`. Kept as what each
/// is ahead of its row, which seldom changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numbers {
    /// The number less the row, wrapping; `None` where a row has no number.
    ahead: Runs<Option<u64>>,
}

impl Numbers {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.ahead.len()
    }

    /// No row.
    pub fn is_empty(&self) -> bool {
        self.ahead.is_empty()
    }

    /// Appends a row.
    #[inline]
    pub fn push(&mut self, number: Option<u64>) {
        let row = self.len() as u64;
        self.ahead.push(number.map(|number| number.wrapping_sub(row)));
    }

    /// Appends rows that count on from `first`.
    pub fn push_run(&mut self, first: u64, rows: usize) {
        let row = self.len() as u64;
        self.ahead.push_run(Some(first.wrapping_sub(row)), rows);
    }

    /// Appends the rows of another column.
    pub fn append(&mut self, other: &Self) {
        for (first, rows) in other.runs() {
            match first {
                Some(first) => self.push_run(first, rows.len()),
                None => self.ahead.push_run(None, rows.len()),
            }
        }
    }

    /// The number of a row. Panics where there is no such row, as a slice does.
    #[inline]
    pub fn get(&self, row: usize) -> Option<u64> {
        self.ahead[row].map(|ahead| ahead.wrapping_add(row as u64))
    }

    /// The numbers, row by row.
    pub fn iter(&self) -> impl Iterator<Item = Option<u64>> + '_ {
        let count = |(first, rows): (Option<u64>, Range<usize>)| {
            (0..rows.len() as u64).map(move |n| first.map(|first| first.wrapping_add(n)))
        };
        self.runs().flat_map(count)
    }

    /// The first number of each run, `None` of one without numbers, and its rows: numbers in it
    /// count up by one.
    pub fn runs(&self) -> impl Iterator<Item = (Option<u64>, Range<usize>)> + '_ {
        let first = |(ahead, rows): (Option<u64>, Range<usize>)| {
            (ahead.map(|ahead| ahead.wrapping_add(rows.start as u64)), rows)
        };
        self.ahead.runs().map(first)
    }

    /// The number of a row, and the rows of the run it lies in. Panics where there is no such
    /// row, as a slice does.
    #[inline]
    pub fn run(&self, row: usize) -> (Option<u64>, Range<usize>) {
        let (ahead, rows) = self.ahead.run(row);
        (ahead.map(|ahead| ahead.wrapping_add(row as u64)), rows)
    }
}

impl Extend<Option<u64>> for Numbers {
    fn extend<I: IntoIterator<Item = Option<u64>>>(&mut self, rows: I) {
        rows.into_iter().for_each(|number| self.push(number));
    }
}

impl FromIterator<Option<u64>> for Numbers {
    fn from_iter<I: IntoIterator<Item = Option<u64>>>(rows: I) -> Self {
        let mut numbers = Self::default();
        numbers.extend(rows);
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// A column that counts answers as a plain list does.
        #[test]
        fn numbers_are_a_list(rows in proptest::collection::vec(proptest::option::of(prop_oneof![0u64..6, Just(u64::MAX), Just(u64::MAX - 1)]), 0..40)) {
            let numbers: Numbers = rows.iter().copied().collect();
            prop_assert_eq!(numbers.iter().collect::<Vec<_>>(), rows.clone());
            prop_assert!(rows.iter().enumerate().all(|(row, number)| numbers.get(row) == *number));
            let mut twice = numbers.clone();
            twice.append(&numbers);
            prop_assert_eq!(twice, rows.iter().chain(&rows).copied().collect());
        }
    }

    #[test]
    fn counting_is_one_run() {
        let numbers: Numbers = (7..1_000_007).map(Some).collect();
        assert_eq!(numbers.runs().collect::<Vec<_>>(), [(Some(7), 0..1_000_000)]);
    }
}
