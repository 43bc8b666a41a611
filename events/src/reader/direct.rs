//! The columns that measuring looks at, straight from the frames' bytes.
//!
//! Frames are read side by side, only the columns asked for are unpacked, each into its
//! place, and those that seldom change become runs at once. Where a log is not plainly as this
//! program writes it, or is damaged, there is no answer: then the log is read batch by
//! batch, which gives the same columns or says what is wrong.

use super::columns::LogColumns;
use super::decode::is_complete;
use super::lifetime::Batches;
use super::numbers::Numbers;
use super::runs::Runs;
use super::table::LabelColumn;
use super::times::{Times, Timing};
use crate::frames::{Layout, RawFrame, RawPlace, Unpacker};
use crate::record::{BlockSubtype, BlockType};
use crate::schema::{AGENT_MEMORY, EXPERIENCE_COLUMNS};
use arrow_schema::{DataType, TimeUnit};
use std::collections::BTreeMap;

/// The columns of labels, in the order in which a frame's are kept.
const LABELS: [&str; 6] =
    ["worker_id", "block_type", "block_subtype", "task_name", "task_params", "exp_status"];

/// What a frame of `experiences.arrow` holds, but for what has its place.
struct Part {
    block_num: Runs<u64>,
    exp_num: Numbers,
    labels: [Labels; LABELS.len()],
}

/// A frame's part of a column of labels: the dictionary it brings, and codes.
struct Labels {
    dictionary: Option<Vec<String>>,
    codes: Runs<i32>,
}

/// The places of a frame's numbers in the columns.
struct Room<'a> {
    steps: &'a mut [u64],
    measures: Vec<&'a mut [f64]>,
}

/// The columns of `experiences.arrow`, without times.
pub(super) fn experiences(batches: &mut Batches) -> Option<LogColumns> {
    let reader = batches.whole()?;
    let (layout, rows) = (reader.layout()?, reader.batch_rows()?);
    let total = rows.iter().sum();
    let block_num = layout.column("block_num").filter(|c| c.kind == DataType::UInt64)?;
    let exp_num = layout.column("exp_num").filter(|c| c.kind == DataType::UInt64)?;
    let step_count = layout.column("episode_step_count").filter(|c| c.kind == DataType::UInt64)?;
    let labels = LABELS.map(|name| layout.column(name).filter(|c| is_label(&c.kind)));
    let labels: Vec<&RawPlace> = labels.into_iter().collect::<Option<_>>()?;
    let names = measures(&layout)?;
    let places: Vec<&RawPlace> = names.iter().filter_map(|name| layout.column(name)).collect();

    let mut steps = vec![0; total];
    let mut values = vec![vec![0.0; total]; names.len()];
    let parts = {
        let mut of_measure: Vec<_> = values.iter_mut().map(|v| cut(v, &rows)).collect();
        let room = cut(&mut steps, &rows).map(|steps| {
            let measures = of_measure.iter_mut().filter_map(Iterator::next).collect();
            Room { steps, measures }
        });
        reader.side_by_side(room.collect(), |frame, unpacker, room| {
            frame.numbers::<8>(step_count, unpacker, bytemuck::cast_slice_mut(room.steps))?;
            for (place, out) in places.iter().zip(room.measures) {
                measure(frame, place, unpacker, out)?;
            }
            let mut longs = vec![0u64; frame.len()?];
            frame.numbers::<8>(block_num, unpacker, bytemuck::cast_slice_mut(&mut longs))?;
            let block_num = runs(&longs);
            let bytes = bytemuck::cast_slice_mut(&mut longs);
            let present = frame.optional_numbers::<8>(exp_num, unpacker, bytes)?;
            let exp_num = numbers(&longs, present.as_deref());
            let mut codes = vec![0i32; longs.len()];
            let mut label = |place: &&RawPlace| {
                let bytes = bytemuck::cast_slice_mut(&mut codes);
                frame.numbers::<4>(place, unpacker, bytes)?;
                let dictionary = frame.dictionary(place, unpacker)?;
                Some(Labels { dictionary, codes: runs(&codes) })
            };
            let labels: Option<Vec<Labels>> = labels.iter().map(&mut label).collect();
            Some(Part { block_num, exp_num, labels: labels?.try_into().ok()? })
        })?
    };

    let mut log = LogColumns {
        episode_step_count: Some(steps),
        measures: names.into_iter().zip(values).collect::<BTreeMap<_, _>>(),
        ..LogColumns::default()
    };
    let mut dictionaries: [Vec<String>; LABELS.len()] = Default::default();
    for part in parts {
        log.block_num.append(&part.block_num);
        log.exp_num.append(&part.exp_num);
        for (labels, dictionary) in part.labels.iter().zip(&mut dictionaries) {
            if let Some(new) = &labels.dictionary {
                dictionary.clone_from(new);
            }
        }
        let [worker_id, block_type, block_subtype, task_name, task_params, status] = &part.labels;
        let [workers, types, subtypes, tasks, params, statuses] = &dictionaries;
        append_texts(worker_id, workers, &mut log.worker_id)?;
        append_words(block_type, types, BlockType::parse, &mut log.block_type)?;
        append_words(block_subtype, subtypes, BlockSubtype::parse, &mut log.block_subtype)?;
        append_texts(task_name, tasks, &mut log.task_name)?;
        append_texts(task_params, params, &mut log.task_params)?;
        append_words(status, statuses, is_complete, &mut log.complete)?;
    }
    Some(log)
}

/// What `timing.arrow` says of experiences, as far as it reaches.
pub(super) fn timing(batches: &mut Batches) -> Option<Timing> {
    let reader = batches.whole()?;
    let (layout, rows) = (reader.layout()?, reader.batch_rows()?);
    let table = layout.column("table").filter(|c| is_label(&c.kind))?;
    let finished = layout
        .column("finished_at")
        .filter(|c| matches!(&c.kind, DataType::Timestamp(TimeUnit::Microsecond, _)))?;
    let memory = layout.column(AGENT_MEMORY);
    if memory.is_some_and(|column| column.kind != DataType::UInt64) {
        return None;
    }
    let mut times = vec![0i64; rows.iter().sum()];
    let parts = reader.side_by_side(cut(&mut times, &rows).collect(), |frame, unpacker, out| {
        frame.numbers::<8>(finished, unpacker, bytemuck::cast_slice_mut(out))?;
        let mut codes = vec![0i32; out.len()];
        frame.numbers::<4>(table, unpacker, bytemuck::cast_slice_mut(&mut codes))?;
        let dictionary = frame.dictionary(table, unpacker)?;
        let memory = match memory.filter(|column| frame.has_values(column)) {
            Some(column) => most(frame, column, unpacker)?,
            None => None,
        };
        Some((Labels { dictionary, codes: runs(&codes) }, memory))
    })?;
    let agent_memory = parts.iter().filter_map(|(_, memory)| *memory).max();
    let mut dictionary = Vec::new();
    // The times of experiences move together over those of block events.
    let (mut from, mut kept) = (0, 0);
    for (labels, _) in parts {
        if let Some(new) = labels.dictionary {
            dictionary = new;
        }
        for (code, rows) in labels.codes.runs() {
            match dictionary.get(usize::try_from(code).ok()?)?.as_str() {
                "experiences" => {
                    times.copy_within(from..from + rows.len(), kept);
                    kept += rows.len();
                }
                "blocks" => {}
                _ => return None,
            }
            from += rows.len();
        }
    }
    times.truncate(kept);
    Some(Timing { finished_at: Times::all(times), agent_memory })
}

/// The largest of a column of numbers of which some are there.
fn most(frame: &RawFrame<'_>, column: &RawPlace, unpacker: &mut Unpacker) -> Option<Option<u64>> {
    let mut longs = vec![0u64; frame.len()?];
    let bytes = bytemuck::cast_slice_mut(&mut longs);
    let present = frame.optional_numbers::<8>(column, unpacker, bytes)?;
    let there = |row: &usize| present.as_ref().is_none_or(|present| is_set(present, *row));
    Some((0..longs.len()).filter(there).map(|row| longs[row]).max())
}

/// The columns of floats; none at all where there are further ones of text.
fn measures(layout: &Layout) -> Option<Vec<String>> {
    let mut names = vec!["reward".to_owned()];
    for (name, place) in layout.columns().filter(|(n, _)| !EXPERIENCE_COLUMNS.contains(n)) {
        names.push((place.kind == DataType::Float64).then(|| name.to_owned())?);
    }
    layout.column("reward").filter(|c| c.kind == DataType::Float64)?;
    Some(names)
}

fn measure(
    frame: &RawFrame<'_>,
    place: &RawPlace,
    unpacker: &mut Unpacker,
    out: &mut [f64],
) -> Option<()> {
    let bytes = bytemuck::cast_slice_mut(out);
    if let Some(present) = frame.optional_numbers::<8>(place, unpacker, bytes)? {
        let missing = (0..out.len()).filter(|row| !is_set(&present, *row));
        missing.collect::<Vec<_>>().into_iter().for_each(|row| out[row] = f64::NAN);
    }
    Some(())
}

fn is_label(kind: &DataType) -> bool {
    let DataType::Dictionary(codes, texts) = kind else { return false };
    **codes == DataType::Int32 && **texts == DataType::Utf8
}

/// A column cut into the parts that so many rows each have.
fn cut<'a, T>(column: &'a mut [T], rows: &'a [usize]) -> impl Iterator<Item = &'a mut [T]> {
    let mut rest = column;
    rows.iter().map(move |rows| rest.split_off_mut(..*rows).unwrap_or_default())
}

/// The runs of a column; long ones are passed over some dozens of rows at a time.
fn runs<T: Copy + PartialEq>(rows: &[T]) -> Runs<T> {
    const STRIDE: usize = 64;
    let mut runs = Runs::default();
    for rows in rows.chunks(STRIDE) {
        let first = rows[0];
        if rows.iter().fold(true, |same, row| same & (*row == first)) {
            runs.push_run(first, rows.len());
        } else {
            runs.extend(rows.iter().copied());
        }
    }
    runs
}

/// The numbers of rows, of which not all need have one.
fn numbers(rows: &[u64], present: Option<&[u8]>) -> Numbers {
    let Some(first) = rows.first().filter(|_| present.is_none()) else {
        let number = |(row, number): (usize, &u64)| {
            present.is_none_or(|present| is_set(present, row)).then_some(*number)
        };
        return rows.iter().enumerate().map(number).collect();
    };
    let counts =
        |same, (n, number): (usize, &u64)| same & (first.wrapping_add(n as u64) == *number);
    let mut numbers = Numbers::default();
    if rows.iter().enumerate().fold(true, counts) {
        numbers.push_run(*first, rows.len());
    } else {
        numbers.extend(rows.iter().copied().map(Some));
    }
    numbers
}

fn is_set(bits: &[u8], row: usize) -> bool {
    bits[row / 8] >> (row % 8) & 1 == 1
}

fn append_texts(part: &Labels, dictionary: &[String], out: &mut LabelColumn) -> Option<()> {
    // Texts enter in the dictionary's order, as where batches are read.
    dictionary.iter().for_each(|text| {
        out.code(text);
    });
    for (code, rows) in part.codes.runs() {
        out.push_run(dictionary.get(usize::try_from(code).ok()?)?, rows.len());
    }
    Some(())
}

fn append_words<T: Copy + PartialEq>(
    part: &Labels,
    dictionary: &[String],
    parse: fn(&str) -> Option<T>,
    out: &mut Runs<T>,
) -> Option<()> {
    for (code, rows) in part.codes.runs() {
        out.push_run(parse(dictionary.get(usize::try_from(code).ok()?)?)?, rows.len());
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::LifetimeLog;
    use super::*;
    use crate::folder::RunFolder;
    use crate::schema::TableKind;
    use std::path::Path;

    /// Logs of every version written so far are read this way, and not by the way round it.
    #[test]
    fn samples_are_read_directly() {
        for sample in ["format-1", "format-1-memory", "format-1-transitions"] {
            let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(sample);
            let log = LifetimeLog::open(&RunFolder::open(&dir).unwrap(), 0).unwrap();
            let rows = log.table().unwrap().len();
            let columns = experiences(&mut log.batches(TableKind::Experiences).unwrap());
            let timing = timing(&mut log.batches(TableKind::Timing).unwrap());
            assert_eq!(columns.map(|columns| columns.len()), Some(rows), "{sample}");
            assert_eq!(timing.map(|timing| timing.finished_at.len()), Some(rows), "{sample}");
        }
    }
}
