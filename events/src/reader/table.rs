//! The typed columns of a lifetime.

use super::runs::Runs;
use crate::record::{BlockEvent, BlockSubtype, BlockType, Experience, Segment};
use std::collections::HashMap;

/// A column of texts of which few differ: codes into a list of values.
#[derive(Clone, Debug, Default)]
pub struct LabelColumn {
    values: Vec<String>,
    codes: Runs<u32>,
    lookup: HashMap<String, u32>,
}

impl LabelColumn {
    /// The text of a row. Panics where there is no such row, as a slice does.
    pub fn get(&self, row: usize) -> &str {
        &self.values[self.codes[row] as usize]
    }

    /// The different texts, in order of first use.
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// For each row, the place of its text in [`values`](Self::values).
    pub fn codes(&self) -> &Runs<u32> {
        &self.codes
    }

    /// The texts, row by row.
    pub fn iter(&self) -> impl Iterator<Item = &str> + '_ {
        self.codes.iter().map(|code| self.values[code as usize].as_str())
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Appends a row.
    pub fn push(&mut self, text: &str) {
        let code = self.code(text);
        self.codes.push(code);
    }

    /// The code of a text, added to the values where it is new.
    pub(crate) fn code(&mut self, text: &str) -> u32 {
        if let Some(code) = self.lookup.get(text) {
            return *code;
        }
        let code = self.values.len() as u32;
        self.values.push(text.to_owned());
        self.lookup.insert(text.to_owned(), code);
        code
    }

    /// Appends a row with the text of a code that there is.
    pub(crate) fn push_code(&mut self, code: u32) {
        self.codes.push(code);
    }

    /// Appends so many rows of one text.
    pub fn push_run(&mut self, text: &str, rows: usize) {
        let code = self.code(text);
        self.codes.push_run(code, rows);
    }

    /// Appends the rows of another column.
    pub(crate) fn append(&mut self, other: &Self) {
        let codes: Vec<u32> = other.values.iter().map(|text| self.code(text)).collect();
        for (code, rows) in other.codes.runs() {
            self.codes.push_run(codes[code as usize], rows.len());
        }
    }

    /// Appends rows by code, each of which stands for a text of `codes`.
    pub(crate) fn extend_codes(&mut self, codes: impl Iterator<Item = u32>) {
        self.codes.extend(codes);
    }
}

/// Equal texts row by row; how they are coded does not count.
impl PartialEq for LabelColumn {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<'a> FromIterator<&'a str> for LabelColumn {
    fn from_iter<I: IntoIterator<Item = &'a str>>(texts: I) -> Self {
        let mut column = Self::default();
        texts.into_iter().for_each(|text| column.push(text));
        column
    }
}

/// The values of an extra column.
#[derive(Clone, Debug, PartialEq)]
pub enum ExtraValues {
    /// Floats; `None` where there is no value.
    Float(Vec<Option<f64>>),
    /// Texts; `None` where there is no value.
    Text(Vec<Option<String>>),
}

/// A row of `blocks.arrow`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockEventRow {
    /// Experiences logged before it.
    pub at_row: u64,
    /// The event; its time is 0 where `timing.arrow` does not reach it.
    pub event: BlockEvent,
}

/// The experiences of a lifetime, column by column, all of equal length, in the order
/// they were logged (order of finishing).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The block's number.
    pub block_num: Vec<u64>,
    /// Order of finishing; `None` for unfinished episodes that take no number.
    pub exp_num: Vec<Option<u64>>,
    /// L2Logger's worker.
    pub worker_id: LabelColumn,
    /// Learning or evaluation.
    pub block_type: Vec<BlockType>,
    /// Wake or sleep.
    pub block_subtype: Vec<BlockSubtype>,
    /// `<Task>_<Variant>`.
    pub task_name: LabelColumn,
    /// The task's label.
    pub task: LabelColumn,
    /// The variant's label.
    pub variant: LabelColumn,
    /// The environment's parameters, JSON.
    pub task_params: LabelColumn,
    /// `exp_status`: whether the episode was finished.
    pub complete: Vec<bool>,
    /// The return.
    pub reward: Vec<f64>,
    /// The length in steps.
    pub episode_step_count: Vec<u64>,
    /// Order of starting.
    pub episode_index: Vec<u64>,
    /// The environment of the batch.
    pub env_index: Vec<u32>,
    /// The seed of the episode, where it had its own.
    pub seed: Vec<Option<u64>>,
    /// It reached an end of its task.
    pub terminated: Vec<bool>,
    /// It was cut by a limit of time.
    pub truncated: Vec<bool>,
    /// When it began, in microseconds since 1970 UTC; `None` where not known.
    pub started_at: Vec<Option<i64>>,
    /// When it ended; `None` where `timing.arrow` does not reach it (a killed run).
    pub finished_at: Vec<Option<i64>>,
    /// Columns beyond the standard ones.
    pub extra: Vec<(String, ExtraValues)>,
}

impl Table {
    /// Number of experiences.
    pub fn len(&self) -> usize {
        self.reward.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.reward.is_empty()
    }

    /// The values of an extra column of floats.
    pub fn float(&self, name: &str) -> Option<&[Option<f64>]> {
        self.extra.iter().find_map(|(n, values)| match values {
            ExtraValues::Float(values) if n == name => Some(values.as_slice()),
            _ => None,
        })
    }

    /// The segment of a row.
    pub fn segment(&self, row: usize) -> Segment {
        Segment {
            block_num: self.block_num[row],
            block_type: self.block_type[row],
            block_subtype: self.block_subtype[row],
            task_name: self.task_name.get(row).to_owned(),
            task: self.task.get(row).to_owned(),
            variant: self.variant.get(row).to_owned(),
            task_params: self.task_params.get(row).to_owned(),
            worker_id: self.worker_id.get(row).to_owned(),
        }
    }

    /// Whether a row is of the same segment as the one before it.
    pub fn continues_segment(&self, row: usize) -> bool {
        let same = |column: &LabelColumn| column.codes.run(row).1.start != row;
        row > 0
            && self.block_num[row] == self.block_num[row - 1]
            && self.block_type[row] == self.block_type[row - 1]
            && self.block_subtype[row] == self.block_subtype[row - 1]
            && same(&self.task_name)
            && same(&self.task)
            && same(&self.variant)
            && same(&self.task_params)
            && same(&self.worker_id)
    }

    /// A row, as it was written (times in whole microseconds; 0 where not known).
    pub fn experience(&self, row: usize) -> Experience {
        Experience {
            exp_num: self.exp_num[row],
            episode_index: self.episode_index[row],
            env_index: self.env_index[row],
            seed: self.seed[row],
            reward: self.reward[row],
            episode_step_count: self.episode_step_count[row],
            terminated: self.terminated[row],
            truncated: self.truncated[row],
            complete: self.complete[row],
            started_at: self.started_at[row].map(|us| us.saturating_mul(1000)),
            finished_at: self.finished_at[row].unwrap_or(0).saturating_mul(1000),
        }
    }
}
