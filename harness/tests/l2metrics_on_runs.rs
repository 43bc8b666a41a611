//! The metrics told of a run equal what L2Metrics 3.1.0 computes of its exported log.

mod support;

use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use support::{arg, curriculum, json_expecting, run_expecting};

/// Lifetime values that need no single-task expert. The reference rounds them to 10
/// decimals.
const KEYS: [&str; 6] = [
    "perf_recovery",
    "avg_train_perf",
    "avg_eval_perf",
    "perf_maintenance_mrlep",
    "forward_transfer_ratio",
    "backward_transfer_ratio",
];

const TASKS: &str = "
tasks:
  DistShift: {variants: {R2: DistShiftR2}}
  SimpleCrossing: {variants: {S9N1: SimpleCrossingS9N1}}
  DoorKey: {variants: {S5: DoorKeyS5}}
";

/// Curriculum and agent: a library name, or the text of a file without its head.
const RUNS: [(&str, &str, &[&str]); 10] = [
    ("SimpleMiniGrid", "random", &[]),
    ("SimpleStepMiniGrid", "q-learning", &[]),
    ("CartPole-1000", "sarsa-tiles", &[]),
    ("quickstart", "q-learning", &[]),
    (
        "MiniGridCondensed",
        "q-learning",
        &["generator.learn.episodes=60", "generator.eval.episodes=10"],
    ),
    (
        "MiniGridDispersed",
        "q-learning",
        &["generator.learn.episodes=200", "generator.eval.episodes=7"],
    ),
    (
        "MiniGridDoorKeyS5",
        "q-learning",
        &["generator.learn.episodes=300", "generator.eval.episodes=5"],
    ),
    (
        "generator: {type: alternating, passes: 4, learn: {episodes: 120}, eval: {episodes: 20}}",
        "q-learning",
        &[],
    ),
    (
        "generator: {type: permuted, passes: 3, learn: {steps: 4000}, eval: {episodes: 12}}",
        "q-learning",
        &[],
    ),
    (
        "blocks: [{learn: [DistShift, DoorKey], episodes: 150}, {eval: [DistShift, DoorKey, SimpleCrossing], episodes: 15}, {learn: SimpleCrossing, episodes: 150}, {eval: [DistShift, DoorKey, SimpleCrossing], episodes: 15}, {learn: DistShift, episodes: 60}, {eval: [DistShift, DoorKey, SimpleCrossing], episodes: 15}]",
        "q-learning",
        &[],
    ),
];

/// Runs, exports, and returns the metrics and the exported scenario.
fn run_and_export(n: usize, dir: &std::path::Path) -> (Value, PathBuf) {
    let (what, agent, sets) = RUNS[n];
    let name = if what.contains(':') {
        let text = format!("schema: 1\nname: run{n}\n{TASKS}{what}\n");
        curriculum(dir, &format!("c{n}.yaml"), &text).display().to_string()
    } else {
        what.to_owned()
    };
    let (run, exported) = (dir.join(format!("run-{n}")), dir.join(format!("exported-{n}")));
    let mut args = vec!["run", &name, "--agent", agent, "--agent-seed", "3", "--curriculum-seed"];
    args.extend(["4", "--num-parallel-envs", "2", "--out", arg(&run)]);
    for set in sets {
        args.extend(["--set", set]);
    }
    run_expecting(0, &args);
    let metrics = json_expecting(0, &["metrics", arg(&run), "--json"]);
    run_expecting(0, &["log", "export", arg(&run), "--format", "l2logger", "-o", arg(&exported)]);
    (metrics, exported)
}

fn reference(scenarios: &[PathBuf]) -> Vec<Value> {
    let requests: Vec<Value> =
        scenarios.iter().map(|s| json!({ "scenario": s, "settings": {} })).collect();
    let mut child = Command::new(tella_reference::Stack::L2M.python())
        .arg(tella_reference::scripts().join("metrics_l2metrics.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&serde_json::to_vec(&requests).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn metrics_of_ten_curricula_equal_l2metrics() {
    let dir = tempfile::tempdir().unwrap();
    let (ours, scenarios): (Vec<Value>, Vec<PathBuf>) =
        (0..RUNS.len()).map(|n| run_and_export(n, dir.path())).unzip();
    let mut compared = 0;
    for ((answer, ours), (what, ..)) in reference(&scenarios).iter().zip(&ours).zip(RUNS) {
        assert!(answer["error"].is_null(), "{what}: {}", answer["error"]);
        for key in KEYS {
            let (theirs, ours) = (&answer["metrics"][key], &ours[key]);
            match (theirs.as_f64(), ours.as_f64()) {
                (Some(t), Some(o)) => {
                    let close = (t - o).abs() <= 1e-10 + 1e-9 * t.abs();
                    assert!(close, "{what}: {key} is {o}, L2Metrics says {t}");
                    compared += 1;
                }
                (None, None) => {}
                _ => panic!("{what}: {key} is {ours}, L2Metrics says {theirs}"),
            }
        }
    }
    // Not every curriculum has every value, but together they have many.
    assert!(compared >= 40, "only {compared} values were compared");
}
