//! Record batches to typed columns.

use super::table::{BlockEventRow, ExtraValues, LabelColumn, Table};
use crate::record::{BlockEvent, BlockEventKind, BlockSubtype, BlockType};
use crate::schema::{AGENT_MEMORY, EXPERIENCE_COLUMNS, ExtraColumn, ExtraKind};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float64Type, Int32Type, TimestampMicrosecondType, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType, BooleanArray, Int32Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Schema};

/// Why a batch is not of the table it should be. The caller adds the place.
type Misfit = String;

pub(super) fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a dyn Array, Misfit> {
    batch.column_by_name(name).map(AsRef::as_ref).ok_or_else(|| format!("no column `{name}`"))
}

pub(super) fn wrong(name: &str, array: &dyn Array) -> Misfit {
    format!("column `{name}` is of type {}", array.data_type())
}

pub(super) fn optional<T: ArrowPrimitiveType>(
    batch: &RecordBatch,
    name: &str,
) -> Result<impl Iterator<Item = Option<T::Native>>, Misfit> {
    let array = column(batch, name)?;
    let typed = array.as_primitive_opt::<T>().ok_or_else(|| wrong(name, array))?;
    Ok(typed.iter())
}

pub(super) fn values<T: ArrowPrimitiveType>(
    batch: &RecordBatch,
    name: &str,
) -> Result<Vec<T::Native>, Misfit> {
    let array = column(batch, name)?;
    let typed = array.as_primitive_opt::<T>().ok_or_else(|| wrong(name, array))?;
    no_nulls(name, array)?;
    Ok(typed.values().to_vec())
}

pub(super) fn flags<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a BooleanArray, Misfit> {
    let array = column(batch, name)?;
    no_nulls(name, array)?;
    array.as_boolean_opt().ok_or_else(|| wrong(name, array))
}

fn no_nulls(name: &str, array: &dyn Array) -> Result<(), Misfit> {
    if array.null_count() > 0 { Err(format!("column `{name}` has nulls")) } else { Ok(()) }
}

/// The values and codes of a dictionary column.
fn labels<'a>(
    batch: &'a RecordBatch,
    name: &str,
) -> Result<(&'a StringArray, &'a Int32Array), Misfit> {
    let array = column(batch, name)?;
    let typed = array.as_dictionary_opt::<Int32Type>().ok_or_else(|| wrong(name, array))?;
    let texts = typed.values().as_string_opt::<i32>().ok_or_else(|| wrong(name, array))?;
    let len = texts.len();
    let fits = |code: i32| usize::try_from(code).is_ok_and(|code| code < len);
    let keys = typed.keys();
    let fit = match keys.null_count() {
        // The largest as unsigned: negative ones are larger than any length.
        0 => keys.values().iter().map(|code| *code as u32).max().is_none_or(|max| fits(max as i32)),
        _ => keys.iter().flatten().all(fits),
    };
    if fit {
        Ok((texts, keys))
    } else {
        Err(format!("column `{name}` has codes outside its dictionary"))
    }
}

/// As [`labels`], of a column without nulls.
fn codes<'a>(batch: &'a RecordBatch, name: &str) -> Result<(&'a StringArray, &'a [i32]), Misfit> {
    let (texts, keys) = labels(batch, name)?;
    no_nulls(name, keys)?;
    Ok((texts, keys.values()))
}

/// Appends a column of labels.
pub(super) fn append_labels(
    batch: &RecordBatch,
    name: &str,
    out: &mut LabelColumn,
) -> Result<(), Misfit> {
    let (texts, codes) = codes(batch, name)?;
    let map: Vec<u32> = texts.iter().map(|text| out.code(text.unwrap_or_default())).collect();
    out.extend_codes(codes.iter().map(|code| map[*code as usize]));
    Ok(())
}

/// A dictionary column whose texts stand for something.
pub(super) fn words<T: Copy>(
    batch: &RecordBatch,
    name: &str,
    parse: fn(&str) -> Option<T>,
) -> Result<Vec<T>, Misfit> {
    let (texts, codes) = codes(batch, name)?;
    let known: Vec<Option<T>> = texts.iter().map(|text| parse(text.unwrap_or_default())).collect();
    let word = |code: &i32| known[*code as usize];
    let words: Option<Vec<T>> = codes.iter().map(word).collect();
    words.ok_or_else(|| format!("column `{name}` has a word that is not known"))
}

/// Whether `exp_status` says that an experience is complete.
pub(super) fn is_complete(word: &str) -> Option<bool> {
    match word {
        "complete" => Some(true),
        "incomplete" => Some(false),
        _ => None,
    }
}

/// The extra columns of a schema of `experiences.arrow`.
pub(crate) fn extra_columns(schema: &Schema) -> Result<Vec<ExtraColumn>, Misfit> {
    let extra = schema.fields().iter().filter(|f| !EXPERIENCE_COLUMNS.contains(&f.name().as_str()));
    extra
        .map(|field| {
            let kind = match field.data_type() {
                DataType::Float64 => ExtraKind::Float,
                DataType::Utf8 => ExtraKind::Text,
                other => return Err(format!("column `{}` is of type {other}", field.name())),
            };
            Ok(ExtraColumn { name: field.name().clone(), kind })
        })
        .collect()
}

/// Appends a batch of `experiences.arrow` to a table, without times.
pub(crate) fn decode_experiences(batch: &RecordBatch, table: &mut Table) -> Result<(), Misfit> {
    let block_num = values::<UInt64Type>(batch, "block_num")?;
    let before = table.len();
    table.block_num.extend(block_num);
    table.exp_num.extend(optional::<UInt64Type>(batch, "exp_num")?);
    append_labels(batch, "worker_id", &mut table.worker_id)?;
    table.block_type.extend(words(batch, "block_type", BlockType::parse)?);
    table.block_subtype.extend(words(batch, "block_subtype", BlockSubtype::parse)?);
    append_labels(batch, "task_name", &mut table.task_name)?;
    append_labels(batch, "task", &mut table.task)?;
    append_labels(batch, "variant", &mut table.variant)?;
    append_labels(batch, "task_params", &mut table.task_params)?;
    table.complete.extend(words(batch, "exp_status", is_complete)?);
    table.reward.extend(values::<Float64Type>(batch, "reward")?);
    table.episode_step_count.extend(values::<UInt64Type>(batch, "episode_step_count")?);
    table.episode_index.extend(values::<UInt64Type>(batch, "episode_index")?);
    table.env_index.extend(values::<UInt32Type>(batch, "env_index")?);
    table.seed.extend(optional::<UInt64Type>(batch, "seed")?);
    table.terminated.extend(flags(batch, "terminated")?.values());
    table.truncated.extend(flags(batch, "truncated")?.values());
    append_extra(batch, table, before)
}

fn append_extra(batch: &RecordBatch, table: &mut Table, before: usize) -> Result<(), Misfit> {
    for (n, ExtraColumn { name, kind }) in extra_columns(&batch.schema())?.into_iter().enumerate() {
        if table.extra.len() == n && before == 0 {
            let values = match kind {
                ExtraKind::Float => ExtraValues::Float(Vec::new()),
                ExtraKind::Text => ExtraValues::Text(Vec::new()),
            };
            table.extra.push((name.clone(), values));
        }
        let array = column(batch, &name)?;
        match table.extra.get_mut(n).map(|(_, values)| values) {
            Some(ExtraValues::Float(out)) => out.extend(optional::<Float64Type>(batch, &name)?),
            Some(ExtraValues::Text(out)) => {
                let texts = array.as_string_opt::<i32>().ok_or_else(|| wrong(&name, array))?;
                out.extend(texts.iter().map(|text| text.map(str::to_owned)));
            }
            None => return Err(format!("column `{name}` comes out of nowhere")),
        }
    }
    Ok(())
}

/// Appends a batch of `blocks.arrow`, without times.
pub(crate) fn decode_blocks(
    batch: &RecordBatch,
    out: &mut Vec<BlockEventRow>,
) -> Result<(), Misfit> {
    let at_row = values::<UInt64Type>(batch, "at_row")?;
    let kind = words(batch, "kind", BlockEventKind::parse)?;
    let block_num = values::<UInt64Type>(batch, "block_num")?;
    let block_type = words(batch, "block_type", BlockType::parse)?;
    let block_subtype = words(batch, "block_subtype", BlockSubtype::parse)?;
    let text = |name| -> Result<Vec<Option<String>>, Misfit> {
        let (texts, codes) = labels(batch, name)?;
        Ok(codes
            .iter()
            .map(|code| code.map(|code| texts.value(code as usize).to_owned()))
            .collect())
    };
    let (task, variant) = (text("task")?, text("variant")?);
    let detail = column(batch, "detail")?;
    let detail = detail.as_string_opt::<i32>().ok_or_else(|| wrong("detail", detail))?;
    for row in 0..batch.num_rows() {
        let event = BlockEvent {
            kind: kind[row],
            block_num: block_num[row],
            block_type: block_type[row],
            block_subtype: block_subtype[row],
            task: task[row].clone(),
            variant: variant[row].clone(),
            detail: detail.is_valid(row).then(|| detail.value(row).to_owned()),
            at: 0,
            agent_memory: None,
        };
        out.push(BlockEventRow { at_row: at_row[row], event });
    }
    Ok(())
}

/// The times of a batch of `timing.arrow`: for each row whether it is of the experiences,
/// when that began, and when it ended, in microseconds.
#[allow(clippy::type_complexity, reason = "a row of the table, used once")]
pub(crate) fn decode_timing(batch: &RecordBatch) -> Result<Vec<(bool, Option<i64>, i64)>, Misfit> {
    let of_experience = words(batch, "table", |word| match word {
        "experiences" => Some(true),
        "blocks" => Some(false),
        _ => None,
    })?;
    let started = optional::<TimestampMicrosecondType>(batch, "started_at")?;
    let finished = values::<TimestampMicrosecondType>(batch, "finished_at")?;
    Ok(of_experience
        .into_iter()
        .zip(started)
        .zip(finished)
        .map(|((of_experience, started), finished)| (of_experience, started, finished))
        .collect())
}

/// The agent's memory at each row of a batch of `timing.arrow`, or nothing where no row says it.
pub(crate) fn decode_agent_memory(batch: &RecordBatch) -> Result<Vec<Option<u64>>, Misfit> {
    match batch.column_by_name(AGENT_MEMORY) {
        Some(column) if column.null_count() < column.len() => {
            Ok(optional::<UInt64Type>(batch, AGENT_MEMORY)?.collect())
        }
        Some(column) if *column.data_type() != DataType::UInt64 => Err(wrong(AGENT_MEMORY, column)),
        _ => Ok(Vec::new()),
    }
}
