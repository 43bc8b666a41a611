//! L2Metrics 3.1.0 on generated scenarios: lifetime, task and regime values agree. Its order of
//! summation is pinned (see the script); scenarios that it refuses are counted, not compared.

use crate::support::{
    computed, differences, read_columns, regime_rows, scenario::scenario, store_of,
};
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};
use tella_metrics::l2metrics::{Settings, measure};
use tella_metrics::run::About;

/// What the reference answers to requests.
fn reference(requests: &[Value]) -> Vec<Value> {
    let mut child = Command::new(tella_reference::Stack::L2M.python())
        .arg(tella_reference::scripts().join("metrics_l2metrics.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The script reads everything before it writes anything.
    child.stdin.take().unwrap().write_all(&serde_json::to_vec(requests).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the script failed: {}", output.status);
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn generated_scenarios_are_measured_alike() {
    let count = tella_reference::sweep(30, 300);
    let requests: Vec<Value> = (0..count).map(scenario).collect();
    let answers = reference(&requests);
    assert_eq!(answers.len(), requests.len());
    let (mut failures, mut refused, mut relative) = (Vec::new(), 0, 0u64);
    for (seed, (request, answer)) in requests.iter().zip(&answers).enumerate() {
        let settings: Settings = serde_json::from_value(request["settings"].clone()).unwrap();
        let log = read_columns(&request["columns"]);
        let dir = tempfile::tempdir().unwrap();
        let experts = request["experts"].as_array().unwrap().iter();
        let experts = experts.map(|e| (e["mode"].as_str().unwrap(), read_columns(&e["columns"])));
        let experts = store_of(dir.path(), experts, &log, &settings);
        let report = measure(&log, &experts, &settings);
        if let Some(error) = answer.get("error") {
            refused += 1;
            let ours =
                report.map_or_else(|e| e.to_string(), |r| format!("computed, {:?}", r.notes));
            println!("seed {seed}: the reference refuses: {error}; here: {ours}");
            continue;
        }
        relative += u64::from(answer["metrics"]["sample_efficiency"].is_number());
        let report = match report {
            Ok(report) => report.to_json(&About::default()),
            Err(error) => {
                failures.push(format!("seed {seed}: refused here: {error}"));
                continue;
            }
        };
        let mut found = differences(&report, &computed(answer["metrics"].clone()), 1e-9);
        found.extend(differences(&regime_rows(&report), &answer["regimes"], 1e-9));
        found.truncate(4);
        failures.extend(found.iter().map(|f| format!("seed {seed}: {f}")));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(refused * 4 < count, "the reference refuses {refused} of {count}");
    assert!(relative * 5 > count, "only {relative} of {count} were relative to an expert");
}
