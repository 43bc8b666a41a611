//! Logs the reference cannot measure, and damage: a number, a reason or a clear error, never
//! a panic and never NaN in the output.

use crate::support::read_columns;
use crate::support::scenario::{Random, scenario};
use serde_json::{Value, json};
use tella_metrics::l2metrics::{Metric, Report, Settings, Undefined, measure};
use tella_metrics::run::About;
use tella_metrics::ste::Experts;
use tella_metrics::{Experiences, MetricsError};

/// A column with another value in one row.
pub(crate) fn with<T, C: FromIterator<T>>(
    column: impl Iterator<Item = T>,
    row: usize,
    value: T,
) -> C {
    let mut values: Vec<T> = column.collect();
    values[row] = value;
    values.into_iter().collect()
}

/// A log of `(block_num, block_type, task, rewards)`.
fn log(blocks: &[(u64, &str, &str, &[f64])]) -> Experiences {
    let mut columns = json!({
        "block_num": [], "exp_num": [], "block_type": [], "block_subtype": [], "task_name": [],
        "task_params": [], "exp_status": [], "reward": [],
    });
    let mut exp_num = 0;
    for (block_num, block_type, task, rewards) in blocks {
        for reward in *rewards {
            let row = json!({
                "block_num": block_num, "exp_num": exp_num, "block_type": block_type,
                "block_subtype": "wake", "task_name": task, "task_params": "{}",
                "exp_status": "complete", "reward": reward,
            });
            for (column, value) in row.as_object().unwrap() {
                columns[column].as_array_mut().unwrap().push(value.clone());
            }
            exp_num += 1;
        }
    }
    read_columns(&columns)
}

fn report(log: &Experiences) -> Report {
    measure(log, &Experts::none(), &Settings::default()).unwrap()
}

/// The reference dies of a one-row log (`IndexError` in L2Logger's `fill_regime_num`).
#[test]
fn one_row() {
    let report = report(&log(&[(0, "train", "A_x", &[3.0])]));
    assert_eq!(report.get(Metric::AvgTrainPerf), Some(Ok(1.0)));
    assert_eq!(report.get(Metric::AvgEvalPerf), Some(Err(Undefined::NoEvaluation)));
    assert_eq!(report.get(Metric::PerfRecovery), Some(Err(Undefined::NoTrend)));
    assert_eq!(report.regimes.len(), 1);
    assert_eq!((report.num_lx, report.num_ex), (1, 0));
}

/// Values by hand: constant tasks are normalised to 1, so everything is 1 or 0.
#[test]
fn only_evaluation() {
    let report = report(&log(&[
        (0, "test", "A_x", &[2.0, 2.0]),
        (0, "test", "B_x", &[5.0]),
        (1, "test", "A_x", &[2.0]),
    ]));
    assert_eq!(report.get(Metric::AvgTrainPerf), Some(Err(Undefined::NoLearning)));
    assert_eq!(report.get(Metric::AvgEvalPerf), Some(Ok(1.0)));
    assert_eq!(report.get(Metric::PerfMaintenanceMrlep), Some(Err(Undefined::NoLaterEvaluation)));
    assert_eq!(report.get(Metric::ForwardTransferRatio), Some(Err(Undefined::NoForwardPair)));
    assert_eq!(report.get(Metric::SteRelPerf), Some(Err(Undefined::NoExpert)));
    let names: Vec<&str> = report.tasks.iter().map(|t| t.task_name.as_str()).collect();
    assert_eq!(names, ["a_x", "b_x"]);
}

#[test]
fn only_learning() {
    let report = report(&log(&[(0, "train", "A_x", &[0.0, 4.0]), (1, "train", "A_x", &[4.0])]));
    // (1 + 101) / 2 in the first regime, 101 in the second.
    assert_eq!(report.get(Metric::AvgTrainPerf), Some(Ok(76.0)));
    assert_eq!(report.get(Metric::AvgEvalPerf), Some(Err(Undefined::NoEvaluation)));
    // One recovery time only: no trend, and as in the reference none is listed.
    assert!(report.tasks[0].recovery_times.is_empty());
}

/// What is missing is counted, and not only left out.
#[test]
fn experiences_without_a_value_are_told() {
    let blocks: &[(u64, &str, &str, &[f64])] =
        &[(0, "train", "A_x", &[1.0, 2.0, 3.0]), (1, "test", "A_x", &[3.0, 1.0])];
    let mut log = log(blocks);
    assert!(report(&log).notes.is_empty());
    let rewards = log.measures.get_mut("reward").unwrap();
    (rewards[1], rewards[3]) = (f64::NAN, f64::NAN);
    let left_out = "2 completed experiences without a value of `reward` left out";
    assert_eq!(report(&log).notes, [left_out]);
}

/// By hand: evaluations of B around A's learning are 1 and 2, of A 0 and 3 around it.
#[test]
fn progress_is_raw_performance_around_learning() {
    let report = report(&log(&[
        (0, "test", "A_x", &[0.0]),
        (0, "test", "B_x", &[1.0]),
        (1, "train", "A_x", &[1.0, 2.0]),
        (2, "test", "A_x", &[3.0, 3.0]),
        (2, "test", "B_x", &[2.0]),
        (3, "train", "B_x", &[5.0]),
        (4, "test", "A_x", &[1.0]),
    ]));
    let (a, b) = (report.tasks[0].progress, report.tasks[1].progress);
    assert_eq!((a.before_learning, a.after_learning, a.at_end), (Some(0.0), Some(3.0), Some(1.0)));
    assert_eq!((b.before_learning, b.after_learning, b.at_end), (Some(2.0), None, Some(2.0)));
}

#[test]
fn nothing_to_measure_is_said() {
    let error =
        measure(&Experiences::default(), &Experts::none(), &Settings::default()).unwrap_err();
    assert!(matches!(error, MetricsError::MissingColumn { .. }), "{error}");
    let mut empty = log(&[]);
    empty.measures.insert("reward".to_owned(), vec![]);
    let error = measure(&empty, &Experts::none(), &Settings::default()).unwrap_err().to_string();
    assert_eq!(error, "no completed experience has a value in `reward` (the log is empty)");
    let mut unfinished = log(&[(0, "train", "A_x", &[1.0, 2.0])]);
    unfinished.complete = [false, false].into_iter().collect();
    let error =
        measure(&unfinished, &Experts::none(), &Settings::default()).unwrap_err().to_string();
    assert!(error.ends_with("(2 unfinished, 0 without a value)"), "{error}");
}

#[test]
fn damage_is_named_with_its_row() {
    let blocks: &[(u64, &str, &str, &[f64])] =
        &[(0, "train", "A_x", &[1.0, 2.0]), (1, "test", "A_x", &[1.0])];
    let refused = |change: fn(&mut Experiences), settings: Settings| {
        let mut log = log(blocks);
        change(&mut log);
        measure(&log, &Experts::none(), &settings).unwrap_err().to_string()
    };
    let defaults = Settings::default;
    let error = refused(|l| l.measures.get_mut("reward").unwrap()[1] = f64::INFINITY, defaults());
    assert_eq!(error, "row 2: `reward` is inf; only finite numbers can be measured");
    let error = refused(|l| l.block_num = with(l.block_num.iter(), 1, 7), defaults());
    assert!(error.starts_with("row 3: `block_num` falls from 7 to 1"), "{error}");
    let error = refused(|l| l.exp_num = with(l.exp_num.iter(), 0, None), defaults());
    assert!(error.starts_with("row 1: a completed experience without"), "{error}");
    let error = refused(|l| l.complete = [true].into_iter().collect(), defaults());
    assert_eq!(error, "column `exp_status` has 1 rows where `block_num` has 3");
    let error = refused(|_| {}, Settings { perf_measure: "score".to_owned(), ..defaults() });
    assert!(error.contains("no column `score`") && error.contains("reward"), "{error}");
    let settings: Settings = serde_json::from_value(json!({"unit": "steps"})).unwrap();
    let error = refused(|_| {}, settings);
    assert!(error.contains("no column `episode_step_count`"), "{error}");
    let settings = json!({"data_range": {"b_x": {"min": 0.0, "max": 1.0}}});
    let error = refused(|_| {}, serde_json::from_value(settings).unwrap());
    assert_eq!(error, "the data range has no entry for task `a_x` (it has: b_x)");
    let run: Settings = serde_json::from_value(json!({"normalization_method": "run"})).unwrap();
    let constant = |l: &mut Experiences| l.measures.get_mut("reward").unwrap().fill(2.0);
    assert!(refused(constant, run).contains("every value of `reward` is 2"));
    let wide = |l: &mut Experiences| {
        l.measures.insert("reward".to_owned(), vec![-1.7e308, 1.7e308, 0.0]);
    };
    assert!(refused(wide, defaults()).contains("too wide to normalise"));
}

#[test]
fn unknown_settings_are_refused() {
    let error = serde_json::from_value::<Settings>(json!({"smoothing": "flat"})).unwrap_err();
    assert!(error.to_string().contains("unknown field `smoothing`"), "{error}");
    let error =
        serde_json::from_value::<Settings>(json!({"smoothing_method": "cubic"})).unwrap_err();
    assert!(error.to_string().contains("unknown variant `cubic`"), "{error}");
}

/// Scenarios with values, numbers and blocks changed at random: a report without NaN, or an
/// error.
#[test]
fn changed_logs_never_panic() {
    for seed in 0..tella_reference::sweep(300, 3000) {
        let request = scenario(seed);
        let settings: Settings = serde_json::from_value(request["settings"].clone()).unwrap();
        let mut log = read_columns(&request["columns"]);
        let random = &mut Random(seed ^ 0x5eed);
        for _ in 0..random.below(4) {
            let row = random.below(log.len());
            let odd = [f64::NAN, f64::MAX, f64::MIN_POSITIVE, -0.0, f64::NEG_INFINITY];
            let reward = log.measures.get_mut("reward").unwrap();
            match random.below(6) {
                0 => reward[row] = odd[random.below(odd.len())],
                1 => reward.iter_mut().step_by(2).for_each(|r| *r = f64::NAN),
                2 => log.block_num = with(log.block_num.iter(), row, random.below(9) as u64),
                3 => log.exp_num = with(log.exp_num.iter(), row, None),
                4 => {
                    let number = Some(random.below(9) as u64);
                    log.exp_num = with(log.exp_num.iter(), row, number);
                }
                _ => log.complete = std::iter::repeat_n(random.one_in(2), log.len()).collect(),
            }
        }
        if let Ok(report) = measure(&log, &Experts::none(), &settings) {
            assert_finite(&report.to_json(&About::default()), seed);
        }
    }
}

/// `serde_json` writes numbers that are not finite as null; those that must have a value
/// are looked at.
fn assert_finite(report: &Value, seed: u64) {
    for key in ["min", "max"] {
        assert!(report[key].is_number(), "seed {seed}: {key}");
    }
    for (key, value) in report.as_object().unwrap() {
        let metric = key.starts_with("perf_") || key.starts_with("avg_");
        let explained = report["undefined"].get(key).is_some();
        assert!(!metric || value.is_null() == explained, "seed {seed}: {key} is {value}");
    }
}
