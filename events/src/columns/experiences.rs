//! The columns of `experiences.arrow` in the making.

use super::append_present;
use super::labels::Labels;
use crate::content_hash::{ExtraValue, canonical};
use crate::error::EventError;
use crate::record::{Experience, Segment, exp_status};
use crate::schema::{self, ExtraColumn, ExtraKind};
use arrow_array::builder::{Float64Builder, StringBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, PrimitiveArray, RecordBatch, UInt32Array, UInt64Array,
};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder, NullBufferBuilder};
use arrow_schema::SchemaRef;
use std::sync::Arc;

/// The label columns that a segment fixes: worker_id, block_type, block_subtype, task_name,
/// task_params, task, variant.
const SEGMENT_LABELS: usize = 7;

/// The place of task_params among them.
const TASK_PARAMS: usize = 4;

/// A run of rows of one segment.
struct Run {
    /// Its first row in this frame.
    start: usize,
    block_num: u64,
    codes: [i32; SEGMENT_LABELS],
}

enum Extra {
    Float(Float64Builder),
    Text(StringBuilder),
}

/// Gathers rows. What is constant over a segment costs nothing per row.
pub(crate) struct ExperienceColumns {
    schema: SchemaRef,
    capacity: usize,
    segment: Option<Segment>,
    runs: Vec<Run>,
    labels: [Labels; SEGMENT_LABELS],
    statuses: Labels,
    exp_num: Vec<u64>,
    exp_num_present: NullBufferBuilder,
    complete: Vec<bool>,
    episode_step_count: Vec<u64>,
    reward: Vec<f64>,
    episode_index: Vec<u64>,
    env_index: Vec<u32>,
    seed: Vec<u64>,
    seed_present: NullBufferBuilder,
    terminated: BooleanBufferBuilder,
    truncated: BooleanBufferBuilder,
    extra: Vec<Extra>,
}

impl ExperienceColumns {
    pub(crate) fn new(extra: &[ExtraColumn], capacity: usize) -> Self {
        Self {
            schema: schema::experiences(extra),
            capacity,
            segment: None,
            runs: Vec::new(),
            labels: Default::default(),
            statuses: Labels::default(),
            exp_num: Vec::with_capacity(capacity),
            exp_num_present: NullBufferBuilder::new(capacity),
            complete: Vec::with_capacity(capacity),
            episode_step_count: Vec::with_capacity(capacity),
            reward: Vec::with_capacity(capacity),
            episode_index: Vec::with_capacity(capacity),
            env_index: Vec::with_capacity(capacity),
            seed: Vec::with_capacity(capacity),
            seed_present: NullBufferBuilder::new(capacity),
            terminated: BooleanBufferBuilder::new(capacity),
            truncated: BooleanBufferBuilder::new(capacity),
            extra: extra
                .iter()
                .map(|column| match column.kind {
                    ExtraKind::Float => Extra::Float(Float64Builder::new()),
                    ExtraKind::Text => Extra::Text(StringBuilder::new()),
                })
                .collect(),
        }
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub(crate) fn len(&self) -> usize {
        self.reward.len()
    }

    /// Number of extra values a row must bring.
    pub(crate) fn extra_len(&self) -> usize {
        self.extra.len()
    }

    /// The segment of the rows that follow.
    pub(crate) fn segment(&mut self, segment: &Segment) {
        let texts: [&str; SEGMENT_LABELS] = [
            &segment.worker_id,
            segment.block_type.as_str(),
            segment.block_subtype.as_str(),
            &segment.task_name,
            &segment.task_params,
            &segment.task,
            &segment.variant,
        ];
        let mut codes = [0; SEGMENT_LABELS];
        for ((code, labels), text) in codes.iter_mut().zip(&mut self.labels).zip(texts) {
            *code = labels.code(text);
        }
        let start = self.len();
        self.runs.pop_if(|run| run.start == start);
        self.runs.push(Run { start, block_num: segment.block_num, codes });
        if self.segment.as_ref() != Some(segment) {
            self.segment = Some(segment.clone());
        }
    }

    /// Other task parameters for the rows that follow, in the segment there is.
    pub(crate) fn task_params(&mut self, text: &str) {
        let (Some(segment), Some(last)) = (&mut self.segment, self.runs.last()) else { return };
        text.clone_into(&mut segment.task_params);
        let (block_num, mut codes) = (last.block_num, last.codes);
        codes[TASK_PARAMS] = self.labels[TASK_PARAMS].code(text);
        let start = self.len();
        self.runs.pop_if(|run| run.start == start);
        self.runs.push(Run { start, block_num, codes });
    }

    /// Takes in rows of the current segment.
    pub(crate) fn extend(&mut self, rows: &[Experience]) {
        self.exp_num.extend(rows.iter().map(|row| row.exp_num.unwrap_or(0)));
        append_present(&mut self.exp_num_present, rows, |row| row.exp_num.is_some());
        self.complete.extend(rows.iter().map(|row| row.complete));
        self.episode_step_count.extend(rows.iter().map(|row| row.episode_step_count));
        self.reward.extend(rows.iter().map(|row| canonical(row.reward)));
        self.episode_index.extend(rows.iter().map(|row| row.episode_index));
        self.env_index.extend(rows.iter().map(|row| row.env_index));
        self.seed.extend(rows.iter().map(|row| row.seed.unwrap_or(0)));
        append_present(&mut self.seed_present, rows, |row| row.seed.is_some());
        let bits = |of: fn(&Experience) -> bool| {
            BooleanBuffer::collect_bool(rows.len(), |row| of(&rows[row]))
        };
        self.terminated.append_buffer(&bits(|row| row.terminated));
        self.truncated.append_buffer(&bits(|row| row.truncated));
    }

    /// The n-th extra value of the next row without one, of the column's kind.
    pub(crate) fn push_extra(&mut self, n: usize, value: ExtraValue<'_>) {
        match (&mut self.extra[n], value) {
            (Extra::Float(column), ExtraValue::Float(value)) => {
                column.append_option(value.map(canonical));
            }
            (Extra::Text(column), ExtraValue::Text(value)) => column.append_option(value),
            _ => unreachable!("the kind was checked where the value was handed over"),
        }
    }

    fn take<T>(column: &mut Vec<T>, capacity: usize) -> Vec<T> {
        std::mem::replace(column, Vec::with_capacity(capacity))
    }

    /// The rows gathered, as a batch; the columns are empty afterwards.
    pub(crate) fn batch(&mut self) -> Result<RecordBatch, EventError> {
        let (rows, capacity) = (self.len(), self.capacity);
        let ends = self.runs.iter().skip(1).map(|run| run.start).chain([rows]);
        let mut block_num = Vec::with_capacity(rows);
        let runs: Vec<(&Run, usize)> = self.runs.iter().zip(ends).collect();
        for (run, end) in &runs {
            block_num.resize(*end, run.block_num);
        }
        let mut reset = false;
        let mut columns = self.labels.iter_mut().enumerate().map(|(n, labels)| {
            let (column, void) = if let [(run, _)] = runs[..] {
                labels.constant(run.codes[n], rows)
            } else {
                let mut codes = Vec::with_capacity(rows);
                runs.iter().for_each(|(run, end)| codes.resize(*end, run.codes[n]));
                labels.column(PrimitiveArray::<Int32Type>::from(codes))
            };
            reset |= void;
            column
        });
        let mut next = || columns.next().expect("one column a label");
        let [worker_id, block_type, block_subtype, task_name, task_params, task, variant] =
            std::array::from_fn(|_| next());

        let codes = [true, false].map(|complete| self.statuses.code(exp_status(complete)));
        let code = |complete: &bool| if *complete { codes[0] } else { codes[1] };
        let (exp_status, _) = if self.complete.iter().all(|complete| *complete) {
            self.statuses.constant(codes[0], rows)
        } else {
            let statuses = self.complete.iter().map(code);
            self.statuses.column(PrimitiveArray::from_iter_values(statuses))
        };
        self.complete.clear();

        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(UInt64Array::from(block_num)),
            Arc::new(UInt64Array::new(
                Self::take(&mut self.exp_num, capacity).into(),
                self.exp_num_present.finish(),
            )),
            worker_id,
            block_type,
            block_subtype,
            task_name,
            task_params,
            exp_status,
            Arc::new(UInt64Array::from(Self::take(&mut self.episode_step_count, capacity))),
            Arc::new(Float64Array::from(Self::take(&mut self.reward, capacity))),
            task,
            variant,
            Arc::new(UInt64Array::from(Self::take(&mut self.episode_index, capacity))),
            Arc::new(UInt32Array::from(Self::take(&mut self.env_index, capacity))),
            Arc::new(UInt64Array::new(
                Self::take(&mut self.seed, capacity).into(),
                self.seed_present.finish(),
            )),
            Arc::new(BooleanArray::from(self.terminated.finish())),
            Arc::new(BooleanArray::from(self.truncated.finish())),
        ];
        columns.extend(self.extra.iter_mut().map(|extra| -> ArrayRef {
            match extra {
                Extra::Float(column) => Arc::new(column.finish()),
                Extra::Text(column) => Arc::new(column.finish()),
            }
        }));
        self.begin_frame(reset);
        super::batch(&self.schema, columns)
    }

    /// Carries the current segment into the next frame.
    fn begin_frame(&mut self, codes_void: bool) {
        let last = self.runs.pop();
        self.runs.clear();
        if !codes_void {
            self.runs.extend(last.map(|run| Run { start: 0, ..run }));
        } else if let Some(segment) = self.segment.take() {
            // Every dictionary starts over, so that no code of an old one survives.
            self.labels = Default::default();
            self.segment(&segment);
        }
    }
}
