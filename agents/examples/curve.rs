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
use tella_envs::{Catalog, ParamValue, Params, Registry};

struct Args {
    agent: String,
    env: String,
    at: Vec<u64>,
    seeds: u64,
    lanes: usize,
    env_params: Params,
    agent_params: Params,
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

fn curve(args: &Args, seed: u64) -> Result<(), String> {
    let envs = Registry::builtin();
    let params = envs.resolve_params(&args.env, &args.env_params).map_err(|e| format!("{e:?}"))?;
    let mut env = envs.make(&args.env, &params, args.lanes, 1).map_err(|e| e.0)?;
    let mut agent = agent(&args.agent, &*env, seed, &args.agent_params);
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
        agent.restore(&state).map_err(|e| e.0)?;
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
        env_params: Params::new(),
        agent_params: Params::new(),
    };
    while let Some(flag) = words.next() {
        let value = words.next().ok_or_else(|| format!("{flag} needs a value"))?;
        let number =
            |text: &str| text.parse().map_err(|_| format!("{flag}: `{text}` is no number"));
        match flag.as_str() {
            "--at" => args.at = value.split(',').map(number).collect::<Result<_, _>>()?,
            "--seeds" => args.seeds = number(&value)?,
            "--lanes" => args.lanes = number(&value)? as usize,
            "--env" => _ = insert(&mut args.env_params, &value)?,
            "--set" => _ = insert(&mut args.agent_params, &value)?,
            _ => return Err(format!("{flag} is not an option")),
        }
    }
    if !args.at.is_sorted_by(|a, b| a < b) {
        return Err("--at: the numbers must rise".into());
    }
    Ok(args)
}

fn insert(params: &mut Params, text: &str) -> Result<Option<ParamValue>, String> {
    let (key, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is not key=value"))?;
    let value = value
        .parse()
        .map(ParamValue::Int)
        .or_else(|_| value.parse().map(ParamValue::Float))
        .or_else(|_| value.parse().map(ParamValue::Bool))
        .unwrap_or_else(|_| ParamValue::Text(value.into()));
    Ok(params.insert(key.into(), value))
}
