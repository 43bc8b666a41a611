//! `tella agent`: the agents there are.

use super::{CliResult, Exit};
use crate::App;
use clap::Subcommand;
use std::io::{self, Write};
use tella_agents::AgentSpec;

/// Verbs of `tella agent`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the agents with their parameters
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(app: &App, command: Command, out: &mut impl Write) -> CliResult {
    match command {
        Command::List { json } => list(&app.agents.specs(), json, out)?,
    }
    Ok(Exit::Ok)
}

fn list(specs: &[AgentSpec], json: bool, out: &mut impl Write) -> io::Result<()> {
    if json {
        serde_json::to_writer_pretty(&mut *out, specs)?;
        return writeln!(out);
    }
    for spec in specs {
        writeln!(out, "{}\n    {}", spec.name, spec.summary)?;
        for param in &spec.params {
            let (kind, default) = (param.kind.describe(), &param.default);
            writeln!(out, "    --set agent.{}={default}  {} ({kind})", param.name, param.help)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tella_agents::{AgentResolver, builtin};

    fn listed(json: bool) -> String {
        let mut out = Vec::new();
        list(&builtin().specs(), json, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_list_names_every_parameter_with_range_and_default() {
        let text = listed(false);
        let lambda =
            text.lines().find(|l| l.starts_with("    --set agent.lambda=")).unwrap().trim();
        assert_eq!(
            lambda,
            "--set agent.lambda=0.97  Weight of longer returns; 0 is one-step Q-learning. (a number from 0 to 1)"
        );
        for spec in builtin().specs() {
            assert!(text.contains(&format!("{}\n    {}\n", spec.name, spec.summary)));
            assert!(spec.params.iter().all(|p| text.contains(&p.name) && text.contains(&p.help)));
        }
    }

    #[test]
    fn json_says_the_same() {
        let agents: serde_json::Value = serde_json::from_str(&listed(true)).unwrap();
        let random = serde_json::json!({
            "name": "random",
            "summary": "Samples the action space; learns nothing.",
            "params": [],
        });
        assert_eq!(agents[0], random);
        let lambda = serde_json::json!({
            "name": "lambda", "type": "float", "min": 0.0, "max": 1.0, "default": 0.97,
            "help": "Weight of longer returns; 0 is one-step Q-learning.",
        });
        let params = agents[1]["params"].as_array().unwrap();
        assert!(params.contains(&lambda), "{params:?}");
    }
}
