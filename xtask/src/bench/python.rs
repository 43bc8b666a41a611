//! Agents in Python: the same agent in our engine and in TELLA, and what a call of it costs; environments
//! for Gymnasium.

use super::gymnasium::gymnasium;
use super::tella::{curriculum, their_speed};
use super::turns::{Setting, in_turns};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use tella_reference::Stack;

/// Steps of our runs, all environments together.
const STEPS: u64 = 1_000_000;
const BATCHED_STEPS: u64 = 50_000_000;

/// How long each batch of environments is stepped in a turn.
const SECONDS: f64 = 0.5;

/// Measures in `turns` turns. Our time is the whole command's, with its interpreter and its
/// worker process; TELLA's begins after its imports.
pub fn python(turns: usize) -> Result<Value> {
    let theirs = Stack::L2M.install()?;
    let ours = Installed::build()?;
    let (ours, theirs) = (&ours, &theirs);
    let agent = |name: &str| {
        format!("{}:{name}", tella_reference::scripts().join("bench_agents.py").display())
    };
    let our = |name: &str, agent: String, envs: u32, steps: u64| {
        Setting::new(name, move || ours.speed(&agent, envs, steps))
    };
    let their = |name: &'static str, envs: u32| {
        Setting::new(name, move || their_speed(theirs, envs, Some(name)))
    };
    let sides = [
        vec![
            our("Constant", agent("Constant"), 1, STEPS),
            our("Sampling", agent("Sampling"), 1, STEPS),
            our("Constant, 64 environments", agent("Constant"), 64, STEPS),
            our("Batched, 64 environments", agent("Batched"), 64, BATCHED_STEPS),
            our("native, 64 environments", "random".to_owned(), 64, BATCHED_STEPS),
        ],
        vec![their("Constant", 1), their("Sampling", 1)],
    ];
    let gymnasium = gymnasium(ours.interpreter(), turns, SECONDS)?;
    let [ours, theirs] = in_turns(turns, sides)?;
    let ratio = |our: &str, their: &str| (ours.of(our) / theirs.of(their) * 10.0).round() / 10.0;
    let per_batch = |name: &str| 64.0 / ours.of(name) * 1e6;
    let overhead = per_batch("Batched, 64 environments") - per_batch("native, 64 environments");
    Ok(json!({
        "work": "CartPole with its log, an agent in Python; TELLA 2.1.0 with 1 environment, where it is fastest",
        "turns": turns,
        "machine": super::machine::machine(),
        "ours": ours.to_json(),
        "theirs": theirs.to_json(),
        "1 environment, constant": {"ratio": ratio("Constant", "Constant"), "goal": 5},
        "1 environment, sampling": {"ratio": ratio("Sampling", "Sampling")},
        "64 environments, batched": {
            "ratio": ratio("Batched, 64 environments", "Constant"), "goal": 30,
        },
        "gymnasium": gymnasium,
        "microseconds a batched step over a native agent's": {
            "found": (overhead * 100.0).round() / 100.0, "goal": 5,
        },
    }))
}

/// Our package, built for speed and installed in a folder of its own.
struct Installed {
    python: PathBuf,
    packages: PathBuf,
}

impl Installed {
    fn build() -> Result<Installed> {
        let python = Stack::PACKAGE.install()?;
        let packages = crate::root().join("target/bench-python");
        let wheels = packages.join("wheels");
        let _ = fs_err::remove_dir_all(&packages);
        let mut build = Command::new(&python);
        build.args(["-m", "maturin", "build", "--release", "--quiet", "--locked"]);
        build.arg("--manifest-path").arg(crate::root().join("python/Cargo.toml"));
        ensure!(build.arg("--out").arg(&wheels).status()?.success(), "the wheel does not build");
        let wheel = fs_err::read_dir(&wheels)?.next().context("maturin left no wheel")??.path();
        let mut install = Command::new(&python);
        install.args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"]);
        let installed = install.arg(&packages).arg(wheel).status()?;
        ensure!(installed.success(), "the wheel cannot be installed");
        Ok(Installed { python, packages })
    }

    fn speed(&self, agent: &str, envs: u32, steps: u64) -> Result<f64> {
        let dir = tempfile::tempdir()?;
        let file = dir.path().join("bench.yaml");
        fs_err::write(&file, curriculum(steps))?;
        let started = Instant::now();
        let output = self
            .command()
            .args(["run", "--agent", agent, "--agent-seed", "1", "--curriculum-seed", "2"])
            .args(["--num-parallel-envs", &envs.to_string(), "--out"])
            .arg(dir.path().join("run"))
            .arg(&file)
            .output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(steps as f64 / started.elapsed().as_secs_f64())
    }

    fn command(&self) -> Command {
        let mut command = self.interpreter();
        command.args(["-c", "from tella._command import main; raise SystemExit(main())"]);
        command.env("TELLA_NO_PROGRESS", "1");
        command
    }

    fn interpreter(&self) -> Command {
        let mut command = Command::new(&self.python);
        command.env("PYTHONPATH", Path::new(&self.packages));
        command
    }
}
