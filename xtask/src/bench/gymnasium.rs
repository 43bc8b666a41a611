//! Our environments behind Gymnasium's interface, beside what else steps batches from Python.

use super::peers::envpool_settings;
use super::row::row;
use super::script::Script;
use super::turns::{Clock, Setting, in_turns};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::process::Command;
use tella_reference::Stack;

/// Environments of a batch, with the goals beside EnvPool, Gymnasium's loop and its arrays.
const BATCHES: [(u32, [f64; 3]); 2] = [(64, [5.0, 50.0, 5.0]), (1024, [5.0, 50.0, 2.0])];

/// Measures each side for `seconds` a turn, in `turns` turns; `python` runs an interpreter that has
/// our package.
pub(super) fn gymnasium(python: Command, turns: usize, seconds: f64) -> Result<Value> {
    let envpool = RefCell::new(Script::start(Stack::ENVPOOL, "bench_envpool.py")?);
    let script = RefCell::new(Script::run(python, "bench_gymnasium.py")?);
    let batch = |batch: &'static str, num_envs: u32, threads: u32| {
        let question = json!({
            "batch": batch, "num_envs": num_envs, "num_threads": threads, "seconds": seconds,
        });
        let script = &script;
        let name = if threads == 1 { batch.to_owned() } else { format!("{batch}, 2 threads") };
        Setting::new(name, move || {
            let speed = script.borrow_mut().ask(&question, Clock::Wall)?;
            speed.context("Gymnasium has no such batch")
        })
    };
    let mut rows = Vec::new();
    for (num_envs, goals) in BATCHES {
        let sides = [
            vec![batch("tella", num_envs, 1), batch("tella", num_envs, 2)],
            envpool_settings(&envpool, "CartPole-v1", num_envs, seconds),
            vec![batch("sync", num_envs, 1)],
            vec![batch("numpy", num_envs, 1)],
        ];
        let [ours, envpool, looped, arrays] = in_turns(turns, sides)?;
        let work = format!("make_vec, CartPole, {num_envs} environments");
        let peers = [
            ("EnvPool 1.2.5", envpool),
            ("Gymnasium 1.4.0, SyncVectorEnv", looped),
            ("Gymnasium 1.4.0, vector entry point", arrays),
        ];
        for ((peer, theirs), goal) in peers.iter().zip(goals) {
            rows.push(row(&work, goal, peer, &ours, theirs));
        }
    }
    let [one] = in_turns(turns, [vec![batch("tella", 1, 1)]])?;
    let call = 1e6 / one.of("tella");
    Ok(json!({
        "rows": rows,
        "microseconds a call of a batch of 1": {
            "found": (call * 100.0).round() / 100.0, "goal": 5.0, "reached": call < 5.0,
        },
    }))
}
