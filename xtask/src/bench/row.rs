//! One row of the comparison.

use super::turns::Speeds;
use serde_json::{Value, json};

/// Ours beside theirs at one piece of work, each side at its best setting.
pub(super) fn row(work: &str, goal: f64, peer: &str, ours: &Speeds, theirs: &Speeds) -> Value {
    let ((our_setting, our_best), (their_setting, their_best)) = (ours.best(), theirs.best());
    let ratio = our_best / their_best;
    json!({
        "work": work,
        "peer": peer,
        "ours": our_best.round(),
        "our_setting": our_setting,
        "theirs": their_best.round(),
        "their_setting": their_setting,
        "ratio": (ratio * 10.0).round() / 10.0,
        "goal": goal,
        "reached": ratio >= goal,
        "all_ours": ours.to_json(),
        "all_theirs": theirs.to_json(),
    })
}
