//! The order in which a log's rows are measured.

use crate::{Experiences, MetricsError};
use std::ops::Range;
use tella_events::{BlockSubtype, BlockType};

/// The numbered rows of a log ordered by `exp_num`, then `block_num`; ties keep the log's
/// order. Kept as ranges of rows that follow each other in the log: a log whose rows are in
/// order is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    ranges: Vec<Range<usize>>,
}

/// Rows of a range that are alike in all that tells regimes apart, and whose experiences are
/// numbered one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) rows: Range<usize>,
    /// The number of the first row's experience; `None` where they have none.
    pub(crate) exp_num: Option<u64>,
    pub(crate) block_num: u64,
    pub(crate) block_type: BlockType,
    pub(crate) block_subtype: BlockSubtype,
    /// The code of the task's name.
    pub(crate) task: u32,
    /// The code of the task's parameters.
    pub(crate) params: u32,
    pub(crate) complete: bool,
}

impl Order {
    /// The order of a log's rows.
    ///
    /// # Errors
    ///
    /// Where a completed row has no number, or `block_num` decreases along `exp_num`.
    pub fn of(log: &Experiences) -> Result<Self, MetricsError> {
        let mut order = Self::default();
        let mut sorted = true;
        let mut last = None;
        for (first, rows) in log.exp_num.runs() {
            let Some(first) = first else {
                match rows.into_iter().find(|row| log.complete[*row]) {
                    Some(row) => {
                        return Err(MetricsError::Unnumbered { place: log.origin.place(row) });
                    }
                    None => continue,
                }
            };
            // Beyond the largest number counting begins anew.
            let end = first.checked_add(rows.len() as u64 - 1);
            sorted &= end.is_some();
            sorted &= last.is_none_or(|last| last <= (first, log.block_num[rows.start]));
            last = Some((end.unwrap_or(u64::MAX), log.block_num[rows.end - 1]));
            order.push(rows);
        }
        if !sorted {
            let mut rows: Vec<usize> = order.rows().collect();
            rows.sort_by_key(|row| (log.exp_num.get(*row), log.block_num[*row]));
            order.ranges.clear();
            rows.into_iter().for_each(|row| order.push(row..row + 1));
        }
        order.check_blocks(log)?;
        Ok(order)
    }

    fn push(&mut self, rows: Range<usize>) {
        match self.ranges.last_mut() {
            Some(last) if last.end == rows.start => last.end = rows.end,
            _ => self.ranges.push(rows),
        }
    }

    /// Block numbers never decrease.
    fn check_blocks(&self, log: &Experiences) -> Result<(), MetricsError> {
        let mut before = 0;
        for range in &self.ranges {
            let mut row = range.start;
            while row < range.end {
                let (after, run) = log.block_num.run(row);
                if before > after {
                    return Err(MetricsError::BlockNumDecreases {
                        place: log.origin.place(row),
                        before,
                        after,
                        exp_num: log.exp_num.get(row).expect("ordered rows are numbered"),
                    });
                }
                (before, row) = (after, run.end);
            }
        }
        Ok(())
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.ranges.iter().map(|range| range.len()).sum()
    }

    /// No row.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        self.ranges.iter().cloned().flatten()
    }

    /// The stretches of the log that it is an order of, in order. Stretches of one regime may
    /// follow each other.
    pub(crate) fn stretches<'a>(&'a self, log: &'a Experiences) -> impl Iterator<Item = Stretch> {
        self.ranges.iter().flat_map(move |range| {
            let mut row = range.start;
            std::iter::from_fn(move || {
                let stretch = (row < range.end).then(|| Stretch::at(log, row..range.end))?;
                row = stretch.rows.end;
                Some(stretch)
            })
        })
    }
}

impl Stretch {
    /// What of `rows` is like the first of them.
    fn at(log: &Experiences, rows: Range<usize>) -> Self {
        let row = rows.start;
        let (block_num, block) = log.block_num.run(row);
        let (block_type, of_type) = log.block_type.run(row);
        let (block_subtype, of_subtype) = log.block_subtype.run(row);
        let (task, of_task) = log.task_name.codes().run(row);
        let (params, of_params) = log.task_params.codes().run(row);
        let (complete, of_status) = log.complete.run(row);
        let (exp_num, numbered) = log.exp_num.run(row);
        let ends = [block, of_type, of_subtype, of_task, of_params, of_status, numbered];
        let end = ends.iter().fold(rows.end, |end, run| end.min(run.end));
        let rows = row..end;
        Self { rows, exp_num, block_num, block_type, block_subtype, task, params, complete }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The order is that of a stable sort of the numbered rows, and its stretches tell of
        /// every row what the columns say.
        #[test]
        fn the_order_is_a_stable_sort(
            numbers in proptest::collection::vec(proptest::option::weighted(0.9, 0u64..12), 0..16),
            task in proptest::collection::vec(0usize..2, 16),
            steps in proptest::collection::vec(0u64..2, 16),
            in_order: bool,
        ) {
            let mut numbers = numbers;
            if in_order {
                numbers.sort_by_key(|number| number.unwrap_or(u64::MAX));
            }
            let mut log = Experiences::default();
            for (row, number) in numbers.iter().enumerate() {
                log.exp_num.push(*number);
                // Blocks that never decrease along the numbers.
                log.block_num.push(number.unwrap_or(0) / 3);
                log.block_type.push(if number.unwrap_or(0) / 3 % 2 == 0 { BlockType::Test } else { BlockType::Train });
                log.block_subtype.push(BlockSubtype::Wake);
                log.task_name.push(["a_x", "b_x"][task[row]]);
                log.task_params.push(["{}", ""][steps[row] as usize]);
                log.complete.push(number.is_some());
            }
            let mut expected: Vec<usize> = (0..numbers.len()).filter(|row| numbers[*row].is_some()).collect();
            expected.sort_by_key(|row| (numbers[*row], log.block_num[*row]));
            let order = Order::of(&log).unwrap();
            prop_assert_eq!(order.rows().collect::<Vec<_>>(), expected.clone());
            prop_assert_eq!(order.len(), expected.len());
            let mut told = Vec::new();
            for stretch in order.stretches(&log) {
                for (n, row) in stretch.rows.clone().enumerate() {
                    told.push(row);
                    prop_assert_eq!(stretch.exp_num.map(|first| first + n as u64), numbers[row]);
                    prop_assert_eq!(stretch.block_num, log.block_num[row]);
                    prop_assert_eq!(stretch.block_type, log.block_type[row]);
                    prop_assert_eq!(stretch.block_subtype, log.block_subtype[row]);
                    prop_assert_eq!(stretch.task, log.task_name.codes()[row]);
                    prop_assert_eq!(stretch.params, log.task_params.codes()[row]);
                    prop_assert_eq!(stretch.complete, log.complete[row]);
                }
            }
            prop_assert_eq!(told, expected);
        }
    }
}
