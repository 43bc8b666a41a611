//! From the start of the program to its first step.

use super::program::Program;
use super::turns::median;
use super::{machine, tella};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::io::Read;
use std::process::Stdio;
use std::time::Instant;

const GOAL_MS: f64 = 50.0;

/// Starts `tella run` `turns` times, drawing its environment: the first drawing is made
/// after the first step. From before the process is started until that is read.
pub fn start(turns: usize) -> Result<Value> {
    let program = Program::build()?;
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("bench.yaml");
    let text = tella::curriculum(10).replace("CartPole-v0", "MiniGrid-Empty-5x5-v0");
    fs_err::write(&file, text)?;
    let mut times = Vec::new();
    for turn in 0..turns.max(1) {
        let mut command = program.command(["run", "--agent", "random", "--render", "--out"]);
        command.arg(dir.path().join(turn.to_string())).arg(&file);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let started = Instant::now();
        let mut process = command.spawn()?;
        let mut drawing = [0; 64];
        let read = process.stderr.as_mut().map_or(Ok(0), |pipe| pipe.read(&mut drawing))?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
        ensure!(read > 0, "the program drew nothing");
        ensure!(process.wait()?.success(), "the run failed");
    }
    let slowest = times.iter().copied().fold(0.0, f64::max);
    let ms = median(times);
    let round = |ms: f64| (ms * 10.0).round() / 10.0;
    Ok(json!({
        "work": "`tella run`, from the start of the process to its first step",
        "turns": turns,
        "milliseconds": round(ms),
        "slowest": round(slowest),
        "goal": GOAL_MS,
        "reached": ms < GOAL_MS,
        "machine": machine::machine(),
    }))
}
