//! Golden cases: synthetic scenarios and what L2Metrics 3.1.0 (L2Logger 1.8.2,
//! NumPy < 1.24, pandas < 2) computed of them, in the compact form that
//! `reference/scripts/metrics_golden_compact.py` makes.

use crate::support::{computed, differences, regime_rows, store_of};
use serde_json::{Value, json};
use std::path::Path;
use tella_events::{BlockSubtype, BlockType};
use tella_metrics::Experiences;
use tella_metrics::l2metrics::{Data, Settings, measure_with_data};
use tella_metrics::run::About;

/// The log of a case: runs of rows that differ in numbers only.
fn read_log(runs: &Value, measure: &str) -> Experiences {
    let mut log = Experiences::default();
    for run in runs.as_array().unwrap() {
        let text = |n: usize| run[n].as_str().unwrap();
        for (i, performance) in run[7].as_array().unwrap().iter().enumerate() {
            let exp_num = match run[6].as_u64() {
                Some(first) => first + i as u64,
                None => run[6][i].as_u64().unwrap(),
            };
            log.block_num.push(run[0].as_u64().unwrap());
            log.exp_num.push(Some(exp_num));
            log.block_type.push(BlockType::parse(text(1)).unwrap());
            log.block_subtype.push(BlockSubtype::parse(text(2)).unwrap());
            log.task_name.push(text(3));
            log.task_params.push(text(4));
            log.complete.push(text(5) == "complete");
            let performance = performance.as_f64().unwrap_or(f64::NAN);
            log.measures.entry(measure.to_owned()).or_default().push(performance);
            if let Some(steps) = run[8].get(i) {
                log.episode_step_count.get_or_insert_default().push(steps.as_u64().unwrap());
            }
        }
    }
    log
}

/// The preprocessed columns, where the case has them.
fn data_columns(data: &Data, expected: &Value) -> Value {
    let stages = &data.stages;
    let columns = [
        ("smoothed", json!(stages.smoothed)),
        ("filtered", json!(stages.filtered)),
        ("normalized", json!(stages.normalized)),
        ("steps", json!(data.steps)),
    ];
    columns
        .into_iter()
        .filter(|(name, values)| !values.is_null() || expected.get(name).is_some())
        .map(|(name, values)| (name.to_owned(), values))
        .collect()
}

/// What a case differs in.
fn check(golden: &Value) -> Vec<String> {
    let settings: Settings = serde_json::from_value(golden["settings"].clone()).unwrap();
    let measure = settings.perf_measure.as_str();
    let dir = tempfile::tempdir().unwrap();
    let logs = golden["experts"].as_array().unwrap().iter();
    let logs = logs.map(|e| (e["mode"].as_str().unwrap(), read_log(&e["log"], measure)));
    let log = read_log(&golden["log"], measure);
    let experts = store_of(dir.path(), logs, &log, &settings);
    let (report, data) = measure_with_data(&log, &experts, &settings).unwrap();
    if let Some(error) = golden["error"].as_str() {
        let stops = format!("L2Metrics 3.1.0 stops here with {}", error.split(':').next().unwrap());
        let said = report.notes.iter().any(|note| note.contains(&stops));
        return if said { vec![] } else { vec![format!("{stops}, but the notes are silent")] };
    }
    let report = report.to_json(&About::default());
    let mut found = differences(&report, &computed(golden["metrics"].clone()), 1e-9);
    found.extend(differences(&regime_rows(&report), &golden["regimes"], 1e-9));
    let expected = &golden["data"];
    found.extend(differences(&data_columns(&data, expected), expected, 1e-9));
    found
}

#[test]
fn golden_cases_are_met() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut cases: Vec<_> =
        fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    cases.sort();
    assert_eq!(cases.len(), 60);
    let (mut failures, mut refused) = (Vec::new(), 0);
    for path in cases {
        let golden: Value = serde_json::from_str(&fs_err::read_to_string(&path).unwrap()).unwrap();
        refused += usize::from(golden["error"].is_string());
        let mut found = check(&golden);
        found.truncate(5);
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        failures.extend(found.iter().map(|f| format!("{name}: {f}")));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(refused, 6);
}
