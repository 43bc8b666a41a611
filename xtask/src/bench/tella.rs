//! The whole harness with its log beside TELLA's: CartPole, random agent, each side
//! at its best number of environments.

use super::program::Program;
use super::row::row;
use super::turns::{Setting, in_turns};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const OUR_ENVS: [u32; 4] = [1, 16, 64, 1024];
const THEIR_ENVS: [u32; 3] = [1, 2, 4];
const OUR_STEPS: u64 = 20_000_000;
const THEIR_STEPS: u64 = 100_000;

/// Our time is the whole command's, start and metrics included; TELLA's begins after
/// its imports.
pub(super) fn compare(program: &Program, turns: usize) -> Result<Value> {
    let python = tella_reference::Stack::L2M.install()?;
    let name = |envs: u32| format!("{envs} environments");
    let ours = OUR_ENVS.map(|envs| Setting::new(name(envs), move || our_speed(program, envs)));
    let python = &python;
    let theirs =
        THEIR_ENVS.map(|envs| Setting::new(name(envs), move || their_speed(python, envs, None)));
    let [ours, theirs] = in_turns(turns, [ours.into(), theirs.into()])?;
    let work = "CartPole, random agent, whole harness with its log";
    Ok(row(work, 200.0, "TELLA 2.1.0", &ours, &theirs))
}

/// A curriculum of one learning block of CartPole.
pub(super) fn curriculum(steps: u64) -> String {
    format!(
        "schema: 1\nname: bench\ntasks: {{CartPole: CartPole-v0}}\n\
         blocks: [{{learn: CartPole, steps: {steps}}}]\n"
    )
}

fn our_speed(program: &Program, envs: u32) -> Result<f64> {
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("bench.yaml");
    fs_err::write(&file, curriculum(OUR_STEPS))?;
    let mut command = program.command(["run", "--agent", "random", "--agent-seed", "1"]);
    command.args(["--curriculum-seed", "2", "--num-parallel-envs", &envs.to_string()]);
    command.arg("--out").arg(dir.path().join("run")).arg(&file);
    let started = Instant::now();
    let output = command.output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(OUR_STEPS as f64 / started.elapsed().as_secs_f64())
}

/// Steps a second of TELLA with its random agent, or with one of `bench_agents.py`.
pub(super) fn their_speed(python: &Path, envs: u32, agent: Option<&str>) -> Result<f64> {
    let output = Command::new(python)
        .arg(tella_reference::scripts().join("bench_tella.py"))
        .args([envs.to_string(), THEIR_STEPS.to_string()])
        .args(agent)
        .output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).context("bench_tella.py")?;
    let seconds = answer["seconds"].as_f64().context("no seconds")?;
    Ok(THEIR_STEPS as f64 / seconds)
}
