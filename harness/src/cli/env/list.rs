//! `tella env list`: a line for each environment, or all that is known of some.

use super::super::{CliError, CliResult, Exit};
use crate::App;
use serde_json::{Value, json};
use std::io::Write;
use tella_envs::{Catalog, EnvSpec, Params};

/// Arguments of `tella env list`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Tell everything about these environments
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Tell everything about all of them: spaces and parameters
    #[arg(long)]
    params: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(app: &App, args: &Args, out: &mut impl Write) -> CliResult {
    let specs = match args.names.as_slice() {
        [] => app.envs.specs(),
        names => named(app, names)?,
    };
    if args.json {
        let envs: Vec<Value> = specs.iter().map(|spec| to_json(app, spec)).collect();
        writeln!(out, "{:#}", Value::from(envs))?;
    } else if args.params || !args.names.is_empty() {
        for spec in &specs {
            details(app, spec, out)?;
        }
    } else {
        let width = specs.iter().map(|spec| spec.name.chars().count()).max().unwrap_or(0);
        for spec in &specs {
            writeln!(out, "{:width$}  {}", spec.name, spec.summary)?;
        }
    }
    Ok(Exit::Ok)
}

/// The specifications of `names`; all that do not exist are told at once.
fn named(app: &App, names: &[String]) -> Result<Vec<EnvSpec>, CliError> {
    let unknown: Vec<&String> = names.iter().filter(|n| app.envs.spec(n).is_none()).collect();
    if unknown.is_empty() {
        return Ok(names.iter().filter_map(|name| app.envs.spec(name)).collect());
    }
    let told = unknown.iter().map(|name| match app.envs.nearest(name) {
        Some(near) => format!("no environment is called `{name}`; did you mean `{near}`?"),
        None => format!("no environment is called `{name}`"),
    });
    let told: Vec<String> = told.collect();
    Err(CliError::usage(told.join("\n")).hint("`tella env list` lists them"))
}

fn details(app: &App, spec: &EnvSpec, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{}\n    {}", spec.name, spec.summary)?;
    if let Some((observations, actions)) = spaces(app, spec) {
        writeln!(out, "    observations {observations}, actions {actions}")?;
    }
    if spec.continuing {
        writeln!(out, "    never ends: an experience is a window of its stream")?;
    }
    for param in &spec.params {
        let (kind, default) = (param.kind.describe(), &param.default);
        writeln!(out, "    -p {}={default}  {} ({kind})", param.name, param.help)?;
    }
    Ok(())
}

fn to_json(app: &App, spec: &EnvSpec) -> Value {
    let (observations, actions) = spaces(app, spec).unzip();
    json!({
        "name": spec.name, "summary": spec.summary, "observation_space": observations,
        "action_space": actions, "continuing": spec.continuing, "params": spec.params,
    })
}

/// Observation and action space in words, at the default parameters.
fn spaces(app: &App, spec: &EnvSpec) -> Option<(String, String)> {
    let params = app.envs.resolve_params(&spec.name, &Params::new()).ok()?;
    let (observations, actions) = app.envs.spaces(&spec.name, &params).ok()?;
    Some((observations.to_string(), actions.to_string()))
}
