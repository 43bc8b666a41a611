//! Learning beside Stable-Baselines3: steps a second of its PPO and of ours, with the same settings on the same task.

use super::machine;
use super::turns::median;
use anyhow::{Context, Result, ensure};
use fs_err as fs;
use serde_json::{Value, json};
use std::process::Command;
use std::time::Instant;
use tella_reference::Stack;

/// Environments side by side.
const ENVS: u64 = 8;

/// Steps of a short and of a long run of ours, whose difference is free of the start; and of theirs, which times itself.
const STEPS: [u64; 3] = [8192, 73_728, 32_768];

/// Both sides in `turns` turns, on this machine's processor.
pub fn ppo(turns: usize) -> Result<Value> {
    let python = Stack::BASELINES.install()?;
    let features = ["--features", "torch"];
    let mut build = crate::cargo();
    build.args(["build", "--release", "--locked", "--bin", "tella"]).args(features);
    ensure!(
        build.envs(crate::torch::variables()?).status()?.success(),
        "the program does not build"
    );
    let folder = std::env::temp_dir().join(format!("tella-bench-ppo-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let seconds = |steps: u64| -> Result<f64> {
        let curriculum = folder.join(format!("{steps}.yaml"));
        fs::write(&curriculum, lesson(steps))?;
        let mut run = crate::cargo();
        run.args(["run", "--release", "--quiet", "--locked", "--bin", "tella"]).args(features);
        run.args(["--", "run"]).arg(&curriculum).args(["--agent", "ppo", "--force", "--out"]);
        run.arg(folder.join("run")).args(["--num-parallel-envs", &ENVS.to_string(), "--json"]);
        run.envs(crate::torch::variables()?).env("TELLA_NO_PROGRESS", "1");
        let start = Instant::now();
        let output = run.output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(start.elapsed().as_secs_f64())
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let [short, long, of_theirs] = STEPS;
    for _ in 0..turns.max(1) {
        ours.push((long - short) as f64 / (seconds(long)? - seconds(short)?));
        let mut script = Command::new(&python);
        script.arg(tella_reference::scripts().join("bench_ppo.py"));
        let output = script.args([of_theirs, ENVS].map(|n| n.to_string())).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let told: Value = serde_json::from_slice(&output.stdout)?;
        theirs.push(told["steps_per_second"].as_f64().context("no speed")?);
    }
    fs::remove_dir_all(&folder)?;
    let (ours, theirs) = (median(ours), median(theirs));
    Ok(json!({
        "work": "steps a second of CartPole-v1, learning included, 8 environments, ppo's defaults, on the processor",
        "turns": turns,
        "tella": ours.round(),
        "Stable-Baselines3": theirs.round(),
        "ratio": (ours / theirs * 10.0).round() / 10.0,
        "machine": machine::machine(),
    }))
}

/// A curriculum of CartPole alone.
fn lesson(steps: u64) -> String {
    format!(
        "schema: 1\nname: cartpole\ntasks:\n  CartPole:\n    variants: {{Only: {{env: CartPole-v1}}}}\n    \
         learn: {{steps: {steps}}}\nblocks:\n  - learn: [CartPole]\n"
    )
}
