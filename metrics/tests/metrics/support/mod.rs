//! What the tests share: reading flat logs, and comparing JSON with a tolerance.

pub(crate) mod scenario;

use serde_json::Value;
use std::path::Path;
use tella_events::{BlockSubtype, BlockType};
use tella_metrics::Experiences;
use tella_metrics::l2metrics::{Settings, wanted_experts};
use tella_metrics::ste::{Experts, Mode, Store};

/// Reads a table given as column name to list of values.
pub(crate) fn read_columns(columns: &Value) -> Experiences {
    let mut log = Experiences::default();
    for (column, values) in columns.as_object().unwrap() {
        for value in values.as_array().unwrap() {
            match value {
                Value::String(text) => push(&mut log, column, text),
                other => push(&mut log, column, &other.to_string()),
            }
        }
    }
    log
}

/// Adds a field to its column; a column that is not L2Logger's is a measure.
fn push(log: &mut Experiences, column: &str, field: &str) {
    match column {
        "block_num" => log.block_num.push(field.parse().unwrap()),
        "exp_num" => log.exp_num.push(Some(field.parse().unwrap())),
        "block_type" => log.block_type.push(match field {
            "train" => BlockType::Train,
            "test" => BlockType::Test,
            other => panic!("block_type {other}"),
        }),
        "block_subtype" => log.block_subtype.push(match field {
            "wake" => BlockSubtype::Wake,
            "sleep" => BlockSubtype::Sleep,
            other => panic!("block_subtype {other}"),
        }),
        "task_name" => log.task_name.push(field),
        "task_params" => log.task_params.push(field),
        "exp_status" => log.complete.push(field == "complete"),
        "episode_step_count" => {
            log.episode_step_count.get_or_insert_default().push(field.parse().unwrap());
        }
        measure => {
            let value = if field.is_empty() { f64::NAN } else { field.parse().unwrap() };
            log.measures.entry(measure.to_owned()).or_default().push(value);
        }
    }
}

/// The experts that measuring `log` needs, from a store in `dir` that logs entered in order,
/// each by its mode (`w` or `a`).
pub(crate) fn store_of<'a>(
    dir: &Path,
    logs: impl IntoIterator<Item = (&'a str, Experiences)>,
    log: &Experiences,
    settings: &Settings,
) -> Experts {
    let store = Store::new(dir);
    for (mode, log) in logs {
        let mode = if mode == "a" { Mode::Append } else { Mode::Write };
        store.add(log, "expert", mode).unwrap();
    }
    let mut experts = Experts::of(&store).unwrap();
    let wanted = wanted_experts(log, settings, experts.names());
    experts.load(&wanted).unwrap();
    experts
}

/// The regimes of a report, as rows of the reference's regime table.
pub(crate) fn regime_rows(report: &Value) -> Value {
    let columns = [
        "block_num",
        "block_type",
        "block_subtype",
        "task_name",
        "regime_num",
        "saturation",
        "exp_to_sat",
        "term_perf",
        "exp_to_term_perf",
        "avg_perf",
    ];
    let rows = report["regimes"].as_array().unwrap().iter();
    rows.map(|regime| columns.iter().map(|c| regime[*c].clone()).collect::<Value>()).collect()
}

/// The reference's metrics without what is said of a run rather than computed.
pub(crate) fn computed(mut metrics: Value) -> Value {
    let object = metrics.as_object_mut().unwrap();
    for key in ["run_id", "complexity", "difficulty", "scenario_type", "runtime"] {
        object.remove(key);
    }
    metrics
}

/// Every place at which `expected` is not found in `actual`: missing keys, other lengths,
/// numbers further apart than `tolerance` relative to their size. Keys that only `actual` has
/// do not count. The reference rounds a lifetime's values, which stand at the top, to ten
/// decimals; elsewhere a difference of numbers that should be equal may leave 1e-11.
pub(crate) fn differences(actual: &Value, expected: &Value, tolerance: f64) -> Vec<String> {
    let mut found = Vec::new();
    collect("", actual, expected, tolerance, &mut found);
    found
}

fn collect(at: &str, actual: &Value, expected: &Value, tolerance: f64, found: &mut Vec<String>) {
    match (actual, expected) {
        (Value::Object(a), Value::Object(e)) => {
            for (key, expected) in e {
                match a.get(key) {
                    Some(actual) => {
                        collect(&format!("{at}.{key}"), actual, expected, tolerance, found);
                    }
                    None => found.push(format!("{at}.{key} is missing")),
                }
            }
        }
        (Value::Array(a), Value::Array(e)) => {
            if a.len() != e.len() {
                found.push(format!("{at}: {} entries, expected {}", a.len(), e.len()));
            }
            for (i, (actual, expected)) in a.iter().zip(e).enumerate() {
                collect(&format!("{at}[{i}]"), actual, expected, tolerance, found);
            }
        }
        (Value::Number(a), Value::Number(e)) => {
            let (a, e) = (a.as_f64().unwrap(), e.as_f64().unwrap());
            let top = at.matches('.').count() == 1 && !at.contains('[');
            let floor = if top { 1e-10 } else { 1e-11 };
            if (a - e).abs() > tolerance * e.abs() + floor {
                found.push(format!("{at}: {a}, expected {e}"));
            }
        }
        (a, e) if a == e => {}
        (a, e) => found.push(format!("{at}: {a}, expected {e}")),
    }
}
