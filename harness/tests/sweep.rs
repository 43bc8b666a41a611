//! Sweeps: cells as `tella run` makes them, whatever lives them; begun again at any time.

mod support;

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::{arg, json_expecting, run_expecting, tella};

const CURRICULUM: &str = "
schema: 1
name: short
tasks:
  CartPole: {env: CartPole-v1, learn: {episodes: 20}, eval: {episodes: 3}}
generator: {type: interleaved, passes: 2}
";

const GRID: &str = "
schema: 1
agents:
  - random
  - {agent: sarsa-tiles, name: sarsa, config: {learning_rate: [0.1, 0.5]}}
curricula:
  - {curriculum: short.yaml, config: {generator.passes: 1}}
seeds: [1, 2]
lifetimes: 2
num_parallel_envs: 2
exclude:
  - {agent: sarsa, seed: 2, config: {agent.learning_rate: 0.5}}
";

/// Runs of the grid, and lifetimes of all.
const RUNS: usize = 5;
const LIFETIMES: usize = 10;

/// A folder with grid and curriculum.
fn folder() -> tempfile::TempDir {
    let dir = support::quick_folder();
    support::curriculum(dir.path(), "short.yaml", CURRICULUM);
    support::curriculum(dir.path(), "grid.yaml", GRID);
    dir
}

/// The experience tables of a sweep, byte for byte, by run and lifetime.
fn tables(sweep: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut tables = BTreeMap::new();
    for run in fs_err::read_dir(sweep).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        for lifetime in fs_err::read_dir(&run).unwrap().map(|e| e.unwrap().path()) {
            if lifetime.is_dir() {
                let table = fs_err::read(lifetime.join("experiences.arrow")).unwrap();
                tables.insert(lifetime.strip_prefix(sweep).unwrap().to_owned(), table);
            }
        }
    }
    assert_eq!(tables.len(), LIFETIMES);
    tables
}

/// The arguments of a sweep.
fn command<'a>(grid: &'a str, out: &'a str, more: &[&'static str]) -> Vec<&'a str> {
    [&["sweep", grid, "-o", out], more].concat()
}

/// The state of each lifetime of a sweep as `--json` tells it.
fn states(told: &Value) -> Vec<String> {
    let runs = told["runs"].as_array().unwrap().iter();
    let lifetimes = runs.flat_map(|run| run["lifetimes"].as_array().unwrap());
    lifetimes.map(|lifetime| lifetime["status"].as_str().unwrap().to_owned()).collect()
}

fn count(told: &Value, state: &str) -> usize {
    states(told).iter().filter(|s| *s == state).count()
}

#[test]
fn cells_are_the_runs_that_one_would_have_made_by_hand() {
    let dir = folder();
    let (grid, out) = (dir.path().join("grid.yaml"), dir.path().join("sweep"));
    let before = json_expecting(0, &["sweep", arg(&grid), "-o", arg(&out), "--dry-run", "--json"]);
    assert_eq!((count(&before, "planned"), out.exists()), (LIFETIMES, false));
    let told = json_expecting(0, &["sweep", arg(&grid), "-o", arg(&out), "--jobs", "2", "--json"]);
    assert_eq!(told["runs"].as_array().unwrap().len(), RUNS);
    assert_eq!(count(&told, "complete"), LIFETIMES);
    let index: Value =
        serde_json::from_slice(&fs_err::read(out.join("sweep.json")).unwrap()).unwrap();
    assert_eq!(index, told);
    // By hand, each lifetime by a command of its own, in another order.
    let hand = dir.path().join("by-hand");
    for run in told["runs"].as_array().unwrap() {
        let name = run["run"].as_str().unwrap();
        let seed = run["seed"].to_string();
        for lifetime in ["1", "0"] {
            let to = hand.join(name);
            let mut args = vec!["run", run["curriculum"].as_str().unwrap()];
            args.extend(["--agent", run["agent"].as_str().unwrap(), "--num-parallel-envs", "2"]);
            args.extend(["--agent-seed", &seed, "--curriculum-seed", &seed]);
            for set in run["set"].as_array().unwrap() {
                args.extend(["--set", set.as_str().unwrap()]);
            }
            args.extend(["--lifetime-idx", lifetime, "--out", arg(&to)]);
            run_expecting(0, &args);
        }
    }
    assert_eq!(tables(&hand), tables(&out));
    // In processes of their own.
    let apart = dir.path().join("apart");
    let how = ["--isolation", "process", "--jobs", "2"];
    run_expecting(0, &[&["sweep", arg(&grid), "-o", arg(&apart)], &how[..]].concat());
    assert_eq!(tables(&apart), tables(&out));
    // Whatever works on run folders works on the cells.
    let random = format!("{}/random--short--passes=1--seed=1", arg(&out));
    let other = format!("{}/sarsa--short--learning_rate=0.1--passes=1--seed=1", arg(&out));
    run_expecting(0, &["compare", &random, "vs", &other]);
    run_expecting(0, &["log", "check", &random]);
    run_expecting(0, &["verify", &other]);
}

#[test]
fn what_is_complete_is_left_as_it_is() {
    let dir = folder();
    let (grid, out) = (dir.path().join("grid.yaml"), dir.path().join("sweep"));
    let sweep =
        |more: &[&'static str]| command(arg(&grid), arg(&out), &[&["--json"], more].concat());
    let whole = json_expecting(0, &sweep(&[]));
    let expected = tables(&out);
    let name = |at: usize| whole["runs"][at]["run"].as_str().unwrap().to_owned();
    // One run is not there, one lifetime of another is not, and the rest was complete.
    fs_err::remove_dir_all(out.join(name(0))).unwrap();
    fs_err::remove_dir_all(out.join(name(1)).join("lifetime-0001")).unwrap();
    let kept = out.join(name(3)).join("lifetime-0000/seal.json");
    let written = fs_err::metadata(&kept).unwrap().modified().unwrap();
    let found = json_expecting(0, &sweep(&["--dry-run"]));
    assert_eq!((count(&found, "planned"), count(&found, "complete")), (3, 7));
    let output = tella().args(sweep(&[])).env_remove("TELLA_NO_PROGRESS").output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert_eq!(stderr.lines().filter(|line| line.starts_with("[3/3] ")).count(), 1, "{stderr}");
    assert_eq!(tables(&out), expected);
    assert_eq!(fs_err::metadata(&kept).unwrap().modified().unwrap(), written);
    // One whose seal is lost is damaged, and told so.
    let seal = fs_err::read(&kept).unwrap();
    fs_err::remove_file(&kept).unwrap();
    let found = json_expecting(4, &sweep(&[]));
    assert_eq!((count(&found, "corrupt"), count(&found, "complete")), (1, 9));
    fs_err::write(&kept, seal).unwrap();
    // A folder that holds another run is left alone.
    let other = GRID.replace("num_parallel_envs: 2", "num_parallel_envs: 1");
    fs_err::write(&grid, other).unwrap();
    let (_, stderr) = run_expecting(2, &sweep(&[]));
    assert!(stderr.contains("holds another run"), "{stderr}");
    assert_eq!(tables(&out), expected);
}

/// Long enough to be killed in the middle.
const LONG: &str = "
schema: 1
name: long
tasks:
  SimpleCrossing: {env: SimpleCrossingS9N1, eval: {episodes: 20}}
blocks: [{eval: SimpleCrossing}, {learn: SimpleCrossing, steps: 120001}, {eval: SimpleCrossing}]
";

#[test]
fn a_killed_sweep_goes_on_where_it_was() {
    let dir = support::quick_folder();
    support::curriculum(dir.path(), "long.yaml", LONG);
    let text = "{schema: 1, agents: [q-learning], curricula: [long.yaml], seeds: [1, 2]}";
    let grid = support::curriculum(dir.path(), "grid.yaml", text);
    let hashes = |told: &Value| -> Vec<Value> {
        let runs = told["runs"].as_array().unwrap().iter();
        runs.map(|run| run["lifetimes"][0]["content_hash"].clone()).collect()
    };
    let whole = dir.path().join("whole");
    let expected = hashes(&json_expecting(0, &command(arg(&grid), arg(&whole), &["--json"])));
    let out = dir.path().join("killed");
    let args = command(arg(&grid), arg(&out), &["--jobs", "2", "--checkpoint-every", "0.05"]);
    let mut sweep = tella().args(&args).spawn().unwrap();
    let checkpoint = out.join("q-learning--long--seed=1/lifetime-0000/checkpoint.bin");
    let began = std::time::Instant::now();
    while !checkpoint.exists() {
        assert!(began.elapsed().as_secs() < 60, "no checkpoint came");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    sweep.kill().unwrap();
    sweep.wait().unwrap();
    let found = json_expecting(0, &command(arg(&grid), arg(&out), &["--dry-run", "--json"]));
    assert!(count(&found, "killed") >= 1, "{found}");
    // Whoever else tells of it has the same word.
    let runs = found["runs"].as_array().unwrap().iter();
    let mut killed = runs.filter(|run| run["lifetimes"][0]["status"] == "killed");
    let killed = out.join(killed.next().unwrap()["run"].as_str().unwrap());
    for command in [&["watch"][..], &["log", "show"], &["log", "check"]] {
        let told = json_expecting(0, &[command, &[arg(&killed), "--json"]].concat());
        assert_eq!(told["lifetimes"][0]["state"], "killed", "{command:?}");
    }
    let told = json_expecting(0, &command(arg(&grid), arg(&out), &["--json"]));
    assert_eq!(hashes(&told), expected);
}

/// A log that cannot be written is no fault of the agent's, in the exit code and in what is told of it.
#[test]
fn a_log_that_cannot_be_written_is_no_fault() {
    let dir = support::quick_folder();
    support::curriculum(dir.path(), "long.yaml", LONG);
    let text = "{schema: 1, agents: [q-learning], curricula: [long.yaml]}";
    let grid = support::curriculum(dir.path(), "grid.yaml", text);
    let out = dir.path().join("sweep");
    let args = command(arg(&grid), arg(&out), &["--json", "--checkpoint-every", "0.05"]);
    let sweep = tella().args(&args).stdout(std::process::Stdio::piped()).spawn().unwrap();
    // A folder stands where the log says how far it is durable.
    let lifetime = out.join("q-learning--long--seed=0/lifetime-0000");
    let flushed = lifetime.join("flushed.json");
    let began = std::time::Instant::now();
    while !lifetime.join("checkpoint.bin").exists() || fs_err::create_dir(&flushed).is_err() {
        assert!(began.elapsed().as_secs() < 60, "no checkpoint came");
        if lifetime.join("checkpoint.bin").exists() {
            let _ = fs_err::remove_file(&flushed);
        }
    }
    let output = sweep.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(states(&told), ["log-error"]);
    let message = told["runs"][0]["lifetimes"][0]["message"].as_str().unwrap();
    assert!(message.contains("flushed.json"), "{message}");
    // Told the same way by a later look, which lives nothing.
    let found = json_expecting(0, &command(arg(&grid), arg(&out), &["--dry-run", "--json"]));
    assert_eq!(found["runs"], told["runs"]);
}

/// The agent that replays actions has no action that CartPole takes: its lifetimes end with a
/// fault, and those of the other agent are lived.
#[test]
fn a_fault_is_told_and_the_others_finish() {
    let dir = folder();
    let faulty = GRID
        .replace("- random", "- {agent: scripted, config: {actions: \"7\"}}")
        .replace("lifetimes: 2", "lifetimes: 1");
    fs_err::write(dir.path().join("grid.yaml"), faulty).unwrap();
    let (grid, out) = (dir.path().join("grid.yaml"), dir.path().join("sweep"));
    let sweep = |more: &[&'static str]| command(arg(&grid), arg(&out), more);
    let (stdout, stderr) = run_expecting(3, &sweep(&[]));
    assert!(stdout.contains("5 runs, 3 of 5 lifetimes complete"), "{stdout}");
    assert_eq!(stderr.matches("7 is outside 0 to 1").count(), 2, "{stderr}");
    // Given again it is told again, and lived again only where that is asked for.
    let (_, stderr) = run_expecting(3, &sweep(&[]));
    assert!(
        stderr.contains("`--resume` lives lifetimes that ended with a fault again"),
        "{stderr}"
    );
    assert!(!stderr.contains("7 is outside"), "{stderr}");
    let (_, stderr) = run_expecting(3, &sweep(&["--resume"]));
    assert_eq!(stderr.matches("7 is outside 0 to 1").count(), 2, "{stderr}");
    let told = json_expecting(3, &sweep(&["--json"]));
    let message = told["runs"][0]["lifetimes"][0]["message"].as_str().unwrap();
    assert!(message.contains("7 is outside 0 to 1"), "{message}");
}

#[test]
fn what_is_wrong_stands_at_the_grids_lines() {
    let dir = folder();
    let wrong = GRID
        .replace("- random", "- randm")
        .replace("[0.1, 0.5]", "[0.1, 9]")
        .replace("agent.learning_rate: 0.5", "agent.learning_rate: 9")
        .replace("generator.passes", "generator.passs");
    let grid = support::curriculum(dir.path(), "wrong.yaml", &wrong);
    let (_, stderr) = run_expecting(2, &["sweep", arg(&grid)]);
    for (place, message, hint) in [
        ("4:5", "no agent is called `randm`", "did you mean `random`?"),
        ("5:69", "parameter `learning_rate`: expected a number from 0 to 2, found 9", ""),
        ("7:39", "unknown key `passs` in `generator`", "did you mean `passes`?"),
    ] {
        assert!(stderr.contains(&format!("--> {}:{place}\n", arg(&grid))), "{place}\n{stderr}");
        assert!(stderr.contains(message) && stderr.contains(hint), "{message}\n{stderr}");
    }
    let grid = GRID.replace("- random", "- my_agent.py");
    let grid = support::curriculum(dir.path(), "python.yaml", &grid);
    let run = ["run", "quickstart", "--agent", "my_agent.py"].as_slice();
    for wrong in [&["sweep", arg(&grid)], run] {
        let (_, stderr) = run_expecting(2, wrong);
        assert!(stderr.contains("named `module:Class` or `path/file.py:Class`"), "{stderr}");
    }
    let (_, stderr) = run_expecting(2, &["sweep", "quickstar"]);
    assert!(stderr.contains("no grid is called `quickstar`"), "{stderr}");
    let (_, stderr) = run_expecting(2, &["sweep", "quickstart", "--on", "ray"]);
    assert!(stderr.contains("needs tella's Python package"), "{stderr}");
    assert!(stderr.contains("pip install 'tella-rs[ray]'"), "{stderr}");
}

/// The environment of a script: the program on the path, and a fake `sbatch` that notes what it was
/// given and runs it as Slurm would.
fn scheduler(dir: &Path) -> Command {
    let bin = dir.join("bin");
    fs_err::create_dir(&bin).unwrap();
    let sbatch = r#"#!/bin/sh
set -eu
echo "$*" >> sbatch.log
tasks=$(sed -n 's/^#SBATCH --array=0-//p' sweep.sh)
parsable=no
while case "$1" in --*) true ;; *) false ;; esac; do
    case "$1" in
    --parsable) parsable=yes ;;
    --array=0) tasks=0 ;;
    esac
    shift
done
task=0
while [ "$task" -le "$tasks" ]; do
    SLURM_ARRAY_TASK_ID=$task sh "$@" >> tasks.log 2>&1
    task=$((task + 1))
done
if [ "$parsable" = yes ]; then echo "42;cluster"; fi
"#;
    let path = bin.join("sbatch");
    fs_err::write(&path, sbatch).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs_err::set_permissions(&path, mode).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_tella")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("sh");
    command.current_dir(dir).env("TELLA_NO_PROGRESS", "1");
    command.env("PATH", format!("{}:{}:{path}", bin.display(), program.display()));
    command
}

#[track_caller]
fn succeeds(command: &mut Command) {
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{stderr}");
}

#[test]
fn slurms_script_lives_the_sweep() {
    let dir = folder();
    succeeds(scheduler(dir.path()).args(["-c", "tella sweep grid.yaml -o local"]));
    fs_err::remove_dir_all(dir.path().join("bin")).unwrap();
    let emit =
        "tella sweep grid.yaml -o slurm --num-gpus 0.5 --emit slurm > sweep.sh; sh -n sweep.sh";
    succeeds(scheduler(dir.path()).args(["-euc", emit]));
    fs_err::remove_dir_all(dir.path().join("bin")).unwrap();
    let script = fs_err::read_to_string(dir.path().join("sweep.sh")).unwrap();
    assert!(script.contains("#SBATCH --array=0-9\n") && script.contains("--gpus-per-task=1\n"));
    let emit = |more: &[&'static str]| [&["sweep", "quickstart", "--emit", "slurm"], more].concat();
    let (throttled, _) = run_expecting(0, &emit(&["--jobs", "3", "--resume"]));
    assert!(throttled.contains("#SBATCH --array=0-11%3\n"), "{throttled}");
    assert!(throttled.contains("exec tella sweep quickstart -o sweeps/quickstart --resume\n"));
    let (_, stderr) = run_expecting(2, &emit(&["--retries", "5"]));
    assert!(stderr.contains("--retries cannot be said to Slurm"), "{stderr}");
    succeeds(scheduler(dir.path()).arg("sweep.sh"));
    let given = fs_err::read_to_string(dir.path().join("sbatch.log")).unwrap();
    let expected = "--parsable sweep.sh\n--dependency=afterany:42 --array=0 sweep.sh gather\n";
    assert_eq!(given, expected);
    assert_eq!(tables(&dir.path().join("slurm")), tables(&dir.path().join("local")));
    assert!(dir.path().join("slurm/sweep.json").exists());
    // A task that is begun again has nothing to do.
    fs_err::remove_dir_all(dir.path().join("bin")).unwrap();
    succeeds(scheduler(dir.path()).arg("sweep.sh").env("SLURM_ARRAY_TASK_ID", "3"));
}

#[test]
fn the_manifest_of_kubernetes_lives_the_sweep() {
    let dir = folder();
    succeeds(scheduler(dir.path()).args(["-c", "tella sweep grid.yaml -o local"]));
    let emit = ["sweep", "grid.yaml", "-o", "k8s", "--num-cpus", "2", "--emit", "k8s"];
    let more = ["--jobs", "4", "--retries", "7"];
    let output = tella().current_dir(dir.path()).args(emit).args(more).output().unwrap();
    let manifest = String::from_utf8(output.stdout).unwrap();
    let jobs: Vec<Value> = serde_saphyr::from_multiple(&manifest).unwrap();
    let [job, gather] = jobs.as_slice() else { panic!("{manifest}") };
    let spec = &job["spec"];
    assert_eq!((&job["kind"], &spec["completionMode"]), (&"Job".into(), &"Indexed".into()));
    assert_eq!(spec["completions"], LIFETIMES);
    assert_eq!((&spec["parallelism"], &spec["backoffLimitPerIndex"]), (&4.into(), &7.into()));
    waits_for_the_end(&manifest, "kubectl");
    assert_eq!(gather["spec"]["suspend"], true);
    let container = |job: &Value| job["spec"]["template"]["spec"]["containers"][0].clone();
    assert_eq!(container(job)["resources"]["limits"]["cpu"], "2");
    let live = |job: &Value, index: usize| {
        let words = container(job)["command"].clone();
        let words: Vec<&str> =
            words.as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
        assert_eq!(words[0], "sh");
        let _ = fs_err::remove_dir_all(dir.path().join("bin"));
        let index = index.to_string();
        succeeds(scheduler(dir.path()).args(&words[1..]).env("JOB_COMPLETION_INDEX", index));
    };
    (0..LIFETIMES).rev().for_each(|index| live(job, index));
    assert_eq!(tables(&dir.path().join("k8s")), tables(&dir.path().join("local")));
    live(gather, 0);
    assert!(dir.path().join("k8s/sweep.json").exists());
}

/// What the manifest's head says to wait with ends when the Job is complete and when it has failed, and not before.
fn waits_for_the_end(manifest: &str, kubectl: &str) {
    let wait = manifest.lines().find_map(|line| line.strip_prefix("#   until ")).unwrap();
    let condition = wait.split("; do").next().unwrap();
    assert!(condition.starts_with(kubectl));
    for (conditions, is_over) in [
        ("", false),
        ("FailureTarget", false),
        ("SuccessCriteriaMet Complete", true),
        ("FailureTarget Failed", true),
    ] {
        let script = format!("kubectl() {{ printf %s '{conditions}'; }}\n{condition}");
        let done = Command::new("sh").args(["-c", &script]).status().unwrap();
        assert_eq!(done.success(), is_over, "{conditions}");
    }
}

/// A lifetime that another process is living is left to it, and the command can be given again later.
#[test]
fn a_lifetime_that_is_lived_elsewhere_is_no_error_of_the_command() {
    let dir = support::quick_folder();
    let long = support::curriculum(dir.path(), "long.yaml", LONG);
    let out = dir.path().join("run");
    let seeds = ["--agent-seed", "1", "--curriculum-seed", "1", "--resume"];
    let run = ["run", arg(&long), "--agent", "q-learning", "--out", arg(&out)];
    let mut first =
        tella().args(run).args(seeds).args(["--checkpoint-every", "0.05"]).spawn().unwrap();
    let began = std::time::Instant::now();
    while !out.join("lifetime-0000/checkpoint.bin").exists() {
        assert!(began.elapsed().as_secs() < 60, "no checkpoint came");
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    // Held still, so that the other certainly finds it under way.
    let pid = rustix::process::Pid::from_child(&first);
    rustix::process::kill_process(pid, rustix::process::Signal::STOP).unwrap();
    let (stdout, stderr) = run_expecting(75, &[&run[..], &seeds].concat());
    rustix::process::kill_process(pid, rustix::process::Signal::CONT).unwrap();
    assert!(stderr.contains("is being written by another process"), "{stderr}");
    assert!(stdout.contains("lifetime 0  running"), "{stdout}");
    assert_eq!(first.wait().unwrap().code(), Some(0));
}

/// Two commands on one folder share the work: each passes by what the other lives.
#[test]
fn two_sweeps_on_one_folder_share_the_work() {
    let dir = folder();
    let (grid, out) = (dir.path().join("grid.yaml"), dir.path().join("shared"));
    let start = || {
        let command = ["sweep", arg(&grid), "-o", arg(&out)];
        tella().args(command).output().expect("it runs")
    };
    std::thread::scope(|scope| {
        let both = [scope.spawn(start), scope.spawn(start)];
        for one in both {
            let done = one.join().unwrap();
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            // Complete, or ended while the other still lived something.
            assert!([Some(0), Some(75)].contains(&done.status.code()), "{said}");
            assert!(!said.contains("error"), "{said}");
        }
    });
    assert_eq!(tables(&out).len(), LIFETIMES);
}
