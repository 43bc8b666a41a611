//! A comparison as strict JSON.

use super::{Comparison, Pairing, Row};
use serde_json::{Map, Value, json};

impl Comparison {
    /// One object: the `sides`, `pairs` (null where not paired, `unpaired` then says why),
    /// `metrics` by name, `warnings`, and the `verdict` in words.
    pub fn to_json(&self) -> Value {
        let metrics: Map<String, Value> =
            self.rows.iter().map(|row| (row.metric.full_name(), row_json(row))).collect();
        let side = |at: usize| json!({"agents": self.agents[at], "lifetimes": self.lifetimes[at]});
        let unpaired = match &self.pairing {
            Pairing::Paired(_) => None,
            Pairing::Unpaired(why) => Some(why),
        };
        json!({
            "a": side(0),
            "b": side(1),
            "pairs": self.pairing.pairs(),
            "unpaired": unpaired,
            "statistic": self.statistic.key(),
            "metrics": metrics,
            "warnings": self.warnings,
            "verdict": self.verdict().trim_end(),
            "bootstrap": {
                "resamples": self.bootstrap.resamples,
                "confidence": self.bootstrap.confidence,
                "seed": self.bootstrap.seed,
            },
        })
    }
}

fn row_json(row: &Row) -> Value {
    json!({
        "a": row.sides[0].to_json(),
        "b": row.sides[1].to_json(),
        "pairs": row.pairs,
        "difference": row.difference,
        "improvement": row.improvement,
        "better": row.metric.better.as_str(),
        "verdict": row.verdict,
    })
}
