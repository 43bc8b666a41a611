//! Sequence layers: what a step of acting costs with longer and longer memories, and training the long convolution layer
//! beside the same layer in PyTorch.

use super::machine;
use super::turns::median;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::Path;
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

/// Examples of an update.
const BATCH: u64 = 128;

/// Updates of token models on the first graphics processor beside mad-lab's layers in the folder `mad_lab`, with the
/// `python3` of the path, which has PyTorch for it and einops.
pub fn training(mad_lab: &Path, lengths: &[u64]) -> Result<Value> {
    let mut rows = Vec::new();
    for length in lengths {
        let numbers = [BATCH.to_string(), length.to_string()];
        let mixers = ["attention", "hyena", "multi-head-hyena"].map(String::from);
        let device = ["cuda".to_owned()];
        let here = example("training_cost", &[&device[..], &numbers, &mixers].concat())?;
        let mut script = Command::new("python3");
        script.arg(tella_reference::scripts().join("bench_mad_lab.py")).arg(mad_lab);
        let there = answer(script.args(&numbers))?;
        for (here, there) in rows_of(&here)?.iter().zip(rows_of(&there)?) {
            let of = |row: &Value, key: &str| row[key].as_f64().context("no milliseconds");
            let (graph, eager) = (of(here, "toeplitz_bf16_graph")?, of(there, "mad_lab_eager")?);
            rows.push(json!({
                "length": length, "mixer": here["mixer"], "tella": here, "mad-lab": eager, "ratio": eager / graph,
            }));
        }
    }
    Ok(json!({
        "work": "milliseconds of an update of MAD's token models, batch 128, width 128, bfloat16",
        "rows": rows,
        "machine": machine::machine(),
    }))
}

/// Positions in all, and of each sequence.
const OPERATOR: [u64; 7] = [65_536, 1024, 2048, 8192, 16_384, 32_768, 65_536];

/// Hyena's operator beside attention's, on the first graphics processor.
pub fn operator() -> Result<Value> {
    let rows = ours("operator_cost", &OPERATOR)?;
    Ok(json!({
        "work": "milliseconds of a forward and backward pass of 65,536 positions, width 768, bfloat16",
        "rows": rows["rows"],
        "machine": machine::machine(),
    }))
}

fn rows_of(told: &Value) -> Result<&Vec<Value>> {
    told["milliseconds"].as_array().context("no rows")
}

fn ours(name: &str, arguments: &[u64]) -> Result<Value> {
    example(name, &arguments.iter().map(u64::to_string).collect::<Vec<_>>())
}

fn example(name: &str, arguments: &[String]) -> Result<Value> {
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
    cargo.args(["--example", name, "--"]).args(arguments);
    answer(cargo.envs(crate::torch::variables()?))
}

fn answer(command: &mut Command) -> Result<Value> {
    let output = command.output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}
