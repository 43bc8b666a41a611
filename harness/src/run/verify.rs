//! Whether a run, lived again from its folder, leads to the same log.

use super::plan::{Plan, PlanError};
use super::{End, Isolate, Signals, Supervision, progress::Display};
use serde::Serialize;
use std::sync::Arc;
use tella_events::{ContentHash, EventError, LifetimeLog};

/// What came of living one lifetime again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The lifetime's index.
    pub lifetime: u64,
    /// Whether both logs have the same content.
    pub same: bool,
    /// The content hash in the folder.
    pub recorded: String,
    /// The content hash of the repetition, where it came to its end.
    pub repeated: Option<String>,
    /// Why the repetition did not come to its end, or how it differs where experiences are
    /// the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Lives every complete lifetime of `plan` again, in a temporary folder. What was recorded is
/// read to its end first: a log that is damaged is no measure.
pub fn verify(
    plan: &Plan,
    isolate: Isolate,
    how: Supervision,
    signals: &Signals,
    display: &mut Display,
) -> Result<Vec<Verdict>, PlanError> {
    let mut recorded = Vec::new();
    for lifetime in plan.lifetimes()? {
        let log = match LifetimeLog::open(plan.folder(), lifetime as u32) {
            Err(EventError::NoLifetime { .. }) => continue,
            log => log?,
        };
        if log.seal().is_some() {
            recorded.push((lifetime, log.content_hash()?));
        }
    }
    let scratch = tempfile::tempdir()?;
    let again = Arc::new(plan.repeated_in(&scratch.path().join("run"))?);
    let lifetimes: Vec<u64> = recorded.iter().map(|(lifetime, _)| *lifetime).collect();
    let reports = super::run(&again, &lifetimes, isolate, how, signals, display)?;
    let verdict = |(lifetime, ContentHash { content: recorded, transitions, .. }): (_, _)| {
        let report = reports.iter().find(|r| r.lifetime == lifetime);
        let repeated = report.and_then(|r| r.content_hash.clone());
        let error = match report {
            None => Some("was not begun".into()),
            Some(r) if r.end != End::Complete => Some(
                r.fault
                    .as_ref()
                    .map(ToString::to_string)
                    .or_else(|| r.message.clone())
                    .unwrap_or_else(|| "was stopped".into()),
            ),
            Some(_) => None,
        };
        let same = repeated.as_ref() == Some(&recorded);
        let steps = again.folder().seal(lifetime as u32).ok().flatten();
        if same && steps.is_some_and(|seal| seal.hash.transitions != transitions) {
            let error = Some("the same experiences by other steps".into());
            return Verdict { lifetime, same: false, recorded, repeated, error };
        }
        Verdict { lifetime, same, recorded, repeated, error }
    };
    Ok(recorded.into_iter().map(verdict).collect())
}
