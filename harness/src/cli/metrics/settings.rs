//! How to measure: defaults, then a settings file, then flags.

use super::unique::Unique;
use crate::cli::CliError;
use crate::cli::overrides::read;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tella_envs::nearest;
use tella_metrics::l2metrics::{DataRange, Settings};

/// The key of L2Metrics' settings that names a file of ranges.
const RANGE_FILE: &str = "data_range_file";

/// How to measure, as commands that measure take it.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Measuring {
    /// How to measure: a JSON file with the names of L2Metrics' settings
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// The range of each task's values, {"task": {"min": 0, "max": 1}}, in place of the data's
    #[arg(long, value_name = "FILE")]
    data_range: Option<PathBuf>,
    /// The store of single-task experts to measure against
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) ste_store: Option<PathBuf>,
    /// The column that holds performance
    #[arg(long, value_name = "COLUMN")]
    perf_measure: Option<String>,
}

impl Measuring {
    /// The settings that the arguments ask for.
    pub(in crate::cli) fn settings(&self) -> Result<Settings, CliError> {
        let mut settings =
            self.settings.as_deref().map(read_settings).transpose()?.unwrap_or_default();
        if let Some(file) = &self.data_range {
            settings.data_range = Some(read_ranges(file)?);
        }
        if let Some(measure) = &self.perf_measure {
            settings.perf_measure = measure.clone();
        }
        Ok(settings)
    }
}

/// Reads a settings file. Everything that is wrong with it is told at once.
fn read_settings(path: &Path) -> Result<Settings, CliError> {
    let text = read(path)?;
    let mut given = object(path, &text)?;
    let range_file = given.remove(RANGE_FILE);
    let defaults = json!(Settings::default());
    let known: Vec<&str> =
        defaults.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
    let mut wrong = Vec::new();
    let mut hint = None;
    for (key, value) in &given {
        let place = place(path, &text, key);
        if !known.contains(&key.as_str()) {
            wrong.push(format!(
                "{place}: there is no setting `{key}`; allowed: {}",
                known.join(", ")
            ));
            hint = hint.or(nearest(key, known.iter().copied()).map(str::to_owned));
            continue;
        }
        let alone = Value::Object(Map::from_iter([(key.clone(), value.clone())]));
        if let Err(error) = serde_json::from_value::<Settings>(alone) {
            let error = error.to_string().replace("usize", "a whole number from 0");
            let error = error.replace("u64", "a whole number from 0");
            let mut words = error.split('`').skip(1).step_by(2);
            let given = words.next().filter(|_| error.starts_with("unknown variant"));
            hint = hint.or(given.and_then(|given| nearest(given, words)).map(str::to_owned));
            wrong.push(format!("{place}: `{key}`: {error}"));
        }
    }
    if !wrong.is_empty() {
        return Err(CliError::usage(wrong.join("\n")).nearest(hint));
    }
    let mut settings: Settings = serde_json::from_value(Value::Object(given))
        .map_err(|e| CliError::usage(format!("{}: {e}", path.display())))?;
    if let Some(ranges) = settings.data_range.take() {
        settings.data_range = Some(checked(path, &text, ranges)?);
    }
    match range_file {
        None | Some(Value::Null) => {}
        Some(Value::String(file)) => {
            let beside = path.parent().unwrap_or(Path::new("")).join(file);
            if !beside.is_file() {
                let place = place(path, &text, RANGE_FILE);
                let why = if beside.exists() { "is no file" } else { "is not there" };
                let beside = beside.display();
                let error = format!("{place}: `{RANGE_FILE}` names {beside}, which {why}");
                return Err(CliError::usage(error)
                    .hint("its path is relative to the folder of the settings file"));
            }
            settings.data_range = Some(read_ranges(&beside)?);
        }
        Some(other) => {
            let place = place(path, &text, RANGE_FILE);
            let error = format!("{place}: `{RANGE_FILE}` is {other}; it must name a file");
            return Err(CliError::usage(error));
        }
    }
    Ok(settings)
}

/// Reads the ranges of tasks. Their names are taken in lower case, as the log's are.
fn read_ranges(path: &Path) -> Result<BTreeMap<String, DataRange>, CliError> {
    let text = read(path)?;
    let mut ranges = BTreeMap::new();
    for (task, value) in object(path, &text)? {
        let range: DataRange = serde_json::from_value(value).map_err(|error| {
            let place = place(path, &text, &task);
            CliError::usage(format!("{place}: `{task}`: {error}"))
                .hint("a range is {\"min\": NUMBER, \"max\": NUMBER}")
        })?;
        ranges.insert(task, range);
    }
    checked(path, &text, ranges)
}

fn checked(
    path: &Path,
    text: &str,
    ranges: BTreeMap<String, DataRange>,
) -> Result<BTreeMap<String, DataRange>, CliError> {
    let mut lower = BTreeMap::new();
    for (task, range) in ranges {
        let fail = |why: &str| {
            Err(CliError::usage(format!("{}: `{task}`: {why}", place(path, text, &task))))
        };
        if range.min > range.max {
            return fail(&format!("min {} lies above max {}", range.min, range.max));
        }
        if lower.insert(task.to_lowercase(), range).is_some() {
            return fail("comes twice, letter case aside");
        }
    }
    Ok(lower)
}

fn object(path: &Path, text: &str) -> Result<Map<String, Value>, CliError> {
    let Unique(value) = serde_json::from_str(text).map_err(|e| {
        let (path, line, column) = (path.display(), e.line(), e.column());
        let error = e.to_string();
        let error = error.split(" at line ").next().unwrap_or_default();
        let error = match e.is_data() {
            true => error.to_owned(),
            false => format!("not a JSON object: {error}"),
        };
        CliError::usage(format!("{path}:{line}:{column}: {error}"))
    })?;
    let found = match value {
        Value::Object(object) => return Ok(object),
        Value::Array(_) => "a list",
        Value::String(_) => "a string",
        Value::Number(_) => "a number",
        Value::Bool(_) => "true or false",
        Value::Null => "null",
    };
    // What it is shows at its first character.
    let before = &text[..text.len() - text.trim_start().len()];
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let path = path.display();
    Err(CliError::usage(format!("{path}:{line}:{column}: expected a JSON object, found {found}"))
        .hint("a JSON object is `{\"key\": value, ...}`"))
}

/// The place of a key in a file: its line, where it is written plainly.
fn place(path: &Path, text: &str, key: &str) -> String {
    let path = path.display();
    let quoted = Value::from(key).to_string();
    let is_key = |at: usize| text[at + quoted.len()..].trim_start().starts_with(':');
    let mut found = text.match_indices(&quoted).map(|(at, _)| at).filter(|at| is_key(*at));
    match found.next() {
        Some(at) => format!("{path}:{}", text[..at].matches('\n').count() + 1),
        None => path.to_string(),
    }
}
