//! The comparison with the peers, and what of our own speed has a goal.

use super::program::Program;
use super::row::row;
use super::script::Script;
use super::turns::{Clock, Setting, Speeds, in_turns, median};
use super::{machine, minigrid, tella};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::cell::RefCell;
use tella_reference::Stack;

const CARTPOLE: &str = "CartPole-v1";
const CROSSING: &str = "MiniGrid-SimpleCrossingS9N1-v0";

/// Measures each side for `seconds` a turn, in `turns` turns.
pub fn peers(turns: usize, seconds: f64) -> Result<Value> {
    let program = Program::build()?;
    let before = machine::machine();
    let mut rows = vec![tella::compare(&program, turns)?];
    let envpool = RefCell::new(Script::start(Stack::ENVPOOL, "bench_envpool.py")?);
    for (env, num_envs, goal) in [(CARTPOLE, 1024, 20.0), (CROSSING, 64, 15.0)] {
        let ours = our_settings(&program, env, num_envs, seconds);
        let theirs = envpool_settings(&envpool, env, num_envs, seconds);
        let [ours, theirs] = in_turns(turns, [ours, theirs])?;
        let work = format!("{env}, raw batch of {num_envs}");
        rows.push(row(&work, goal, "EnvPool 1.2.5", &ours, &theirs));
    }
    rows.extend(minigrid::compare(&program, turns, seconds)?);
    let scaling = [(CARTPOLE, 1024), (CROSSING, 64), (CROSSING, 1024)]
        .map(|(env, num_envs)| scaling(&program, env, num_envs, turns, seconds));
    Ok(json!({
        "turns": turns,
        "seconds": seconds,
        "before": before,
        "after": machine::machine(),
        "rows": rows,
        "threads": scaling.into_iter().collect::<Result<Vec<_>>>()?,
        "log": log_shares(&program, turns, seconds)?,
    }))
}

fn threads_name(threads: u32) -> String {
    format!("{threads} thread{}", if threads == 1 { "" } else { "s" })
}

fn our_settings<'a>(
    program: &'a Program,
    env: &'a str,
    num_envs: u32,
    seconds: f64,
) -> Vec<Setting<'a>> {
    let setting = |threads| {
        Setting::new(threads_name(threads), move || {
            program.env_speed(env, num_envs, threads, seconds, Clock::Wall)
        })
    };
    [1, 2].map(setting).into()
}

pub(super) fn envpool_settings<'a>(
    envpool: &'a RefCell<Script>,
    env: &'a str,
    num_envs: u32,
    seconds: f64,
) -> Vec<Setting<'a>> {
    let settings = [("sync", 1), ("sync", 2), ("async", 1), ("async", 2)];
    let setting = |(mode, threads): (&'static str, u32)| {
        let question = json!({
            "env": env, "num_envs": num_envs, "num_threads": threads, "mode": mode,
            "seconds": seconds,
        });
        Setting::new(format!("{mode}, {}", threads_name(threads)), move || {
            envpool
                .borrow_mut()
                .ask(&question, Clock::Wall)?
                .context("EnvPool has no such environment")
        })
    };
    settings.map(setting).into()
}

/// What a second thread brings.
fn scaling(
    program: &Program,
    env: &str,
    num_envs: u32,
    turns: usize,
    seconds: f64,
) -> Result<Value> {
    let [speeds] = in_turns(turns, [our_settings(program, env, num_envs, seconds)])?;
    let of = |threads| Speeds::of(&speeds, &threads_name(threads));
    let ratio = of(2) / of(1);
    Ok(json!({
        "work": format!("{env}, raw batch of {num_envs}, 2 threads beside 1"),
        "ours": speeds.to_json(),
        "ratio": (ratio * 100.0).round() / 100.0,
        "goal": 1.8,
        "reached": ratio >= 1.8,
    }))
}

/// The log's share of a run of many short episodes, which is the hardest case there is,
/// and of one in which an agent learns.
fn log_shares(program: &Program, turns: usize, seconds: f64) -> Result<Vec<Value>> {
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("bench.yaml");
    fs_err::write(&file, tella::curriculum(5_000_000))?;
    let file = file.to_str().context("the temporary folder's name")?;
    let mut shares = Vec::new();
    for (curriculum, agent, num_envs) in [
        (file, "random", "1"),
        (file, "random", "64"),
        (file, "sarsa-tiles", "64"),
        ("quickstart", "q-learning", "1"),
    ] {
        let turn = || -> Result<f64> {
            let told = program.json([
                "bench",
                "run",
                curriculum,
                "--agent",
                agent,
                "--num-envs",
                num_envs,
                "--seconds",
                &seconds.to_string(),
                "--json",
            ])?;
            told["log_overhead"].as_f64().context("no log_overhead")
        };
        let share = median((0..turns).map(|_| turn()).collect::<Result<_>>()?);
        let name = if curriculum == file { "CartPole" } else { curriculum };
        shares.push(json!({
            "work": format!("{name}, agent {agent}, {num_envs} environments"),
            "log_overhead": (share * 1e4).round() / 1e4,
            "goal": 0.05,
            "reached": share <= 0.05,
        }));
    }
    Ok(shares)
}
