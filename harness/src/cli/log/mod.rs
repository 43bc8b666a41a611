//! `tella log`: event logs shown, checked, hashed, exported and imported.

mod show;
mod steps;

use super::{CliError, CliResult, Exit};
use crate::run::{State, planned};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use tella_events::convert::{self, ImportOptions};
use tella_events::{LifetimeLog, LifetimeReport, RunFolder};
use tella_metrics::told::{counted, message};

/// Verbs of `tella log`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show what a run folder holds, block by block
    Show {
        #[command(flatten)]
        folder: Folder,
        /// Show the steps that `--log transitions` kept, a line each; with --json an object a line
        #[arg(long)]
        transitions: bool,
    },
    /// Look for damage: every flipped bit and every cut (exit code 4 where there is any)
    Check(Folder),
    /// Print the content hash of each lifetime, computed from its rows
    Hash(Folder),
    /// Write a run folder in another format
    Export {
        /// The run folder
        dir: PathBuf,
        /// The format
        #[arg(long, value_enum)]
        format: Format,
        /// Where to write; a new or empty folder, or for a flat table of one lifetime a file
        /// with the format's ending
        #[arg(short, long)]
        out: PathBuf,
    },
    /// Make a run folder of L2Logger scenarios or of flat tables
    Import {
        /// An L2Logger scenario folder, a folder of them, a .tsv file, or a folder of .tsv files
        dir: PathBuf,
        /// The run folder to make
        #[arg(short, long)]
        out: PathBuf,
    },
}

/// A run folder to read.
#[derive(Debug, Args)]
pub(super) struct Folder {
    /// The run folder
    dir: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Formats to export to.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Format {
    /// L2Logger's folder layout, log format 1.1
    L2logger,
    /// Tab-separated values, one table a lifetime
    Tsv,
    /// Comma-separated values, one table a lifetime
    Csv,
    /// Apache Parquet, one table a lifetime
    Parquet,
    /// TensorBoard's event files: rewards, lengths and evaluations by task
    Tensorboard,
}

impl From<Format> for convert::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::L2logger => Self::L2Logger,
            Format::Tsv => Self::Tsv,
            Format::Csv => Self::Csv,
            Format::Parquet => Self::Parquet,
            Format::Tensorboard => Self::TensorBoard,
        }
    }
}

pub(super) fn run(command: Command, out: &mut impl Write) -> CliResult {
    match command {
        Command::Show { folder, transitions: false } => show::run(&folder, out),
        Command::Show { folder, transitions: true } => steps::run(&folder, out),
        Command::Check(folder) => check(&folder, out),
        Command::Hash(folder) => hash(&folder, out),
        Command::Export { dir, format, out: target } => {
            for made in convert::export(dir, format.into(), target)? {
                writeln!(out, "{}", made.display())?;
            }
            Ok(Exit::Ok)
        }
        Command::Import { dir, out: target } => {
            let options = ImportOptions {
                program_version: env!("CARGO_PKG_VERSION").into(),
                created_at: jiff::Timestamp::now().to_string(),
            };
            let run = convert::import(dir, target, &options)?;
            for idx in run.lifetimes()? {
                for warning in run.status(idx)?.warnings {
                    tracing::warn!("{}", message(&warning));
                }
            }
            writeln!(out, "{}", run.dir().display())?;
            Ok(Exit::Ok)
        }
    }
}

/// A note for each lifetime that the run was made for and whose folder is not there. That is
/// no damage: it may yet be lived.
fn not_there(dir: &Path) -> Vec<String> {
    let Ok(run) = RunFolder::open(dir) else { return Vec::new() };
    let (Ok(planned), Ok(there)) = (planned(&run), run.lifetimes()) else { return Vec::new() };
    let missing = planned.filter(|lifetime| !there.iter().any(|t| u64::from(*t) == *lifetime));
    missing
        .map(|lifetime| {
            format!("lifetime {lifetime} is planned and not there; `tella resume` lives it")
        })
        .collect()
}

fn check(folder: &Folder, out: &mut impl Write) -> CliResult {
    let mut report = tella_events::check(&folder.dir)?;
    report.notes.extend(not_there(&folder.dir));
    let run = RunFolder::open(&folder.dir).ok();
    let stands = |lifetime: &LifetimeReport| {
        let index = lifetime.lifetime_idx;
        let is_being_written = run.as_ref().is_some_and(|run| run.is_being_written(index));
        lifetime.state.map(|noted| State::of(noted, is_being_written))
    };
    if folder.json {
        let mut value = json!({ "sound": report.is_sound() });
        if let (Some(value), Ok(serde_json::Value::Object(report))) =
            (value.as_object_mut(), serde_json::to_value(&report))
        {
            value.extend(report);
        }
        let told = value["lifetimes"].as_array_mut().into_iter().flatten();
        for (told, lifetime) in told.zip(&report.lifetimes) {
            told["state"] = json!(stands(lifetime));
        }
        writeln!(out, "{value:#}")?;
    } else {
        for problem in &report.problems {
            writeln!(out, "damaged: {}", message(&problem.message))?;
        }
        for note in &report.notes {
            writeln!(out, "note: {}", message(note))?;
        }
        for lifetime in &report.lifetimes {
            let state = stands(lifetime).map_or("unreadable", State::as_str);
            let name = format!("lifetime-{:04}", lifetime.lifetime_idx);
            let experiences = counted(lifetime.rows, "experience");
            writeln!(out, "{name}  {state}  {experiences} can be read")?;
        }
        if report.is_sound() {
            writeln!(out, "nothing is wrong")?;
        }
    }
    Ok(if report.is_sound() { Exit::Ok } else { Exit::Corrupt })
}

fn hash(folder: &Folder, out: &mut impl Write) -> CliResult {
    let run = RunFolder::open(&folder.dir)?;
    let mut lifetimes = Vec::new();
    for idx in run.lifetimes()? {
        let hash = LifetimeLog::open(&run, idx)?.content_hash()?;
        if !folder.json {
            writeln!(out, "{}  lifetime-{idx:04}", hash.content)?;
        }
        lifetimes.push(json!({
            "lifetime_idx": idx,
            "content_hash": hash.content,
            "experiences_hash": hash.experiences,
            "experiences": hash.experience_rows,
            "block_events": hash.block_rows,
            "transitions_hash": hash.transitions.as_ref().map(|steps| &steps.hash),
        }));
    }
    if lifetimes.is_empty() {
        return Err(CliError::usage(format!("{} holds no lifetime", folder.dir.display())));
    }
    if folder.json {
        writeln!(out, "{:#}", json!({ "lifetimes": lifetimes }))?;
    }
    Ok(Exit::Ok)
}
