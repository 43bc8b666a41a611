//! The columns of a log that measuring it looks at, whatever the log is.

use super::decode::{append_labels, column, extra_columns, is_complete, optional, values, words};
use super::numbers::Numbers;
use super::runs::Runs;
use super::table::LabelColumn;
use super::times::Times;
use crate::record::{BlockSubtype, BlockType};
use crate::schema::{ExtraColumn, ExtraKind};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt64Type};
use arrow_array::{Array, RecordBatch};
use std::collections::BTreeMap;

/// Columns of equal length, in the order of the log.
#[derive(Clone, Debug, Default)]
pub struct LogColumns {
    /// The block's number.
    pub block_num: Runs<u64>,
    /// Order of finishing; `None` where an experience has no number.
    pub exp_num: Numbers,
    /// L2Logger's worker.
    pub worker_id: LabelColumn,
    /// Learning or evaluation.
    pub block_type: Runs<BlockType>,
    /// Wake or sleep.
    pub block_subtype: Runs<BlockSubtype>,
    /// `<Task>_<Variant>`.
    pub task_name: LabelColumn,
    /// The variant's parameters, JSON.
    pub task_params: LabelColumn,
    /// `exp_status` is `complete`.
    pub complete: Runs<bool>,
    /// Steps of the episode, where the log has them.
    pub episode_step_count: Option<Vec<u64>>,
    /// When experiences ended, in microseconds since 1970 UTC, where the log has it.
    pub finished_at: Option<Times>,
    /// The most memory that the agent took, in bytes, where a run says it.
    pub agent_memory: Option<u64>,
    /// The other columns of numbers, NaN where there is none; `reward` among them as a rule.
    pub measures: BTreeMap<String, Vec<f64>>,
    /// The other columns of text: the first row that is no number, and what it says.
    pub texts: BTreeMap<String, (usize, String)>,
}

impl LogColumns {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.block_num.len()
    }

    /// No row.
    pub fn is_empty(&self) -> bool {
        self.block_num.is_empty()
    }

    /// The standard columns of a lifetime's log, without a row but with room for some.
    pub(super) fn of_a_lifetime(rows: usize) -> Self {
        let rewards = Vec::with_capacity(rows);
        Self {
            episode_step_count: Some(Vec::with_capacity(rows)),
            measures: BTreeMap::from([("reward".to_owned(), rewards)]),
            ..Self::default()
        }
    }

    /// Appends a batch of `experiences.arrow`. The error says why it is none.
    pub(super) fn append_batch(&mut self, batch: &RecordBatch) -> Result<(), String> {
        let before = self.len();
        self.block_num.extend(values::<UInt64Type>(batch, "block_num")?);
        self.exp_num.extend(optional::<UInt64Type>(batch, "exp_num")?);
        append_labels(batch, "worker_id", &mut self.worker_id)?;
        self.block_type.extend(words(batch, "block_type", BlockType::parse)?);
        self.block_subtype.extend(words(batch, "block_subtype", BlockSubtype::parse)?);
        append_labels(batch, "task_name", &mut self.task_name)?;
        append_labels(batch, "task_params", &mut self.task_params)?;
        self.complete.extend(words(batch, "exp_status", is_complete)?);
        let steps = values::<UInt64Type>(batch, "episode_step_count")?;
        self.episode_step_count.get_or_insert_default().extend(steps);
        let rewards = values::<Float64Type>(batch, "reward")?;
        self.measures.entry("reward".to_owned()).or_default().extend(rewards);
        for ExtraColumn { name, kind } in extra_columns(&batch.schema())? {
            match kind {
                ExtraKind::Float => {
                    let values = optional::<Float64Type>(batch, &name)?;
                    let out = self.measures.entry(name.clone()).or_default();
                    out.extend(values.map(|value| value.unwrap_or(f64::NAN)));
                }
                ExtraKind::Text => {
                    let array = column(batch, &name)?;
                    let texts = array.as_string_opt::<i32>();
                    let texts = texts.ok_or_else(|| format!("column `{name}` holds no text"))?;
                    let is_text = |row: &usize| {
                        texts.is_valid(*row) && texts.value(*row).parse::<f64>().is_err()
                    };
                    let kept = self.texts.entry(name).or_insert((before, String::new()));
                    if let Some(row) = (0..texts.len()).find(is_text).filter(|_| kept.1.is_empty())
                    {
                        *kept = (before + row, texts.value(row).to_owned());
                    }
                }
            }
        }
        Ok(())
    }
}
