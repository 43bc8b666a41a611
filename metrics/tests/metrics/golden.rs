//! Golden cases: synthetic scenarios and what L2Metrics 3.1.0 (L2Logger 1.8.2,
//! NumPy < 1.24, pandas < 2) computed of them, in the compact form that
//! `reference/scripts/metrics_golden_compact.py` makes.

use crate::support::{computed, differences, read_tsv, regime_rows};
use serde_json::Value;
use tella_metrics::l2metrics::{About, Settings, measure};

/// Name, log and expectation of each case.
macro_rules! cases {
    ($($name:literal)*) => {
        [$((
            $name,
            include_str!(concat!("../golden/", $name, ".tsv")),
            include_str!(concat!("../golden/", $name, ".json")),
        )),*]
    };
}

#[test]
fn golden_cases_are_met() {
    let cases = cases![
        "case-1003" "case-1006" "case-1007" "case-1009" "case-1010" "case-1011" "case-1013"
        "case-1016" "case-1021" "case-1026" "case-1027" "case-1029" "case-1030" "case-1037"
        "case-1040" "case-1047" "case-1048" "case-1049" "case-1059"
    ];
    let mut failures = Vec::new();
    for (name, log, expected) in cases {
        let golden: Value = serde_json::from_str(expected).unwrap();
        let settings: Settings = serde_json::from_value(golden["settings"].clone()).unwrap();
        let report = measure(&read_tsv(log), &settings).unwrap().to_json(&About::default());
        let mut found = differences(&report, &computed(golden["metrics"].clone()), 1e-9);
        found.extend(differences(&regime_rows(&report), &golden["regimes"], 1e-9));
        found.truncate(5);
        failures.extend(found.iter().map(|f| format!("{name}: {f}")));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
