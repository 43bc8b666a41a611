//! Run folders written by the event log: finished, running and empty lifetimes.

use serde_json::json;
use tella_events::{
    BlockType, Experience, ExtraColumn, ExtraKind, ExtraValue, LifetimeStatus, LifetimeWriter,
    OnExisting, RunFolder, RunInfo, Segment, WriterOptions,
};
use tella_metrics::l2metrics::{Metric, Settings};
use tella_metrics::run::measure_run;

/// Experiences end two seconds after one another.
fn experience(exp_num: u64, reward: f64) -> Experience {
    let finished_at = 1_700_000_000_000_000_000 + exp_num as i64 * 2_000_000_000;
    Experience { finished_at, ..Experience::ended(exp_num, reward, 10) }
}

/// Two tasks, learnt one after the other, evaluated before, between and after.
fn live(writer: &mut LifetimeWriter, gain: f64) {
    let mut exp_num = 0;
    let mut skill = [0.0, 1.0];
    for block in 0..5 {
        let learning = block % 2 == 1;
        let tasks = if learning { vec![block as usize / 2] } else { vec![0, 1] };
        let block_type = if learning { BlockType::Train } else { BlockType::Test };
        for task in tasks {
            let task_label = ["Left", "Right"][task];
            writer.set_segment(&Segment::new(block, block_type, task_label, "Default")).unwrap();
            for _ in 0..if learning { 40 } else { 5 } {
                skill[task] += if learning { gain } else { 0.0 };
                let score = ExtraValue::Float(Some(-skill[task]));
                writer.push_with(&experience(exp_num, skill[task]), &[score]).unwrap();
                exp_num += 1;
            }
        }
    }
}

fn run_of_three(folder: &std::path::Path) -> RunFolder {
    let info = RunInfo {
        curriculum: "Two".to_owned(),
        scenario_type: "condensed".to_owned(),
        agent: "tester".to_owned(),
        ..RunInfo::default()
    };
    let run = RunFolder::create(folder.join("two-tasks"), &info, "", OnExisting::Join).unwrap();
    for lifetime_idx in 0..3 {
        let status = LifetimeStatus { lifetime_idx, ..LifetimeStatus::default() };
        let score = ExtraColumn { name: "score".to_owned(), kind: ExtraKind::Float };
        let options = WriterOptions { extra_columns: vec![score], ..WriterOptions::default() };
        let mut writer = LifetimeWriter::create(&run, status, options).unwrap();
        match lifetime_idx {
            0 => {
                live(&mut writer, 0.5);
                writer.seal(&[]).unwrap();
            }
            1 => {
                live(&mut writer, 0.25);
                writer.flush().unwrap();
            }
            _ => {}
        }
    }
    run
}

/// Values by hand: skills grow linearly by `gain`, so evaluations of Left are 0, 40 gain,
/// 40 gain and of Right 1, 1, 1 + 40 gain.
#[test]
fn all_lifetimes_are_measured_whatever_their_state() {
    let folder = tempfile::tempdir().unwrap();
    let run = run_of_three(folder.path());
    let metrics = measure_run(&run, &Settings::default()).unwrap();
    assert_eq!(metrics.run_id, "two-tasks");
    let gains = [0.5, 0.25];
    for (lifetime, gain) in metrics.lifetimes.iter().zip(gains) {
        let report = lifetime.outcome.as_ref().unwrap();
        assert_eq!((report.num_lx, report.num_ex), (80, 30));
        // 110 experiences, one every two seconds.
        assert_eq!(report.runtime, Some(218.0));
        // Only the first was sealed.
        let unfinished = "not lived to its end (running); these metrics are of what its log holds";
        let expected: &[&str] = if lifetime.lifetime_idx == 0 { &[] } else { &[unfinished] };
        assert_eq!(report.notes, expected);
        let left = report.tasks.iter().find(|t| t.task_name == "left_default").unwrap();
        assert_eq!(left.progress.before_learning, Some(0.0));
        assert_eq!(left.progress.at_end, Some(40.0 * gain));
        assert_eq!(report.get(Metric::PerfMaintenanceMrlep), Some(Ok(0.0)));
        // Right is not learnt yet when Left is; its evaluations stay at the bottom.
        assert_eq!(report.get(Metric::ForwardTransferRatio), Some(Ok(1.0)));
    }
    let error = metrics.lifetimes[2].outcome.as_ref().unwrap_err().to_string();
    assert!(error.contains("the log is empty"), "{error}");

    let json = metrics.to_json();
    assert_eq!(json["forward_transfer_ratio"], json!(1.0));
    assert_eq!(json["perf_recovery"], json!(null));
    assert_eq!(json["lifetimes"][0]["task_metrics"]["left_default"]["num_lx"], json!(40));
    assert_eq!(json["lifetimes"][0]["scenario_type"], json!("condensed"));
    assert_eq!(json["lifetimes"][1]["state"], json!("running"));
    assert!(json["lifetimes"][2]["error"].is_string());
    assert!(json.get("task_metrics").is_none());

    let table = metrics.table();
    let has = |cells: &[&str]| {
        table.lines().any(|line| line.split_whitespace().collect::<Vec<_>>() == cells)
    };
    assert!(has(&["left_default", "0.000", "15.000", "15.000", "40", "15"]), "{table}");
    assert!(has(&["right_default", "1.000", "16.000", "16.000", "40", "15"]), "{table}");
    assert!(has(&["2", "-", "-", "-", "-", "-", "-", "-", "-"]), "{table}");
    assert!(table.lines().any(|line| line.starts_with("mean")), "{table}");
    assert!(table.contains("(lifetime 2)") && table.contains("recovery is -: "), "{table}");
    assert!(!table.contains("NaN"), "{table}");
}

/// Another column of floats can be the measure.
#[test]
fn further_columns_are_measures() {
    let folder = tempfile::tempdir().unwrap();
    let run = run_of_three(folder.path());
    let settings = Settings { perf_measure: "score".to_owned(), ..Settings::default() };
    let metrics = measure_run(&run, &settings).unwrap();
    let report = metrics.lifetimes[0].outcome.as_ref().unwrap();
    assert_eq!(report.tasks[0].progress.at_end, Some(-20.0));
}

/// With one lifetime, its metrics are at the top as well.
#[test]
fn a_single_lifetime_reads_like_the_references_file() {
    let folder = tempfile::tempdir().unwrap();
    let run =
        RunFolder::create(folder.path().join("one"), &RunInfo::default(), "", OnExisting::Join);
    let run = run.unwrap();
    let options = WriterOptions::default();
    let mut writer = LifetimeWriter::create(&run, LifetimeStatus::default(), options).unwrap();
    writer.set_segment(&Segment::new(0, BlockType::Test, "Left", "Default")).unwrap();
    writer.push(&experience(0, 1.5)).unwrap();
    writer.seal(&[]).unwrap();
    let json = measure_run(&run, &Settings::default()).unwrap().to_json();
    assert_eq!(json["task_metrics"]["left_default"]["avg_eval_perf"], json!(1.0));
    assert_eq!(json["avg_eval_perf"], json!(1.0));
    assert_eq!(json["num_ex"], json!(1));
    assert_eq!(json["undefined"]["avg_train_perf"], json!("no learning experiences"));
}
