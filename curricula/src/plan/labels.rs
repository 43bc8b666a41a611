//! Names and labels: what they may look like, and that a log can tell them apart.

use super::tasks::Tasks;
use crate::diagnostics::Reporter;
use crate::document::node::quote;
use crate::document::read::At;
use std::collections::HashMap;

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

/// Reports variants that a log would hold under one name: L2Logger's `task_name` is
/// `<task>_<variant>`, and metrics read it in lower case.
pub(crate) fn check_names_in_log(tasks: &Tasks, report: &mut Reporter<'_>) {
    let mut by_name = HashMap::new();
    for variant in &tasks.variants {
        let name = format!("{}_{}", variant.task, variant.variant).to_lowercase();
        let first = *by_name.entry(name.clone()).or_insert(variant);
        if (&first.task, &first.variant) != (&variant.task, &variant.variant) {
            let message = format!(
                "{} and {} are both {} in a log",
                quote(&variant.label()),
                quote(&first.label()),
                quote(&name)
            );
            let hint = "`<task>_<variant>` in lower case must differ; give one another label";
            report.error(variant.span, message).related(first.span, "the other").hint(hint);
        }
    }
}
