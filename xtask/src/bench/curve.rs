//! Steps per second against the number of environments.

use super::machine;
use super::program::Program;
use super::script::Script;
use super::turns::{Clock, Setting, in_turns};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::cell::RefCell;
use tella_reference::Stack;

const NUM_ENVS: [u32; 8] = [1, 4, 16, 64, 256, 1024, 4096, 16384];
const ENVS: [&str; 2] = ["CartPole-v1", "MiniGrid-SimpleCrossingS9N1-v0"];

/// Raw batches of two environments on one and two threads, beside EnvPool's.
pub fn curve(turns: usize, seconds: f64) -> Result<Value> {
    let program = &Program::build()?;
    let envpool = &RefCell::new(Script::start(Stack::ENVPOOL, "bench_envpool.py")?);
    let mut points = Vec::new();
    for env in ENVS {
        for num_envs in NUM_ENVS {
            let ours = [1, 2].map(|threads| {
                let name = format!("tella, {threads} thread{}", ["", "s"][threads as usize - 1]);
                Setting::new(name, move || {
                    program.env_speed(env, num_envs, threads, seconds, Clock::Wall)
                })
            });
            let theirs = Setting::new("EnvPool, 2 threads", move || {
                let question = json!({
                    "env": env, "num_envs": num_envs, "num_threads": 2, "mode": "sync",
                    "seconds": seconds,
                });
                envpool
                    .borrow_mut()
                    .ask(&question, Clock::Wall)?
                    .context("EnvPool has no such environment")
            });
            let [speeds] = in_turns(turns, [ours.into_iter().chain([theirs]).collect::<Vec<_>>()])?;
            points.push(json!({"env": env, "num_envs": num_envs, "speeds": speeds.to_json()}));
            eprintln!("{env}, {num_envs}: {}", speeds.to_json());
        }
    }
    Ok(json!({"machine": machine::machine(), "turns": turns, "points": points}))
}
