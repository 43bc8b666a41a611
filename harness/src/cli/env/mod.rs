//! `tella env`: the environments there are, and one of them step by step.

mod list;
pub(super) mod render;

use super::numbers::whole;
use super::{CliError, CliResult, Exit};
use crate::App;
use clap::{Args, Subcommand, ValueEnum};
use std::io::{BufWriter, Write};
use tella_envs::trace::{TraceActions, TraceError, parse_actions, trace};
use tella_envs::{Catalog, ParamError, Params, VecEnv, parse_params};

/// Verbs of `tella env`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the environments, or tell everything about some
    List(list::Args),
    /// Play an environment and print each step as a line of JSON
    Trace(Trace),
    /// Play an environment and draw the state that the last action led to
    Render(render::Args),
}

/// Arguments of `tella env trace`.
#[derive(Debug, Args)]
#[group(id = "what", required = true, args = ["actions", "random"])]
pub(super) struct Trace {
    #[command(flatten)]
    play: Play,
    /// How episodes are seeded: the first with the seed, later ones go on in its stream
    #[arg(long, value_enum, default_value = "gym-vector")]
    seeding: TraceSeeding,
}

/// An environment and what to do in it.
#[derive(Debug, Args)]
struct Play {
    /// The environment, as `tella env list` names it
    name: String,
    /// A parameter of the environment; may be repeated
    #[arg(short, long = "param", value_name = "KEY=VALUE")]
    params: Vec<String>,
    /// Seed of the environment, an unsigned 64-bit number
    #[arg(long, value_parser = whole::<u64>(..))]
    seed: u64,
    /// Actions with commas between: 0,2,1 or -0.5,0.25 or, for arrays, [0,1],[1,1]
    #[arg(long, allow_hyphen_values = true)]
    actions: Option<String>,
    /// So many random actions, drawn from the action space seeded with the environment's seed
    #[arg(long, value_name = "N", conflicts_with = "actions", value_parser = whole::<u64>(..))]
    random: Option<u64>,
}

/// Seeding schemes of a trace.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum TraceSeeding {
    /// TELLA's: seeded once
    GymVector,
}

pub(super) fn run(app: &App, command: Command, out: &mut impl Write) -> CliResult {
    match command {
        Command::List(args) => list::run(app, &args, out),
        Command::Trace(args) => run_trace(app, args, out),
        Command::Render(args) => render::run(app, args, out),
    }
}

fn run_trace(app: &App, args: Trace, out: &mut impl Write) -> CliResult {
    let TraceSeeding::GymVector = args.seeding;
    let (mut env, actions) = make(app, &args.play)?;
    let mut out = BufWriter::new(out);
    let result = trace(&mut *env, args.play.seed, &actions, &mut out);
    out.flush()?;
    result.map_err(play_failed)?;
    Ok(Exit::Ok)
}

/// The environment and the actions that are asked for.
fn make(app: &App, play: &Play) -> Result<(Box<dyn VecEnv>, TraceActions), CliError> {
    let name = &play.name;
    let params = params(app, name, &play.params)?;
    let actions = match (&play.actions, play.random) {
        (Some(text), _) => TraceActions::Given(parse_actions(text).map_err(CliError::usage)?),
        (None, count) => TraceActions::Random(count.unwrap_or(0)),
    };
    let env = app.envs.make(name, &params, 1, 1).map_err(CliError::usage)?;
    Ok((env, actions))
}

fn play_failed(error: TraceError) -> CliError {
    match error {
        TraceError::Io(error) => error.into(),
        TraceError::Env(fault) => CliError::new(Exit::Fault, fault),
        error => CliError::usage(error),
    }
}

/// The parameters of the environment `name`: those `given` as `key=value`, and defaults.
pub(super) fn params(app: &App, name: &str, given: &[String]) -> Result<Params, CliError> {
    let spec = app.envs.spec(name).ok_or_else(|| {
        CliError::usage(format!("no environment is called `{name}`"))
            .hint("`tella env list` lists them")
            .nearest(app.envs.nearest(name))
    })?;
    parse_params(&spec.params, given)
        .and_then(|given| app.envs.resolve_params(name, &given))
        .map_err(|errors| bad_params(name, &errors))
}

fn bad_params(name: &str, errors: &[ParamError]) -> CliError {
    let lines: Vec<String> = errors.iter().map(|e| format!("{name}: {e}")).collect();
    let error = CliError::usage(lines.join("\n"));
    match errors.iter().find_map(ParamError::hint) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}
