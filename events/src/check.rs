//! Looking for damage: every flipped bit and every cut in any file of a run folder.

use crate::error::EventError;
use crate::folder::{self, LifetimeState, RunFolder, Seal};
use crate::reader::{
    Batches, LifetimeLog, Table, decode_agent_memory, decode_blocks, decode_experiences,
    decode_timing, decode_transitions,
};
use crate::schema::TableKind;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Something that is wrong with a run folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file or folder.
    pub file: PathBuf,
    /// The frame, where one is concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// The offset in the file, in bytes, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Rows of the table before the damage that can still be read, where a table is concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salvaged_rows: Option<u64>,
    /// What is wrong, with its place.
    pub message: String,
}

impl Problem {
    fn new(file: impl AsRef<Path>, message: impl Into<String>) -> Self {
        Self {
            file: file.as_ref().to_owned(),
            sequence: None,
            offset: None,
            salvaged_rows: None,
            message: message.into(),
        }
    }

    fn from_error(at: &Path, error: &EventError) -> Self {
        match error {
            EventError::Corrupt(damage) => Self {
                file: damage.file.clone(),
                sequence: damage.sequence,
                offset: Some(damage.offset),
                salvaged_rows: damage.sequence.is_some().then_some(damage.salvaged_rows),
                message: error.to_string(),
            },
            EventError::Missing { path } => Self::new(path, error.to_string()),
            _ => Self::new(at, error.to_string()),
        }
    }
}

/// How one lifetime was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LifetimeReport {
    /// Its index.
    pub lifetime_idx: u32,
    /// Its state, where that can be read.
    pub state: Option<LifetimeState>,
    /// Whether it is sealed.
    pub sealed: bool,
    /// Whether a process writes it now.
    pub being_written: bool,
    /// Experiences that can be read.
    pub rows: u64,
    /// The content hash of its rows, where all of them can be read.
    pub content_hash: Option<String>,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Each lifetime.
    pub lifetimes: Vec<LifetimeReport>,
    /// What is wrong; empty for a sound folder.
    pub problems: Vec<Problem>,
    /// What is worth knowing and not wrong, such as the torn tail of a killed run.
    pub notes: Vec<String>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Checks a run folder. Fails only where `dir` is no run folder at all.
///
/// A lifetime that is complete, or was stopped in order, must be whole to the last byte. In
/// one that is running, or was killed, everything up to its last flush must be whole; a tail
/// cut short behind that is noted, since it is what the next resume cuts away.
pub fn check(dir: impl AsRef<Path>) -> Result<Report, EventError> {
    let dir = dir.as_ref();
    let mut report = Report::default();
    let run = match RunFolder::read(dir) {
        Ok(run) => run,
        Err(e) if e.is_corruption() => {
            report.problems.push(Problem::from_error(&dir.join("run.json"), &e));
            report.notes.push("lifetimes cannot be checked without run.json".into());
            return Ok(report);
        }
        Err(e) => return Err(e),
    };
    if let Err(e) = run.curriculum() {
        report.problems.push(Problem::from_error(dir, &e));
    }
    for name in folder::half_made(dir)? {
        let name = dir.join(name);
        report.notes.push(format!("{} was left by a killed process", name.display()));
    }
    for lifetime_idx in run.lifetimes()? {
        Lifetime {
            run: &run,
            lifetime_idx,
            dir: run.lifetime_dir(lifetime_idx),
            report: &mut report,
        }
        .check();
    }
    Ok(report)
}

/// Whether a complete lifetime's seal is missing. Sealing ends the tables and removes what
/// only a resume needs, so that nothing but the seal could say what else there must be.
fn seal_is_lost(log: &LifetimeLog) -> bool {
    log.seal().is_none() && log.status().state == LifetimeState::Complete
}

struct Lifetime<'a> {
    run: &'a RunFolder,
    lifetime_idx: u32,
    dir: PathBuf,
    report: &'a mut Report,
}

impl Lifetime<'_> {
    fn check(mut self) {
        let being_written = self.run.is_being_written(self.lifetime_idx);
        let log = match LifetimeLog::read(self.run, self.lifetime_idx) {
            Ok(log) => log,
            Err(e) => {
                match e {
                    EventError::NoLifetime { .. } => self.note("was stopped before it began"),
                    e => self.failed(&e),
                }
                self.list(None, false, being_written, 0, None);
                return;
            }
        };
        let problems = self.report.problems.len();
        let rows = self.experiences(&log);
        self.table(&log, TableKind::Blocks, |batch| {
            decode_blocks(batch, &mut Vec::new()).map(|()| 0)
        });
        let timed = self.table(&log, TableKind::Timing, |batch| {
            let times = decode_timing(batch)?;
            decode_agent_memory(batch)?;
            Ok(times.iter().filter(|(of_experience, ..)| *of_experience).count() as u64)
        });
        if log.keeps_table(TableKind::Transitions) {
            self.table(&log, TableKind::Transitions, |batch| {
                decode_transitions(batch).map(|rows| rows.len() as u64)
            });
        }
        self.superseded(&log, TableKind::Experiences, |batch| {
            decode_experiences(batch, &mut Table::default()).map(|()| 0)
        });
        self.superseded(&log, TableKind::Transitions, |batch| decode_transitions(batch).map(|_| 0));
        if !seal_is_lost(&log) {
            self.kept(&log);
        }
        let sound = self.report.problems.len() == problems;
        let hash = if sound { self.content_hash(&log) } else { None };
        if let Some(seal) = log.seal() {
            self.sealed(&log, seal, hash.as_deref());
            if sound && timed != rows {
                self.problem(format!("{rows} experiences, but times of {timed}"));
            }
        } else {
            self.unsealed(&log, rows);
        }
        self.list(Some(log.status().state), log.seal().is_some(), being_written, rows, hash);
        self.leftovers();
    }

    fn list(
        &mut self,
        state: Option<LifetimeState>,
        sealed: bool,
        being_written: bool,
        rows: u64,
        content_hash: Option<String>,
    ) {
        let lifetime_idx = self.lifetime_idx;
        self.report.lifetimes.push(LifetimeReport {
            lifetime_idx,
            state,
            sealed,
            being_written,
            rows,
            content_hash,
        });
    }

    fn problem(&mut self, message: impl Into<String>) {
        let message = format!("{}: {}", self.dir.display(), message.into());
        self.report.problems.push(Problem::new(&self.dir, message));
    }

    fn failed(&mut self, e: &EventError) {
        self.report.problems.push(Problem::from_error(&self.dir, e));
    }

    fn note(&mut self, message: &str) {
        self.report.notes.push(format!("{}: {message}", self.dir.display()));
    }

    /// Reads a table to its end; returns the sum of what `each` counts.
    fn table(
        &mut self,
        log: &LifetimeLog,
        table: TableKind,
        each: impl FnMut(&arrow_array::RecordBatch) -> Result<u64, String>,
    ) -> u64 {
        match log.batches(table) {
            Ok(mut batches) => {
                let counted = self.batches(&mut batches, each);
                self.tail(log, table, &batches);
                counted
            }
            Err(e) => {
                self.failed(&e);
                0
            }
        }
    }

    fn batches(
        &mut self,
        batches: &mut Batches,
        mut each: impl FnMut(&arrow_array::RecordBatch) -> Result<u64, String>,
    ) -> u64 {
        let mut counted = 0;
        loop {
            let batch = match batches.next() {
                None => return counted,
                Some(Ok(batch)) => batch,
                Some(Err(e)) => {
                    self.failed(&e);
                    return counted;
                }
            };
            match each(&batch) {
                Ok(n) => counted += n,
                Err(what) => {
                    let e = batches.misfit(what);
                    self.failed(&e);
                    return counted;
                }
            }
        }
    }

    fn experiences(&mut self, log: &LifetimeLog) -> u64 {
        self.table(log, TableKind::Experiences, |batch| {
            let mut rows = Table::default();
            decode_experiences(batch, &mut rows).map(|()| rows.len() as u64)
        })
    }

    /// What lies behind the frames of an unsealed table.
    fn tail(&mut self, log: &LifetimeLog, table: TableKind, batches: &Batches) {
        if log.seal().is_some() || seal_is_lost(log) {
            return;
        }
        // Stopped in order, it says how many rows it has and is whole to the last byte.
        let at_rest = log.status().rows.is_some();
        if let Some(tail) = batches.tail() {
            let message = format!("{}.arrow ends in {tail}", table.name());
            if at_rest { self.problem(message) } else { self.note(&message) }
        } else if at_rest && Some(batches.end()) != log.flushed().of(table) {
            self.problem(format!("{}.arrow goes on behind its last flush", table.name()));
        }
    }

    fn superseded(
        &mut self,
        log: &LifetimeLog,
        table: TableKind,
        each: fn(&arrow_array::RecordBatch) -> Result<u64, String>,
    ) {
        let numbers = match self.run.superseded_of(self.lifetime_idx, table) {
            Ok(numbers) => numbers,
            Err(e) => return self.failed(&e),
        };
        for k in numbers {
            match log.superseded_batches(k, table) {
                Ok(mut batches) => {
                    self.batches(&mut batches, each);
                }
                Err(e) => self.failed(&e),
            }
        }
    }

    fn kept(&mut self, log: &LifetimeLog) {
        match folder::verify_kept(&self.dir, |file| log.keeps(file)) {
            Ok(wrong) => wrong.iter().for_each(|e| self.failed(e)),
            Err(e) => self.failed(&e),
        }
    }

    fn content_hash(&mut self, log: &LifetimeLog) -> Option<String> {
        match log.content_hash() {
            Ok(hash) => {
                if let Some(seal) = log.seal()
                    && seal.hash != hash
                {
                    self.problem(format!(
                        "the rows hash to {}, the seal says {}",
                        hash.content, seal.hash.content
                    ));
                }
                Some(hash.content)
            }
            Err(e) => {
                self.failed(&e);
                None
            }
        }
    }

    fn sealed(&mut self, log: &LifetimeLog, seal: &Seal, hash: Option<&str>) {
        let status = log.status();
        if status.state != LifetimeState::Complete {
            self.note("is sealed, but was killed before its status said so");
        } else if status.rows != Some(seal.hash.experience_rows)
            || status.content_hash.as_ref() != Some(&seal.hash.content)
            || hash.is_some_and(|hash| hash != seal.hash.content)
        {
            self.problem("status.json and seal.json do not agree");
        }
        for attachment in &seal.attachments {
            let path = self.dir.join(&attachment.file);
            match folder::xxh3_of(&path, u64::MAX) {
                Ok(found) if found == (attachment.bytes, attachment.xxh3) => {}
                Ok(_) => {
                    let message = format!("{} is not as it was sealed", path.display());
                    self.report.problems.push(Problem::new(&path, message));
                }
                Err(e) => self.failed(&e),
            }
        }
    }

    fn unsealed(&mut self, log: &LifetimeLog, rows: u64) {
        let status = log.status();
        if seal_is_lost(log) {
            self.problem("status.json says complete, but seal.json is missing");
        } else if status.rows.is_some_and(|said| said != rows) {
            let said = status.rows.unwrap_or_default();
            self.problem(format!("status.json says {said} experiences, {rows} can be read"));
        }
    }

    fn leftovers(&mut self) {
        for name in folder::names(&self.dir).unwrap_or_default() {
            if name.ends_with(".tmp") {
                self.note(&format!("{name} was left by a killed process"));
            }
        }
    }
}
