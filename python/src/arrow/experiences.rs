//! The experiences of one lifetime as metrics see them, as a table.

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, RecordBatch, StringArray,
    TimestampMicrosecondArray, UInt64Array,
};
use arrow_schema::{ArrowError, Field, Schema};
use std::sync::Arc;
use tella_events::{BlockSubtype, BlockType, LabelColumn, Runs};
use tella_metrics::Experiences;

const BLOCK_TYPES: [BlockType; 2] = [BlockType::Train, BlockType::Test];
const BLOCK_SUBTYPES: [BlockSubtype; 2] = [BlockSubtype::Wake, BlockSubtype::Sleep];

/// The columns of a log, which may be L2Logger's; measures last.
pub(crate) fn of_experiences(log: &Experiences) -> Result<RecordBatch, ArrowError> {
    let block_num = log.block_num.iter().collect::<Vec<u64>>();
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("block_num", Arc::new(UInt64Array::from(block_num))),
        ("exp_num", Arc::new(log.exp_num.iter().collect::<UInt64Array>())),
        ("block_type", words(&log.block_type, &BLOCK_TYPES, BlockType::as_str)),
        ("block_subtype", words(&log.block_subtype, &BLOCK_SUBTYPES, BlockSubtype::as_str)),
        ("task_name", labels(&log.task_name)),
        ("task_params", labels(&log.task_params)),
        ("complete", Arc::new(BooleanArray::from(log.complete.iter().collect::<Vec<bool>>()))),
    ];
    if let Some(worker) = &log.worker_id {
        columns.push(("worker_id", labels(worker)));
    }
    if let Some(steps) = &log.episode_step_count {
        columns.push(("episode_step_count", Arc::new(UInt64Array::from(steps.clone()))));
    }
    if let Some(times) = &log.finished_at {
        let times = (0..log.len()).map(|row| times.get(row));
        let times = times.collect::<TimestampMicrosecondArray>().with_timezone("UTC");
        columns.push(("finished_at", Arc::new(times)));
    }
    for (name, values) in &log.measures {
        if !columns.iter().any(|(known, _)| known == name) {
            columns.push((name, Arc::new(Float64Array::from(values.clone()))));
        }
    }
    let fields = columns.iter().map(|(name, column)| {
        Field::new(*name, column.data_type().clone(), column.null_count() > 0)
    });
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    RecordBatch::try_new(schema, columns.into_iter().map(|(_, column)| column).collect())
}

fn labels(column: &LabelColumn) -> ArrayRef {
    let keys = column.codes().iter().map(|code| code as i32).collect::<Vec<i32>>();
    let values = StringArray::from_iter_values(column.values());
    dictionary(keys, values)
}

fn words<T: Copy + PartialEq>(
    column: &Runs<T>,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> ArrayRef {
    let code = |value: T| all.iter().position(|known| *known == value).unwrap_or_default() as i32;
    let keys = column.iter().map(code).collect();
    dictionary(keys, StringArray::from_iter_values(all.iter().map(|value| word(*value))))
}

fn dictionary(keys: Vec<i32>, values: StringArray) -> ArrayRef {
    Arc::new(DictionaryArray::<Int32Type>::new(Int32Array::from(keys), Arc::new(values)))
}
