//! Golden cases: synthetic scenarios and what L2Metrics 3.1.0 (L2Logger 1.8.2,
//! NumPy < 1.24, pandas < 2) computed of them, in the compact form that
//! `reference/scripts/metrics_golden_compact.py` makes.

use crate::support::{computed, differences, read_tsv, regime_rows};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tella_metrics::l2metrics::{About, Settings, measure};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let files = fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    cases.sort();
    assert_eq!(cases.len(), 19, "golden cases are missing");
    cases
}

#[test]
fn golden_cases_are_met() {
    let mut failures = Vec::new();
    for path in cases() {
        let golden: Value = serde_json::from_str(&fs_err::read_to_string(&path).unwrap()).unwrap();
        let settings: Settings = serde_json::from_value(golden["settings"].clone()).unwrap();
        let log = read_tsv(&path.with_extension("tsv"));
        let report = measure(&log, &settings).unwrap().to_json(&About::default());
        let mut found = differences(&report, &computed(golden["metrics"].clone()), 1e-9);
        found.extend(differences(&regime_rows(&report), &golden["regimes"], 1e-9));
        found.truncate(5);
        failures.extend(found.iter().map(|f| format!("{}: {f}", path.display())));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
