//! Types that a reader asks for in place of ours. The interface leaves it to the producer how far
//! it follows; here texts come as the reader likes them, and other columns as they are.

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, LargeStringArray, RecordBatch, RecordBatchReader, StringArray, StringViewArray,
};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Schema, SchemaRef};
use std::sync::Arc;

/// The schema that a reader who asks for `wanted` gets of `own`.
///
/// # Errors
///
/// Where the columns are others: their number or their names.
pub(super) fn granted(own: &SchemaRef, wanted: &Schema) -> Result<SchemaRef, String> {
    let names = |schema: &Schema| -> Vec<String> {
        schema.fields().iter().map(|field| field.name().clone()).collect()
    };
    let (ours, theirs) = (names(own), names(wanted));
    if ours != theirs {
        return Err(format!(
            "the requested schema has the columns {}; the table has {}",
            theirs.join(", "),
            ours.join(", ")
        ));
    }
    let field = |(own, wanted): (&FieldRef, &FieldRef)| -> FieldRef {
        match is_text(own.data_type()) && is_plain_text(wanted.data_type()) {
            true => {
                let kind = wanted.data_type().clone();
                Arc::new(Field::new(own.name(), kind, own.is_nullable()))
            }
            false => Arc::clone(own),
        }
    };
    let fields = own.fields().iter().zip(wanted.fields()).map(field);
    Ok(Arc::new(Schema::new(fields.collect::<Vec<_>>())))
}

/// The batches of `reader` with the types of `schema`, which was [`granted`].
pub(super) struct As {
    pub(super) reader: Box<dyn RecordBatchReader + Send>,
    pub(super) schema: SchemaRef,
}

impl Iterator for As {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.reader.next()?;
        Some(batch.and_then(|batch| {
            let columns = batch.columns().iter().zip(self.schema.fields());
            let columns = columns.map(|(column, field)| represent(column, field.data_type()));
            RecordBatch::try_new(Arc::clone(&self.schema), columns.collect())
        }))
    }
}

impl RecordBatchReader for As {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

fn represent(column: &ArrayRef, kind: &DataType) -> ArrayRef {
    if column.data_type() == kind {
        return Arc::clone(column);
    }
    let texts = texts(column);
    match kind {
        DataType::LargeUtf8 => Arc::new(LargeStringArray::from_iter(texts)),
        DataType::Utf8View => Arc::new(StringViewArray::from_iter(texts)),
        _ => Arc::new(StringArray::from_iter(texts)),
    }
}

/// The texts of a column of them.
pub(super) fn texts(column: &ArrayRef) -> Box<dyn Iterator<Item = Option<&str>> + '_> {
    match column.as_dictionary_opt::<Int32Type>() {
        Some(dictionary) => {
            let values = dictionary.values().as_string::<i32>();
            let keys = dictionary.keys();
            Box::new(
                (0..column.len()).map(move |row| {
                    keys.is_valid(row).then(|| values.value(keys.value(row) as usize))
                }),
            )
        }
        None => Box::new(column.as_string::<i32>().iter()),
    }
}

/// Whether a column of this type, which is one of a log's, holds texts.
pub(super) fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(key, value) => **key == DataType::Int32 && **value == DataType::Utf8,
        kind => *kind == DataType::Utf8,
    }
}

fn is_plain_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}
