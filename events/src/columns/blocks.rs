//! The columns of `blocks.arrow` in the making.

use super::labels::Labels;
use crate::error::EventError;
use crate::record::BlockEvent;
use crate::schema;
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, PrimitiveArray, RecordBatch, StringArray, UInt64Array};
use arrow_schema::SchemaRef;
use std::sync::Arc;

/// Gathers block events; they are few, so they are kept as they come.
pub(crate) struct BlockColumns {
    schema: SchemaRef,
    events: Vec<(BlockEvent, u64)>,
    labels: [Labels; 5],
}

impl BlockColumns {
    pub(crate) fn new() -> Self {
        Self { schema: schema::blocks(), events: Vec::new(), labels: Default::default() }
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    pub(crate) fn push(&mut self, event: &BlockEvent, at_row: u64) {
        self.events.push((event.clone(), at_row));
    }

    /// The events gathered, as a batch; the columns are empty afterwards.
    pub(crate) fn batch(&mut self) -> Result<RecordBatch, EventError> {
        let events = std::mem::take(&mut self.events);
        let texts: [fn(&BlockEvent) -> Option<&str>; 5] = [
            |e| Some(e.kind.as_str()),
            |e| Some(e.block_type.as_str()),
            |e| Some(e.block_subtype.as_str()),
            |e| e.task.as_deref(),
            |e| e.variant.as_deref(),
        ];
        let mut columns = self.labels.iter_mut().zip(texts).map(|(labels, text)| {
            let codes: PrimitiveArray<Int32Type> =
                events.iter().map(|(e, _)| text(e).map(|t| labels.code(t))).collect();
            labels.column(codes).0
        });
        let mut next = || columns.next().expect("one column a label");
        let [kind, block_type, block_subtype, task, variant] = std::array::from_fn(|_| next());
        let longs = |of: fn(&(BlockEvent, u64)) -> u64| -> ArrayRef {
            Arc::new(UInt64Array::from_iter_values(events.iter().map(of)))
        };
        let detail: StringArray = events.iter().map(|(e, _)| e.detail.as_deref()).collect();
        let columns = vec![
            longs(|(_, at_row)| *at_row),
            kind,
            longs(|(e, _)| e.block_num),
            block_type,
            block_subtype,
            task,
            variant,
            Arc::new(detail),
        ];
        super::batch(&self.schema, columns)
    }
}
