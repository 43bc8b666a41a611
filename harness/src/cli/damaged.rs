//! What commands that look at lifetimes do about damaged ones: they leave them out, tell them,
//! and end with exit code 4. Where nothing else is left, that is the error.

use super::{CliError, Exit};
use tella_metrics::run::Damaged;
use tella_metrics::told::message;

/// Tells the lifetimes that were left out, beside which others were looked at, and returns the exit
/// code: damage counts for more than what was found.
pub(super) fn told(damaged: &[Damaged], exit: Exit) -> Exit {
    for damaged in damaged {
        tracing::warn!("{}", message(&damaged.left_out()));
    }
    if damaged.is_empty() { exit } else { Exit::Corrupt }
}

/// The error where damaged lifetimes are all there is; `None` where nothing is damaged.
pub(super) fn nothing_left(damaged: &[Damaged]) -> Option<CliError> {
    let all: Vec<String> = damaged.iter().map(Damaged::to_string).collect();
    (!all.is_empty()).then(|| CliError::new(Exit::Corrupt, all.join("\n")))
}
