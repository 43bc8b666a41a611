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
    /// The performance measure is a column of text.
    #[error("{place}: `{column}` is `{text}`, which is no number; a measure needs numbers")]
    NotANumber {
        /// The row.
        place: String,
        /// The column.
        column: String,
        /// What it says.
        text: String,
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
    #[error("{place}: `{measure}` is {value}; only finite numbers can be measured")]
    Infinite {
        /// The row.
        place: String,
        /// The performance measure.
        measure: String,
        /// The value, as the log has it.
        value: String,
    },
    /// A completed experience has no number.
    #[error("{place}: a completed experience without `exp_num`")]
    Unnumbered {
        /// The row.
        place: String,
    },
    /// `block_num` decreases along `exp_num`.
    #[error(
        "{place}: `block_num` falls from {before} to {after} while `exp_num` grows to {exp_num}; \
         it must never decrease"
    )]
    BlockNumDecreases {
        /// The row.
        place: String,
        /// The block before.
        before: u64,
        /// The row's block.
        after: u64,
        /// The row's experience.
        exp_num: u64,
    },
    /// The log of an expert cannot be used.
    #[error("the expert of `{task}` from {source_name}: {error}")]
    Expert {
        /// The task it is stored under.
        task: String,
        /// The run it came from.
        source_name: String,
        /// What is wrong with its log.
        error: Box<MetricsError>,
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
    #[error("task `{task}`: the range {min:?} to {max:?} is too wide to normalise")]
    RangeTooWide {
        /// The task.
        task: String,
        /// The smallest value.
        min: f64,
        /// The largest value.
        max: f64,
    },
    /// Noise that cannot be drawn.
    #[error("noise of mean {mean} and standard deviation {std}; the latter must be 0 or above")]
    Noise {
        /// Its mean.
        mean: f64,
        /// Its standard deviation.
        std: f64,
    },
}
