//! Agents on libtorch: lived with where the program has it, told how to get it where it has not.

mod support;

use std::process::Stdio;
use std::time::{Duration, Instant};
use support::{arg, curriculum, hashes, json_expecting, run_expecting, tella};

const CURRICULUM: &str = "
schema: 1
name: two-tasks
tasks:
  Pole: {variants: {V0: CartPole-v0}}
  Long: {variants: {V1: CartPole-v1}}
blocks:
  - {eval: Pole, episodes: 3}
  - {learn: Pole, steps: 2001}
  - {learn: Long, episodes: 20}
  - {eval: Pole, episodes: 3}
";

/// Agents, with parameters that let them learn within the curriculum: without memory, and reading the episode's history.
const AGENTS: [&[&str]; 3] = [
    &[
        "ppo",
        "agent.rollout=256",
        "agent.ewc_strength=100",
        "agent.ewc_samples=64",
        "agent.replay=2000",
        "agent.plasticity=injection",
    ],
    &[
        "ppo",
        "agent.rollout=256",
        "agent.stack={layers: [hyena, swiglu], width: 16, max_length: 64}",
    ],
    &["dqn", "agent.memory=500", "agent.learning_starts=200", "agent.train_every=16"],
];

#[test]
fn without_libtorch_a_sentence_says_how_to_get_it() {
    if tella_nn::agents::COMPUTES {
        return;
    }
    let folder = support::quick_folder();
    let out = folder.path().join("run");
    for agent in ["dqn", "ppo"] {
        let args = ["run", "SimpleCartPole", "--agent", agent, "--out", arg(&out)];
        let (_, said) = run_expecting(2, &args);
        assert!(said.contains(&format!("`{agent}` computes with libtorch")), "{said}");
        assert!(said.contains("`cargo xtask torch"), "{said}");
        assert!(!out.exists());
    }
}

/// The machine that makes the script need not have what the others have.
#[test]
fn a_device_is_looked_for_where_the_lifetime_is_lived() {
    if !tella_nn::agents::COMPUTES {
        return;
    }
    let folder = support::quick_folder();
    let grid = |device: &str| {
        let text = format!(
            "{{schema: 1, agents: [{{agent: ppo, config: {{device: \"{device}\"}}}}], curricula: [SimpleCartPole]}}"
        );
        curriculum(folder.path(), "grid.yaml", &text)
    };
    // No machine has so many.
    let far = grid("cuda:4000");
    let emit = ["sweep", arg(&far), "--emit", "slurm"];
    run_expecting(0, &emit);
    let (_, said) = run_expecting(2, &["sweep", arg(&far), "--dry-run"]);
    assert!(said.contains("cuda:4000"), "{said}");
    grid("cdua");
    let (_, said) = run_expecting(2, &emit);
    assert!(said.contains("devices are `cpu`, `cuda` and `cuda:N`"), "{said}");
}

/// Threads, processes, and a stop in the middle.
#[test]
fn with_libtorch_a_lifetime_is_the_same_however_it_is_lived() {
    if !tella_nn::agents::COMPUTES {
        return;
    }
    let folder = support::quick_folder();
    let file = curriculum(folder.path(), "two-tasks.yaml", CURRICULUM);
    for (number, agent) in AGENTS.iter().enumerate() {
        let out = |name: &str| folder.path().join(format!("{name}-{number}"));
        let run = |name: &str, options: &[&str]| {
            let out = out(name);
            let args = [&args(arg(&file), agent, arg(&out)), options].concat();
            hashes(&json_expecting(0, &args))
        };
        let threads = run("threads", &["--jobs", "2"]);
        assert_eq!(threads.len(), 2);
        assert_ne!(threads[0], threads[1]);
        assert_eq!(run("processes", &["--isolation", "process"]), threads);

        let stopped = out("stopped");
        let args = args(arg(&file), agent, arg(&stopped));
        let mut running = tella()
            .args(args)
            .args(["--checkpoint-every", "0.05"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let checkpoint = stopped.join("lifetime-0000/checkpoint.bin");
        let deadline = Instant::now() + Duration::from_secs(60);
        while !checkpoint.exists() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
        running.kill().expect("it runs");
        running.wait().expect("it ends");
        assert_eq!(hashes(&json_expecting(0, &["resume", arg(&stopped), "--json"])), threads);
    }
}

fn args<'a>(file: &'a str, agent: &[&'a str], out: &'a str) -> Vec<&'a str> {
    let mut args = vec!["run", file, "--agent", agent[0], "--out", out, "--json"];
    args.extend(["--agent-seed", "7", "--curriculum-seed", "3", "--num-lifetimes", "2"]);
    args.extend(["--num-parallel-envs", "2"]);
    args.extend(agent[1..].iter().flat_map(|value| ["--set", value]));
    args
}
