//! What agents and environments do wrong ends their lifetime with a classified
//! fault and its place, loses nothing that was logged, and leaves other lifetimes alone.
//!
//! This file is its own test program: called as `worker` it is the program that
//! lives a lifetime in a process of its own, with the same faulty agents.

#[path = "support/faulty.rs"]
mod faulty;
mod support;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use support::curriculum;
use tella::App;
use tella::engine::{FaultKind, Party};
use tella::run::{
    self, Display, End, Isolate, LifetimeReport, Plan, PlanSpec, Signals, Supervision,
};
use tella_curricula::Document;
use tella_envs::{ParamValue, Params};
use tella_events::{LifetimeLog, RunFolder};

type Test = fn(&Arc<App>);

fn main() -> ExitCode {
    let mut app = faulty::app();
    let args: Vec<OsString> = std::env::args_os().collect();
    if args.get(1).is_some_and(|a| a == "worker") {
        return tella::cli::main(app, args);
    }
    app.worker = vec![std::env::current_exe().expect("a path").into(), "worker".into()];
    let app = Arc::new(app);
    let tests: &[(&str, Test)] = &[
        ("agent_faults", agent_faults),
        ("environment_faults", environment_faults),
        ("hangs", hangs),
        ("deaths_of_workers", deaths_of_workers),
        ("other_lifetimes_go_on", other_lifetimes_go_on),
        ("learning_in_evaluation_is_seen_and_undone", learning_in_evaluation_is_seen_and_undone),
        ("what_cannot_be_saved_is_unverified", what_cannot_be_saved_is_unverified),
        ("agents_output_is_kept", agents_output_is_kept),
    ];
    for (name, test) in tests {
        test(&app);
        println!("test {name} ... ok");
    }
    println!("{} passed, 0 failed", tests.len());
    ExitCode::SUCCESS
}

/// Two learning variants, then an evaluation block; ten steps an episode.
fn text(env_mode: &str, at: u64) -> String {
    format!(
        "
schema: 1
name: faulty
tasks:
  Steady: faulty
  Shaky: {{env: faulty, params: {{mode: {env_mode}, at: {at}}}}}
blocks:
  - {{learn: [Steady, Shaky], episodes: 30}}
  - {{eval: Steady, episodes: 5}}
"
    )
}

struct Case {
    reports: Vec<LifetimeReport>,
    rows: Vec<usize>,
    dir: tempfile::TempDir,
}

fn lives(
    app: &Arc<App>,
    agent_mode: &str,
    at: i64,
    text: &str,
    lifetimes: u64,
    isolate: Isolate,
    timeout: Duration,
) -> Case {
    let dir = tempfile::tempdir().unwrap();
    let file = curriculum(dir.path(), "c.yaml", text);
    let document = Document::from_text(text, file.to_str().unwrap()).unwrap();
    let found = document.check(&app.envs);
    assert!(!found.has_errors(), "{found}");
    let config = Params::from([
        ("mode".to_owned(), ParamValue::Text(agent_mode.to_owned())),
        ("at".to_owned(), ParamValue::Int(at)),
    ]);
    let spec = PlanSpec {
        agent: "faulty".into(),
        agent_config: config,
        agent_seed: 1,
        curriculum_seed: 2,
        num_envs: 2,
        max_episode_steps: 1000,
        overrides: Vec::new(),
        curriculum_config: None,
        transitions: false,
    };
    let out = dir.path().join("run");
    let plan =
        Arc::new(Plan::create(Arc::clone(app), spec, document, &out, 0..lifetimes, false).unwrap());
    let checkpoint_every = Duration::from_secs(1);
    let how = Supervision {
        jobs: 2,
        timeout: Some(timeout),
        memory_limit: None,
        checkpoint_every,
        stop_at: None,
    };
    let all: Vec<u64> = (0..lifetimes).collect();
    let mut display = Display::silent();
    let reports = run::run(&plan, &all, isolate, how, &Signals::default(), &mut display).unwrap();
    let rows = all.iter().map(|&l| rows(&out, l)).collect();
    Case { reports, rows, dir }
}

fn rows(run: &Path, lifetime: u64) -> usize {
    let folder = RunFolder::open(run).unwrap();
    LifetimeLog::open(&folder, lifetime as u32).unwrap().table().unwrap().len()
}

const LONG: Duration = Duration::from_secs(60);

/// Two environments, so step `n` of the batch is steps `2n - 1` and `2n`; 30 episodes
/// of ten steps are over after 150 batch steps.
fn agent_faults(app: &Arc<App>) {
    for (mode, kind, message) in [
        ("constructor", FaultKind::Error, "does not want to be made"),
        ("panic", FaultKind::Panic, "the agent is tired"),
        ("error", FaultKind::Error, "the agent gives up"),
        ("count", FaultKind::ActionCount, "3 actions for 2 environments"),
        ("outside", FaultKind::InvalidAction, "99"),
    ] {
        let case = lives(app, mode, 172, &text("none", 0), 1, Isolate::None, LONG);
        let report = &case.reports[0];
        let fault = report.fault.as_ref().unwrap_or_else(|| panic!("{mode}: {report:?}"));
        assert_eq!(
            (report.end, fault.party, fault.kind),
            (End::Fault, Party::Agent, kind),
            "{mode}"
        );
        assert!(fault.message.contains(message), "{mode}: {}", fault.message);
        if mode != "constructor" {
            assert_eq!((fault.place.block, fault.place.task.as_str()), (0, "Shaky"), "{mode}");
            // 30 episodes of the first task, and 2 environments x 2 whole episodes.
            assert_eq!(case.rows[0], 34, "{mode}");
        }
    }
}

fn environment_faults(app: &Arc<App>) {
    for (mode, kind) in [
        ("panic", FaultKind::Panic),
        ("error", FaultKind::Error),
        ("nan", FaultKind::InvalidReward),
        ("infinite", FaultKind::InvalidReward),
        ("endless", FaultKind::EndlessEpisode),
        ("reset", FaultKind::Error),
    ] {
        let case = lives(app, "none", 0, &text(mode, 19), 1, Isolate::None, LONG);
        let report = &case.reports[0];
        let fault = report.fault.as_ref().unwrap_or_else(|| panic!("{mode}: {report:?}"));
        let seen = (report.end, fault.party, fault.kind);
        assert_eq!(seen, (End::Fault, Party::Environment, kind), "{mode}");
        assert_eq!(fault.place.task, "Shaky", "{mode}");
        assert!(case.rows[0] >= 32, "{mode}: {}", case.rows[0]);
    }
}

fn hangs(app: &Arc<App>) {
    let short = Duration::from_millis(300);
    for isolate in [Isolate::None, Isolate::Process] {
        let agent = lives(app, "hang", 20, &text("none", 0), 1, isolate, short);
        let fault = agent.reports[0].fault.clone().unwrap();
        assert_eq!((fault.party, fault.kind), (Party::Agent, FaultKind::Timeout), "{isolate:?}");
        assert_eq!((fault.place.task.as_str(), fault.place.step), ("Steady", Some(40)));
        assert_eq!(agent.rows[0], 4, "{isolate:?}");
        let env = lives(app, "none", 0, &text("hang", 5), 1, isolate, short);
        let fault = env.reports[0].fault.clone().unwrap();
        assert_eq!((fault.party, fault.kind), (Party::Environment, FaultKind::Timeout));
        assert_eq!(env.rows[0], 30, "{isolate:?}");
    }
}

fn deaths_of_workers(app: &Arc<App>) {
    for (mode, message) in [("abort", "signal 6"), ("exit", "exit code 0")] {
        let case = lives(app, mode, 50, &text("none", 0), 1, Isolate::Process, LONG);
        let fault = case.reports[0].fault.clone().unwrap();
        assert_eq!(fault.kind, FaultKind::Died, "{mode}");
        assert!(fault.message.contains(message), "{mode}: {}", fault.message);
    }
}

fn other_lifetimes_go_on(app: &Arc<App>) {
    for isolate in [Isolate::None, Isolate::Process] {
        let case = lives(app, "panic-in-lifetime-1", 5, &text("none", 0), 3, isolate, LONG);
        let ends: Vec<End> = case.reports.iter().map(|r| r.end).collect();
        assert_eq!(ends, [End::Complete, End::Fault, End::Complete], "{isolate:?}");
    }
}

fn learning_in_evaluation_is_seen_and_undone(app: &Arc<App>) {
    let mode = "learns-in-evaluation";
    let case = lives(app, mode, 0, &text("none", 0), 1, Isolate::None, LONG);
    assert_eq!(case.reports[0].end, End::Complete, "{:?}", case.reports[0]);
    assert_eq!(case.reports[0].isolation.learned_in_evaluation, [1]);
}

fn what_cannot_be_saved_is_unverified(app: &Arc<App>) {
    let case = lives(app, "unsavable", 0, &text("none", 0), 1, Isolate::None, LONG);
    assert_eq!(case.reports[0].end, End::Complete, "{:?}", case.reports[0]);
    assert!(case.reports[0].isolation.unverified);
}

fn agents_output_is_kept(app: &Arc<App>) {
    let case = lives(app, "chatter", 0, &text("none", 0), 1, Isolate::Process, LONG);
    assert_eq!(case.reports[0].end, End::Complete, "{:?}", case.reports[0]);
    let log = case.dir.path().join("run/lifetime-0000/agent.log");
    let log = fs_err::read_to_string(log).unwrap();
    assert!(log.contains("to standard output") && log.contains("to standard error"), "{log}");
}
