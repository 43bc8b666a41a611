//! The report of MiniGridDispersed with 10 lifetimes: the time of the whole command and the size of
//! its page.

use super::machine;
use super::program::Program;
use super::turns::median;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

const GOAL_SECONDS: f64 = 2.0;
const GOAL_BYTES: u64 = 2_000_000;

/// Makes the run, then its report in `turns` turns: with all formats, and the page alone.
pub fn report(turns: usize) -> Result<Value> {
    let program = Program::build()?;
    let dir = tempfile::tempdir()?;
    let run = dir.path().join("run");
    let words = ["run", "MiniGridDispersed", "--agent", "q-learning", "--num-lifetimes", "10"];
    let seeds = ["--agent-seed", "1", "--curriculum-seed", "1", "--jobs", "2", "--out"];
    let output = program.command([&words[..], &seeds[..]].concat()).arg(&run).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (mut all, mut page) = (Vec::new(), Vec::new());
    let out = dir.path().join("report");
    for _ in 0..turns.max(1) {
        page.push(seconds(&program, &run, &out, &["--formats", "html"])?);
        all.push(seconds(&program, &run, &out, &[])?);
    }
    let bytes = fs_err::metadata(out.join("report.html"))?.len();
    let files = [".", "plots", "tables"].iter().map(|folder| files(&out.join(folder)));
    let files: u64 = files.sum::<Result<u64>>()?;
    let [all, page] = [all, page].map(median);
    Ok(json!({
        "work": "tella report of MiniGridDispersed, q-learning, 10 lifetimes",
        "turns": turns,
        "seconds, all formats": all, "seconds, page alone": page,
        "seconds wanted": GOAL_SECONDS,
        "page bytes": bytes, "page bytes wanted": GOAL_BYTES, "files": files,
        "reached": all < GOAL_SECONDS && bytes < GOAL_BYTES,
        "machine": machine::machine(),
    }))
}

fn seconds(program: &Program, run: &Path, out: &Path, more: &[&str]) -> Result<f64> {
    if out.exists() {
        fs_err::remove_dir_all(out)?;
    }
    let started = Instant::now();
    let output = program.command(["report"]).arg(run).arg("-o").arg(out).args(more).output()?;
    let seconds = started.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{said}");
    Ok(seconds)
}

/// The number of files in a folder.
fn files(dir: &Path) -> Result<u64> {
    let entries = fs_err::read_dir(dir).context("the report is not there")?;
    let files = entries.filter_map(Result::ok).filter(|entry| entry.path().is_file());
    Ok(files.count() as u64)
}
