//! `tella ste`: the store of single-task experts.

use super::damaged::nothing_left;
use super::{CliError, CliResult, Exit};
use clap::{Subcommand, ValueEnum};
use serde_json::json;
use std::collections::BTreeSet;
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use tella_metrics::run::Run;
use tella_metrics::ste::{Expert, Experts, Mode, Store};
use tella_metrics::told::{counted, label, message};

/// Verbs of `tella ste`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Add the logs of experts, each of which learns one task
    Add {
        /// Run folders or L2Logger scenario folders
        #[arg(required = true)]
        dirs: Vec<PathBuf>,
        /// What becomes of the runs that a task's expert has already
        #[arg(long, value_enum, default_value_t = Keep::W)]
        mode: Keep,
        #[command(flatten)]
        store: StoreDir,
    },
    /// List the tasks that have an expert, and its runs
    List {
        #[command(flatten)]
        store: StoreDir,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove all experts
    Clear {
        #[command(flatten)]
        store: StoreDir,
    },
}

/// Where the experts are kept.
#[derive(Debug, clap::Args)]
pub(super) struct StoreDir {
    /// The folder of the store
    #[arg(long, value_name = "DIR")]
    ste_store: PathBuf,
}

/// L2Metrics' letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Keep {
    /// Write: they are replaced
    W,
    /// Append: they stay
    A,
}

/// The experts of a store that must be there; none where no store is named.
pub(super) fn experts(store: Option<&Path>) -> Result<Experts, CliError> {
    match store {
        Some(dir) => Ok(Experts::of(&there(dir)?)?),
        None => Ok(Experts::none()),
    }
}

/// The store in a folder that must be there.
fn there(dir: &Path) -> Result<Store, CliError> {
    match dir.is_dir() {
        true => Ok(Store::new(dir)),
        false => {
            let dir = dir.display();
            Err(CliError::usage(format!("there is no store of experts at {dir}"))
                .hint("`tella ste add` makes one"))
        }
    }
}

pub(super) fn run(command: Command, out: &mut impl Write) -> CliResult {
    match command {
        Command::Add { dirs, mode, store } => add(&dirs, mode, &Store::new(store.ste_store), out),
        Command::List { store, json } => list(&there(&store.ste_store)?, json, out),
        Command::Clear { store } => {
            let tasks = there(&store.ste_store)?.clear()?;
            writeln!(out, "removed the experts of {}", counted(tasks, "task"))?;
            Ok(Exit::Ok)
        }
    }
}

/// Adds every lifetime. In mode `w` the first of a task replaces what was there, and those that
/// follow it in this call stay beside it.
fn add(dirs: &[PathBuf], mode: Keep, store: &Store, out: &mut impl Write) -> CliResult {
    let mut runs = Vec::new();
    for dir in dirs {
        let run = Run::open(dir)?;
        // Nothing is added of a run that is damaged.
        if let Some(error) = nothing_left(&run.damaged) {
            return Err(error);
        }
        for lifetime in &run.lifetimes {
            let source = match run.lifetimes.len() {
                1 => run.run_id.clone(),
                _ => format!("{}/lifetime-{:04}", run.run_id, lifetime.lifetime_idx),
            };
            runs.push(Expert { source, log: lifetime.experiences()? });
        }
    }
    if runs.is_empty() {
        return Err(CliError::usage("there is no lifetime to add"));
    }
    // All are looked at before the first is added.
    for (at, run) in runs.iter().enumerate() {
        let task = Store::learnt_task(&run.log, &run.source)?;
        if mode == Keep::A {
            Store::refuse_twice(&task, run, &store.load(&task)?)?;
        }
        Store::refuse_twice(&task, run, &runs[..at])?;
    }
    let mut replaced = BTreeSet::new();
    for Expert { source, log } in runs {
        let task = Store::learnt_task(&log, &source)?;
        let first = replaced.insert(task);
        let mode = if mode == Keep::W && first { Mode::Write } else { Mode::Append };
        let task = store.add(log, &source, mode)?;
        writeln!(out, "{}  {}", label(&task), message(&source))?;
    }
    Ok(Exit::Ok)
}

fn list(store: &Store, as_json: bool, out: &mut impl Write) -> CliResult {
    let stored = store.list()?;
    if as_json {
        let tasks: Vec<_> = stored
            .iter()
            .map(|task| {
                let experts = task.experts.iter();
                let experts: Vec<_> = experts
                    .map(|e| json!({"source": e.source, "experiences": e.log.len()}))
                    .collect();
                json!({"task": task.task_name, "experts": experts})
            })
            .collect();
        writeln!(out, "{:#}", json!({ "tasks": tasks }))?;
        return Ok(Exit::Ok);
    }
    if stored.is_empty() {
        let dir = store.dir().display();
        let _ = writeln!(stderr(), "there are no experts in {dir}; `tella ste add` adds some");
    }
    for task in stored {
        writeln!(out, "{}", label(&task.task_name))?;
        for expert in task.experts {
            let experiences = counted(expert.log.len(), "experience");
            writeln!(out, "  {}  {experiences}", message(&expert.source))?;
        }
    }
    Ok(Exit::Ok)
}
