//! Bootstrap intervals beside rliable's: all metrics of a lifetime against one.

use super::turns::median;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::process::Command;

/// rliable's resamples; its time is then taken fifty-fold, since it grows with their number.
const THEIR_RESAMPLES: u64 = 1000;

/// Measures both sides in `turns` turns.
pub fn statistics(turns: usize) -> Result<Value> {
    let python = tella_reference::Stack::RLIABLE.install()?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut about = Value::Null;
    for _ in 0..turns {
        let mut cargo = crate::cargo();
        cargo.args(["run", "--release", "--quiet", "--locked", "--package", "tella-metrics"]);
        about = answer(cargo.args(["--example", "bootstrap_cost"]))?;
        ours.push(about["seconds"].as_f64().context("no seconds")?);
        let mut rliable = Command::new(&python);
        rliable.arg(tella_reference::scripts().join("bench_rliable.py"));
        let lifetimes = about["lifetimes"].to_string();
        let answer = answer(rliable.args([lifetimes, THEIR_RESAMPLES.to_string()]))?;
        theirs.push(answer["seconds"].as_f64().context("no seconds")?);
    }
    let metrics = about["metrics"].as_f64().context("no metrics")?;
    let resamples = about["resamples"].as_f64().context("no resamples")?;
    let (ours, theirs) = (median(ours), median(theirs));
    let of_all = theirs * resamples / THEIR_RESAMPLES as f64 * metrics;
    Ok(json!({
        "work": "intervals of mean, median, IQM and optimality gap of all metrics of a lifetime",
        "turns": turns,
        "lifetimes": about["lifetimes"],
        "metrics": metrics,
        "resamples": resamples,
        "threads": about["threads"],
        "tella seconds": ours,
        "tella processor seconds": about["processor_seconds"],
        "rliable 1.2.0 seconds, from one metric and fewer resamples": of_all,
        "ratio": of_all / ours,
    }))
}

fn answer(command: &mut Command) -> Result<Value> {
    let output = command.output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}
