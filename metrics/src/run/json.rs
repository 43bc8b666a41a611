//! The metrics of a run as one JSON object.

use super::{LifetimeMetrics, RunMetrics, mean};
use crate::l2metrics::Metric;
use serde_json::{Map, Value, json};

impl RunMetrics {
    /// One object: `run_id`, `profile`, `settings`, each metric's mean over the lifetimes
    /// that have it under the reference's key (null where none has), and `lifetimes`, each
    /// with all the reference's keys; `damaged`, where there are any, lists those left out. A run of one lifetime has these at the top as well, as
    /// the reference's file of a single scenario does.
    pub fn to_json(&self) -> Value {
        let mut json = Map::new();
        json.insert("run_id".to_owned(), json!(self.run_id));
        json.insert("profile".to_owned(), json!("l2metrics"));
        json.insert("settings".to_owned(), json!(self.settings));
        for metric in Metric::selected(&self.settings) {
            let values = self.measured().filter_map(|(_, report)| report.get(metric)?.ok());
            json.insert(metric.key().to_owned(), json!(mean(values)));
        }
        let lifetimes: Vec<Value> = self.lifetimes.iter().map(lifetime_json).collect();
        if let [Value::Object(only)] = lifetimes.as_slice() {
            json.extend(only.iter().filter(|(key, _)| *key != "regimes").map(owned));
        }
        json.insert("lifetimes".to_owned(), Value::Array(lifetimes));
        if !self.damaged.is_empty() {
            json.insert("damaged".to_owned(), json!(self.damaged));
        }
        Value::Object(json)
    }
}

fn owned((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

/// A lifetime: its index and state, then its metrics or `error`.
fn lifetime_json(lifetime: &LifetimeMetrics) -> Value {
    let mut json = Map::new();
    json.insert("lifetime_idx".to_owned(), json!(lifetime.lifetime_idx));
    json.insert("state".to_owned(), json!(lifetime.state));
    match &lifetime.outcome {
        Ok(report) => {
            if let Value::Object(report) = report.to_json(&lifetime.about) {
                json.extend(report);
            }
        }
        Err(error) => {
            json.insert("error".to_owned(), json!(error.to_string()));
        }
    }
    Value::Object(json)
}
