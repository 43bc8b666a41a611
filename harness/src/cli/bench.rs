//! `tella bench`: how many steps a second environments and whole runs take here.

use super::chosen::{Chosen, choose};
use super::numbers::whole;
use super::{CliError, CliResult, Exit, env};
use crate::App;
use crate::bench::{EnvRate, RunRate, Work, env_rate, run_rate};
use crate::run::{PlanSpec, Signals};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tella_curricula::MAX_EPISODE_STEPS;

/// Verbs of `tella bench`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// A raw batch of environments under random actions, resets included
    Env(EnvArgs),
    /// A whole run with its log, the curriculum lived through again and again
    Run(RunArgs),
}

/// What both verbs are told.
#[derive(Debug, Args)]
struct Common {
    /// Environments stepped together
    #[arg(long, visible_alias = "num-parallel-envs", value_name = "N", default_value_t = 1, value_parser = whole::<u64>(1..=65_536))]
    num_envs: u64,

    /// Threads that step them
    #[arg(long, value_name = "T", default_value_t = 1, value_parser = whole::<u64>(1..=1024))]
    threads: u64,

    /// How long to measure
    #[arg(long, value_name = "S", default_value_t = 2.0, value_parser = seconds)]
    seconds: f64,

    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Arguments of `tella bench env`.
#[derive(Debug, Args)]
pub(super) struct EnvArgs {
    /// The environment, as `tella env list` names it
    name: String,

    /// A parameter of the environment; may be repeated
    #[arg(short, long = "param", value_name = "KEY=VALUE")]
    params: Vec<String>,

    #[command(flatten)]
    common: Common,
}

/// Arguments of `tella bench run`.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// The curriculum: a name from `tella curriculum list`, or a YAML file
    curriculum: String,

    /// The agent: a name from `tella agent list`
    #[arg(long)]
    agent: String,

    /// Seed of the agent
    #[arg(long, value_name = "SEED", default_value_t = 0, value_parser = whole::<u64>(..))]
    agent_seed: u64,

    /// Seed of the curriculum
    #[arg(long, value_name = "SEED", default_value_t = 0, value_parser = whole::<u64>(..))]
    curriculum_seed: u64,

    /// The agent's parameters, a YAML mapping
    #[arg(long, value_name = "FILE")]
    agent_config: Option<PathBuf>,

    /// Overrides a key of the curriculum, or with `agent.` before it a parameter of the agent
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,

    #[command(flatten)]
    common: Common,
}

/// A measurement's length: above 0, to an hour.
fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(s) if s > 0.0 && s <= 3600.0 => Ok(s),
        _ => Err("expected a number of seconds above 0, to 3600".into()),
    }
}

pub(super) fn run(app: Arc<App>, command: Command, out: &mut impl Write) -> CliResult {
    match command {
        Command::Env(args) => bench_env(&app, args, out),
        Command::Run(args) => bench_run(app, args, out),
    }
}

fn bench_env(app: &App, args: EnvArgs, out: &mut impl Write) -> CliResult {
    let Common { num_envs, threads, seconds, json } = args.common;
    let params = env::params(app, &args.name, &args.params)?;
    let mut envs = app
        .envs
        .make(&args.name, &params, num_envs as usize, threads as usize)
        .map_err(CliError::usage)?;
    let rate = env_rate(&mut *envs, Duration::from_secs_f64(seconds))
        .map_err(|fault| CliError::new(Exit::Fault, fault))?;
    let EnvRate { steps, episodes, seconds, cpu_seconds, steps_per_second } = rate;
    let told = json!({
        "env": args.name, "num_envs": num_envs, "threads": threads,
        "steps_per_second": steps_per_second, "steps": steps, "episodes": episodes,
        "seconds": seconds, "cpu_seconds": cpu_seconds,
    });
    tell(&told, json, out)
}

fn bench_run(app: Arc<App>, args: RunArgs, out: &mut impl Write) -> CliResult {
    let Common { num_envs, threads, seconds, json } = args.common;
    let Chosen { document, agent_config, overrides, warnings, .. } =
        choose(&app, &args.curriculum, &args.agent, args.agent_config.as_deref(), &args.set)
            .map_err(|refused| refused.told(&app, &args.agent))?;
    if !warnings.is_empty() {
        eprintln!("{warnings}");
    }
    let spec = PlanSpec {
        agent: args.agent.clone(),
        agent_config,
        agent_seed: args.agent_seed,
        curriculum_seed: args.curriculum_seed,
        num_envs: num_envs as usize,
        max_episode_steps: MAX_EPISODE_STEPS,
        overrides,
        curriculum_config: None,
        transitions: false,
    };
    let work = Work { app, spec, document, threads: threads as usize };
    let signals = Signals::listen().map_err(|e| CliError::new(Exit::Bug, e))?;
    let rate = run_rate(&work, Duration::from_secs_f64(seconds), &signals)?;
    if let Some(exit) = super::lifetimes::stopped(&signals) {
        eprintln!("stopped: nothing is told of an unfinished measurement");
        return Ok(exit);
    }
    let RunRate { passes, steps, experiences, seconds, steps_per_second, log_overhead, log_cpu } =
        rate;
    let told = json!({
        "curriculum": work.document.name(), "agent": args.agent, "num_envs": num_envs,
        "threads": threads, "steps_per_second": steps_per_second, "log_overhead": log_overhead,
        "log_cpu": log_cpu, "passes": passes, "steps": steps, "experiences": experiences, "seconds": seconds,
    });
    tell(&told, json, out)
}

/// The measurement as one JSON object, or a line for each of its values.
fn tell(told: &Value, json: bool, out: &mut impl Write) -> CliResult {
    if json {
        writeln!(out, "{told}")?;
        return Ok(Exit::Ok);
    }
    let values = told.as_object().into_iter().flatten();
    for (key, value) in values {
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Number(n) if n.is_f64() => significant(n.as_f64().unwrap_or_default()),
            other => other.to_string(),
        };
        writeln!(out, "{:<18}{value}", key.replace('_', " "))?;
    }
    Ok(Exit::Ok)
}

/// A number to about four significant digits.
fn significant(x: f64) -> String {
    match x {
        x if x >= 1000.0 => format!("{x:.0}"),
        x if x >= 1.0 => format!("{x:.2}"),
        x => format!("{x:.4}"),
    }
}
