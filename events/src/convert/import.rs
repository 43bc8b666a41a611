//! Other formats to a run folder.

use super::delimited;
use super::l2logger::{KEY, Origin};
use super::oddities;
use super::rows::{Dialect, Rows};
use super::scenario::Scenario;
use crate::error::{AtPath, EventError};
use crate::folder::{LifetimeStatus, OnExisting, RunFolder, RunInfo};
use crate::writer::{LifetimeWriter, WriterOptions};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What an import notes in `run.json`.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// The version of the program.
    pub program_version: String,
    /// The time, RFC 3339.
    pub created_at: String,
}

/// A lifetime to import.
struct Source {
    path: PathBuf,
    dialect: Dialect,
    files: Vec<PathBuf>,
    origin: Origin,
}

pub(super) fn import(
    input: &Path,
    out: &Path,
    options: &ImportOptions,
) -> Result<RunFolder, EventError> {
    let sources = sources(input)?;
    super::refuse_existing(out)?;
    let existed = out.exists();
    let info = run_info(input, &sources, options)?;
    let curriculum = "# Imported from another log format; the curriculum is not known.\n";
    let run = RunFolder::create(out, &info, curriculum, OnExisting::Join)?;
    let indices = lifetime_indices(&sources);
    let written = sources.iter().zip(indices).try_for_each(|(s, idx)| write(&run, s, idx));
    if let Err(e) = written {
        // Half an import is worth nothing; the input is still there.
        let _ = crate::folder::remove_run(out);
        if !existed {
            let _ = fs_err::remove_dir(out);
        }
        return Err(e);
    }
    Ok(run)
}

fn write(run: &RunFolder, source: &Source, lifetime_idx: u32) -> Result<(), EventError> {
    let (mut rows, mut warnings) = (Rows::default(), Vec::new());
    for path in &source.files {
        let separator = if path.extension().is_some_and(|e| e == "csv") { ',' } else { '\t' };
        let records = delimited::read(path, separator)?;
        if source.dialect == Dialect::Flat && !records.ended {
            warnings.push(oddities::unended(path, records.rows.last().map_or(1, |row| row.0)));
        }
        rows.add(path.clone(), records);
    }
    rows.require_columns()?;
    if source.dialect == Dialect::L2Logger {
        rows.sort()?;
    }
    let extra = rows.extra_columns(source.dialect);
    let seed = |name| source.origin.scenario_info.get(name).and_then(Value::as_u64);
    let mut status = LifetimeStatus {
        lifetime_idx,
        curriculum_seed: seed("curriculum_seed"),
        agent_seed: seed("agent_seed"),
        ..LifetimeStatus::default()
    };
    if source.dialect == Dialect::L2Logger {
        let origin = Origin { columns: rows.header.clone(), ..source.origin.clone() };
        status.extra.insert(KEY.into(), json!(origin));
    }
    let extra_columns = extra.iter().map(|(_, column)| column.clone()).collect();
    let layout = WriterOptions { extra_columns, ..WriterOptions::default() };
    let mut writer = LifetimeWriter::create(run, status, layout)?;
    rows.write(&mut writer, &extra, source.dialect)?;
    if source.dialect == Dialect::L2Logger {
        warnings = Scenario::open(&source.path)?.read()?.notes;
    }
    writer.status_mut().warnings = warnings;
    writer.seal(&[]).map(|_| ())
}

fn run_info(
    input: &Path,
    sources: &[Source],
    options: &ImportOptions,
) -> Result<RunInfo, EventError> {
    let mut identity = blake3::Hasher::new();
    for file in sources.iter().flat_map(|s| &s.files) {
        let bytes = fs_err::read(file).at(file)?;
        identity.update(&(bytes.len() as u64).to_le_bytes());
        identity.update(&bytes);
    }
    let info = sources.first().map(|s| &s.origin.scenario_info);
    let said = |name: &str| info.and_then(|i| i.get(name)?.as_str()).map(str::to_owned);
    let name = input.file_stem().unwrap_or_default().to_string_lossy();
    let format = match sources.first().map(|s| s.dialect) {
        Some(Dialect::Flat) => "tsv",
        _ => "l2logger",
    };
    let mut extra = Map::from_iter([("imported_from".to_owned(), json!(format))]);
    for key in ["author", "complexity", "difficulty"] {
        extra.extend(said(key).map(|text| (key.to_owned(), json!(text))));
    }
    Ok(RunInfo {
        program_version: options.program_version.clone(),
        identity_hash: format!("import-{}", identity.finalize().to_hex()),
        curriculum: said("curriculum_name").unwrap_or_else(|| name.into_owned()),
        scenario_type: said("scenario_type").unwrap_or_else(|| "custom".into()),
        agent: said("agent_name").unwrap_or_else(|| "unknown".into()),
        agent_config: Value::Object(Map::new()),
        num_parallel_envs: 1,
        created_at: options.created_at.clone(),
        extra,
        ..RunInfo::default()
    })
}

/// The lifetimes' own indices where their names or descriptions tell them all apart, else
/// their order.
fn lifetime_indices(sources: &[Source]) -> Vec<u32> {
    let named = |source: &Source| -> Option<u32> {
        let stem = source.path.file_stem()?.to_str()?;
        let from_name = stem.strip_prefix("lifetime-").and_then(|digits| digits.parse().ok());
        let said = source.origin.scenario_info.get("lifetime_idx").and_then(Value::as_u64);
        from_name.or_else(|| said.and_then(|n| u32::try_from(n).ok()))
    };
    let named: Vec<u32> = sources.iter().filter_map(named).collect();
    let different: BTreeSet<u32> = named.iter().copied().collect();
    if different.len() == sources.len() { named } else { (0..sources.len() as u32).collect() }
}

fn sources(input: &Path) -> Result<Vec<Source>, EventError> {
    let fail = |why: &str| EventError::Import { path: input.into(), line: None, why: why.into() };
    if !input.exists() {
        return Err(fail("there is no such file or folder"));
    }
    if input.is_file() {
        return Ok(vec![flat(input.to_owned())]);
    }
    if input.join("run.json").exists() {
        return Err(fail("is a run folder already"));
    }
    let mut scenarios = Vec::new();
    find_scenarios(input, &mut scenarios)?;
    if scenarios.is_empty() && !find_logs(input)?.is_empty() {
        scenarios.push(input.to_owned());
    }
    if !scenarios.is_empty() {
        return scenarios.into_iter().map(scenario).collect();
    }
    let tables: Vec<Source> = entries(input)?
        .into_iter()
        .filter(|(path, is_dir)| {
            !is_dir && path.extension().is_some_and(|e| e == "tsv" || e == "csv")
        })
        .map(|(path, _)| flat(path))
        .collect();
    if tables.is_empty() {
        return Err(fail(
            "holds neither an L2Logger scenario (logger_info.json, data-log.tsv) nor a .tsv table",
        ));
    }
    Ok(tables)
}

fn flat(path: PathBuf) -> Source {
    let files = vec![path.clone()];
    Source { path, dialect: Dialect::Flat, files, origin: Origin::default() }
}

fn scenario(path: PathBuf) -> Result<Source, EventError> {
    let logger_info = read_info(&path, "logger_info.json")?;
    let scenario_info = read_info(&path, "scenario_info.json")?;
    let files = find_logs(&path)?;
    if files.is_empty() {
        let why = "the scenario holds no data-log.tsv".into();
        return Err(EventError::Import { path, line: None, why });
    }
    let origin = Origin { logger_info, scenario_info, columns: Vec::new() };
    Ok(Source { path, dialect: Dialect::L2Logger, files, origin })
}

/// A description of a scenario; empty where there is none.
pub(super) fn read_info(dir: &Path, name: &str) -> Result<Map<String, Value>, EventError> {
    let path = dir.join(name);
    if !path.exists() {
        return Ok(Map::new());
    }
    let text = fs_err::read_to_string(&path).at(&path)?;
    serde_json::from_str(&text).map_err(|e| EventError::Import {
        line: Some(e.line() as u64),
        why: format!("not a JSON object: {e}"),
        path,
    })
}

/// What a folder holds, by name, and whether it is a folder itself (links are not followed).
pub(super) fn entries(dir: &Path) -> Result<Vec<(PathBuf, bool)>, EventError> {
    let mut found = Vec::new();
    for entry in fs_err::read_dir(dir).at(dir)? {
        let entry = entry.at(dir)?;
        let is_dir = entry.file_type().at(entry.path())?.is_dir();
        found.push((entry.path(), is_dir));
    }
    found.sort();
    Ok(found)
}

/// The scenarios at or below a folder.
pub(super) fn find_scenarios(dir: &Path, found: &mut Vec<PathBuf>) -> Result<(), EventError> {
    if dir.join("logger_info.json").exists() {
        found.push(dir.to_owned());
        return Ok(());
    }
    for (path, _) in entries(dir)?.into_iter().filter(|(_, is_dir)| *is_dir) {
        find_scenarios(&path, found)?;
    }
    Ok(())
}

/// The log files below a folder, in order of their paths.
pub(super) fn find_logs(dir: &Path) -> Result<Vec<PathBuf>, EventError> {
    let mut found = Vec::new();
    for (path, is_dir) in entries(dir)? {
        if is_dir {
            found.extend(find_logs(&path)?);
        } else if path.file_name().is_some_and(|name| name == "data-log.tsv") {
            found.push(path);
        }
    }
    Ok(found)
}
