//! The input of every metric: the experiences of one lifetime, column by column.

use crate::MetricsError;
use std::collections::BTreeMap;
use tella_events::{BlockSubtype, BlockType, ExtraValues, LabelColumn, Table};

/// The experiences of one lifetime, one entry a row in every column, in the order of the
/// log. Column names are L2Logger's.
#[derive(Clone, Debug, Default)]
pub struct Experiences {
    /// The block a row belongs to; never decreases along `exp_num`.
    pub block_num: Vec<u64>,
    /// Order of finishing; `None` for an unfinished experience that took no number.
    pub exp_num: Vec<Option<u64>>,
    /// Learning or evaluation.
    pub block_type: Vec<BlockType>,
    /// Wake or sleep.
    pub block_subtype: Vec<BlockSubtype>,
    /// `<Task>_<Variant>`.
    pub task_name: LabelColumn,
    /// The variant's parameters as JSON text; empty where there are none.
    pub task_params: LabelColumn,
    /// `exp_status` is `complete`.
    pub complete: Vec<bool>,
    /// Steps of the episode, where the log has them.
    pub episode_step_count: Option<Vec<u64>>,
    /// When experiences ended, in microseconds, where the log has it.
    pub finished_at: Option<Vec<Option<i64>>>,
    /// The columns that can be a performance measure, NaN where a row has no value;
    /// `reward` among them as a rule.
    pub measures: BTreeMap<String, Vec<f64>>,
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

    /// Checks that all columns are equally long and returns the performance measure.
    pub(crate) fn measure(&self, name: &str) -> Result<&[f64], MetricsError> {
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
        columns.extend(self.measures.iter().map(|(name, c)| (name.as_str(), c.len())));
        for (column, found) in columns {
            if found != self.len() {
                let column = column.to_owned();
                return Err(MetricsError::ColumnLength { column, expected: self.len(), found });
            }
        }
        self.measures.get(name).map(Vec::as_slice).ok_or_else(|| MetricsError::MissingColumn {
            column: name.to_owned(),
            needed_by: "perf_measure".to_owned(),
            columns: self.measures.keys().cloned().collect::<Vec<_>>().join(", "),
        })
    }
}

/// The experiences of an event log: `reward` and every further column of floats is a
/// measure.
impl From<Table> for Experiences {
    fn from(table: Table) -> Self {
        let mut measures = BTreeMap::from([("reward".to_owned(), table.reward)]);
        measures.extend(table.extra.into_iter().filter_map(|(name, values)| match values {
            ExtraValues::Float(values) => {
                Some((name, values.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect()))
            }
            ExtraValues::Text(_) => None,
        }));
        Self {
            block_num: table.block_num,
            exp_num: table.exp_num,
            block_type: table.block_type,
            block_subtype: table.block_subtype,
            task_name: table.task_name,
            task_params: table.task_params,
            complete: table.complete,
            episode_step_count: Some(table.episode_step_count),
            finished_at: Some(table.finished_at),
            measures,
        }
    }
}
