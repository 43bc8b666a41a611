//! The whole harness with its log beside TELLA's: CartPole, random agent, each side
//! at its best number of environments.

use super::median;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const OUR_ENVS: [u32; 4] = [1, 16, 64, 1024];
const THEIR_ENVS: [u32; 3] = [1, 2, 4];
const OUR_STEPS: u64 = 20_000_000;
const THEIR_STEPS: u64 = 100_000;

/// Measures both sides in `turns` turns.
///
/// Our time is the whole command's, start and metrics included; TELLA's begins after
/// its imports.
pub fn tella(turns: usize) -> Result<Value> {
    let python = tella_reference::Stack::L2M.install()?;
    let built =
        crate::cargo().args(["build", "--release", "--locked", "--bin", "tella"]).status()?;
    ensure!(built.success(), "the program does not build");
    let program = crate::root().join("target/release/tella");

    let mut ours = vec![Vec::new(); OUR_ENVS.len()];
    let mut theirs = vec![Vec::new(); THEIR_ENVS.len()];
    for _ in 0..turns {
        for (envs, rates) in OUR_ENVS.iter().zip(&mut ours) {
            rates.push(our_rate(&program, *envs)?);
        }
        for (envs, rates) in THEIR_ENVS.iter().zip(&mut theirs) {
            rates.push(their_rate(&python, *envs)?);
        }
    }
    let (ours, theirs) = (medians(&OUR_ENVS, ours), medians(&THEIR_ENVS, theirs));
    let best = |rates: &[(u32, f64)]| rates.iter().map(|r| r.1).fold(0.0, f64::max);
    Ok(json!({
        "work": "CartPole, random agent, whole harness with its log, steps per second",
        "turns": turns,
        "tella-rs": table(&ours),
        "tella-2.1.0": table(&theirs),
        "ratio": best(&ours) / best(&theirs),
    }))
}

fn medians(envs: &[u32], rates: Vec<Vec<f64>>) -> Vec<(u32, f64)> {
    envs.iter().copied().zip(rates.into_iter().map(median)).collect()
}

fn table(rates: &[(u32, f64)]) -> Value {
    rates.iter().map(|(envs, rate)| (format!("{envs} environments"), json!(rate.round()))).collect()
}

fn our_rate(program: &Path, envs: u32) -> Result<f64> {
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("bench.yaml");
    let text = format!(
        "schema: 1\nname: bench\ntasks: {{CartPole: CartPole-v0}}\n\
         blocks: [{{learn: CartPole, steps: {OUR_STEPS}}}]\n"
    );
    fs_err::write(&file, text)?;
    let started = Instant::now();
    let output = Command::new(program)
        .arg("run")
        .arg(&file)
        .args(["--agent", "random", "--agent-seed", "1", "--curriculum-seed", "2"])
        .args(["--num-parallel-envs", &envs.to_string(), "--out"])
        .arg(dir.path().join("run"))
        .env("TELLA_NO_PROGRESS", "1")
        .output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(OUR_STEPS as f64 / started.elapsed().as_secs_f64())
}

fn their_rate(python: &Path, envs: u32) -> Result<f64> {
    let output = Command::new(python)
        .arg(tella_reference::scripts().join("bench_tella.py"))
        .args([envs.to_string(), THEIR_STEPS.to_string()])
        .output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).context("bench_tella.py")?;
    let seconds = answer["seconds"].as_f64().context("no seconds")?;
    Ok(THEIR_STEPS as f64 / seconds)
}
