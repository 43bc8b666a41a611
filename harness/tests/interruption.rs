//! A run that is killed or stopped at any moment and resumed ends with the same
//! log as one that was left alone.

mod support;

use rustix::process::{Pid, Signal, kill_process};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use support::{arg, curriculum, hashes, json_expecting, run_expecting, tella};
use tella_events::{OnExisting, RunFolder};
use tella_reference::sweep;
use tella_rng::Generator;

/// Learning and evaluation, episodes and steps, tasks that end and tasks that are
/// cut, long enough to be met in the middle everywhere.
const CURRICULUM: &str = "
schema: 1
name: interrupted
tasks:
  SimpleCrossing: {variants: {S9N1: SimpleCrossingS9N1}}
  DistShift: {variants: {R2: DistShiftR2}}
  DoorKey: {variants: {S5: DoorKeyS5}}
blocks:
  - {eval: SimpleCrossing, episodes: 20}
  - learn:
      - {task: SimpleCrossing, episodes: 400}
      - {task: DistShift, steps: 60001}
  - {eval: SimpleCrossing, episodes: 60}
  - {learn: DoorKey, episodes: 300}
";

fn start(args: &[&str]) -> Child {
    tella().args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
}

fn run_args<'a>(file: &'a Path, out: &'a Path) -> Vec<&'a str> {
    vec![
        "run",
        arg(file),
        "--agent",
        "q-learning",
        "--agent-seed",
        "7",
        "--curriculum-seed",
        "3",
        "--num-parallel-envs",
        "3",
        "--num-lifetimes",
        "2",
        "--checkpoint-every",
        "0.05",
        "--out",
        arg(out),
        "--json",
    ]
}

/// Runs to the end and returns the hashes and how long it took.
fn uninterrupted(file: &Path, out: &Path) -> (Vec<String>, Duration) {
    let began = Instant::now();
    let summary = json_expecting(0, &run_args(file, out));
    (hashes(&summary), began.elapsed())
}

/// Waits until a run has come so far as to have written `file`.
fn await_file(file: &Path) {
    let began = Instant::now();
    while !file.exists() {
        assert!(began.elapsed() < Duration::from_secs(60), "{} never came", file.display());
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn killed_at_random_moments_and_resumed() {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let (expected, whole) = uninterrupted(&file, &dir.path().join("whole"));
    // Where the disk was slow just then, later runs may not be.
    let whole = whole.min(Duration::from_secs(1));
    assert!(expected.iter().all(|h| h != "none"));

    let mut random = Generator::new(20);
    let (mut kills, mut before_the_folder) = (0, 0);
    for run in 0.. {
        if kills >= sweep(20, 200) {
            break;
        }
        let out = dir.path().join(format!("killed-{run}"));
        let args = run_args(&file, &out);
        let mut child = start(&args);
        // A loaded machine may make no way between two kills: so many a run, no more.
        for _ in 0..10 {
            let moment = whole.mul_f64(random.random() * 1.1);
            std::thread::sleep(moment);
            let was_running = child.try_wait().unwrap().is_none();
            child.kill().unwrap();
            child.wait().unwrap();
            if !was_running {
                break;
            }
            kills += 1;
            if !out.join("run.json").exists() {
                before_the_folder += 1;
                let (_, stderr) = run_expecting(2, &["resume", arg(&out)]);
                assert!(stderr.contains("is not a run folder"), "{stderr}");
                child = start(&args);
            } else {
                child = start(&["resume", arg(&out), "--checkpoint-every", "0.05"]);
            }
        }
        child.wait().unwrap();
        let summary = json_expecting(0, &["resume", arg(&out), "--json"]);
        assert_eq!(hashes(&summary), expected);
        run_expecting(0, &["log", "check", arg(&out)]);
    }
    println!("{kills} kills, {before_the_folder} of them before the run folder was there");
}

#[test]
fn stopped_by_a_signal_and_resumed() {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let (expected, _) = uninterrupted(&file, &dir.path().join("whole"));
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 75)] {
        for isolation in ["none", "process"] {
            let out = dir.path().join(format!("stopped-{code}-{isolation}"));
            let mut args = run_args(&file, &out);
            args.extend(["--isolation", isolation, "--jobs", "2"]);
            stop_and_resume(&args, &out, (signal, code), &expected);
        }
    }
}

/// Sends `signal` once the second lifetime is under way, and resumes.
#[track_caller]
fn stop_and_resume(args: &[&str], out: &Path, (signal, code): (Signal, i32), expected: &[String]) {
    let mut child = start(args);
    await_file(&out.join("lifetime-0001/status.json"));
    kill_process(Pid::from_child(&child), signal).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(code), "{args:?}");
    // What a stopped run leaves is sound as it is.
    run_expecting(0, &["log", "check", arg(out)]);
    let summary = json_expecting(0, &["resume", arg(out), "--json"]);
    assert_eq!(hashes(&summary), expected, "{args:?}");
}

/// Everything a checkpoint has to keep: TELLA's seeding goes on in streams, hidden
/// labels leave the agent to find boundaries itself, traces live across steps.
#[test]
fn resumed_under_every_policy() {
    let dir = support::quick_folder();
    let grids = curriculum(dir.path(), "grids.yaml", CURRICULUM);
    let poles = curriculum(
        dir.path(),
        "poles.yaml",
        "
schema: 1
name: poles
tasks: {CartPole: CartPole-v1, Acrobot: {env: Acrobot-v1, adapters: [{pad: {shape: [6]}}, {action-subset: [0, 2]}]}}
adapters: [{pad: {shape: [6]}}]
blocks:
  - {learn: CartPole, episodes: 400}
  - {learn: Acrobot, steps: 30000}
  - {eval: CartPole, episodes: 20}
",
    );
    // Windows of a world that goes on, stopped inside of one.
    let worlds = curriculum(
        dir.path(),
        "worlds.yaml",
        "
schema: 1
name: worlds
tasks: {Forager: {env: Forager-v0, params: {drift: fourier, window: 60000}}}
blocks:
  - {learn: Forager, steps: 1000000}
  - {eval: Forager, steps: 1000}
",
    );
    let changing = curriculum(
        dir.path(),
        "changing.yaml",
        "
schema: 1
name: changing
tasks:
  CartPole:
    env: CartPole-v1
    params: {length: {from: 0.2, to: 1.4, over: 300}, gravity: {normal: {mean: 9.8, sigma: 3, low: 1, high: 30}}}
blocks:
  - {learn: CartPole, episodes: 900, evaluate: {every: {episodes: 200}, episodes: 5}}
  - {learn: CartPole, steps: 30000, evaluate: {every: {steps: 7000}, episodes: 5}}
",
    );
    for (n, (file, agent, policy)) in [
        (&changing, "sarsa-tiles", "task_labels=visible"),
        (&grids, "q-learning", "compat=tella"),
        (&grids, "q-learning", "task_labels=hidden"),
        (&grids, "random", "seeding=gym-vector"),
        (&poles, "random", "task_labels=boundaries"),
        (&worlds, "random", "seeding=per-episode"),
    ]
    .into_iter()
    .enumerate()
    {
        let (whole, stopped) = (dir.path().join(format!("w{n}")), dir.path().join(format!("s{n}")));
        let args = |out| {
            let mut args = run_args(file, out);
            args[3] = agent;
            args.extend(["--set", policy, "--jobs", "2"]);
            args
        };
        let expected = hashes(&json_expecting(0, &args(&whole)));
        stop_and_resume(&args(&stopped), &stopped, (Signal::TERM, 75), &expected);
    }
}

#[test]
fn nothing_to_resume() {
    let dir = support::quick_folder();
    let (_, stderr) = run_expecting(2, &["resume", arg(&dir.path().join("nowhere"))]);
    assert!(stderr.contains("nowhere is not a run folder: there is no such folder"), "{stderr}");
    let (_, stderr) = run_expecting(2, &["resume", arg(dir.path())]);
    assert!(stderr.contains("run.json is missing"), "{stderr}");
}

/// Of the same version, but with an agent that had other parameters: what it would go on with is not known.
#[test]
fn a_run_of_another_build_is_not_resumed() {
    let dir = support::quick_folder();
    let out = dir.path().join("run");
    let args = ["run", "SimpleCartPole", "--agent=sarsa-tiles", "--json", "--out", arg(&out)];
    json_expecting(0, &args);
    let mut info = RunFolder::open(&out).unwrap().info().clone();
    let curriculum = fs_err::read_to_string(out.join("curriculum.yaml")).unwrap();
    info.agent_config.as_object_mut().unwrap().remove("lambda").expect("a parameter");
    RunFolder::create(&out, &info, &curriculum, OnExisting::Replace).unwrap();
    let (_, stderr) = run_expecting(2, &["resume", arg(&out)]);
    let said = "was made by another build of tella, whose `sarsa-tiles` had no parameter `lambda`";
    assert!(stderr.contains(said), "{stderr}");
}

/// Once, and before the step under way has ended.
#[test]
fn a_run_says_that_it_stops() {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "interrupted.yaml", CURRICULUM);
    let out = dir.path().join("run");
    let mut command = tella();
    command.args(run_args(&file, &out)).env_remove("TELLA_NO_PROGRESS");
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    await_file(&out.join("lifetime-0001/status.json"));
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let ended = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(130), "{stderr}");
    assert_eq!(stderr.matches("stopping after the step under way").count(), 1, "{stderr}");
}
