//! Everything that can make a log unmeasurable, each with its place.

/// Why metrics cannot be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MetricsError {
    /// A column has another length than `block_num`.
    #[error("column `{column}` has {found} rows where `block_num` has {expected}")]
    ColumnLength {
        /// The column.
        column: String,
        /// The rows of `block_num`.
        expected: usize,
        /// Its own rows.
        found: usize,
    },
    /// A column that a setting asks for is not in the log.
    #[error("the log has no column `{column}`, which {needed_by} needs (columns: {columns})")]
    MissingColumn {
        /// The column.
        column: String,
        /// The setting that asks for it.
        needed_by: String,
        /// The columns there are.
        columns: String,
    },
    /// No row is left to measure.
    #[error("no completed experience has a value in `{measure}`{seen}")]
    NothingToMeasure {
        /// The performance measure.
        measure: String,
        /// What was there instead.
        seen: String,
    },
    /// A value is infinite.
    #[error("row {row}: `{measure}` is {value}; only finite numbers can be measured")]
    Infinite {
        /// The row, from 1, in the log's order.
        row: usize,
        /// The performance measure.
        measure: String,
        /// The value.
        value: f64,
    },
    /// A completed experience has no number.
    #[error("row {row}: a completed experience without `exp_num`")]
    Unnumbered {
        /// The row, from 1, in the log's order.
        row: usize,
    },
    /// `block_num` decreases along `exp_num`.
    #[error(
        "row {row}: `block_num` falls from {before} to {after} while `exp_num` grows to {exp_num}; \
         it must never decrease"
    )]
    BlockNumDecreases {
        /// The row, from 1, in the log's order.
        row: usize,
        /// The block before.
        before: u64,
        /// The row's block.
        after: u64,
        /// The row's experience.
        exp_num: u64,
    },
    /// The data range that was given leaves a task out.
    #[error("the data range has no entry for task `{task}` (it has: {tasks})")]
    NoDataRange {
        /// The task.
        task: String,
        /// The tasks it has.
        tasks: String,
    },
    /// `normalization_method: run` on constant data.
    #[error(
        "normalization_method `run` divides by the range of all tasks, and every value of \
         `{measure}` is {value}; use `task` or `none`"
    )]
    ConstantRun {
        /// The performance measure.
        measure: String,
        /// Its only value.
        value: f64,
    },
    /// A range too wide for floating point.
    #[error("task `{task}`: the range {min} to {max} is too wide to normalise")]
    RangeTooWide {
        /// The task.
        task: String,
        /// The smallest value.
        min: f64,
        /// The largest value.
        max: f64,
    },
}
