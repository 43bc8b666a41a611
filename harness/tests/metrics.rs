//! `tella metrics` on run folders, whole and damaged.

use std::path::Path;
use std::process::{Command, Output};
use tella_events::{
    BlockSubtype, BlockType, Experience, LifetimeStatus, LifetimeWriter, OnExisting, RunFolder,
    RunInfo, Segment, WriterOptions,
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
        let segment = Segment {
            block_num: block_num as u64,
            block_type,
            block_subtype: BlockSubtype::Wake,
            task_name: "Walk_Default".to_owned(),
            task: "Walk".to_owned(),
            variant: "Default".to_owned(),
            task_params: "{}".to_owned(),
            worker_id: "worker-default".to_owned(),
        };
        writer.set_segment(&segment).unwrap();
        for i in 0..10 {
            let exp_num = block_num as u64 * 10 + i;
            let experience = Experience {
                exp_num: Some(exp_num),
                episode_index: exp_num,
                env_index: 0,
                seed: Some(7),
                reward: block_num as f64,
                episode_step_count: 3,
                terminated: true,
                truncated: false,
                complete: true,
                started_at: None,
                finished_at: exp_num as i64,
            };
            writer.push(&experience).unwrap();
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
