//! The command line: noun, then verb. One file a noun; each parses its own
//! arguments with clap and calls the room that does the work. Standard output is
//! data, standard error is talk.

mod agent;
mod bench;
mod chosen;
mod compare;
mod completions;
mod curriculum;
mod damaged;
mod env;
mod examples;
mod exit;
mod lifetimes;
mod log;
mod mad;
mod man;
mod metric;
mod metrics;
mod numbers;
mod on;
mod overrides;
mod preview;
mod refusal;
mod replay;
mod report;
mod resume;
mod run;
mod ste;
mod sweep;
mod talk;
mod verify;
mod watch;
mod worker;

pub use exit::{CliError, CliResult, Exit};

use crate::App;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

/// Test and evaluation harness for lifelong-learning agents.
#[derive(Debug, Parser)]
#[command(name = "tella", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run an agent through a curriculum
    Run(Box<run::Args>),
    /// Go on with a run that was stopped
    Resume(resume::Args),
    /// Run a grid: agents through curricula, with every value and every seed
    Sweep(Box<sweep::Args>),
    /// Run a run again and compare
    Verify(verify::Args),
    /// Show how the lifetimes of a run stand, while they run or after
    Watch(watch::Args),
    /// Simulate one experience again, show it, and check its return
    Replay(replay::Args),
    /// Curricula: list, check, show, preview
    #[command(subcommand)]
    Curriculum(curriculum::Command),
    /// Environments: list, trace, render
    #[command(subcommand)]
    Env(env::Command),
    /// Agents: list
    #[command(subcommand)]
    Agent(agent::Command),
    /// Event logs: show, check, hash, export, import
    #[command(subcommand)]
    Log(log::Command),
    /// Lifelong-learning metrics of a run folder or an L2Logger scenario
    Metrics(metrics::Args),
    /// Single-task experts to measure against: add, list, clear
    #[command(subcommand)]
    Ste(ste::Command),
    /// Metrics: list
    #[command(subcommand)]
    Metric(metric::Command),
    /// Compare two agents over the lifetimes of their runs
    Compare(compare::Args),
    /// Write a page, figures and tables about runs
    Report(Box<report::Args>),
    /// Print completions for a shell
    Completions(completions::Args),
    /// Print the manual page, or write a page for each command
    Man(man::Args),
    /// Speed here: raw environments, whole runs
    #[command(subcommand)]
    Bench(bench::Command),
    /// Train sequence models on synthetic tasks (MAD), and score them
    Mad(Box<mad::Args>),
    /// Live one lifetime for a supervising process
    #[command(hide = true)]
    Worker(worker::Args),
}

/// The command tree, for help, completions and the generated reference.
pub fn command() -> clap::Command {
    examples::add(with_negative_numbers(Cli::command()))
}

/// The command tree whose options take `-1` for a value, which their parsers then judge, and
/// not for an unknown option.
fn with_negative_numbers(command: clap::Command) -> clap::Command {
    let option = |arg: clap::Arg| match arg.get_action().takes_values() && !arg.is_positional() {
        true => arg.allow_negative_numbers(true),
        false => arg,
    };
    command.mut_args(option).mut_subcommands(with_negative_numbers)
}

/// The command tree without what is hidden, which completions and manual do not show.
fn visible_command() -> clap::Command {
    let whole = command();
    let shown = whole.get_subcommands().filter(|command| !command.is_hide_set()).cloned();
    clap::Command::new("tella")
        .version(env!("CARGO_PKG_VERSION"))
        .about(whole.get_about().cloned().unwrap_or_default())
        .after_help(whole.get_after_help().cloned().unwrap_or_default())
        .subcommand_required(true)
        .subcommands(shown)
}

/// Runs the command line `args` (program name first) and returns its exit code.
pub fn main(app: App, args: impl IntoIterator<Item = OsString>) -> ExitCode {
    ExitCode::from(run_args(app, args))
}

/// As [`main`], with the exit code as a number.
pub fn run_args(app: App, args: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match parse(args) {
        Ok(cli) => cli,
        Err(error) => {
            // clap writes help to stdout and errors to stderr; both may meet a closed pipe.
            let _ = error.print();
            return error.exit_code() as u8;
        }
    };
    // Not locked: agents may print while a run holds this.
    let result = dispatch(Arc::new(app), cli.command, &mut std::io::stdout());
    let exit = match result {
        Ok(exit) => exit,
        Err(error) => {
            if error.exit != Exit::Ok {
                let _ = writeln!(std::io::stderr(), "{error}");
            }
            error.exit
        }
    };
    exit as u8
}

/// What a command line came to.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its exit code.
    pub exit: Exit,
    /// What would have gone to standard output.
    pub out: Vec<u8>,
    /// What it warned of, where that was in the calling thread.
    pub warnings: Vec<String>,
}

/// As [`main`], for a program that embeds this one: what is data is handed back.
///
/// # Errors
///
/// What would have been told on standard error before the end.
pub fn answer(app: App, args: impl IntoIterator<Item = OsString>) -> Result<Answer, CliError> {
    let cli = parse(args).map_err(|error| {
        let said = error.render().to_string();
        // What follows speaks of the command line.
        let said = said.split("\n\nUsage:").next().unwrap_or_default();
        let said = said.split("\n\nFor more information").next().unwrap_or_default();
        CliError::usage(said.trim_start_matches("error: ").trim_end())
    })?;
    let mut out = Vec::new();
    let (exit, warnings) = talk::gathered(|| dispatch(Arc::new(app), cli.command, &mut out));
    Ok(Answer { exit: exit?, out, warnings })
}

fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let mut found = command().try_get_matches_from(args)?;
    Cli::from_arg_matches_mut(&mut found)
}

fn dispatch(app: Arc<App>, command: Command, out: &mut impl Write) -> CliResult {
    talk::on_stderr();
    match command {
        Command::Run(args) => run::run(app, *args, out),
        Command::Resume(args) => resume::run(app, args, out),
        Command::Sweep(args) => sweep::run(app, *args, out),
        Command::Verify(args) => verify::run(app, args, out),
        Command::Watch(args) => watch::run(&args, out),
        Command::Replay(args) => replay::run(&app, &args, out),
        Command::Worker(args) => worker::run(app, args),
        Command::Curriculum(command) => curriculum::run(&app, command, out),
        Command::Env(command) => env::run(&app, command, out),
        Command::Agent(command) => agent::run(&app, command, out),
        Command::Log(command) => log::run(command, out),
        Command::Metrics(args) => metrics::run(args, out),
        Command::Ste(command) => ste::run(command, out),
        Command::Metric(command) => metric::run(command, out),
        Command::Compare(args) => compare::run(args, out),
        Command::Report(args) => report::run(*args, out),
        Command::Completions(args) => completions::run(&args, out),
        Command::Man(args) => man::run(args, out),
        Command::Bench(command) => bench::run(app, command, out),
        Command::Mad(args) => mad::run(&app, &args, out),
    }
}
