//! The same experiment, run by TELLA 2.1.0 and by us with the same actions, leaves
//! the same rows in the log.

mod support;

use serde_json::{Value, json};
use std::process::Command;
use support::{arg, run_expecting};

struct Case {
    curriculum: &'static str,
    seed: u64,
    lifetime: u64,
    envs: u64,
    config: Option<&'static str>,
    /// Episodes of an evaluation variant, where upstream's own 100 would take long.
    eval_length: Option<u64>,
}

const SHORT: &str = "
num learn blocks: 2
learn:
  default length: 3
  DistShift: 5
  DynObstacles: {length: 150, unit: steps}
  CustomFetchS8T1N2: 7
";

const CASES: [Case; 8] = [
    Case {
        curriculum: "SimpleCartPole",
        seed: 1,
        lifetime: 0,
        envs: 1,
        config: None,
        eval_length: None,
    },
    Case {
        curriculum: "SimpleCartPole",
        seed: 1,
        lifetime: 2,
        envs: 4,
        config: None,
        eval_length: None,
    },
    Case {
        curriculum: "CartPole-1000",
        seed: u64::MAX,
        lifetime: 0,
        envs: 1,
        config: None,
        eval_length: None,
    },
    Case {
        curriculum: "SimpleMiniGrid",
        seed: 5,
        lifetime: 1,
        envs: 3,
        config: None,
        eval_length: None,
    },
    Case {
        curriculum: "SimpleStepMiniGrid",
        seed: 6,
        lifetime: 0,
        envs: 4,
        config: None,
        eval_length: None,
    },
    Case {
        curriculum: "MiniGridCondensed",
        seed: 7,
        lifetime: 0,
        envs: 1,
        config: Some(SHORT),
        eval_length: Some(1),
    },
    Case {
        curriculum: "MiniGridDispersed",
        seed: 8,
        lifetime: 1,
        envs: 1,
        config: Some(SHORT),
        eval_length: Some(1),
    },
    Case {
        curriculum: "MiniGridDoorKeyS6",
        seed: 9,
        lifetime: 0,
        envs: 4,
        config: Some(SHORT),
        eval_length: Some(2),
    },
];

/// Mostly forward, with turns and tries to pick up and to open.
const ACTIONS: [i64; 11] = [2, 2, 1, 2, 3, 5, 2, 0, 2, 5, 2];
const CART_POLE_ACTIONS: [i64; 5] = [1, 0, 0, 1, 1];

fn actions(case: &Case) -> &'static [i64] {
    if case.curriculum.contains("CartPole") { &CART_POLE_ACTIONS } else { &ACTIONS }
}

/// Rows as `[block_num, block_type, task_name, exp_num, reward, episode_step_count]`.
fn theirs(case: &Case, dir: &std::path::Path) -> Vec<Value> {
    let config = case.config.map(|text| {
        let path = dir.join("config.yaml");
        fs_err::write(&path, text).unwrap();
        path
    });
    let job = json!({
        "curriculum": case.curriculum, "seed": case.seed, "lifetime": case.lifetime,
        "envs": case.envs, "actions": actions(case), "config": config,
        "eval_length": case.eval_length,
    });
    let output = Command::new(tella_reference::Stack::L2M.python())
        .arg(tella_reference::scripts().join("harness_tella_rows.py"))
        .arg(job.to_string())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn ours(case: &Case, dir: &std::path::Path) -> Vec<Value> {
    let (run, exported) = (dir.join("run"), dir.join("exported"));
    // A script for each environment: the list, begun at its index.
    let scripts: Vec<String> = (0..case.envs as usize)
        .map(|env| {
            let words = actions(case).iter().cycle().skip(env).take(actions(case).len());
            words.map(i64::to_string).collect::<Vec<_>>().join(",")
        })
        .collect();
    let set = format!("agent.actions={}", scripts.join(";"));
    let (seed, lifetime, envs) =
        (case.seed.to_string(), case.lifetime.to_string(), case.envs.to_string());
    let mut args = vec![
        "run",
        case.curriculum,
        "--agent",
        "scripted",
        "--set",
        &set,
        "--set",
        "agent.repeat=true",
        "--curriculum-seed",
        &seed,
        "--lifetime-idx",
        &lifetime,
        "--num-parallel-envs",
        &envs,
        "--agent-seed",
        "0",
        "--out",
        arg(&run),
    ];
    let config = dir.join("config.yaml");
    if case.config.is_some() {
        args.extend(["--curriculum-config", arg(&config)]);
    }
    let length = case.eval_length.map(|n| format!("generator.eval.episodes={n}"));
    if let Some(length) = &length {
        args.extend(["--set", length]);
    }
    run_expecting(0, &args);
    run_expecting(0, &["log", "export", arg(&run), "--format", "tsv", "-o", arg(&exported)]);
    rows_of(&exported)
}

fn rows_of(exported: &std::path::Path) -> Vec<Value> {
    let file = fs_err::read_dir(exported).unwrap().next().expect("one table").unwrap().path();
    let text = fs_err::read_to_string(file).unwrap();
    let mut lines = text.lines().map(|l| l.split('\t').collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    let column = |name: &str| {
        header.iter().position(|h| *h == name).unwrap_or_else(|| panic!("{name} in {header:?}"))
    };
    let columns = [
        "block_num",
        "block_type",
        "task_name",
        "exp_num",
        "reward",
        "episode_step_count",
        "exp_status",
    ]
    .map(column);
    lines
        .filter(|row| row[columns[6]] == "complete")
        .map(|row| {
            let number = |i: usize| row[columns[i]].parse::<u64>().unwrap();
            let reward: f64 = row[columns[4]].parse().unwrap();
            json!([number(0), row[columns[1]], row[columns[2]], number(3), reward, number(5)])
        })
        .collect()
}

#[test]
fn same_rows_as_tella() {
    for case in &CASES {
        let dir = tempfile::tempdir().unwrap();
        let (theirs, ours) = (theirs(case, dir.path()), ours(case, dir.path()));
        assert!(!theirs.is_empty());
        for (n, (t, o)) in theirs.iter().zip(&ours).enumerate() {
            assert_eq!(t, o, "{} row {n}", case.curriculum);
        }
        assert_eq!(theirs.len(), ours.len(), "{}", case.curriculum);
    }
}
