//! What a reader must know: faults, warnings, what is missing from the log.

use crate::findings::Findings;

/// The notes of a report, the gravest first.
pub(crate) fn notes(findings: &Findings<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for side in &findings.study.sides {
        for damaged in &side.damaged {
            notes.push(format!(
                "{}: its log is damaged and left out: {}",
                damaged.place, damaged.why
            ));
        }
        for member in &side.cohort.members {
            if let Err(error) = &member.lifetime {
                notes.push(format!("{}: {error}", member.place));
            }
        }
    }
    notes
}
