//! Rows of text to experiences: what each column means, and what stands in for a missing one.

use super::delimited::{Field, Records};
use super::l2logger::{CLASH, STANDARD};
use super::numbers::{parse_float, parse_l2logger_time, parse_rfc3339, parse_whole};
use crate::content_hash::ExtraValue;
use crate::error::EventError;
use crate::reader::{FINISHED_AT, STARTED_AT};
use crate::record::{BlockSubtype, BlockType, Experience, Segment};
use crate::schema::{EXPERIENCE_COLUMNS, ExtraColumn, ExtraKind};
use crate::writer::LifetimeWriter;
use std::path::PathBuf;

/// Whose columns they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// L2Logger's: of the standard columns only its own, `reward` and `episode_step_count`.
    L2Logger,
    /// A flat table: every standard column.
    Flat,
}

impl Dialect {
    fn knows(self, name: &str) -> bool {
        let l2logger = STANDARD.contains(&name) || ["reward", "episode_step_count"].contains(&name);
        l2logger
            || (self == Self::Flat
                && (EXPERIENCE_COLUMNS.contains(&name)
                    || [STARTED_AT, FINISHED_AT].contains(&name)))
    }
}

/// A row with where it came from.
#[derive(Debug)]
pub(super) struct Row {
    /// Place of its file in [`Rows::files`].
    file: usize,
    line: u64,
    fields: Vec<Field>,
}

/// The rows of a lifetime, of one file or several, under the union of their columns.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) files: Vec<PathBuf>,
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Row>,
}

impl Rows {
    /// Adds a file's records. A column that only some files have is missing in the others.
    pub(super) fn add(&mut self, path: PathBuf, records: Records) {
        let file = self.files.len();
        self.files.push(path);
        for name in &records.header {
            if !self.header.contains(name) {
                self.header.push(name.clone());
            }
        }
        let places: Vec<usize> = records
            .header
            .iter()
            .filter_map(|name| self.header.iter().position(|h| h == name))
            .collect();
        for (line, fields) in records.rows {
            let mut row = Row { file, line, fields: vec![Field::default(); self.header.len()] };
            for (place, field) in places.iter().zip(fields) {
                row.fields[*place] = field;
            }
            self.rows.push(row);
        }
    }

    fn error(&self, row: &Row, why: impl Into<String>) -> EventError {
        EventError::Import {
            path: self.files[row.file].clone(),
            line: Some(row.line),
            why: why.into(),
        }
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|h| h == name)
    }

    /// Refuses a table without the columns nothing can stand in for.
    pub(super) fn require_columns(&self) -> Result<(), EventError> {
        for name in ["block_num", "exp_num", "block_type", "task_name"] {
            if self.column(name).is_none() {
                return Err(EventError::Import {
                    path: self.files.first().cloned().unwrap_or_default(),
                    line: Some(1),
                    why: format!("there is no column `{name}`; found: {}", self.header.join(", ")),
                });
            }
        }
        Ok(())
    }

    /// Orders rows as L2Logger reads them: by `exp_num`, then `block_num`.
    pub(super) fn sort(&mut self) -> Result<(), EventError> {
        let columns = [self.column("exp_num"), self.column("block_num")];
        let mut keyed = Vec::with_capacity(self.rows.len());
        for row in std::mem::take(&mut self.rows) {
            let mut key = [None; 2];
            for (key, column) in key.iter_mut().zip(columns.into_iter().flatten()) {
                *key = self.whole(&row, column)?;
            }
            keyed.push((key, row));
        }
        keyed.sort_by_key(|(key, _)| *key);
        self.rows = keyed.into_iter().map(|(_, row)| row).collect();
        Ok(())
    }

    /// The columns that are no standard ones, with what they hold.
    pub(super) fn extra_columns(&self, dialect: Dialect) -> Vec<(usize, ExtraColumn)> {
        let extra = self.header.iter().enumerate().filter(|(_, name)| !dialect.knows(name));
        extra
            .map(|(n, name)| {
                let text = |row: &Row| {
                    let field = row.fields.get(n).cloned().unwrap_or_default();
                    field.quoted || !(field.text.is_empty() || parse_float(&field.text).is_some())
                };
                let kind =
                    if self.rows.iter().any(text) { ExtraKind::Text } else { ExtraKind::Float };
                let clash = EXPERIENCE_COLUMNS.contains(&name.as_str());
                let name = if clash { format!("{CLASH}{name}") } else { name.clone() };
                (n, ExtraColumn { name, kind })
            })
            .collect()
    }

    /// Writes the rows.
    pub(super) fn write(
        &self,
        writer: &mut LifetimeWriter,
        extra: &[(usize, ExtraColumn)],
        dialect: Dialect,
    ) -> Result<(), EventError> {
        let standard = |name: &str| self.column(name).filter(|_| dialect.knows(name));
        let columns = Columns {
            block_num: standard("block_num"),
            exp_num: standard("exp_num"),
            worker_id: standard("worker_id"),
            block_type: standard("block_type"),
            block_subtype: standard("block_subtype"),
            task_name: standard("task_name"),
            task_params: standard("task_params"),
            exp_status: standard("exp_status"),
            timestamp: standard("timestamp"),
            episode_step_count: standard("episode_step_count"),
            reward: standard("reward"),
            task: standard("task"),
            variant: standard("variant"),
            episode_index: standard("episode_index"),
            env_index: standard("env_index"),
            seed: standard("seed"),
            terminated: standard("terminated"),
            truncated: standard("truncated"),
            started_at: standard(STARTED_AT),
            finished_at: standard(FINISHED_AT),
        };
        let mut last = None;
        for (n, row) in self.rows.iter().enumerate() {
            let segment = self.segment(row, &columns)?;
            let experience = self.experience(row, &columns, n as u64)?;
            let values: Vec<ExtraValue<'_>> = extra
                .iter()
                .map(|(n, column)| {
                    let field = row.fields.get(*n).filter(|f| f.quoted || !f.text.is_empty());
                    let text = field.map(|f| f.text.as_str());
                    match column.kind {
                        ExtraKind::Float => ExtraValue::Float(text.and_then(parse_float)),
                        ExtraKind::Text => ExtraValue::Text(text),
                    }
                })
                .collect();
            let changed = last.as_ref() != Some(&segment);
            let written = if changed { writer.set_segment(&segment) } else { Ok(()) }
                .and_then(|()| writer.push_with(&experience, &values));
            written.map_err(|e| match e {
                EventError::Grammar(why) => self.error(row, why),
                other => other,
            })?;
            last = Some(segment);
        }
        Ok(())
    }

    /// A field's text; `None` where it is missing.
    fn text<'a>(&self, row: &'a Row, column: Option<usize>) -> Option<&'a str> {
        let field = row.fields.get(column?)?;
        (field.quoted || !field.text.is_empty()).then_some(field.text.as_str())
    }

    fn parsed<T>(
        &self,
        row: &Row,
        column: usize,
        parse: impl Fn(&str) -> Option<T>,
        allowed: &str,
    ) -> Result<Option<T>, EventError> {
        let Some(text) = self.text(row, Some(column)) else { return Ok(None) };
        match parse(text) {
            Some(value) => Ok(Some(value)),
            None => {
                let why = format!("`{}` is `{text}`; allowed: {allowed}", self.header[column]);
                Err(self.error(row, why))
            }
        }
    }

    fn whole(&self, row: &Row, column: usize) -> Result<Option<u64>, EventError> {
        self.parsed(row, column, parse_whole, "a whole number from 0")
    }

    /// As [`parsed`](Self::parsed), where the column itself may be missing.
    fn optional<T>(
        &self,
        row: &Row,
        column: Option<usize>,
        parse: impl Fn(&str) -> Option<T>,
        allowed: &str,
    ) -> Result<Option<T>, EventError> {
        column.map_or(Ok(None), |column| self.parsed(row, column, parse, allowed))
    }

    fn required<T>(&self, row: &Row, name: &str, value: Option<T>) -> Result<T, EventError> {
        value.ok_or_else(|| self.error(row, format!("`{name}` is empty")))
    }

    fn segment(&self, row: &Row, columns: &Columns) -> Result<Segment, EventError> {
        let block_num = self.optional(row, columns.block_num, parse_whole, "a whole number")?;
        let block_type = self.optional(row, columns.block_type, BlockType::parse, "train, test")?;
        let subtype =
            self.optional(row, columns.block_subtype, BlockSubtype::parse, "wake, sleep")?;
        let task_name = self.required(row, "task_name", self.text(row, columns.task_name))?;
        let (task, variant) = task_name.split_once('_').unwrap_or((task_name, ""));
        let or = |column, other: &str| self.text(row, column).unwrap_or(other).to_owned();
        Ok(Segment {
            block_num: self.required(row, "block_num", block_num)?,
            block_type: self.required(row, "block_type", block_type)?,
            block_subtype: subtype.unwrap_or_default(),
            task_name: task_name.to_owned(),
            task: or(columns.task, task),
            variant: or(columns.variant, variant),
            task_params: or(columns.task_params, ""),
            worker_id: or(columns.worker_id, "worker-default"),
        })
    }

    fn experience(&self, row: &Row, columns: &Columns, n: u64) -> Result<Experience, EventError> {
        let whole = |column| self.optional(row, column, parse_whole, "a whole number from 0");
        let flag = |column| {
            let parse = |text: &str| match text {
                "true" | "True" => Some(true),
                "false" | "False" => Some(false),
                _ => None,
            };
            self.optional(row, column, parse, "true, false").map(|f| f.unwrap_or(false))
        };
        let status = |text: &str| match text {
            "complete" => Some(true),
            "incomplete" => Some(false),
            _ => None,
        };
        let complete = self.optional(row, columns.exp_status, status, "complete, incomplete")?;
        let reward = self.optional(row, columns.reward, parse_float, "a 64-bit float")?;
        let env_index = self.optional(row, columns.env_index, |t| t.parse().ok(), "0 to 2^32-1")?;
        let timestamp = self.optional(
            row,
            columns.timestamp,
            parse_l2logger_time,
            "a time like 20221231T235959.000000",
        )?;
        let rfc3339 = "a time like 2022-12-31T23:59:59.000000Z";
        let started_at = self.optional(row, columns.started_at, parse_rfc3339, rfc3339)?;
        let finished_at = self.optional(row, columns.finished_at, parse_rfc3339, rfc3339)?;
        let nanos = |micros: i64| micros.saturating_mul(1000);
        Ok(Experience {
            exp_num: whole(columns.exp_num)?,
            episode_index: whole(columns.episode_index)?.unwrap_or(n),
            env_index: env_index.unwrap_or(0),
            seed: whole(columns.seed)?,
            reward: reward.unwrap_or(f64::NAN),
            episode_step_count: whole(columns.episode_step_count)?.unwrap_or(0),
            terminated: flag(columns.terminated)?,
            truncated: flag(columns.truncated)?,
            complete: complete.unwrap_or(true),
            started_at: started_at.map(nanos),
            finished_at: finished_at.or(timestamp).map_or(0, nanos),
        })
    }
}

/// Where the standard columns are.
struct Columns {
    block_num: Option<usize>,
    exp_num: Option<usize>,
    worker_id: Option<usize>,
    block_type: Option<usize>,
    block_subtype: Option<usize>,
    task_name: Option<usize>,
    task_params: Option<usize>,
    exp_status: Option<usize>,
    timestamp: Option<usize>,
    episode_step_count: Option<usize>,
    reward: Option<usize>,
    task: Option<usize>,
    variant: Option<usize>,
    episode_index: Option<usize>,
    env_index: Option<usize>,
    seed: Option<usize>,
    terminated: Option<usize>,
    truncated: Option<usize>,
    started_at: Option<usize>,
    finished_at: Option<usize>,
}
