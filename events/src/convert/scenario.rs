//! An L2Logger scenario read as it lies there: what measures a log needs, column by column.
//!
//! Importing keeps every field of every row and writes a run folder; this is for looking at
//! a log once, as fast as its text can be gone through.

use super::columns::Columns;
use super::delimited::{self, read_text, without_mark};
use super::import::{find_logs, find_scenarios, read_info};
use super::oddities;
use super::scan::{Scanner, Unclosed};
use crate::error::EventError;
use crate::reader::LogColumns;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

/// An L2Logger scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    dir: PathBuf,
    files: Vec<PathBuf>,
    logger_info: Map<String, Value>,
    scenario_info: Map<String, Value>,
}

/// The rows of a scenario, file after file.
#[derive(Clone, Debug, Default)]
pub struct ScenarioLog {
    /// Its columns.
    pub columns: LogColumns,
    /// Its files.
    pub files: Vec<PathBuf>,
    /// For each row its file's position and its line, from 1.
    pub lines: Vec<(u32, u32)>,
    /// What is odd about it: rows or blocks that seem to be missing, or to be there twice.
    pub notes: Vec<String>,
}

impl Scenario {
    /// Opens the scenario in a folder: one that holds `logger_info.json`, or a
    /// `data-log.tsv` anywhere below it.
    ///
    /// # Errors
    ///
    /// Where there is no log, or a description is no JSON object.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, EventError> {
        let dir = dir.as_ref();
        let fail = |why: &str| EventError::Import { path: dir.into(), line: None, why: why.into() };
        if !dir.is_dir() {
            return Err(fail("there is no such folder"));
        }
        let files = find_logs(dir)?;
        if files.is_empty() {
            return Err(fail("the scenario holds no data-log.tsv"));
        }
        let logger_info = read_info(dir, "logger_info.json")?;
        let scenario_info = read_info(dir, "scenario_info.json")?;
        Ok(Self { dir: dir.to_owned(), files, logger_info, scenario_info })
    }

    /// The folders at or below `dir` that hold a scenario, in order of their paths.
    ///
    /// # Errors
    ///
    /// Where a folder cannot be read.
    pub fn find(dir: impl AsRef<Path>) -> Result<Vec<PathBuf>, EventError> {
        let mut found = Vec::new();
        find_scenarios(dir.as_ref(), &mut found)?;
        Ok(found)
    }

    /// Its folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// `logger_info.json`; empty where there is none.
    pub fn logger_info(&self) -> &Map<String, Value> {
        &self.logger_info
    }

    /// `scenario_info.json`; empty where there is none.
    pub fn scenario_info(&self) -> &Map<String, Value> {
        &self.scenario_info
    }

    /// Reads all rows, on two threads.
    ///
    /// # Errors
    ///
    /// Where a file is not what L2Logger writes, the first such place in order of the files; where
    /// two files are the same.
    pub fn read(&self) -> Result<ScenarioLog, EventError> {
        let sizes = self.files.iter().map(|f| fs_err::metadata(f).map_or(0, |m| m.len()));
        let sizes: Vec<u64> = sizes.collect();
        let half = sizes.iter().sum::<u64>() / 2;
        let mut sum = 0;
        let middle = sizes.iter().take_while(|size| {
            sum += **size;
            sum <= half
        });
        let (first, second) = self.files.split_at(middle.count());
        let read = |files: &[PathBuf]| -> Result<Vec<Part>, EventError> {
            files.iter().map(|path| read_file(path)).collect()
        };
        let (first, second) = std::thread::scope(|scope| {
            let second = scope.spawn(|| read(second));
            (read(first), second.join())
        });
        let second = second.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let mut all = ScenarioLog { files: self.files.clone(), ..ScenarioLog::default() };
        let mut parts: Vec<(u32, Columns)> = Vec::with_capacity(self.files.len());
        for (file, part) in (0..).zip(first?.into_iter().chain(second?)) {
            all.notes.extend(part.notes);
            parts.push((file, part.columns));
        }
        oddities::refuse_copies(&self.files, &parts)?;
        let logs: Vec<(&Path, usize)> =
            parts.iter().map(|(f, part)| (self.files[*f as usize].as_path(), part.len())).collect();
        all.notes.extend(oddities::of_folders(&self.dir, &logs)?);
        in_order_of_numbers(&mut parts);
        let rows = parts.iter().map(|(_, part)| part.len()).sum();
        all.lines.reserve(rows);
        let mut columns = Columns::with_capacity(rows);
        for (file, part) in parts {
            all.lines.extend(part.lines().iter().map(|line| (file, *line)));
            columns.append(part);
        }
        all.columns = columns.finish();
        all.notes.extend(oddities::missing_blocks(&all.columns));
        all.notes.extend(oddities::repeated(&all.columns, &all.files, &all.lines));
        all.notes.extend(oddities::of_descriptions(&self.dir, &self.logger_info, &all.columns));
        Ok(all)
    }
}

/// Files of later numbers behind those of earlier ones, where no two overlap; else they stay
/// in order of their paths.
fn in_order_of_numbers(parts: &mut [(u32, Columns)]) {
    let mut by_number: Vec<usize> = (0..parts.len()).filter(|at| parts[*at].1.len() > 0).collect();
    by_number.sort_by_key(|at| parts[*at].1.first_number());
    let apart = by_number
        .windows(2)
        .all(|pair| parts[pair[0]].1.last_number() < parts[pair[1]].1.first_number());
    if apart {
        parts.sort_by_key(|(_, part)| part.first_number());
    }
}

/// What a file gives.
struct Part {
    columns: Columns,
    notes: Vec<String>,
}

fn read_file(path: &Path) -> Result<Part, EventError> {
    let text = read_text(path)?;
    let mut scanner = Scanner::new(without_mark(&text), b'\t');
    let mut fields = Vec::new();
    let unclosed = |Unclosed(line)| delimited::error(path, line, delimited::UNCLOSED);
    if scanner.next(&mut fields).map_err(unclosed)?.is_none() {
        return Err(delimited::error(path, 1, delimited::EMPTY));
    }
    let header: Vec<String> = fields.iter().map(|field| field.text().into_owned()).collect();
    delimited::check_header(path, &header)?;
    let mut columns = Columns::new(&header).map_err(|why| delimited::error(path, 1, why))?;
    let mut builder = columns.builder();
    let mut last = 1;
    while let Some(line) = scanner.next(&mut fields).map_err(unclosed)? {
        builder.push(line, &fields).map_err(|why| delimited::error(path, line, why))?;
        last = line;
    }
    columns.content = xxh3_64(text.as_bytes());
    let mut notes = Vec::new();
    notes.extend((!text.ends_with('\n')).then(|| oddities::unended(path, last)));
    notes.extend(columns.without_steps.map(|(line, rows)| {
        let path = path.display();
        format!(
            "{path}:{line}: `episode_step_count` is empty and taken as 0 (rows like it: {rows})"
        )
    }));
    Ok(Part { columns, notes })
}
