//! What is odd about a scenario that can be read all the same: L2Logger would not have left it
//! so, and numbers may rest on less, or more, than was lived.

use super::columns::Columns;
use super::import::entries;
use crate::error::EventError;
use crate::reader::LogColumns;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// The log formats of L2Logger that are known.
const FORMATS: [&str; 2] = ["1.0", "1.1"];

/// Stretches of missing blocks that are named.
const NAMED: usize = 5;

/// The note of a file whose last row has no line end.
pub(super) fn unended(path: &Path, line: u64) -> String {
    format!(
        "{}:{line}: the last row has no line end, as every row is written with: it may be cut off, \
         even within a number",
        path.display()
    )
}

/// Notes on what the descriptions say and the log does not bear out.
pub(super) fn of_descriptions(
    dir: &Path,
    logger_info: &Map<String, Value>,
    log: &LogColumns,
) -> Vec<String> {
    let mut notes = Vec::new();
    let path = dir.join("logger_info.json");
    let path = path.display();
    let version = logger_info.get("log_format_version").filter(|version| !version.is_null());
    if let Some(version) = version {
        let said = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
        if !FORMATS.contains(&said.as_str()) {
            notes.push(format!(
                "{path}: `log_format_version` is {said}; known are {}, and as the latter it was read",
                FORMATS.join(" and ")
            ));
        }
    }
    let named = logger_info.get("metrics_columns").and_then(Value::as_array);
    let has = |name: &str| {
        name == "episode_step_count" && log.episode_step_count.is_some()
            || log.measures.contains_key(name)
            || log.texts.contains_key(name)
    };
    let absent: Vec<String> = named
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|name| !has(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if !absent.is_empty() {
        let there: Vec<&str> = log.measures.keys().map(String::as_str).collect();
        notes.push(format!(
            "{path}: `metrics_columns` names {}, which the log does not have (columns: {})",
            absent.join(", "),
            there.join(", ")
        ));
    }
    notes
}

/// Notes on folders of blocks that hold no log, and on logs that hold no row.
///
/// # Errors
///
/// Where a folder cannot be read.
pub(super) fn of_folders(dir: &Path, logs: &[(&Path, usize)]) -> Result<Vec<String>, EventError> {
    let mut notes = Vec::new();
    let empty = logs.iter().filter(|(_, rows)| *rows == 0);
    notes.extend(
        empty.map(|(path, _)| format!("{} names columns and holds no row", path.display())),
    );
    for (worker, _) in entries(dir)?.into_iter().filter(|(_, is_dir)| *is_dir) {
        for (block, _) in entries(&worker)?.into_iter().filter(|(_, is_dir)| *is_dir) {
            let name = block.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let number = name.split_once('-').filter(|(_, kind)| ["train", "test"].contains(kind));
            let is_block = number.is_some_and(|(number, _)| number.parse::<u64>().is_ok());
            if is_block && !logs.iter().any(|(path, _)| path.starts_with(&block)) {
                notes.push(format!("{} holds no data-log.tsv", block.display()));
            }
        }
    }
    Ok(notes)
}

/// The note on numbers of blocks below the last that no row has.
pub(super) fn missing_blocks(log: &LogColumns) -> Option<String> {
    let mut numbers: Vec<u64> = log.block_num.runs().map(|(number, _)| number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let last = *numbers.last()?;
    let mut next = 0;
    let mut gaps: Vec<RangeInclusive<u64>> = Vec::new();
    for number in numbers {
        if number > next {
            gaps.push(next..=number - 1);
        }
        next = number.saturating_add(1);
    }
    let told = gaps.iter().take(NAMED).map(|gap| match gap.start() == gap.end() {
        true => gap.start().to_string(),
        false => format!("{} to {}", gap.start(), gap.end()),
    });
    let told: Vec<String> = told.collect();
    let more = if gaps.len() > NAMED { ", …" } else { "" };
    let (blocks, several) =
        (told.join(", "), gaps.len() > 1 || told.iter().any(|t| t.contains("to")));
    let word = if several { "blocks" } else { "block" };
    (!gaps.is_empty())
        .then(|| format!("no row is of {word} {blocks}{more}; the last block is {last}"))
}

/// The note on experiences of a worker that stand in the same block of two files.
pub(super) fn repeated(
    log: &LogColumns,
    files: &[PathBuf],
    lines: &[(u32, u32)],
) -> Option<String> {
    // Numbers that grow from row to row repeat nothing: as a rule there are few runs to look at.
    let mut last = None;
    let grow = log.exp_num.runs().all(|(first, rows)| match first {
        Some(first) => {
            let grows = last.is_none_or(|last| last < first);
            last = first.checked_add(rows.len() as u64 - 1);
            grows && last.is_some()
        }
        None => true,
    });
    if grow {
        return None;
    }
    let mut seen: HashMap<(u32, u64, u64), usize> = HashMap::new();
    let (mut first, mut count) = (None, 0);
    for (row, number) in log.exp_num.iter().enumerate() {
        let Some(number) = number else { continue };
        let key = (log.worker_id.codes()[row], log.block_num[row], number);
        let earlier = *seen.entry(key).or_insert(row);
        if lines[earlier].0 != lines[row].0 {
            count += 1;
            first.get_or_insert((earlier, row, number));
        }
    }
    let (earlier, row, number) = first?;
    let place = |row: usize| format!("{}:{}", files[lines[row].0 as usize].display(), lines[row].1);
    Some(format!(
        "{}: experience {number} of worker `{}` stands in {}, too: such rows count twice \
         (there are {count})",
        place(row),
        log.worker_id.get(row),
        place(earlier)
    ))
}

/// Refuses two files of the same rows: a worker's log that was copied would count twice.
pub(super) fn refuse_copies(files: &[PathBuf], parts: &[(u32, Columns)]) -> Result<(), EventError> {
    let mut seen: HashMap<u64, &Path> = HashMap::new();
    for (file, part) in parts.iter().filter(|(_, part)| part.tells_rows_apart()) {
        let path = files[*file as usize].as_path();
        if let Some(first) = seen.insert(part.content, path) {
            let (first, path) = if first < path { (first, path) } else { (path, first) };
            return Err(EventError::Import {
                path: path.to_owned(),
                line: None,
                why: format!(
                    "it holds the same rows as {}, which would count twice; take one of them out",
                    first.display()
                ),
            });
        }
    }
    Ok(())
}
