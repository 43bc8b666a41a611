//! Metrics beside L2Metrics 3.1.0 with L2Logger 1.8.2, on the same log.
//!
//! A scenario of four tasks with noisy returns is written as L2Logger's TSV and imported as a
//! run folder. Our time is the whole command's, start and output included; the peer's begins
//! after its imports and ends when its values are computed. The longest logs, from runs of
//! CartPole, are ours alone: they take L2Metrics minutes.

use super::machine;
use super::program::Program;
use super::turns::median;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Blocks of the scenario.
const BLOCKS: u64 = 101;

/// Measures both sides in `turns` turns on scenarios of `sizes` rows, and our side alone on
/// lifetimes of `long` episodes.
pub fn metrics(turns: usize, sizes: &[u64], long: &[u64]) -> Result<Value> {
    let python = tella_reference::Stack::L2M.install()?;
    let program = Program::build()?;
    let of_size = |rows: &u64| beside_l2metrics(&program, &python, *rows, turns);
    let sizes: Vec<Value> = sizes.iter().map(of_size).collect::<Result<_>>()?;
    let of_length = |rows: &u64| alone(&program, &python, *rows, turns);
    let long: Vec<Value> = long.iter().map(of_length).collect::<Result<_>>()?;
    Ok(json!({
        "work": "all metrics of one lifetime, seconds",
        "turns": turns, "sizes": sizes, "long": long, "machine": machine::machine(),
    }))
}

/// The time of both sides on a scenario of `rows` rows.
fn beside_l2metrics(program: &Program, python: &Path, rows: u64, turns: usize) -> Result<Value> {
    let dir = tempfile::tempdir()?;
    let (scenario, run) = (dir.path().join("scenario"), dir.path().join("run"));
    write_scenario(&scenario, rows)?;
    call(program.command(["log", "import"]).arg(&scenario).arg("-o").arg(&run))?;
    let [mut tsv, mut arrow, mut theirs] = [const { Vec::new() }; 3];
    for _ in 0..turns {
        tsv.push(our_seconds(program, &scenario)?);
        arrow.push(our_seconds(program, &run)?);
        theirs.push(their_seconds(python, &scenario)?);
    }
    let [tsv, arrow, theirs] = [tsv, arrow, theirs].map(median);
    Ok(json!({
        "experiences": rows,
        "tella, TSV": tsv, "tella, Arrow": arrow, "l2metrics 3.1.0, TSV": theirs,
        "times faster, TSV": theirs / tsv, "times faster, Arrow": theirs / arrow,
    }))
}

/// The time and the memory that a lifetime of `rows` episodes takes.
fn alone(program: &Program, python: &Path, rows: u64, turns: usize) -> Result<Value> {
    let dir = tempfile::tempdir()?;
    let (file, run) = (dir.path().join("long.yaml"), dir.path().join("run"));
    let (learn, eval) = (rows / 5, rows / 20);
    let text = format!(
        "schema: 1\nname: long\ntasks: {{Pole: CartPole-v0, Cart: CartPole-v0}}\nblocks:\n\
         - {{eval: [Pole, Cart], episodes: {eval}}}\n- {{learn: Pole, episodes: {learn}}}\n\
         - {{learn: Cart, episodes: {learn}}}\n- {{learn: Pole, episodes: {learn}}}\n\
         - {{learn: Cart, episodes: {learn}}}\n- {{eval: [Pole, Cart], episodes: {eval}}}\n"
    );
    fs_err::write(&file, text)?;
    let flags = ["run", "--agent", "random", "--agent-seed", "1", "--curriculum-seed", "2"];
    let mut command = program.command(flags);
    call(command.args(["--num-parallel-envs", "64", "--out"]).arg(&run).arg(&file))?;
    let mut seconds = Vec::new();
    let mut peak = 0.0f64;
    for _ in 0..turns {
        let mut watched = Command::new(python);
        watched.arg(tella_reference::scripts().join("bench_peak.py"));
        let measuring = program.command(["metrics"]);
        let answer = answer(watched.arg(measuring.get_program()).arg("metrics").arg(&run))?;
        seconds.push(answer["seconds"].as_f64().context("no seconds")?);
        peak = peak.max(answer["peak_bytes"].as_f64().context("no peak")?);
    }
    let seconds = median(seconds);
    Ok(json!({
        "experiences": rows, "tella, Arrow": seconds, "peak GB": peak / 1e9,
        "nanoseconds an experience": seconds * 1e9 / rows as f64,
    }))
}

fn our_seconds(program: &Program, dir: &Path) -> Result<f64> {
    let started = Instant::now();
    call(program.command(["metrics", "--json"]).arg(dir))?;
    Ok(started.elapsed().as_secs_f64())
}

fn their_seconds(python: &Path, dir: &Path) -> Result<f64> {
    let script = tella_reference::scripts().join("bench_l2metrics.py");
    let answer = answer(Command::new(python).arg(script).arg(dir))?;
    answer["seconds"].as_f64().context("no seconds")
}

fn answer(command: &mut Command) -> Result<Value> {
    let output = command.output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).context("no JSON")
}

fn call(command: &mut Command) -> Result<()> {
    let output = command.output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Writes a scenario: evaluations of all tasks between learning one after the other.
fn write_scenario(dir: &Path, rows: u64) -> Result<()> {
    fs_err::create_dir_all(dir)?;
    fs_err::write(
        dir.join("logger_info.json"),
        r#"{"metrics_columns": ["reward"], "log_format_version": "1.1"}"#,
    )?;
    let about = r#"{"complexity": "1-low", "difficulty": "1-easy", "scenario_type": "custom"}"#;
    fs_err::write(dir.join("scenario_info.json"), about)?;
    let tasks = ["TaskA_Default", "TaskB_Default", "TaskC_Default", "TaskD_Default"];
    let mut noise = 1u64;
    let mut exp_num = 0;
    for block in 0..BLOCKS {
        let learning = block % 2 == 1;
        let kind = if learning { "train" } else { "test" };
        let until = rows * (block + 1) / BLOCKS;
        let mut text = "block_num\texp_num\tworker_id\tblock_type\tblock_subtype\ttask_name\t\
                        task_params\texp_status\ttimestamp\tepisode_step_count\treward\n"
            .to_owned();
        let (first, length) = (exp_num, until - exp_num);
        while exp_num < until {
            let task = match learning {
                true => block / 2 % 4,
                false => (exp_num - first) * 4 / length,
            };
            noise = noise.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let unit = (noise >> 11) as f64 / (1u64 << 53) as f64;
            let reward = unit * 10.0 + (exp_num as f64 / rows as f64) * 5.0;
            let (day, hour) = (1 + exp_num / 86_400 % 28, exp_num / 3600 % 24);
            let (minute, second) = (exp_num / 60 % 60, exp_num % 60);
            let task = tasks[task as usize];
            let steps = 1 + (noise >> 50) % 500;
            writeln!(
                text,
                "{block}\t{exp_num}\tworker-default\t{kind}\twake\t{task}\t\"{{\"\"n\"\": 13}}\"\
                 \tcomplete\t202401{day:02}T{hour:02}{minute:02}{second:02}.000000\t{steps}\
                 \t{reward:?}"
            )?;
            exp_num += 1;
        }
        let folder = dir.join(format!("worker-default/{block}-{kind}"));
        fs_err::create_dir_all(&folder)?;
        fs_err::write(folder.join("data-log.tsv"), text)?;
    }
    Ok(())
}
