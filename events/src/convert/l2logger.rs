//! L2Logger's folder layout, log format 1.1: `logger_info.json`, `scenario_info.json`, and
//! `WORKER/BLOCK_NUM-BLOCK_TYPE/data-log.tsv`.
//!
//! Facts from l2logger 1.8.2 and tella 2.1.0: the nine standard columns come first in a
//! fixed order, all others after them in alphabetical order; timestamps have no zone (given
//! here in UTC, so that an export does not depend on the machine). Experiences without
//! `exp_num` are left out, since L2Logger numbers every row; those with one that were cut
//! short are `incomplete`.

use super::delimited::put_line;
use super::numbers::{float, l2logger_time};
use super::text_file::TextFile;
use crate::error::{AtPath, EventError};
use crate::folder::RunFolder;
use crate::reader::{ExtraValues, LifetimeLog, Table};
use crate::record::exp_status;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::path::Path;

/// L2Logger's standard columns, in its order.
pub(super) const STANDARD: [&str; 9] = [
    "block_num",
    "exp_num",
    "worker_id",
    "block_type",
    "block_subtype",
    "task_name",
    "task_params",
    "exp_status",
    "timestamp",
];

/// Prefix of an extra column that came under the name of a standard column that L2Logger
/// does not know.
pub(super) const CLASH: &str = "l2logger:";

/// Where an imported lifetime's status keeps its description.
pub(super) const KEY: &str = "l2logger";

/// What an imported log said of itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Origin {
    /// `logger_info.json`.
    pub(super) logger_info: Map<String, Value>,
    /// `scenario_info.json`.
    pub(super) scenario_info: Map<String, Value>,
    /// The columns it had, in order.
    pub(super) columns: Vec<String>,
}

pub(super) fn export(run: &RunFolder, log: &LifetimeLog, out: &Path) -> Result<(), EventError> {
    let table = log.table()?;
    let origin: Option<Origin> =
        log.status().extra.get(KEY).and_then(|origin| serde_json::from_value(origin.clone()).ok());
    let columns = columns(&table, origin.as_ref());
    fs_err::create_dir_all(out).at(out)?;
    let origin = origin.unwrap_or_else(|| Origin {
        logger_info: logger_info(&table),
        scenario_info: scenario_info(run, log),
        columns: Vec::new(),
    });
    for (name, info) in
        [("logger_info.json", &origin.logger_info), ("scenario_info.json", &origin.scenario_info)]
    {
        let path = out.join(name);
        fs_err::write(&path, format!("{:#}", Value::Object(info.clone()))).at(&path)?;
    }
    let mut file = LogFile { out, columns: &columns, open: None };
    for row in (0..table.len()).filter(|row| table.exp_num[*row].is_some()) {
        file.put(&table, row)?;
    }
    file.close()
}

/// One of the file's columns and how to write it.
enum Column {
    Standard(&'static str),
    Extra(usize),
}

fn columns(table: &Table, origin: Option<&Origin>) -> Vec<(String, Column)> {
    let had = |name: &str| origin.is_none_or(|o| o.columns.iter().any(|c| c == name));
    let standard = STANDARD.into_iter().filter(|name| had(name) || *name == "exp_num");
    let mut columns: Vec<(String, Column)> =
        standard.map(|name| (name.to_owned(), Column::Standard(name))).collect();
    let measured = ["episode_step_count", "reward"].into_iter().filter(|name| had(name));
    let mut others: Vec<(String, Column)> =
        measured.map(|name| (name.to_owned(), Column::Standard(name))).collect();
    for (n, (name, _)) in table.extra.iter().enumerate() {
        let name = name.strip_prefix(CLASH).unwrap_or(name);
        others.push((name.to_owned(), Column::Extra(n)));
    }
    others.sort_by(|a, b| a.0.cmp(&b.0));
    columns.extend(others);
    columns
}

fn logger_info(table: &Table) -> Map<String, Value> {
    let measures = table.extra.iter().filter(|(_, v)| matches!(v, ExtraValues::Float(_)));
    let names: Vec<&str> =
        ["reward"].into_iter().chain(measures.map(|(name, _)| name.as_str())).collect();
    Map::from_iter([
        ("metrics_columns".to_owned(), json!(names)),
        ("log_format_version".to_owned(), json!("1.1")),
    ])
}

/// As TELLA describes a scenario, but with the true type. Author, complexity and difficulty
/// are the run's where the caller put them into `run.json`, TELLA's constants elsewhere.
fn scenario_info(run: &RunFolder, log: &LifetimeLog) -> Map<String, Value> {
    let info = run.info();
    let kept = |name: &str, or: &str| info.extra.get(name).cloned().unwrap_or_else(|| json!(or));
    let seed = |seed: Option<u64>| seed.map_or(Value::Null, Value::from);
    Map::from_iter([
        ("author".to_owned(), kept("author", "tella")),
        ("complexity".to_owned(), kept("complexity", "1-low")),
        ("difficulty".to_owned(), kept("difficulty", "2-medium")),
        ("scenario_type".to_owned(), json!(info.scenario_type)),
        ("curriculum_seed".to_owned(), seed(log.status().curriculum_seed)),
        ("agent_seed".to_owned(), seed(log.status().agent_seed)),
        ("curriculum_name".to_owned(), json!(info.curriculum)),
        ("agent_name".to_owned(), json!(info.agent)),
        ("lifetime_idx".to_owned(), json!(log.lifetime_idx())),
    ])
}

/// The `data-log.tsv` being written; rows of one block and worker mostly follow each other.
struct LogFile<'a> {
    out: &'a Path,
    columns: &'a [(String, Column)],
    open: Option<(String, TextFile)>,
}

impl LogFile<'_> {
    fn put(&mut self, table: &Table, row: usize) -> Result<(), EventError> {
        let (block_num, kind) = (table.block_num[row], table.block_type[row].as_str());
        let worker = safe_worker(table.worker_id.get(row));
        let folder = format!("{worker}/{block_num}-{kind}");
        if self.open.as_ref().is_none_or(|(open, _)| *open != folder) {
            self.close()?;
            let dir = self.out.join(&folder);
            fs_err::create_dir_all(&dir).at(&dir)?;
            let path = dir.join("data-log.tsv");
            let fresh = !path.exists();
            let mut file = TextFile::append(&path)?;
            if fresh {
                put_line(file.text(), self.columns.iter().map(|(name, _)| name.as_str()), '\t');
            }
            self.open = Some((folder, file));
        }
        let fields: Vec<String> =
            self.columns.iter().map(|(_, column)| field(table, row, column)).collect();
        if let Some((_, file)) = &mut self.open {
            put_line(file.text(), fields.iter().map(String::as_str), '\t');
            file.write_full()?;
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), EventError> {
        self.open.take().map_or(Ok(()), |(_, file)| file.finish())
    }
}

/// A worker's name as a folder: L2Logger allows letters, digits, `_`, `.` and `-`.
fn safe_worker(worker: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let safe: String = worker.chars().map(|c| if allowed(c) { c } else { '_' }).collect();
    if safe.is_empty() || safe.bytes().all(|b| b == b'.') { "worker-default".into() } else { safe }
}

fn field(table: &Table, row: usize, column: &Column) -> String {
    let name = match column {
        Column::Standard(name) => *name,
        Column::Extra(n) => {
            return match &table.extra[*n].1 {
                ExtraValues::Float(values) => values[row].map(float).unwrap_or_default(),
                ExtraValues::Text(values) => values[row].clone().unwrap_or_default(),
            };
        }
    };
    match name {
        "block_num" => table.block_num[row].to_string(),
        "exp_num" => table.exp_num[row].unwrap_or_default().to_string(),
        "worker_id" => safe_worker(table.worker_id.get(row)),
        "block_type" => table.block_type[row].as_str().into(),
        "block_subtype" => table.block_subtype[row].as_str().into(),
        "task_name" => table.task_name.get(row).into(),
        "task_params" => table.task_params.get(row).into(),
        "exp_status" => exp_status(table.complete[row]).into(),
        "timestamp" => l2logger_time(table.finished_at[row].unwrap_or_default()),
        "episode_step_count" => table.episode_step_count[row].to_string(),
        "reward" => float(table.reward[row]),
        other => unreachable!("`{other}` is no standard column"),
    }
}
