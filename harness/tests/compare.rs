//! `tella compare`, `tella metric` and `tella metrics --metric` on run folders whose outcome
//! is known by hand.

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use support::{arg, json_expecting, run_expecting};
use tella_events::{
    BlockType, Experience, LifetimeStatus, LifetimeWriter, OnExisting, RunFolder, RunInfo, Segment,
    WriterOptions,
};

/// A run of an agent. Each lifetime has a curriculum seed, evaluates `task` at 0, learns it,
/// and ends with an evaluation of a given value; one without a value is never finished.
fn a_run(parent: &Path, agent: &str, task: &str, lifetimes: &[(u64, Option<f64>)]) -> PathBuf {
    let dir = parent.join(agent);
    let info = RunInfo {
        agent: agent.to_owned(),
        curriculum: "worked".to_owned(),
        identity_hash: agent.to_owned(),
        ..RunInfo::default()
    };
    let run = RunFolder::create(&dir, &info, "worked", OnExisting::Join).unwrap();
    for (lifetime_idx, (seed, end)) in (0..).zip(lifetimes) {
        let status = LifetimeStatus {
            lifetime_idx,
            curriculum_seed: Some(*seed),
            ..LifetimeStatus::default()
        };
        let mut writer = LifetimeWriter::create(&run, status, WriterOptions::default()).unwrap();
        let mut exp_num = 0;
        let mut block = |block_num, block_type, returns: &[f64]| {
            writer.set_segment(&Segment::new(block_num, block_type, task, "Default")).unwrap();
            for reward in returns {
                writer.push(&Experience::ended(exp_num, *reward, 2)).unwrap();
                exp_num += 1;
            }
        };
        block(0, BlockType::Test, &[0.0]);
        block(1, BlockType::Train, &[0.0, 10.0]);
        match end {
            Some(end) => {
                block(2, BlockType::Test, &[*end]);
                writer.seal(&[]).unwrap();
            }
            None => writer.flush().map(drop).unwrap(),
        }
    }
    dir
}

/// Lifetimes with curriculum seeds from 0 and these ends.
fn ends(ends: &[f64]) -> Vec<(u64, Option<f64>)> {
    (0..).zip(ends.iter().map(|end| Some(*end))).collect()
}

const METRIC: &str = "continual-world.average_performance";

fn compare(code: i32, a: &Path, b: &Path, flags: &[&str]) -> Value {
    let sides = ["compare", arg(a), "vs", arg(b), "--metric", METRIC, "--json"];
    json_expecting(code, &[&sides, flags].concat())
}

/// By hand: performance is a tenth of the end. A is 0.1 better in every pair, while the
/// curricula differ by much more.
#[test]
fn pairs_tell_apart_what_unpaired_sides_do_not() {
    let dir = support::quick_folder();
    let a = a_run(dir.path(), "a", "X", &ends(&[1.0, 3.0, 5.0, 7.0, 9.0, 10.0]));
    let b = a_run(dir.path(), "b", "X", &ends(&[0.0, 2.0, 4.0, 6.0, 8.0, 9.0]));
    let paired = compare(0, &a, &b, &[]);
    assert_eq!(paired["pairs"], 6);
    let metric = &paired["metrics"][METRIC];
    assert_eq!(metric["verdict"], "better");
    assert!((metric["difference"]["point"].as_f64().unwrap() - 0.1).abs() < 1e-12);
    assert_eq!(metric["improvement"]["point"], 1.0);
    assert_eq!(paired["verdict"], format!("A is better than B in {METRIC}."));
    assert!(metric["a"]["caution"].as_str().unwrap().starts_with("6 lifetimes are few"));

    let unpaired = compare(0, &a, &b, &["--unpaired"]);
    let metric = &unpaired["metrics"][METRIC];
    assert_eq!(metric["verdict"], "not-told");
    // Of 36 pairs A is higher in 21, and ties in one.
    assert_eq!(metric["improvement"]["point"], 21.5 / 36.0);
    assert_eq!(unpaired["pairs"], Value::Null);
}

#[test]
fn exit_codes_say_who_is_worse() {
    let dir = support::quick_folder();
    let a = a_run(dir.path(), "a", "X", &ends(&[1.0, 3.0, 5.0, 1.0, 3.0, 5.0]));
    let b = a_run(dir.path(), "b", "X", &ends(&[2.0, 4.0, 6.0, 2.0, 4.0, 6.0]));
    assert_eq!(compare(0, &a, &b, &[])["metrics"][METRIC]["verdict"], "worse");
    compare(1, &a, &b, &["--fail-if-worse"]);
    compare(0, &b, &a, &["--fail-if-worse"]);
    // An agent beside itself cannot be told apart.
    let same = compare(0, &a, &a, &["--fail-if-worse"]);
    assert_eq!(same["metrics"][METRIC]["verdict"], "not-told");
    // An agent that has lost its last evaluations does not pass for one that is as good.
    let lost = a_run(dir.path(), "lost", "X", &ends(&[f64::NAN; 6]));
    let comparison = compare(1, &lost, &b, &["--fail-if-worse"]);
    assert_eq!(comparison["metrics"][METRIC]["verdict"], "undefined");
    assert_eq!(comparison["verdict"], "No metric has a value on both sides.");
    compare(0, &b, &lost, &["--fail-if-worse"]);
}

/// Of five pairs every sign can be the same by chance once in 16 times: that tells nothing at 95%.
#[test]
fn too_few_lifetimes_decide_nothing() {
    let dir = support::quick_folder();
    let a = a_run(dir.path(), "a", "X", &ends(&[1.0; 5]));
    let b = a_run(dir.path(), "b", "X", &ends(&[9.0; 5]));
    let comparison = compare(0, &a, &b, &["--fail-if-worse"]);
    assert_eq!(comparison["metrics"][METRIC]["verdict"], "too-few");
    let verdict = comparison["verdict"].as_str().unwrap();
    assert!(
        verdict.contains("at 95% it takes 6 pairs of equal curriculum seed, or 4"),
        "{verdict}"
    );
    let sides = ["compare", arg(&a), "vs", arg(&b), "--metric", METRIC, "--fail-if-worse"];
    assert!(run_expecting(0, &sides).1.contains("too few lifetimes to tell"));
    // A tenth of the times is enough at 80%, and unpaired 2 ways of 252 are at 95%.
    assert_eq!(compare(1, &a, &b, &["--fail-if-worse", "--confidence", "0.8"])["pairs"], 5);
    compare(1, &a, &b, &["--fail-if-worse", "--unpaired"]);
}

/// A lifetime that was not lived to its end does not count on either side, and is named.
#[test]
fn missing_lifetimes_are_told() {
    let dir = support::quick_folder();
    let lifetimes = [(0, Some(1.0)), (1, None), (2, Some(5.0))];
    let a = a_run(dir.path(), "a", "X", &lifetimes);
    let b = a_run(dir.path(), "b", "X", &ends(&[2.0, 4.0, 6.0]));
    let comparison = compare(0, &a, &b, &[]);
    let metric = &comparison["metrics"][METRIC];
    assert_eq!(metric["pairs"], 2);
    let absent = |side: &str| {
        let list = metric[side]["absent"].as_array().unwrap();
        list.iter().map(|a| (a["lifetime_idx"].clone(), a["reason"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(absent("a"), [(1.into(), "not lived to its end (running)".into())]);
    let alone = "no lifetime of the other side with its curriculum seed has a value";
    assert_eq!(absent("b"), [(1.into(), alone.into())]);
    let (text, _) = run_expecting(0, &["compare", arg(&a), "vs", arg(&b), "--metric", METRIC]);
    assert!(text.contains("not lived to its end") && text.contains(alone), "{text}");
    assert!(text.contains("caution: 2 lifetimes are few"), "{text}");
}

#[test]
fn sides_that_do_not_fit_are_refused_or_told() {
    let dir = support::quick_folder();
    let a = a_run(dir.path(), "a", "X", &ends(&[1.0, 3.0]));
    let b = a_run(dir.path(), "b", "Y", &ends(&[2.0, 4.0]));
    let refused = |words: &[&str]| run_expecting(2, &[&["compare"], words].concat()).1;
    let tasks = refused(&[arg(&a), "vs", arg(&b)]);
    assert!(tasks.contains("only A has X_Default; only B has Y_Default"), "{tasks}");
    let twice = refused(&[arg(&a), arg(&a), "vs", arg(&a)]);
    assert!(twice.contains("side A has") && twice.contains("lifetime 0 twice"), "{twice}");
    let measure = refused(&[arg(&a), "vs", arg(&a), "--perf-measure", "score"]);
    assert!(measure.contains("side A has nothing to measure"), "{measure}");
    assert!(measure.contains("no column `score`"), "{measure}");
    let name = refused(&[arg(&a), "vs", arg(&a), "--metric", "gem.btw"]);
    assert!(name.contains("no metric is called `gem.btw`") && name.contains("gem.bwt"), "{name}");
    assert!(refused(&[arg(&a), arg(&a), "x"]).contains("the word `vs`"));

    let other = a_run(dir.path(), "other", "X", &[(8, Some(1.0)), (9, Some(2.0))]);
    let unpaired = compare(0, &a, &other, &[]);
    assert_eq!(unpaired["unpaired"], "0 of 2 curriculum seeds match");
}

#[test]
fn metrics_are_listed() {
    let all = json_expecting(0, &["metric", "list", "--json"]);
    assert!(all.as_array().unwrap().len() > 30);
    let gem = json_expecting(0, &["metric", "list", "gem", "--json"]);
    let names: Vec<&str> =
        gem.as_array().unwrap().iter().map(|metric| metric["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["gem.acc", "gem.bwt", "gem.fwt"]);
    let (text, _) = run_expecting(0, &["metric", "list", "bwt"]);
    assert!(text.contains("formula") && !text.contains("gem.acc"), "{text}");
}

/// By hand: ends of 2, 4 and 6 on a range of 0 to 10, and a lifetime that has no end.
#[test]
fn metrics_by_name_are_aggregated_over_lifetimes() {
    let dir = support::quick_folder();
    let lifetimes = [(0, Some(2.0)), (1, Some(4.0)), (2, None), (3, Some(6.0))];
    let run = a_run(dir.path(), "a", "X", &lifetimes);
    let flags = ["--metric", METRIC, "--metric", "cost.steps", "--json"];
    let json = json_expecting(0, &[&["metrics", arg(&run)], &flags[..]].concat());
    let metric = &json["metrics"][METRIC];
    assert!((metric["mean"]["point"].as_f64().unwrap() - 0.4).abs() < 1e-12);
    assert!((metric["optimality_gap"]["point"].as_f64().unwrap() - 0.6).abs() < 1e-12);
    assert_eq!(metric["lifetimes"], 3);
    assert_eq!(metric["absent"][0]["lifetime_idx"], 2);
    assert_eq!(metric["tasks"]["X_Default"]["lifetimes"], 3);
    // Of the scores 0.2, 0.4 and 0.6 two are above 0.3, the seventh threshold of 21.
    assert_eq!(metric["profile"][6]["point"], 2.0 / 3.0);
    assert_eq!(json["metrics"]["cost.steps"]["mean"]["interval"], serde_json::json!([8.0, 8.0]));
    assert_eq!(json["lifetimes"][0]["values"][METRIC], 0.2);
    assert_eq!(json["scale"]["X_Default"]["max"], 10.0);

    let (text, _) = run_expecting(0, &["metrics", arg(&run), "--profile", "formalism"]);
    assert!(text.contains("formalism.performance_maintenance"), "{text}");
    assert!(text.contains("lifetime 2: not lived to its end (running)"), "{text}");
    let (text, _) = run_expecting(0, &["metrics", arg(&run), "--metric", METRIC]);
    assert!(text.contains("3 lifetimes are few") && !text.contains("NaN"), "{text}");
    let (text, _) = run_expecting(0, &["metrics", arg(&run)]);
    assert!(text.contains("95% interval"), "{text}");
}

/// A learner beside an expert that learnt just as it did.
#[test]
fn experts_come_from_the_store() {
    let dir = support::quick_folder();
    let learner = a_run(dir.path(), "learner", "X", &[(0, Some(2.0))]);
    let expert = a_run(dir.path(), "expert", "X", &[(1, Some(4.0))]);
    let store = dir.path().join("store");
    run_expecting(0, &["ste", "add", arg(&expert), "--ste-store", arg(&store)]);
    let names = "formalism.relative_performance,formalism.sample_efficiency,curve.jumpstart";
    let flags = ["--metric", names, "--ste-store", arg(&store), "--json"];
    let json = json_expecting(0, &[&["metrics", arg(&learner)], &flags[..]].concat());
    let value = |name: &str| json["lifetimes"][0]["values"][name].as_f64();
    assert_eq!(value("formalism.relative_performance"), Some(1.0));
    assert_eq!(value("formalism.sample_efficiency"), Some(1.0));
    assert_eq!(value("curve.jumpstart"), Some(0.0));
    let flags = ["--metric", names, "--json"];
    let json = json_expecting(0, &[&["metrics", arg(&learner)], &flags[..]].concat());
    let reason = &json["lifetimes"][0]["undefined"]["formalism.relative_performance"];
    assert_eq!(reason, "needs the log of a single-task expert");
}
