//! A run's log depends on nothing that a run does not depend on.

mod support;

use std::process::Command;
use support::{arg, curriculum, hashes, json_expecting, tella};

const CURRICULUM: &str = "
schema: 1
name: same
tasks:
  CartPole:
    variants:
      Default: CartPole-v1
      Long: {env: CartPole-v1, params: {length: 0.7}}
      Changing:
        env: CartPole-v1
        params: {length: {from: 0.2, to: 1.4, over: 30}, gravity: {uniform: {low: 5, high: 20}}}
blocks:
  - {learn: CartPole/Default, episodes: 200}
  - repeat: 2
    blocks:
      - {learn: CartPole/Changing, episodes: 30, evaluate: {every: {episodes: 11}, episodes: 3}}
      - pool: {tasks: CartPole, each: {steps: 200}, total: {steps: 999}}
        evaluate: {every: {steps: 450}, tasks: CartPole/Default, episodes: 3}
  - eval:
      - {task: CartPole, variants: [Changing], steps: 777}
      - {task: CartPole, variants: [Default], episodes: 20}
      - {task: CartPole, variants: [Long], steps: 1000}
";

const AGENTS: [&str; 2] = ["random", "sarsa-tiles"];

fn run_with(program: &mut Command, file: &str, agent: &str, more: &[&str]) -> Vec<String> {
    let dir = support::quick_folder();
    let output = program
        .args(["run", file, "--agent", agent, "--agent-seed", "1", "--curriculum-seed", "2"])
        .args(["--num-lifetimes", "3", "--num-parallel-envs", "5", "--json", "--out"])
        .arg(dir.path().join("run"))
        .args(more)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    hashes(&serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn threads_jobs_and_isolation_change_nothing() {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    for agent in AGENTS {
        let expected = run_with(&mut tella(), arg(&file), agent, &[]);
        for more in [
            &["--threads", "2"][..],
            &["--jobs", "3"],
            &["--isolation", "process"],
            &["--isolation", "process", "--jobs", "3", "--threads", "2"],
            &["--checkpoint-every", "0"],
        ] {
            assert_eq!(run_with(&mut tella(), arg(&file), agent, more), expected, "{more:?}");
        }
    }
}

#[test]
fn every_seed_matters() {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let base = run_with(&mut tella(), arg(&file), "random", &[]);
    assert!(base[0] != base[1] && base[1] != base[2]);
    let run = |agent_seed: &str, curriculum_seed: &str, envs: &str| {
        let dir = support::quick_folder();
        let out = dir.path().join("run");
        let summary = json_expecting(
            0,
            &[
                "run",
                arg(&file),
                "--agent",
                "random",
                "--agent-seed",
                agent_seed,
                "--curriculum-seed",
                curriculum_seed,
                "--num-parallel-envs",
                envs,
                "--json",
                "--out",
                arg(&out),
            ],
        );
        hashes(&summary)[0].clone()
    };
    assert_eq!(run("1", "2", "5"), base[0]);
    assert_ne!(run("9", "2", "5"), base[0]);
    assert_ne!(run("1", "9", "5"), base[0]);
    assert_ne!(run("1", "2", "4"), base[0]);
}

/// `tella verify` runs a folder again and compares; a lifetime added later is part of it.
#[test]
fn verify_repeats_a_run() {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let out = dir.path().join("run");
    let args = [
        "run",
        arg(&file),
        "--agent",
        "sarsa-tiles",
        "--agent-seed",
        "1",
        "--curriculum-seed",
        "2",
        "--out",
        arg(&out),
    ];
    support::run_expecting(0, &args);
    support::run_expecting(0, &[&args[..], &["--lifetime-idx", "1"]].concat());
    let verdict = json_expecting(0, &["verify", arg(&out), "--json"]);
    assert_eq!(verdict["lifetimes"].as_array().unwrap().len(), 2, "{verdict}");
    assert!(verdict["lifetimes"].as_array().unwrap().iter().all(|l| l["same"] == true));
}

/// The program built for debugging and the one built for speed write the same log.
#[test]
fn debug_and_release_agree() {
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--package", "tella", "--bin", "tella"])
        .current_dir(tella_reference::workspace_root())
        .status()
        .unwrap();
    assert!(built.success());
    // Profiles have folders side by side.
    let debug = std::path::Path::new(env!("CARGO_BIN_EXE_tella"));
    let release = debug.parent().unwrap().parent().unwrap().join("release/tella");
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    for agent in AGENTS {
        let expected = run_with(&mut tella(), arg(&file), agent, &[]);
        let mut release = Command::new(&release);
        release.env("TELLA_NO_PROGRESS", "1");
        assert_eq!(run_with(&mut release, arg(&file), agent, &[]), expected, "{agent}");
    }
}
