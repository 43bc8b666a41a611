//! Memory over a long run.

use super::program::Program;
use super::{machine, tella};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_millis(50);

/// What a run may grow by from its first tenth to its end, in MiB for 10^8 steps.
const GOAL_MIB: f64 = 1.0;

/// Watches the resident memory of a run of `steps` steps of CartPole, until its log is
/// sealed; what comes after reads the whole log for its metrics.
pub fn memory(steps: u64, num_envs: u32) -> Result<Value> {
    let program = Program::build()?;
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("bench.yaml");
    fs_err::write(&file, tella::curriculum(steps))?;
    let run = dir.path().join("run");
    let mut command = program.command(["run", "--agent", "random", "--agent-seed", "1"]);
    command.args(["--curriculum-seed", "2", "--num-parallel-envs", &num_envs.to_string()]);
    command.arg("--out").arg(&run).arg(&file).stdout(Stdio::null());
    let mut process = command.spawn()?;
    let status = format!("/proc/{}/statm", process.id());
    let (started, seal) = (Instant::now(), run.join("lifetime-0000/seal.json"));
    let mut samples: Vec<(f64, f64)> = Vec::new();
    while !seal.exists() && process.try_wait()?.is_none() {
        samples.push((started.elapsed().as_secs_f64(), resident_mib(&status)?));
        std::thread::sleep(EVERY);
    }
    ensure!(process.wait()?.success(), "the run failed");
    let (end, last) = *samples.last().context("no samples")?;
    let first = samples.iter().find(|(at, _)| *at >= end / 10.0).map_or(0.0, |s| s.1);
    let round = |x: f64| (x * 1000.0).round() / 1000.0;
    let per_hundred_million = slope(&samples) * end * 1e8 / steps as f64;
    Ok(json!({
        "work": format!("{steps} steps of CartPole, random agent, {num_envs} environments"),
        "seconds": round(end),
        "samples": samples.len(),
        "mib_after_a_tenth": round(first),
        "mib_at_the_end": round(last),
        "mib_max": round(samples.iter().map(|s| s.1).fold(0.0, f64::max)),
        "slope_mib_in_1e8_steps": round(per_hundred_million),
        "goal": GOAL_MIB,
        "reached": last - first <= GOAL_MIB,
        "machine": machine::machine(),
    }))
}

/// Resident memory of a process, from its `statm`.
fn resident_mib(statm: &str) -> Result<f64> {
    const PAGE_MIB: f64 = 4096.0 / (1 << 20) as f64;
    let text = fs_err::read_to_string(statm)?;
    let pages: f64 = text.split(' ').nth(1).context("statm")?.parse()?;
    Ok(pages * PAGE_MIB)
}

/// MiB a second by least squares, the first tenth left out.
fn slope(samples: &[(f64, f64)]) -> f64 {
    let end = samples.last().map_or(0.0, |s| s.0);
    let rest: Vec<_> = samples.iter().filter(|(at, _)| *at >= end / 10.0).collect();
    let n = rest.len().max(1) as f64;
    let mean = |f: fn(&(f64, f64)) -> f64| rest.iter().map(|s| f(s)).sum::<f64>() / n;
    let (x, y) = (mean(|s| s.0), mean(|s| s.1));
    let spread: f64 = rest.iter().map(|s| (s.0 - x).powi(2)).sum();
    let together: f64 = rest.iter().map(|s| (s.0 - x) * (s.1 - y)).sum();
    if spread > 0.0 { together / spread } else { 0.0 }
}
