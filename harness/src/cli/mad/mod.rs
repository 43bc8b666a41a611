//! `tella mad`: the synthetic tasks of mechanistic architecture design.

mod data;
#[cfg(libtorch)]
mod told;
mod train;

use super::{CliError, CliResult};
use crate::App;
use clap::Subcommand;
use std::io::Write;
use std::sync::Arc;
use tella_envs::mad::{Rules, TASKS, Task, nearest_task, settings};
use tella_envs::{ParamError, ParamSpec, Params, parse_params, resolve_params};

/// Arguments of `tella mad`: a verb, or what is to be trained.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    train: train::Training,
}

/// Verbs of `tella mad`.
#[derive(Debug, Subcommand)]
enum Command {
    /// Print examples of a task, one a line
    Data(data::Args),
}

pub(super) fn run(app: &Arc<App>, args: &Args, out: &mut impl Write) -> CliResult {
    match &args.command {
        Some(Command::Data(args)) => data::run(args, out),
        None => train::run(app, &args.train, out),
    }
}

/// The settings that the task `name` has.
fn specs(name: &str) -> Result<Vec<ParamSpec>, CliError> {
    settings(name).ok_or_else(|| bad_task(name))
}

/// There is no task of that name.
fn bad_task(name: &str) -> CliError {
    let all = format!("tasks: {}", TASKS.join(", "));
    let hint = match nearest_task(name) {
        Some(near) => format!("did you mean `{near}`? {all}"),
        None => all,
    };
    CliError::usage(format!("no task is called `{name}`")).hint(hint)
}

/// The task `name` with the settings `given` as `key=value`, and defaults.
fn task(name: &str, given: &[String], rules: Rules) -> Result<(Task, Params), CliError> {
    let specs = specs(name)?;
    parse_params(&specs, given)
        .and_then(|given| resolve_params(&specs, &given))
        .and_then(|params| Ok((Task::new(name, &params, rules)?, params)))
        .map_err(|errors| bad_settings(name, &errors))
}

fn bad_settings(name: &str, errors: &[ParamError]) -> CliError {
    let said = |error: &ParamError| format!("{name}: {error}").replace("parameter `", "setting `");
    let error = CliError::usage(errors.iter().map(said).collect::<Vec<_>>().join("\n"));
    match errors.iter().find_map(ParamError::hint) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}
