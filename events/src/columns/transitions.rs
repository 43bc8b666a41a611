//! The columns of `transitions.arrow` in the making.

use crate::content_hash::canonical;
use crate::error::EventError;
use crate::schema;
use crate::transition::{ActionColumn, ActionValues, ActionVec, Transition};
use arrow_array::{
    ArrayRef, BooleanArray, FixedSizeListArray, Float32Array, Float64Array, Int64Array,
    RecordBatch, StringArray, UInt8Array, UInt64Array,
};
use arrow_buffer::BooleanBufferBuilder;
use arrow_schema::{ArrowError, DataType, SchemaRef};
use std::sync::Arc;

/// Gathers steps.
pub(crate) struct TransitionColumns {
    schema: SchemaRef,
    columns: Vec<ActionColumn>,
    variant_num: Vec<u64>,
    episode_index: Vec<u64>,
    step: Vec<u64>,
    reward: Vec<f64>,
    terminated: BooleanBufferBuilder,
    truncated: BooleanBufferBuilder,
    actions: Vec<ActionVec>,
}

impl TransitionColumns {
    /// No step, with such actions.
    pub(crate) fn new(columns: &[ActionColumn]) -> Self {
        Self {
            schema: schema::transitions(columns),
            columns: columns.to_vec(),
            variant_num: Vec::new(),
            episode_index: Vec::new(),
            step: Vec::new(),
            reward: Vec::new(),
            terminated: BooleanBufferBuilder::new(0),
            truncated: BooleanBufferBuilder::new(0),
            actions: columns.iter().map(|column| ActionVec::new(column.kind)).collect(),
        }
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub(crate) fn len(&self) -> usize {
        self.step.len()
    }

    /// Appends steps, and their actions leaf by leaf.
    pub(crate) fn extend(&mut self, steps: &[Transition], actions: &[ActionVec]) {
        self.variant_num.extend(steps.iter().map(|step| step.variant_num));
        self.episode_index.extend(steps.iter().map(|step| step.episode_index));
        self.step.extend(steps.iter().map(|step| step.step));
        self.reward.extend(steps.iter().map(|step| canonical(step.reward)));
        for step in steps {
            self.terminated.append(step.terminated);
            self.truncated.append(step.truncated);
        }
        for (all, new) in self.actions.iter_mut().zip(actions) {
            all.append(new);
        }
    }

    /// The n-th of actions given leaf by leaf.
    pub(crate) fn action_of<'a>(
        &self,
        actions: &'a [ActionVec],
        n: usize,
    ) -> impl Iterator<Item = ActionValues<'a>> {
        let columns = self.columns.iter().zip(actions);
        columns.map(move |(column, all)| all.row(n, column.elements()))
    }

    /// The rows gathered, as a batch; the columns are empty afterwards.
    pub(crate) fn batch(&mut self) -> Result<RecordBatch, EventError> {
        let longs = |column: &mut Vec<u64>| -> ArrayRef {
            Arc::new(UInt64Array::from(std::mem::take(column)))
        };
        let mut arrays = vec![
            longs(&mut self.variant_num),
            longs(&mut self.episode_index),
            longs(&mut self.step),
            Arc::new(Float64Array::from(std::mem::take(&mut self.reward))) as ArrayRef,
            Arc::new(BooleanArray::from(self.terminated.finish())),
            Arc::new(BooleanArray::from(self.truncated.finish())),
        ];
        for (column, all) in self.columns.iter().zip(&mut self.actions) {
            let all = std::mem::replace(all, ActionVec::new(column.kind));
            arrays.push(array(column, all).map_err(|e| super::internal(&e))?);
        }
        super::batch(&self.schema, arrays)
    }
}

/// A column's values as Arrow's array.
fn array(column: &ActionColumn, all: ActionVec) -> Result<ArrayRef, ArrowError> {
    let flat: ArrayRef = match all {
        ActionVec::U8(all) => Arc::new(UInt8Array::from(all)),
        ActionVec::I64(all) => Arc::new(Int64Array::from(all)),
        ActionVec::F32(all) => Arc::new(Float32Array::from(all)),
        ActionVec::F64(all) => Arc::new(Float64Array::from(all)),
        ActionVec::Text(all) => Arc::new(StringArray::from(all)),
    };
    match schema::action(column).data_type() {
        DataType::FixedSizeList(item, size) => {
            Ok(Arc::new(FixedSizeListArray::try_new(Arc::clone(item), *size, flat, None)?))
        }
        _ => Ok(flat),
    }
}
