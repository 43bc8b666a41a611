//! `tella sweep`: the runs of a grid, on this machine, on a Ray cluster, or as a script for a scheduler.

mod check;
mod emit;
mod table;

use super::lifetimes::{self, LifetimeArgs};
use super::on::OnArgs;
use super::{CliError, CliResult, Exit};
use crate::App;
use crate::run::{End, Signals};
use crate::sweep::{Ended, Standing, State, Sweep, Unit};
use emit::Emit;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tella_curricula::{CurriculumError, Grid};
use tella_metrics::told::counted;

/// Arguments of `tella sweep`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The grid, a YAML file: agents, curricula, seeds and values of `--set`; or `quickstart`
    grid: String,

    /// The folder of the sweep, with a run folder for each run of the grid; where not given,
    /// `sweeps/` and the grid's name
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Shows the runs and how they stand, and lives nothing
    #[arg(long)]
    dry_run: bool,

    /// Lives lifetimes that ended with a fault again, too, from their last checkpoint
    #[arg(long)]
    resume: bool,

    /// Prints a script for a scheduler instead, which lives one lifetime a task
    #[arg(long, value_enum, value_name = "SCHEDULER", conflicts_with_all = ["dry_run", "on", "json"])]
    emit: Option<Emit>,

    #[command(flatten)]
    on: OnArgs,

    #[command(flatten)]
    lifetimes: LifetimeArgs,
}

pub(super) fn run(app: Arc<App>, args: Args, out: &mut impl Write) -> CliResult {
    let elsewhere = args.on.is_elsewhere(&app)?;
    let grid = Grid::load(&args.grid).map_err(unread)?;
    let runs = check::runs(&app, &grid)?;
    let name = Path::new(&args.grid).file_stem().unwrap_or_default();
    let name = name.to_string_lossy().into_owned();
    let dir = args.out.clone().unwrap_or_else(|| PathBuf::from("sweeps").join(&name));
    let (lifetimes, threads) = (grid.lifetimes, args.lifetimes.threads as usize);
    let sweep = Sweep { app, dir, description: grid.description.clone(), runs, lifetimes, threads };
    if let Some(scheduler) = args.emit {
        write!(out, "{}", emit::script(scheduler, &sweep, &name, &args))?;
        return Ok(Exit::Ok);
    }
    for run in &sweep.runs {
        args.lifetimes.isolation_or(run.isolation)?;
    }
    sweep.check_folders()?;
    let standings = sweep.standings();
    if args.dry_run {
        tell(&sweep, &standings, args.lifetimes.json, out)?;
        return Ok(Exit::Ok);
    }
    sweep.write_index(&standings)?;
    let units = left(&standings, args.resume);
    let signals = if elsewhere {
        Signals::default()
    } else {
        Signals::of_app(&sweep.app).map_err(|e| CliError::new(Exit::Bug, e))?
    };
    let ended = match elsewhere {
        true => live_elsewhere(&sweep, &units, &args)?,
        false => live_here(&sweep, &units, &args, &signals),
    };
    let standings = sweep.standings();
    sweep.write_index(&standings)?;
    tell(&sweep, &standings, args.lifetimes.json, out)?;
    let exit = exit(&ended, &standings, &signals);
    if standings.iter().flatten().any(|s| s.status == State::Fault) && !args.resume {
        eprintln!("hint: `--resume` lives lifetimes that ended with a fault again");
    }
    Ok(exit)
}

fn unread(error: CurriculumError) -> CliError {
    match error {
        CurriculumError::Unknown { name, hint } => {
            CliError::usage(format!("no grid is called `{name}`")).hint(hint)
        }
        error => error.into(),
    }
}

/// The lifetimes to live: those that are not begun or were broken off, and with `faults` those
/// that ended with one.
fn left(standings: &[Vec<Standing>], faults: bool) -> Vec<Unit> {
    let is_left = |standing: &&Standing| match standing.status {
        State::Waiting | State::BrokenOff => true,
        State::Fault => faults,
        State::Complete | State::Running | State::Corrupt => false,
    };
    let of_run = |(run, lifetimes): (usize, &Vec<Standing>)| -> Vec<Unit> {
        let left = lifetimes.iter().filter(is_left);
        left.map(|standing| Unit { run, lifetime: standing.lifetime }).collect()
    };
    standings.iter().enumerate().flat_map(of_run).collect()
}

/// Lives lifetimes on this machine, telling of each as it ends.
fn live_here(sweep: &Sweep, units: &[Unit], args: &Args, signals: &Signals) -> Vec<Ended> {
    let quiet = std::env::var_os("TELLA_NO_PROGRESS").is_some_and(|v| !v.is_empty());
    let all = Mutex::new(Vec::new());
    let tell = |unit: Unit, ended: Ended| {
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        let name = &sweep.runs[unit.run].cell.name;
        let (count, of, lifetime) = (all.len() + 1, units.len(), unit.lifetime);
        match &ended {
            Err(error) => eprintln!("error: {name}: {error}"),
            Ok(report) if report.end != End::Complete || !quiet => {
                let experiences = counted(report.experiences, "experience");
                let end = report.end.as_str();
                eprintln!("[{count}/{of}] {name}: lifetime {lifetime} {end}, {experiences}");
                lifetimes::tell(report);
            }
            Ok(report) => lifetimes::tell(report),
        }
        all.push(ended);
    };
    sweep.live(units, args.lifetimes.isolation, args.lifetimes.supervision(), signals, &tell);
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Lives lifetimes on a cluster, in run folders that are made here. What became of them stands in
/// the folders.
fn live_elsewhere(sweep: &Sweep, units: &[Unit], args: &Args) -> Result<Vec<Ended>, CliError> {
    let mut made = None;
    let mut lifetimes = Vec::new();
    for unit in units {
        let run = &sweep.runs[unit.run];
        if made != Some(unit.run) {
            sweep.plan(run)?;
            made = Some(unit.run);
        }
        lifetimes.push((sweep.run_dir(run), unit.lifetime));
    }
    if !lifetimes.is_empty() {
        args.on.live(&sweep.app, lifetimes, &args.lifetimes)?;
    }
    Ok(Vec::new())
}

/// Prints the runs and how they stand.
fn tell(
    sweep: &Sweep,
    standings: &[Vec<Standing>],
    json: bool,
    out: &mut impl Write,
) -> Result<(), CliError> {
    match json {
        true => writeln!(out, "{:#}", sweep.to_json(standings))?,
        false => write!(out, "{}", table::table(sweep, standings))?,
    }
    Ok(())
}

/// The exit code: the gravest of all lifetimes', those of earlier sweeps included.
fn exit(ended: &[Ended], standings: &[Vec<Standing>], signals: &Signals) -> Exit {
    let any = |state| standings.iter().flatten().any(|standing| standing.status == state);
    let reports = || ended.iter().filter_map(|ended| ended.as_ref().ok());
    if reports().any(|report| report.is_bug()) {
        Exit::Bug
    } else if any(State::Fault) {
        Exit::Fault
    } else if any(State::Corrupt) || reports().any(|r| r.end == End::Corrupt) {
        Exit::Corrupt
    } else if ended.iter().any(Result::is_err) || reports().any(|r| r.end == End::LogError) {
        Exit::Usage
    } else if let Some(exit) = lifetimes::stopped(signals) {
        exit
    } else if any(State::Waiting) || any(State::BrokenOff) || any(State::Running) {
        Exit::Resumable
    } else {
        Exit::Ok
    }
}
