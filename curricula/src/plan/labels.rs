//! Names and labels: what they may look like.

use crate::diagnostics::Reporter;
use crate::document::read::At;

/// Longest name or label, in characters.
const LONGEST: usize = 100;

/// Reports a label that logs and terminals could not carry. `what` is the kind of
/// label, for the message.
pub(crate) fn check_label(label: &At<String>, what: &str, report: &mut Reporter<'_>) {
    if let Some(problem) = problem(&label.value) {
        report.error(label.span, format!("a {what} {problem}"));
    }
}

fn problem(text: &str) -> Option<String> {
    if text.is_empty() {
        Some("is not empty".into())
    } else if text.chars().count() > LONGEST {
        Some(format!("has at most {LONGEST} characters"))
    } else if text.chars().any(char::is_control) {
        Some("has no control characters".into())
    } else if text.trim() != text {
        Some("has no blanks at its ends".into())
    } else {
        None
    }
}

/// Reports a curriculum's name that a folder could not bear.
pub(crate) fn check_name(name: &At<String>, report: &mut Reporter<'_>) {
    check_label(name, "name", report);
    if name.value.contains(['/', '\\']) || name.value.starts_with('.') {
        let message = "a name has no `/` or `\\` and does not begin with `.`";
        report.error(name.span, message).hint("folders of runs carry it");
    }
}
