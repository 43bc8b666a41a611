//! Preprocessed rows as Arrow batches, under the reference's column names.

use super::Lifetime;
use crate::Experiences;
use crate::experiences::LENGTHS;
use crate::l2metrics::{Data, Normalization, Settings, Smoothing, Unit};
use arrow_array::{
    ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray, UInt32Array,
    UInt64Array,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use std::sync::Arc;

/// The rows of a batch.
const ROWS: usize = 1 << 16;

/// The columns: those of the log, performance (`MEASURE`), and performance after each step of
/// preprocessing that the settings ask for.
pub fn schema(settings: &Settings) -> SchemaRef {
    let measure = &settings.perf_measure;
    let mut fields = vec![
        Field::new("run_id", DataType::Utf8, false),
        Field::new("lifetime_idx", DataType::UInt32, false),
        Field::new("block_num", DataType::UInt64, false),
        Field::new("regime_num", DataType::UInt64, false),
        Field::new("exp_num", DataType::UInt64, false),
        Field::new("worker_id", DataType::Utf8, true),
        Field::new("block_type", DataType::Utf8, false),
        Field::new("block_subtype", DataType::Utf8, false),
        Field::new("task_name", DataType::Utf8, false),
        Field::new("task_params", DataType::Utf8, false),
        Field::new(
            "timestamp",
            DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            true,
        ),
    ];
    // Where lengths are the measure they are one column.
    if measure != LENGTHS {
        fields.push(Field::new(LENGTHS, DataType::UInt64, true));
    }
    fields.push(Field::new(measure, DataType::Float64, false));
    let mut stages = vec!["raw"];
    stages.extend((settings.smoothing_method != Smoothing::None).then_some("smoothed"));
    stages.extend(settings.clamp_outliers.then_some("filtered"));
    stages.extend((settings.normalization_method != Normalization::None).then_some("normalized"));
    let stage = |stage| Field::new(format!("{measure}_{stage}"), DataType::Float64, false);
    fields.extend(stages.into_iter().map(stage));
    if settings.unit == Unit::Steps {
        fields.push(Field::new("steps", DataType::UInt64, false));
    }
    Arc::new(Schema::new(fields))
}

/// The rows of a lifetime, some at a time. `log` and `data` are what was measured of it.
pub fn batches(
    schema: SchemaRef,
    lifetime: &Lifetime,
    log: &Experiences,
    data: &Data,
) -> impl Iterator<Item = Result<RecordBatch, ArrowError>> {
    (0..data.rows.len()).step_by(ROWS).map(move |from| {
        let to = (from + ROWS).min(data.rows.len());
        let rows = &data.rows[from..to];
        let texts = |of: &dyn Fn(usize) -> String| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(rows.iter().map(|row| of(*row))))
        };
        let longs = |of: &dyn Fn(usize) -> Option<u64>| -> ArrayRef {
            Arc::new(rows.iter().map(|row| of(*row)).collect::<UInt64Array>())
        };
        let floats = |values: &[f64]| -> ArrayRef {
            Arc::new(Float64Array::from(values[from..to].to_vec()))
        };
        let workers = log.worker_id.as_ref();
        let worker: StringArray = rows.iter().map(|row| workers.map(|w| w.get(*row))).collect();
        let tasks = data.task[from..to].iter().map(|task| data.tasks[*task as usize].as_str());
        let time = |row: &usize| log.finished_at.as_ref().and_then(|times| times.get(*row));
        let times = rows.iter().map(time).collect::<TimestampMicrosecondArray>();
        let stages = &data.stages;
        let mut columns: Vec<ArrayRef> = vec![
            texts(&|_| lifetime.about.run_id.clone()),
            Arc::new(UInt32Array::from(vec![lifetime.lifetime_idx; rows.len()])),
            longs(&|row| Some(log.block_num[row])),
            Arc::new(UInt64Array::from(data.regime_num[from..to].to_vec())),
            longs(&|row| log.exp_num.get(row)),
            Arc::new(worker),
            texts(&|row| log.block_type[row].as_str().to_owned()),
            texts(&|row| log.block_subtype[row].as_str().to_owned()),
            Arc::new(StringArray::from_iter_values(tasks)),
            texts(&|row| log.task_params.get(row).to_owned()),
            Arc::new(times.with_timezone("UTC")),
        ];
        if schema.column_with_name(LENGTHS).is_some_and(|(_, f)| *f.data_type() == DataType::UInt64)
        {
            columns.push(longs(&|row| log.episode_step_count.as_ref().map(|counts| counts[row])));
        }
        columns.extend([floats(&stages.performance), floats(&stages.raw)]);
        let taken = [&stages.smoothed, &stages.filtered, &stages.normalized];
        columns.extend(taken.into_iter().flatten().map(|values| floats(values)));
        if let Some(steps) = &data.steps {
            columns.push(Arc::new(UInt64Array::from(steps[from..to].to_vec())));
        }
        RecordBatch::try_new(schema.clone(), columns)
    })
}
