//! Sequence layers: what a step of acting costs with longer and longer memories, and training the long convolution layer
//! beside the same layer in PyTorch.

use super::machine;
use super::turns::median;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::process::Command;

/// Positions remembered.
const LENGTHS: [u64; 7] = [1024, 2048, 4096, 8192, 16_384, 32_768, 65_536];

/// Length, batch and repeats of training steps: as many positions each.
const STEPS: [[u64; 3]; 3] = [[128, 64, 20], [1024, 8, 20], [8192, 1, 20]];

/// How a step of acting grows with its memory.
pub fn acting() -> Result<Value> {
    let rows = ours("acting_cost", &LENGTHS)?;
    let all = rows.as_array().context("no rows")?;
    let cost =
        |row: Option<&Value>| row.and_then(|row| row["convolution"]["microseconds"].as_f64());
    let first = cost(all.first()).context("no cost")?;
    let last = cost(all.last()).context("no cost")?;
    let times = |lengths: &[u64]| lengths[lengths.len() - 1] as f64 / lengths[0] as f64;
    Ok(json!({
        "work": "microseconds a step of acting, one lane, width 64, one thread",
        "rows": rows,
        "length grows": times(&LENGTHS),
        "convolution's cost grows": last / first,
        "machine": machine::machine(),
    }))
}

/// Training steps of the long convolution layer beside PyTorch's in Python, in `turns` turns.
pub fn long_conv(turns: usize) -> Result<Value> {
    let python = tella_reference::Stack::BASELINES.install()?;
    let mut rows = Vec::new();
    for step in STEPS {
        let (mut here, mut there) = (Vec::new(), Vec::new());
        let milliseconds = |told: Value| told["milliseconds"].as_f64().context("no milliseconds");
        for _ in 0..turns.max(1) {
            here.push(milliseconds(ours("long_conv_cost", &step)?)?);
            let mut script = Command::new(&python);
            script.arg(tella_reference::scripts().join("bench_long_conv.py"));
            there.push(milliseconds(answer(script.args(step.map(|n| n.to_string())))?)?);
        }
        let (here, there) = (median(here), median(there));
        let [length, batch, _] = step;
        rows.push(json!({
            "length": length, "batch": batch, "tella": here, "PyTorch in Python": there, "ratio": there / here,
        }));
    }
    Ok(json!({
        "work": "milliseconds of a forward and backward pass of the long convolution layer, width 64, one thread",
        "turns": turns,
        "rows": rows,
        "machine": machine::machine(),
    }))
}

fn ours(example: &str, arguments: &[u64]) -> Result<Value> {
    let mut cargo = crate::cargo();
    cargo.args([
        "run",
        "--release",
        "--quiet",
        "--locked",
        "--package",
        "tella-nn",
        "--features",
        "torch",
    ]);
    cargo.args(["--example", example, "--"]).args(arguments.iter().map(u64::to_string));
    answer(cargo.envs(crate::torch::variables()?))
}

fn answer(command: &mut Command) -> Result<Value> {
    let output = command.output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}
