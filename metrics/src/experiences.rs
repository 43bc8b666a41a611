//! The input of every metric: the experiences of one lifetime, column by column.

use crate::MetricsError;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use tella_events::convert;
use tella_events::{BlockSubtype, BlockType, LabelColumn, LogColumns, Numbers, Runs, Times};

/// The column of lengths, which can be a measure, too.
pub(crate) const LENGTHS: &str = "episode_step_count";

/// The experiences of one lifetime, one entry a row in every column, in the order of the
/// log. Column names are L2Logger's.
#[derive(Clone, Debug, Default)]
pub struct Experiences {
    /// The block a row belongs to; never decreases along `exp_num`.
    pub block_num: Runs<u64>,
    /// Order of finishing; `None` for an unfinished experience that took no number.
    pub exp_num: Numbers,
    /// Learning or evaluation.
    pub block_type: Runs<BlockType>,
    /// Wake or sleep.
    pub block_subtype: Runs<BlockSubtype>,
    /// `<Task>_<Variant>`.
    pub task_name: LabelColumn,
    /// The variant's parameters as JSON text; empty where there are none.
    pub task_params: LabelColumn,
    /// `exp_status` is `complete`.
    pub complete: Runs<bool>,
    /// Steps of the episode, where the log has them.
    pub episode_step_count: Option<Vec<u64>>,
    /// When experiences ended, in microseconds, where the log has it.
    pub finished_at: Option<Times>,
    /// The most memory that the agent took, in bytes, where a run says it.
    pub agent_memory: Option<u64>,
    /// The worker that logged a row, where the log has it.
    pub worker_id: Option<LabelColumn>,
    /// The columns that can be a performance measure, NaN where a row has no value;
    /// `reward` among them as a rule.
    pub measures: BTreeMap<String, Vec<f64>>,
    /// The columns that cannot, since they hold text: a row, and what it says.
    pub texts: BTreeMap<String, (usize, String)>,
    /// Where the rows come from.
    pub origin: Origin,
    /// What is odd about the log, in sentences that name their place.
    pub notes: Vec<String>,
}

/// Where the rows of a log come from, to name one in an error.
#[derive(Clone, Debug, Default)]
pub enum Origin {
    /// Not said.
    #[default]
    Unknown,
    /// A file, row by row.
    File(PathBuf),
    /// Several text files: of each row the position of its file, and its line.
    Lines {
        /// The files.
        files: Vec<PathBuf>,
        /// For each row, its file and its line, from 1.
        lines: Vec<(u32, u32)>,
    },
}

impl Origin {
    /// The place of a row (given from 0, told from 1).
    pub fn place(&self, row: usize) -> String {
        match self {
            Self::Unknown => format!("row {}", row + 1),
            Self::File(path) => format!("{}: row {}", path.display(), row + 1),
            Self::Lines { files, lines } => match lines.get(row) {
                Some((file, line)) => format!("{}:{line}", files[*file as usize].display()),
                None => format!("row {}", row + 1),
            },
        }
    }

    /// What the log says in a column of a row that was read as `value`, an infinite one: a text
    /// may hold a number that is too large for a float.
    fn infinite(&self, row: usize, column: &str, value: f64) -> String {
        let said = match self {
            Self::Lines { files, lines } => lines
                .get(row)
                .and_then(|(file, line)| convert::field(&files[*file as usize], *line, column)),
            _ => None,
        };
        match said.filter(|said| said.contains(|c: char| c.is_ascii_digit())) {
            Some(said) => format!("`{said}`, which is too large for a 64-bit float"),
            None => format!("{value}"),
        }
    }
}

impl Experiences {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.block_num.len()
    }

    /// No row.
    pub fn is_empty(&self) -> bool {
        self.block_num.is_empty()
    }

    /// Checks that all columns are equally long.
    pub(crate) fn check(&self) -> Result<(), MetricsError> {
        let mut columns = vec![
            ("exp_num", self.exp_num.len()),
            ("block_type", self.block_type.len()),
            ("block_subtype", self.block_subtype.len()),
            ("task_name", self.task_name.len()),
            ("task_params", self.task_params.len()),
            ("exp_status", self.complete.len()),
        ];
        columns.extend(self.episode_step_count.iter().map(|c| ("episode_step_count", c.len())));
        columns.extend(self.finished_at.iter().map(|c| ("finished_at", c.len())));
        columns.extend(self.worker_id.iter().map(|c| ("worker_id", c.len())));
        columns.extend(self.measures.iter().map(|(name, c)| (name.as_str(), c.len())));
        for (column, found) in columns {
            if found != self.len() {
                let column = column.to_owned();
                return Err(MetricsError::ColumnLength { column, expected: self.len(), found });
            }
        }
        Ok(())
    }

    /// The performance measure `name`, after a check of all columns: a column of numbers beyond
    /// the standard ones, or the lengths of experiences.
    ///
    /// # Errors
    ///
    /// Where there is none, it holds text, or columns differ in length.
    pub fn measure(&self, name: &str) -> Result<Cow<'_, [f64]>, MetricsError> {
        self.check()?;
        if let Some(values) = self.measures.get(name) {
            return Ok(Cow::Borrowed(values));
        }
        if let (LENGTHS, Some(steps)) = (name, &self.episode_step_count) {
            return Ok(steps.iter().map(|steps| *steps as f64).collect());
        }
        if let Some((row, text)) = self.texts.get(name) {
            return Err(MetricsError::NotANumber {
                place: self.origin.place(*row),
                column: name.to_owned(),
                text: text.clone(),
            });
        }
        Err(MetricsError::MissingColumn {
            column: name.to_owned(),
            needed_by: "perf_measure".to_owned(),
            columns: self.columns_of_numbers(),
        })
    }

    /// The error of a row whose value of the measure is infinite.
    pub(crate) fn infinite(&self, row: usize, measure: &str, value: f64) -> MetricsError {
        MetricsError::Infinite {
            place: self.origin.place(row),
            measure: measure.to_owned(),
            value: self.origin.infinite(row, measure, value),
        }
    }

    /// The names of the columns that can be a measure, for an error.
    pub(crate) fn columns_of_numbers(&self) -> String {
        let lengths = self.episode_step_count.as_ref().map(|_| LENGTHS);
        let mut names: Vec<&str> = self.measures.keys().map(String::as_str).collect();
        names.extend(lengths);
        if names.is_empty() { "none of numbers".to_owned() } else { names.join(", ") }
    }
}

/// The experiences of a log, without a word on where they come from.
impl From<LogColumns> for Experiences {
    fn from(log: LogColumns) -> Self {
        Self {
            block_num: log.block_num,
            exp_num: log.exp_num,
            block_type: log.block_type,
            block_subtype: log.block_subtype,
            task_name: log.task_name,
            task_params: log.task_params,
            complete: log.complete,
            episode_step_count: log.episode_step_count,
            finished_at: log.finished_at,
            agent_memory: log.agent_memory,
            worker_id: Some(log.worker_id),
            measures: log.measures,
            texts: log.texts,
            origin: Origin::Unknown,
            notes: Vec::new(),
        }
    }
}
