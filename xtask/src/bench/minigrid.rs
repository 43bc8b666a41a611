//! Every MiniGrid environment beside the Python package's, 64 environments and one thread
//! a side, by processor time.

use super::program::Program;
use super::row::row;
use super::script::Script;
use super::turns::{Clock, Setting, in_turns};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::cell::RefCell;
use tella_reference::Stack;

const ENVS: u32 = 64;

/// What an environment must reach; SimpleCrossing S9N1 has a goal of its own.
fn goal(env: &str) -> f64 {
    if env == "MiniGrid-SimpleCrossingS9N1-v0" { 500.0 } else { 200.0 }
}

/// A row for every environment under a `MiniGrid-` id that the package has too.
pub(super) fn compare(program: &Program, turns: usize, seconds: f64) -> Result<Vec<Value>> {
    let python = RefCell::new(Script::start(Stack::FARAMA, "bench_minigrid.py")?);
    let python = &python;
    let listed = program.json(["env", "list", "--json"])?;
    let names = listed.as_array().into_iter().flatten().filter_map(|env| env["name"].as_str());
    let mut rows = Vec::new();
    for env in names.filter(|name| name.starts_with("MiniGrid-")) {
        let ask = &|mode: &str, seconds: f64| {
            let question = json!({"env": env, "num_envs": ENVS, "mode": mode, "seconds": seconds});
            python.borrow_mut().ask(&question, Clock::Cpu)
        };
        if ask("loop", 0.01)?.is_none() {
            eprintln!("{env}: the Python package has none");
            continue;
        }
        let ours =
            Setting::new("1 thread", || program.env_speed(env, ENVS, 1, seconds / 2.0, Clock::Cpu));
        let theirs = ["loop", "vector"].map(|mode| {
            Setting::new(mode, move || ask(mode, seconds)?.context("an environment that went away"))
        });
        let [ours, theirs] = in_turns(turns, [vec![ours], theirs.into()])?;
        let work = format!("{env}, raw batch of {ENVS}");
        rows.push(row(&work, goal(env), "minigrid 3.2.0", &ours, &theirs));
        eprintln!("{env}: {} times", rows.last().map_or(&Value::Null, |r| &r["ratio"]));
    }
    Ok(rows)
}
