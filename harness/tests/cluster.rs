//! Lifetimes on a cluster, as the harness sees it: a function that is given folders and tells what came of them.

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use support::{arg, curriculum};
use tella::cli::{Exit, answer};
use tella::{App, ClusterEnd, ClusterFailure, ClusterWork};

const CURRICULUM: &str = "
schema: 1
name: short
tasks:
  CartPole: {env: CartPole-v1, learn: {episodes: 5}}
generator: {type: interleaved, eval: none}
";

const SIGINT: i32 = 2;
const SIGTERM: i32 = 15;

/// What a command came to, exit code and JSON, where `cluster` lives lifetimes.
fn on(
    cluster: impl Fn(ClusterWork) -> ClusterEnd + Send + Sync + 'static,
    args: &[&str],
) -> (Exit, Value) {
    let app = App { cluster: Some(Box::new(move |work| Ok(cluster(work)))), ..App::builtin() };
    let words = ["tella"].iter().chain(args).chain(&["--on", "ray", "--json"]).map(Into::into);
    let answer = answer(app, words).expect("it is a command");
    (answer.exit, serde_json::from_slice(&answer.out).expect("it tells JSON"))
}

fn files() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let dir = support::quick_folder();
    let short = curriculum(dir.path(), "short.yaml", CURRICULUM);
    let text = "{schema: 1, agents: [random], curricula: [short.yaml], lifetimes: 2}";
    let grid = curriculum(dir.path(), "grid.yaml", text);
    (dir, short, grid)
}

fn run_args<'a>(short: &'a Path, out: &'a Path) -> Vec<&'a str> {
    let seeds = ["--agent-seed", "1", "--curriculum-seed", "1", "--num-lifetimes", "2"];
    [&["run", arg(short), "--agent", "random", "--out", arg(out)], &seeds[..]].concat()
}

#[test]
fn a_signal_that_came_there_is_told_by_the_exit_code() {
    let (dir, short, grid) = files();
    for (name, signal, expected) in [
        ("one", Some(SIGINT), Exit::Interrupted),
        ("two", Some(SIGTERM), Exit::Resumable),
        ("three", None, Exit::Resumable),
    ] {
        let cluster = move |_| ClusterEnd { signal, ..ClusterEnd::default() };
        let (exit, told) = on(cluster, &run_args(&short, &dir.path().join(name)));
        assert_eq!(exit, expected, "{told}");
        let sweep = dir.path().join(format!("sweep-{name}"));
        let (exit, told) = on(cluster, &["sweep", arg(&grid), "-o", arg(&sweep)]);
        assert_eq!(exit, expected, "{told}");
        assert_eq!(told["runs"][0]["lifetimes"][1]["status"], "planned");
    }
}

/// On a cluster there is as much at a time as there is room for.
#[test]
fn jobs_are_not_for_clusters() {
    let (_dir, _, grid) = files();
    let app = App { cluster: Some(Box::new(|_| Err("it is not asked".into()))), ..App::builtin() };
    let words = ["tella", "sweep", arg(&grid), "--on", "ray", "--jobs", "2"].map(Into::into);
    let refused = answer(app, words).expect_err("it is refused");
    assert_eq!(refused.exit, Exit::Usage);
    assert!(refused.message.contains("--jobs is for lifetimes here"), "{refused}");
}

/// The codes are those of `docs/src/reference/exit-codes.md`: the gravest counts, a damaged log before a folder
/// that cannot be written.
#[test]
fn what_went_wrong_there_is_told_with_its_exit_code() {
    let (dir, short, grid) = files();
    let failing = |exits: [Option<u8>; 2]| {
        move |work: ClusterWork| {
            let failures = work.lifetimes.into_iter().zip(exits);
            let failure = |((run, lifetime), exit)| ClusterFailure {
                run,
                lifetime,
                exit,
                message: format!("broken {lifetime}"),
            };
            ClusterEnd { failures: failures.map(failure).collect(), signal: None }
        }
    };
    for (name, exits, expected) in [
        ("one", [None, Some(2)], Exit::Usage),
        ("two", [Some(4), Some(2)], Exit::Corrupt),
        ("three", [Some(4), Some(70)], Exit::Bug),
        ("four", [None, None], Exit::Resumable),
    ] {
        let (exit, told) = on(failing(exits), &run_args(&short, &dir.path().join(name)));
        assert_eq!(exit, expected, "{told}");
        assert_eq!(told["lifetimes"][1]["message"], "broken 1");
        let sweep = dir.path().join(format!("sweep-{name}"));
        let (exit, told) = on(failing(exits), &["sweep", arg(&grid), "-o", arg(&sweep)]);
        assert_eq!(exit, expected, "{told}");
        assert_eq!(told["runs"][0]["lifetimes"][0]["message"], "broken 0");
    }
}
