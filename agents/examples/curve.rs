//! Learning curves: an agent learns one environment, and stops now and then for
//! 100 evaluation episodes in which it may not learn.
//!
//! ```text
//! cargo run --release -p tella-agents --example curve -- AGENT ENVIRONMENT \
//!     [--at 100,200,500] [--seeds 5] [--lanes 1] [--env key=value]... [--set key=value]...
//! ```
//!
//! Prints a line a seed: the mean evaluation return after each number of episodes
//! of `--at`, the size of the learned state and the time taken.

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::Instant;
use support::{agent, block, mean};
use tella_agents::{AgentResolver, builtin, resolve_config};
use tella_envs::{Catalog, ParamError, Registry, parse_params, resolve_params};

struct Args {
    agent: String,
    env: String,
    at: Vec<u64>,
    seeds: u64,
    lanes: usize,
    /// `key=value` for the environment and for the agent.
    env_params: Vec<String>,
    agent_params: Vec<String>,
}

fn main() {
    let args = parse(std::env::args().skip(1)).unwrap_or_else(|why| {
        eprintln!("error: {why}");
        std::process::exit(2);
    });
    println!("mean of 100 evaluation episodes after {:?} learning episodes", args.at);
    for seed in 1..=args.seeds {
        if let Err(why) = curve(&args, seed) {
            eprintln!("error: {why}");
            std::process::exit(2);
        }
    }
}

fn all(errors: Vec<ParamError>) -> String {
    errors.iter().map(ParamError::to_string).collect::<Vec<_>>().join("; ")
}

fn curve(args: &Args, seed: u64) -> Result<(), String> {
    let envs = Registry::builtin();
    let env_spec = envs.spec(&args.env).ok_or(format!("no environment `{}`", args.env))?;
    let params = parse_params(&env_spec.params, &args.env_params)
        .and_then(|given| resolve_params(&env_spec.params, &given))
        .map_err(all)?;
    let mut env = envs.make(&args.env, &params, args.lanes, 1).map_err(|e| e.0)?;
    let agent_spec = builtin().spec(&args.agent).ok_or(format!("no agent `{}`", args.agent))?;
    let given = parse_params(&agent_spec.params, &args.agent_params).map_err(all)?;
    let config = resolve_config(&agent_spec, &given).map_err(all)?;
    let mut agent = agent(&args.agent, &*env, seed, &config);
    let start = Instant::now();
    let mut done = 0;
    let mut line = format!("seed {seed}:");
    for &at in &args.at {
        // Seeds of learning blocks are even, those of evaluation odd.
        let block_seed = (seed * 1000 + done) * 2;
        block(&mut *env, &mut *agent, true, at - done, block_seed);
        done = at;
        let state = agent.save().ok_or("this agent cannot be saved")?;
        let returns = block(&mut *env, &mut *agent, false, 100, block_seed + 1);
        agent.restore(&state).map_err(|e| e.to_string())?;
        line += &format!(" {:.3}", mean(&returns));
    }
    let size = agent.save().map_or(0, |s| s.learned.len());
    println!("{line}  ({size} bytes learned, {:.1} s)", start.elapsed().as_secs_f64());
    Ok(())
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Args, String> {
    let mut args = Args {
        agent: words.next().ok_or("an agent is needed")?,
        env: words.next().ok_or("an environment is needed")?,
        at: vec![100, 200, 500],
        seeds: 5,
        lanes: 1,
        env_params: Vec::new(),
        agent_params: Vec::new(),
    };
    while let Some(flag) = words.next() {
        let value = words.next().ok_or_else(|| format!("{flag} needs a value"))?;
        let number =
            |text: &str| text.parse().map_err(|_| format!("{flag}: `{text}` is no number"));
        match flag.as_str() {
            "--at" => args.at = value.split(',').map(number).collect::<Result<_, _>>()?,
            "--seeds" => args.seeds = number(&value)?,
            "--lanes" => args.lanes = number(&value)? as usize,
            "--env" => args.env_params.push(value),
            "--set" => args.agent_params.push(value),
            _ => return Err(format!("{flag} is not an option")),
        }
    }
    if !args.at.is_sorted_by(|a, b| a < b) {
        return Err("--at: the numbers must rise".into());
    }
    Ok(args)
}
