//! Names and labels: what they may look like.

use crate::diagnostics::Reporter;
use crate::document::read::At;

/// Longest name or label, in characters.
const LONGEST: usize = 100;

/// Reports a label that logs and terminals could not carry. `what` is the kind of
/// label, for the message.
pub(crate) fn check_label(label: &At<String>, what: &str, report: &mut Reporter<'_>) {
    if let Some(problem) = problem(&label.value) {
        let hint = format!(
            "1 to {LONGEST} characters, none of them a control character, no blank at either end"
        );
        report.error(label.span, format!("the {what} {problem}")).hint(hint);
    }
}

fn problem(text: &str) -> Option<String> {
    if text.is_empty() {
        Some("is empty".into())
    } else if text.chars().count() > LONGEST {
        Some(format!("has more than {LONGEST} characters"))
    } else if text.chars().any(char::is_control) {
        Some("holds a control character".into())
    } else if text.trim() != text {
        Some("begins or ends with a blank".into())
    } else {
        None
    }
}

/// Reports a curriculum's name that a folder could not bear.
pub(crate) fn check_name(name: &At<String>, report: &mut Reporter<'_>) {
    check_label(name, "name", report);
    if name.value.contains(['/', '\\']) || name.value.starts_with('.') {
        let message = "the name holds `/` or `\\` or begins with `.`";
        report
            .error(name.span, message)
            .hint("folders of runs carry it, so that these are not allowed");
    }
}
