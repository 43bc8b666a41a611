//! `tella metrics` on run folders, whole and damaged.

use std::path::Path;
use std::process::{Command, Output};
use tella_events::{
    BlockEventKind, BlockType, Experience, LifetimeLog, LifetimeStatus, LifetimeWriter, OnExisting,
    RunFolder, RunInfo, Segment, WriterOptions,
};

fn tella_metrics(dir: &Path, flags: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tella"));
    command.arg("metrics").arg(dir).args(flags).output().unwrap()
}

/// A run whose lifetime is still being written: an evaluation, a learning, an evaluation.
fn running(dir: &Path) -> (RunFolder, LifetimeWriter) {
    let run = RunFolder::create(dir, &RunInfo::default(), "", OnExisting::Join).unwrap();
    let options = WriterOptions::default();
    let mut writer = LifetimeWriter::create(&run, LifetimeStatus::default(), options).unwrap();
    for (block_num, block_type) in
        [BlockType::Test, BlockType::Train, BlockType::Test].into_iter().enumerate()
    {
        let segment = Segment::new(block_num as u64, block_type, "Walk", "Default");
        writer.set_segment(&segment).unwrap();
        for i in 0..10 {
            let exp_num = block_num as u64 * 10 + i;
            writer.push(&Experience::ended(exp_num, block_num as f64, 3)).unwrap();
        }
    }
    writer.flush().unwrap();
    (run, writer)
}

#[test]
fn a_running_run_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    let (_run, _writer) = running(&dir);
    let output = tella_metrics(&dir, &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let cells = ["walk_default", "0.000", "2.000", "2.000", "10", "20"];
    assert!(text.lines().any(|l| l.split_whitespace().eq(cells)), "{text}");

    let output = tella_metrics(&dir, &["--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    // By hand: rewards 0, 1 and 2 are scaled to 1, 51 and 101.
    assert_eq!(json["avg_train_perf"], 51.0);
    assert_eq!(json["avg_eval_perf"], 51.0);
    assert_eq!(json["lifetimes"][0]["task_metrics"]["walk_default"]["num_ex"], 20);
}

#[test]
fn what_cannot_be_measured_is_an_error_with_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let missing = tella_metrics(&folder.path().join("nowhere"), &[]);
    assert_eq!(missing.status.code(), Some(2));

    let empty = folder.path().join("empty");
    RunFolder::create(&empty, &RunInfo::default(), "", OnExisting::Join).unwrap();
    let output = tella_metrics(&empty, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("holds no lifetime"));

    let damaged = folder.path().join("damaged");
    let (run, writer) = running(&damaged);
    drop(writer);
    let file = run.lifetime_dir(0).join("experiences.arrow");
    let mut bytes = fs_err::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs_err::write(&file, bytes).unwrap();
    assert_eq!(tella_metrics(&damaged, &["--json"]).status.code(), Some(4));
}

/// An L2Logger scenario: `task` evaluated, learnt and evaluated.
fn scenario(dir: &Path, task: &str, rewards: &[f64]) {
    let head = "block_num\texp_num\tworker_id\tblock_type\tblock_subtype\ttask_name\ttask_params\t\
                exp_status\ttimestamp\tepisode_step_count\treward\n";
    fs_err::create_dir_all(dir).unwrap();
    fs_err::write(dir.join("logger_info.json"), r#"{"metrics_columns": ["reward"]}"#).unwrap();
    let mut exp_num = 0;
    for (block, kind) in ["test", "train", "test"].into_iter().enumerate() {
        let mut text = head.to_owned();
        for reward in rewards {
            text.push_str(&format!(
                "{block}\t{exp_num}\tw-0\t{kind}\twake\t{task}\t{{}}\tcomplete\t\
                 20240101T0000{exp_num:02}.000000\t7\t{reward:?}\n"
            ));
            exp_num += 1;
        }
        let folder = dir.join(format!("w-0/{block}-{kind}"));
        fs_err::create_dir_all(&folder).unwrap();
        fs_err::write(folder.join("data-log.tsv"), text).unwrap();
    }
}

/// pandas reads both files of preprocessed rows, and they are equal. By hand: rewards 0, 1, 3
/// of a regime too short to be smoothed are scaled to 1, 34 1/3 and 101.
#[test]
fn files_are_what_pandas_reads() {
    let folder = tempfile::tempdir().unwrap();
    let (log, out) = (folder.path().join("log"), folder.path().join("out"));
    scenario(&log, "Walk_Default", &[0.0, 1.0, 3.0]);
    let settings = folder.path().join("settings.json");
    fs_err::write(&settings, r#"{"unit": "steps", "clamp_outliers": true}"#).unwrap();
    let flags = ["--settings", settings.to_str().unwrap(), "-o", out.to_str().unwrap()];
    let output = tella_metrics(&log, &flags);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let script = "
import sys, json, pandas as pd
out = sys.argv[1]
parquet, feather = pd.read_parquet(out + '/data.parquet'), pd.read_feather(out + '/data.feather')
pd.testing.assert_frame_equal(parquet, feather)
metrics, regime = (pd.read_csv(f'{out}/{n}.tsv', sep='\\t') for n in ('ll_metrics', 'regime'))
print(json.dumps({
    'columns': list(feather.columns), 'raw': feather.reward_raw.to_list(),
    'steps': feather.steps.to_list(), 'tasks': sorted(set(feather.task_name)),
    'regime': feather.regime_num.to_list(), 'time': str(feather.timestamp[1]),
    'run': metrics.run_id[0], 'num_lx': int(metrics.num_lx[0]),
    'train': metrics.avg_train_perf[0], 'averages': regime.avg_perf.to_list(),
}))
";
    let python = tella_reference::Stack::L2M.python();
    let output = Command::new(python).args(["-c", script]).arg(&out).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let columns = [
        "run_id",
        "lifetime_idx",
        "block_num",
        "regime_num",
        "exp_num",
        "worker_id",
        "block_type",
        "block_subtype",
        "task_name",
        "task_params",
        "timestamp",
        "episode_step_count",
        "reward",
        "reward_raw",
        "reward_smoothed",
        "reward_filtered",
        "reward_normalized",
        "steps",
    ];
    assert_eq!(read["columns"], serde_json::json!(columns));
    assert_eq!(read["raw"], serde_json::json!([0., 1., 3., 0., 1., 3., 0., 1., 3.]));
    assert_eq!(read["steps"], serde_json::json!([7, 14, 21, 28, 35, 42, 49, 56, 63]));
    assert_eq!(read["regime"], serde_json::json!([0, 0, 0, 1, 1, 1, 2, 2, 2]));
    assert_eq!(read["tasks"], serde_json::json!(["walk_default"]));
    assert_eq!(read["time"], "2024-01-01 00:00:01+00:00");
    assert_eq!((&read["run"], &read["num_lx"]), (&"log".into(), &3.into()));
    let third = 100.0 / 3.0;
    let average = (1.0 + (1.0 + third) + 101.0) / 3.0;
    for found in [&read["train"], &read["averages"][0], &read["averages"][2]] {
        assert!((found.as_f64().unwrap() - average).abs() < 1e-9, "{found}");
    }

    // The settings that were written are settings to measure with, and nothing is overwritten.
    let kept = out.join("settings.json");
    let again = tella_metrics(&log, &["--json", "--settings", kept.to_str().unwrap()]);
    let [again, first] = [again.stdout, fs_err::read(out.join("metrics.json")).unwrap()]
        .map(|text| serde_json::from_slice::<serde_json::Value>(&text).unwrap());
    assert_eq!(again, first);
    assert_eq!(tella_metrics(&log, &flags).status.code(), Some(2));
}

/// Processes that add to a store at once, and some that are killed while they do: every file
/// reads, and whoever was told that an expert is in finds it there.
#[test]
fn a_store_outlives_what_happens_to_those_who_add() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    // Runs of their own: the same one twice is refused.
    let log = |n: u64| folder.path().join(format!("log-{n}"));
    for n in 0..18 {
        let rewards: Vec<f64> = (0..20).map(|step| f64::from(step) + n as f64).collect();
        scenario(&log(n), "Walk_Default", &rewards);
    }
    let add = |n: u64| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tella"));
        command.args(["ste", "add", "--mode", "a"]).arg(log(n)).arg("--ste-store").arg(&store);
        command.stdout(std::process::Stdio::null()).spawn().unwrap()
    };
    let mut added = 0;
    for round in 0..6u64 {
        let mut adding: Vec<_> = (0..3).map(|n| add(3 * round + n)).collect();
        std::thread::sleep(std::time::Duration::from_millis(3 * round));
        adding[0].kill().unwrap();
        let ended = adding.iter_mut().map(|command| command.wait().unwrap());
        added += ended.filter(|status| status.success()).count();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_tella"))
        .args(["ste", "list", "--json", "--ste-store"])
        .arg(&store)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let experts = listed["tasks"][0]["experts"].as_array().unwrap();
    // One that was killed may have got its expert in before.
    assert!((added..=18).contains(&experts.len()), "{added} of {}", experts.len());
    assert!(added >= 12);
}

/// Of several scenarios the sound ones are measured; that one is refused is a finding.
#[test]
fn a_refused_scenario_among_others_ends_with_1() {
    let folder = tempfile::tempdir().unwrap();
    scenario(&folder.path().join("good"), "A", &[0.0, 1.0, 3.0]);
    scenario(&folder.path().join("huge"), "A", &[0.0, f64::INFINITY, 3.0]);
    let log = folder.path().join("huge/w-0/0-test/data-log.tsv");
    let text = fs_err::read_to_string(&log).unwrap();
    fs_err::write(&log, text.replace("inf", "1e400")).unwrap();
    // One that cannot even be opened.
    fs_err::create_dir_all(folder.path().join("broken")).unwrap();
    fs_err::write(folder.path().join("broken/logger_info.json"), "").unwrap();
    let output = tella_metrics(folder.path(), &["-R", "--json"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("broken: the scenario holds no data-log.tsv"), "{said}");
    assert!(said.contains("`reward` is `1e400`, which is too large for a 64-bit float"), "{said}");
    let measured: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(measured.as_array().unwrap().len(), 2);
    let by_name = tella_metrics(folder.path(), &["-R", "--json", "--metric", "gem.acc"]);
    assert_eq!(by_name.status.code(), Some(1));
    let measured: serde_json::Value = serde_json::from_slice(&by_name.stdout).unwrap();
    assert_eq!(measured[0]["run_id"], "good");
    assert_eq!(measured.as_array().unwrap().len(), 1);
}

#[test]
fn settings_that_are_no_object_have_their_place() {
    let folder = tempfile::tempdir().unwrap();
    scenario(&folder.path().join("good"), "A", &[0.0, 1.0, 3.0]);
    let settings = folder.path().join("settings.json");
    fs_err::write(&settings, "\n  [1]").unwrap();
    let flags = ["--settings", settings.to_str().unwrap()];
    let output = tella_metrics(&folder.path().join("good"), &flags);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("settings.json:2:3: expected a JSON object, found a list"), "{said}");
}

#[test]
fn an_empty_store_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["ste", "list", "--ste-store", folder.path().to_str().unwrap()];
    let output = Command::new(env!("CARGO_BIN_EXE_tella")).args(args).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.starts_with("there are no experts in "), "{said}");
}

/// A table that learning fills grows with it, and an evaluation leaves it as it was; what the
/// log says of it is what the metric tells.
#[test]
fn a_run_says_what_memory_its_agent_takes() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("run");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tella"));
    command.args(["run", "quickstart", "--agent", "q-learning", "--curriculum-seed", "1"]);
    command.args(["--agent-seed", "1", "--out"]).arg(&dir);
    assert!(command.output().unwrap().status.success());
    let log = LifetimeLog::open(&RunFolder::open(&dir).unwrap(), 0).unwrap();
    let events = log.block_events().unwrap();
    let (ends, others): (Vec<_>, Vec<_>) =
        events.iter().map(|row| &row.event).partition(|e| e.kind == BlockEventKind::BlockEnd);
    assert!(others.iter().all(|event| event.agent_memory.is_none()));
    let said: Vec<u64> = ends.iter().map(|end| end.agent_memory.unwrap()).collect();
    // The first learning fills the table; later ones may write its numbers in fewer bytes.
    assert!(said[1] > 10 * said[0], "{said:?}");
    for (pair, end) in said.windows(2).zip(&ends[1..]) {
        assert!(end.block_type == BlockType::Train || pair[0] == pair[1], "{said:?}");
    }
    let output = tella_metrics(&dir, &["--json", "--metric", "cost.agent_memory"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let told = &json["metrics"]["cost.agent_memory"];
    assert_eq!(told["mean"]["point"].as_f64(), said.iter().max().map(|most| *most as f64));
}
