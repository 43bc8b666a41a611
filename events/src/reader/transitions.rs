//! Batches of `transitions.arrow` to typed columns.

use super::decode::{column, flags, values, wrong};
use crate::schema::TRANSITION_COLUMNS;
use crate::transition::{ActionColumn, ActionData, ActionKind, ActionVec, TransitionTable};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int64Type, UInt8Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema};

/// The columns of actions of a schema of `transitions.arrow`.
pub(crate) fn action_columns(schema: &Schema) -> Result<Vec<ActionColumn>, String> {
    let fields = schema.fields().iter();
    let fields = fields.filter(|f| !TRANSITION_COLUMNS.contains(&f.name().as_str()));
    fields
        .map(|field| {
            let (item, width) = match field.data_type() {
                DataType::FixedSizeList(item, size) => {
                    let size = usize::try_from(*size);
                    let size =
                        size.map_err(|_| format!("column `{}` has no size", field.name()))?;
                    (item.data_type(), Some(size))
                }
                scalar => (scalar, None),
            };
            let kind = match item {
                DataType::UInt8 => ActionKind::U8,
                DataType::Int64 => ActionKind::I64,
                DataType::Float32 => ActionKind::F32,
                DataType::Float64 => ActionKind::F64,
                DataType::Utf8 => ActionKind::Text,
                other => return Err(format!("column `{}` is of type {other}", field.name())),
            };
            Ok(ActionColumn { name: field.name().clone(), kind, width })
        })
        .collect()
}

/// A batch of `transitions.arrow`.
pub(crate) fn decode_transitions(batch: &RecordBatch) -> Result<TransitionTable, String> {
    let flags = |name| flags(batch, name).map(|flags| flags.values().iter().collect());
    let actions = action_columns(&batch.schema())?;
    Ok(TransitionTable {
        variant_num: values::<UInt64Type>(batch, "variant_num")?,
        episode_index: values::<UInt64Type>(batch, "episode_index")?,
        step: values::<UInt64Type>(batch, "step")?,
        reward: values::<Float64Type>(batch, "reward")?,
        terminated: flags("terminated")?,
        truncated: flags("truncated")?,
        actions: actions
            .into_iter()
            .map(|column| {
                let values = actions_of(batch, &column)?;
                Ok(ActionData { column, values })
            })
            .collect::<Result<_, String>>()?,
    })
}

fn actions_of(batch: &RecordBatch, of: &ActionColumn) -> Result<ActionVec, String> {
    let array = column(batch, &of.name)?;
    let flat: ArrayRef = match array.as_fixed_size_list_opt() {
        Some(list) if list.null_count() == 0 => {
            // A slice of a list keeps the elements of its whole.
            let (from, len) = (list.value_offset_at(0), list.len() * of.elements());
            if list.values().len() < from + len {
                return Err(format!("column `{}` has too few elements", of.name));
            }
            list.values().slice(from, len)
        }
        Some(_) => return Err(format!("column `{}` has nulls", of.name)),
        None => array.slice(0, array.len()),
    };
    if flat.null_count() > 0 {
        return Err(format!("column `{}` has nulls", of.name));
    }
    let misfit = || wrong(&of.name, array);
    macro_rules! primitive {
        ($type:ty) => {
            flat.as_primitive_opt::<$type>().ok_or_else(misfit)?.values().to_vec()
        };
    }
    Ok(match of.kind {
        ActionKind::U8 => ActionVec::U8(primitive!(UInt8Type)),
        ActionKind::I64 => ActionVec::I64(primitive!(Int64Type)),
        ActionKind::F32 => ActionVec::F32(primitive!(Float32Type)),
        ActionKind::F64 => ActionVec::F64(primitive!(Float64Type)),
        ActionKind::Text => {
            let texts = flat.as_string_opt::<i32>().ok_or_else(misfit)?;
            ActionVec::Text(texts.iter().map(|t| t.unwrap_or_default().to_owned()).collect())
        }
    })
}
