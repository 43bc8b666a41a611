//! A file of the store: the runs of one task's expert.
//!
//! ```text
//! tella-ste VERSION xxh3:HASH "TASK"\n
//! the runs, newest first, as postcard writes them
//! ```
//!
//! HASH is XXH3-64, in hexadecimal, of all that follows it. TASK is a JSON string. A
//! version's types stay here, and a sample of its bytes in the tests, for as long as this
//! program lives.

use super::{Expert, SteError};
use crate::Experiences;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Read};
use std::path::Path;
use tella_events::{BlockSubtype, BlockType};
use xxhash_rust::xxh3::xxh3_64;

/// The version that is written.
const VERSION: u64 = 1;
const MAGIC: &str = "tella-ste ";
/// The longest first line that is looked at.
const LONGEST_HEAD: u64 = 1 << 20;

/// Version 1 of a run, column by column.
#[derive(Serialize, Deserialize)]
struct RunV1 {
    source: String,
    block_num: Vec<u64>,
    exp_num: Vec<u64>,
    learning: Vec<bool>,
    asleep: Vec<bool>,
    tasks: Vec<String>,
    task: Vec<u32>,
    episode_step_count: Option<Vec<u64>>,
    measures: Vec<(String, Vec<f64>)>,
}

/// The bytes of a file.
pub(super) fn encode(task: &str, experts: &[Expert]) -> Vec<u8> {
    let runs: Vec<RunV1> =
        experts.iter().map(|expert| RunV1::of(&expert.source, &expert.log)).collect();
    let body = postcard::to_stdvec(&runs).expect("columns of numbers and texts always encode");
    let task = serde_json::Value::from(task).to_string();
    let rest = [format!(" {task}\n").into_bytes(), body].concat();
    let head = format!("{MAGIC}{VERSION} xxh3:{:016x}", xxh3_64(&rest));
    [head.into_bytes(), rest].concat()
}

/// The bytes that a file keeps of a run's experiences, whatever its source is called.
pub(super) fn rows(log: &Experiences) -> Vec<u8> {
    // Read back, tasks are numbered as their rows come.
    let kept = RunV1::of("", log).into_expert();
    let kept = kept.map_or_else(|| RunV1::of("", log), |expert| RunV1::of("", &expert.log));
    postcard::to_stdvec(&kept).expect("columns of numbers and texts always encode")
}

/// The task of a file, from its first line.
pub(super) fn read_task(path: &Path) -> Result<String, SteError> {
    let file = fs_err::File::open(path).map_err(|e| SteError::io(path, e))?;
    let mut line = Vec::new();
    std::io::BufReader::new(file.take(LONGEST_HEAD))
        .read_until(b'\n', &mut line)
        .map_err(|e| SteError::io(path, e))?;
    Ok(head(path, &line)?.task)
}

/// The task and the runs of a file, verified.
pub(super) fn decode(path: &Path, bytes: &[u8]) -> Result<(String, Vec<Expert>), SteError> {
    let damaged = |what: &str| SteError::Damaged { path: path.to_owned(), what: what.to_owned() };
    let end = bytes.iter().position(|b| *b == b'\n').map_or(bytes.len(), |at| at + 1);
    let head = head(path, &bytes[..end])?;
    if xxh3_64(&bytes[head.hashed_from..]) != head.hash {
        return Err(damaged("the checksum does not fit the contents"));
    }
    let runs: Vec<RunV1> =
        postcard::from_bytes(&bytes[end..]).map_err(|e| damaged(&e.to_string()))?;
    let experts: Option<Vec<Expert>> = runs.into_iter().map(RunV1::into_expert).collect();
    Ok((head.task, experts.ok_or_else(|| damaged("its columns do not fit together"))?))
}

struct Head {
    hash: u64,
    /// Where the hashed bytes begin.
    hashed_from: usize,
    task: String,
}

fn head(path: &Path, line: &[u8]) -> Result<Head, SteError> {
    let damaged = |what: &str| SteError::Damaged { path: path.to_owned(), what: what.to_owned() };
    let text = std::str::from_utf8(line).map_err(|_| damaged("its first line is not UTF-8"))?;
    let rest = text.strip_prefix(MAGIC).ok_or_else(|| damaged("it is no file of experts"))?;
    let (version, rest) =
        rest.split_once(" xxh3:").ok_or_else(|| damaged("its first line was cut"))?;
    match version.parse() {
        Ok(VERSION) => {}
        Ok(found) if found > VERSION => {
            return Err(SteError::Version { path: path.to_owned(), found, supported: VERSION });
        }
        _ => return Err(damaged("it has no format version")),
    }
    let (hash, task) = rest.split_once(' ').ok_or_else(|| damaged("its first line was cut"))?;
    let hashed_from = line.len() - task.len() - 1;
    let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    let well_formed = hash.len() == 16 && hash.bytes().all(is_digit);
    let hash = u64::from_str_radix(hash, 16).ok().filter(|_| well_formed);
    let hash = hash.ok_or_else(|| damaged("it has no checksum"))?;
    let task = task.strip_suffix('\n').ok_or_else(|| damaged("its first line was cut"))?;
    let task = serde_json::from_str(task).map_err(|_| damaged("it names no task"))?;
    Ok(Head { hash, hashed_from, task })
}

impl RunV1 {
    /// What is kept of the log of a run from `source`.
    fn of(source: &str, log: &Experiences) -> Self {
        let rows: Vec<usize> = (0..log.len()).filter(|row| log.complete[*row]).collect();
        let column = |values: &[u64]| rows.iter().map(|row| values[*row]).collect();
        Self {
            source: source.to_owned(),
            block_num: rows.iter().map(|row| log.block_num[*row]).collect(),
            exp_num: rows.iter().map(|row| log.exp_num.get(*row).unwrap_or_default()).collect(),
            learning: rows.iter().map(|row| log.block_type[*row] == BlockType::Train).collect(),
            asleep: rows.iter().map(|r| log.block_subtype[*r] == BlockSubtype::Sleep).collect(),
            tasks: log.task_name.values().to_vec(),
            task: rows.iter().map(|row| log.task_name.codes()[*row]).collect(),
            episode_step_count: log.episode_step_count.as_deref().map(column),
            measures: log
                .measures
                .iter()
                .map(|(name, values)| (name.clone(), rows.iter().map(|r| values[*r]).collect()))
                .collect(),
        }
    }

    /// The run; `None` where a column is shorter than another or a code has no text.
    fn into_expert(self) -> Option<Expert> {
        let rows = self.block_num.len();
        let lengths = [self.exp_num.len(), self.learning.len(), self.asleep.len(), self.task.len()];
        let steps = self.episode_step_count.as_ref().map(Vec::len);
        let measured = self.measures.iter().map(|(_, values)| values.len());
        if lengths.into_iter().chain(steps).chain(measured).any(|length| length != rows) {
            return None;
        }
        let names = self.task.iter().map(|code| self.tasks.get(*code as usize).map(String::as_str));
        let block_type = |learning| if learning { BlockType::Train } else { BlockType::Test };
        let subtype = |asleep| if asleep { BlockSubtype::Sleep } else { BlockSubtype::Wake };
        let log = Experiences {
            block_num: self.block_num.into_iter().collect(),
            exp_num: self.exp_num.into_iter().map(Some).collect(),
            block_type: self.learning.into_iter().map(block_type).collect(),
            block_subtype: self.asleep.into_iter().map(subtype).collect(),
            task_name: names.collect::<Option<_>>()?,
            task_params: std::iter::repeat_n("", rows).collect(),
            complete: std::iter::repeat_n(true, rows).collect(),
            episode_step_count: self.episode_step_count,
            measures: self.measures.into_iter().collect(),
            ..Experiences::default()
        };
        Some(Expert { source: self.source, log })
    }
}
