//! `tella sweep`: the runs of a grid, on this machine, on a Ray cluster, or as a script for a scheduler.

mod check;
mod emit;
mod table;

use super::lifetimes::{self, LifetimeArgs};
use super::on::OnArgs;
use super::{CliError, CliResult, Exit};
use crate::App;
use crate::run::{End, Signals, State};
use crate::sweep::{Ended, Standing, Sweep, Unit};
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
    let elsewhere = args.on.is_elsewhere(&app, &args.lifetimes)?;
    let grid = Grid::load(&args.grid).map_err(unread)?;
    let runs = check::runs(&app, &grid, elsewhere || args.emit.is_some())?;
    let name = Path::new(&args.grid).file_stem().unwrap_or_default();
    let name = name.to_string_lossy().into_owned();
    let dir = args.out.clone().unwrap_or_else(|| PathBuf::from("sweeps").join(&name));
    let (lifetimes, threads) = (grid.lifetimes, args.lifetimes.threads as usize);
    let sweep = Sweep { app, dir, description: grid.description.clone(), runs, lifetimes, threads };
    for run in &sweep.runs {
        args.lifetimes.isolation_or(run.isolation)?;
    }
    if let Some(scheduler) = args.emit {
        write!(out, "{}", emit::script(scheduler, &sweep, &name, &args)?)?;
        return Ok(Exit::Ok);
    }
    sweep.check_folders()?;
    let standings = sweep.standings();
    if args.dry_run {
        tell(&sweep, &standings, args.lifetimes.json, out)?;
        return Ok(Exit::Ok);
    }
    sweep.write_index(&standings)?;
    let units = left(&standings, args.resume);
    let (lived, signals) = match elsewhere {
        true => live_elsewhere(&sweep, &units, &args)?,
        false => {
            let signals = Signals::of_app(&sweep.app).map_err(|e| CliError::new(Exit::Bug, e))?;
            (live_here(&sweep, &units, &args, &signals), signals)
        }
    };
    let mut standings = sweep.standings();
    for Lived { unit, message, .. } in &lived {
        let standing = &mut standings[unit.run][unit.lifetime as usize];
        if standing.status != State::Complete && standing.message.is_none() {
            standing.message.clone_from(message);
        }
    }
    sweep.write_index(&standings)?;
    tell(&sweep, &standings, args.lifetimes.json, out)?;
    let exit = exit(&lived, &standings, &signals);
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

/// How living a lifetime ended.
struct Lived {
    unit: Unit,
    /// What that makes the exit code, where no signal came.
    exit: Exit,
    /// What went wrong.
    message: Option<String>,
}

/// The lifetimes to live: those that are left, and with `faults` those that ended with one.
fn left(standings: &[Vec<Standing>], faults: bool) -> Vec<Unit> {
    let is_left = |standing: &&Standing| {
        standing.status.is_left() || (faults && standing.status == State::Fault)
    };
    let of_run = |(run, lifetimes): (usize, &Vec<Standing>)| -> Vec<Unit> {
        let left = lifetimes.iter().filter(is_left);
        left.map(|standing| Unit { run, lifetime: standing.lifetime }).collect()
    };
    standings.iter().enumerate().flat_map(of_run).collect()
}

/// Lives lifetimes on this machine, telling of each as it ends.
fn live_here(sweep: &Sweep, units: &[Unit], args: &Args, signals: &Signals) -> Vec<Lived> {
    let quiet = std::env::var_os("TELLA_NO_PROGRESS").is_some_and(|v| !v.is_empty());
    let all = Mutex::new(Vec::new());
    let tell = |unit: Unit, ended: Ended| {
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        let name = &sweep.runs[unit.run].cell.name;
        let (count, of, lifetime) = (all.len() + 1, units.len(), unit.lifetime);
        let (exit, message) = match ended {
            Err(error) => {
                eprintln!("error: {name}: {error}");
                let message = error.to_string();
                (CliError::from(error).exit, Some(message))
            }
            Ok(report) => {
                if report.end != End::Complete || !quiet {
                    let experiences = counted(report.experiences, "experience");
                    let end = report.end.as_str();
                    eprintln!("[{count}/{of}] {name}: lifetime {lifetime} {end}, {experiences}");
                }
                lifetimes::tell(&report);
                (lifetimes::exit_of(&report), report.message)
            }
        };
        all.push(Lived { unit, exit, message });
    };
    sweep.live(units, args.lifetimes.isolation, args.lifetimes.supervision(), signals, &tell);
    all.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Lives lifetimes on a cluster, in run folders that are made here. What became of them stands in
/// the folders.
fn live_elsewhere(
    sweep: &Sweep,
    units: &[Unit],
    args: &Args,
) -> Result<(Vec<Lived>, Signals), CliError> {
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
    if lifetimes.is_empty() {
        return Ok((Vec::new(), Signals::default()));
    }
    let end = args.on.live(&sweep.app, lifetimes, &args.lifetimes)?;
    let lived = units.iter().filter_map(|&unit| {
        let run = &sweep.runs[unit.run];
        let failure = end.failure(&sweep.run_dir(run), unit.lifetime)?;
        eprintln!("error: {}: lifetime {}: {}", run.cell.name, unit.lifetime, failure.message);
        let exit = lifetimes::exit_there(failure).unwrap_or(Exit::Ok);
        Some(Lived { unit, exit, message: Some(failure.message.clone()) })
    });
    Ok((lived.collect(), Signals::minded(end.signal)))
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
fn exit(lived: &[Lived], standings: &[Vec<Standing>], signals: &Signals) -> Exit {
    let states = || standings.iter().flatten().map(|standing| standing.status);
    let noted = states().map(|state| match state {
        State::Fault => Exit::Fault,
        State::Corrupt => Exit::Corrupt,
        State::LogError => Exit::Usage,
        _ => Exit::Ok,
    });
    let gravest = lived.iter().map(|lived| lived.exit).chain(noted).fold(Exit::Ok, Exit::or_graver);
    match gravest {
        Exit::Ok => lifetimes::stopped(signals).unwrap_or_else(|| {
            let open = |state: State| state.is_left() || state == State::Running;
            if states().any(open) { Exit::Resumable } else { Exit::Ok }
        }),
        grave => grave,
    }
}
