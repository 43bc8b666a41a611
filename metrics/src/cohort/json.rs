//! The metrics of a cohort as strict JSON: null where a value is undefined.

use super::{Measures, Member, Summary};
use crate::definition::{Measured, Value};
use crate::statistics::Bootstrap;
use serde_json::{Map, Value as Json, json};

/// Points of a performance profile, over the range of a task.
const THRESHOLDS: usize = 21;

impl Measures<'_> {
    /// One object: `metrics`, each with its statistics over lifetimes; `lifetimes`, each
    /// with its values; `bootstrap` and `scale`, how they were made.
    pub fn to_json(&self, bootstrap: &Bootstrap) -> Json {
        let summaries = self.summaries(bootstrap);
        let metrics: Map<String, Json> = summaries
            .iter()
            .enumerate()
            .map(|(at, summary)| {
                (summary.metric.full_name(), self.metric_json(at, summary, bootstrap))
            })
            .collect();
        let members = self.cohort.members.iter().zip(&self.measured);
        let lifetimes: Vec<Json> =
            members.map(|(m, measured)| self.member_json(m, measured)).collect();
        json!({
            "metrics": metrics,
            "lifetimes": lifetimes,
            "bootstrap": {
                "resamples": bootstrap.resamples,
                "confidence": bootstrap.confidence,
                "seed": bootstrap.seed,
            },
            "scale": self.scale.ranges(),
            "notes": self.notes(),
            "damaged": self.cohort.damaged,
        })
    }

    fn metric_json(&self, at: usize, summary: &Summary, bootstrap: &Bootstrap) -> Json {
        let mut json = summary.to_json();
        let Json::Object(object) = &mut json else { return json };
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in self.measured.iter().flat_map(|measured| &measured[at].tasks) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        let of_task = |name: &&str| {
            let sample = self.sample_of_task(at, name);
            let summary = Summary::new(summary.metric, &sample, bootstrap);
            ((*name).to_owned(), summary.to_json())
        };
        let tasks: Map<String, Json> = names.iter().map(of_task).collect();
        if !tasks.is_empty() {
            object.insert("tasks".to_owned(), Json::Object(tasks));
        }
        if summary.metric.unit.optimum().is_some() && !self.scale.is_raw() {
            let thresholds: Vec<f64> =
                (0..THRESHOLDS).map(|i| i as f64 / (THRESHOLDS - 1) as f64).collect();
            let scores = self.sample(at).scores();
            let profile = match scores.is_empty() {
                true => Vec::new(),
                false => bootstrap.profile(&scores, &thresholds),
            };
            object.insert("profile".to_owned(), json!(profile));
        }
        json
    }

    fn member_json(&self, member: &Member, measured: &[Measured]) -> Json {
        let named = |of: &dyn Fn(&Measured) -> Json| -> Map<String, Json> {
            let values = self.metrics.iter().zip(measured);
            values
                .map(|(metric, m)| (metric.full_name(), of(m)))
                .filter(|(_, v)| !v.is_null())
                .collect()
        };
        let values: Map<String, Json> = self
            .metrics
            .iter()
            .zip(measured)
            .map(|(metric, m)| (metric.full_name(), json!(m.value.as_ref().ok())))
            .collect();
        let missing = member.lifetime.as_ref().map_or(Json::Null, |lifetime| {
            let missing = lifetime.missing;
            json!({"unfinished": missing.unfinished, "without_value": missing.without_value})
        });
        json!({
            "run": member.place.run,
            "lifetime_idx": member.place.lifetime_idx,
            "state": member.state,
            "agent": member.agent,
            "curriculum": member.curriculum,
            "curriculum_seed": member.curriculum_seed,
            "missing_experiences": missing,
            "values": values,
            "undefined": named(&|m| reason(&m.value)),
            "tasks": named(&tasks),
            "pairs": named(&pairs),
        })
    }
}

impl Summary {
    /// One object: the statistics, each `{point, interval}`, the number of `lifetimes` with
    /// a value, those `absent`, and a `caution` where there are few.
    pub fn to_json(&self) -> Json {
        let mut json = Map::new();
        for (statistic, estimate) in &self.statistics {
            json.insert(statistic.key().to_owned(), json!(estimate));
        }
        json.insert("lifetimes".to_owned(), json!(self.lifetimes));
        json.insert("absent".to_owned(), json!(self.absent));
        json.insert("caution".to_owned(), json!(self.caution.map(|caution| caution.to_string())));
        json.insert("unit".to_owned(), json!(self.metric.unit.as_str()));
        json.insert("better".to_owned(), json!(self.metric.better.as_str()));
        Json::Object(json)
    }
}

fn reason(value: &Value) -> Json {
    value.as_ref().err().map_or(Json::Null, |why| json!(why.to_string()))
}

fn tasks(measured: &Measured) -> Json {
    let tasks = measured.tasks.iter();
    let tasks: Map<String, Json> =
        tasks.map(|(name, value)| (name.clone(), json!(value.as_ref().ok()))).collect();
    if tasks.is_empty() { Json::Null } else { Json::Object(tasks) }
}

fn pairs(measured: &Measured) -> Json {
    let pairs = measured.pairs.iter();
    let pairs: Vec<Json> =
        pairs.map(|p| json!({"from": p.from, "to": p.to, "value": p.value})).collect();
    if pairs.is_empty() { Json::Null } else { Json::Array(pairs) }
}
