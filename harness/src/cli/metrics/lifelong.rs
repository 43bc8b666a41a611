//! Metrics by name, over the lifetimes of a run, with intervals.

use super::{Args, exit, find, no_measure};
use crate::cli::damaged::{nothing_left, told};
use crate::cli::metric::pick;
use crate::cli::{CliError, CliResult, Exit, ste};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use tella_events::EventError;
use tella_metrics::cohort::{Cohort, measure};
use tella_metrics::lifetime::Experts;
use tella_metrics::run::Run;

pub(super) fn run(args: &Args, names: &[String], out: &mut impl Write) -> CliResult {
    let metrics = pick(names)?;
    let settings = args.measuring.settings()?;
    let mut store = ste::experts(args.measuring.ste_store.as_deref())?;
    let experts = Experts::read(&mut store, &settings)?;
    let bootstrap = args.bootstrap.bootstrap();
    let (mut tables, mut answers) = (Vec::new(), Vec::new());
    let mut read = |dir: &Path| -> Result<(String, Cohort), CliError> {
        let run = Run::open(dir)?;
        let run_id = run.run_id.clone();
        let cohort = Cohort::read(&[run], &mut store, &metrics, &settings)?;
        if cohort.lifetimes().next().is_some() {
            return Ok((run_id, cohort));
        }
        if let Some(error) = nothing_left(&cohort.damaged) {
            return Err(error);
        }
        let dir = dir.display();
        let first = cohort.members.iter().find_map(|member| member.lifetime.as_ref().err());
        Err(CliError::usage(match first {
            None => format!("{dir} holds no lifetime to measure"),
            Some(error) => format!("{dir}: {error}"),
        }))
    };
    let (found, mut failures, mut damaged) = (find(args)?, Vec::new(), Vec::new());
    for dir in &found {
        let (run_id, cohort) = match read(dir) {
            Ok(read) => read,
            // Of many runs one that is refused does not keep the others from being measured.
            Err(error) if args.recursive && error.exit != Exit::Resumable => {
                failures.push(error);
                continue;
            }
            Err(error) => return Err(error),
        };
        damaged.extend(cohort.damaged.iter().cloned());
        let measured = match measure(&[&cohort], &metrics, &experts, &settings) {
            Ok(mut measured) => measured.remove(0),
            Err(error) => {
                let error = CliError::usage(format!("{}: {error}", dir.display()));
                if !args.recursive {
                    return Err(error);
                }
                failures.push(error);
                continue;
            }
        };
        if args.json || args.out.is_some() {
            let mut answer = measured.to_json(&bootstrap);
            answer["run_id"] = json!(run_id);
            answer["settings"] = json!(settings);
            answers.push(answer);
        }
        if !args.json {
            let heading = if args.recursive { format!("Run {run_id}\n\n") } else { String::new() };
            tables.push(heading + &measured.table(&bootstrap));
        }
    }
    if failures.len() == found.len() {
        return Err(no_measure(&failures));
    }
    let exit = told(&damaged, exit(&failures, failures.len()));
    let answer = match answers.len() {
        1 if !args.recursive => answers.remove(0),
        _ => Value::Array(answers),
    };
    if let Some(dir) = &args.out {
        write_json(dir, &answer)?;
    }
    match args.json {
        true => writeln!(out, "{answer:#}")?,
        false => write!(out, "{}", tables.join("\n"))?,
    }
    Ok(exit)
}

/// Writes `metrics.json` into a folder that does not exist or is empty.
fn write_json(dir: &Path, answer: &Value) -> Result<(), CliError> {
    let io = |e| CliError::from(EventError::io(dir, e));
    fs_err::create_dir_all(dir).map_err(io)?;
    if fs_err::read_dir(dir).map_err(io)?.next().is_some() {
        return Err(CliError::usage(format!("{} exists and is not empty", dir.display()))
            .hint("choose another -o: nothing is overwritten"));
    }
    fs_err::write(dir.join("metrics.json"), format!("{answer:#}\n")).map_err(io)
}
