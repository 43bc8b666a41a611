//! Lengths: `episodes` or `steps`, one of them.

use crate::Length;
use crate::diagnostics::Reporter;
use crate::document::model::{Amount, LengthDoc};
use crate::document::read::{At, Slot};

/// A length that was given or not, well or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Given {
    /// Not given.
    No,
    /// Given and reported as wrong.
    Broken,
    /// Given.
    Length(Length),
}

impl Given {
    /// This length, else `other`.
    pub(crate) fn or(self, other: Given) -> Given {
        if self == Given::No { other } else { self }
    }
}

/// The length given by the two fields. A length of zero is accepted with
/// `zero_too`, as TELLA accepts it: the variant begins and ends.
pub(crate) fn length(
    episodes: &Slot<Amount>,
    steps: &Slot<Amount>,
    zero_too: bool,
    report: &mut Reporter<'_>,
) -> Given {
    if let (Some(first), Some(second)) = (episodes.span(), steps.span()) {
        report
            .error(second, "both `episodes` and `steps` are given")
            .related(first, "the episodes are here")
            .hint("keep one: a length is a number of episodes or of steps");
        return Given::Broken;
    }
    let mut one = |slot: &Slot<Amount>, what: &str, make: fn(u64) -> Length| match slot {
        Slot::Absent => Given::No,
        Slot::Broken(_) | Slot::Hidden => Given::Broken,
        Slot::Given(At { span, value: Amount(0) }) if !zero_too => {
            report.error(*span, format!("`{what}` is 0, at least 1 is allowed"));
            Given::Broken
        }
        Slot::Given(at) => Given::Length(make(at.value.0)),
    };
    one(episodes, "episodes", Length::Episodes).or(one(steps, "steps", Length::Steps))
}

/// The length that a record of its own gives; it must give one.
pub(crate) fn length_record(
    slot: &Slot<LengthDoc>,
    zero_too: bool,
    report: &mut Reporter<'_>,
) -> Given {
    match slot {
        Slot::Absent => Given::No,
        Slot::Broken(_) | Slot::Hidden => Given::Broken,
        Slot::Given(at) => match length(&at.value.episodes, &at.value.steps, zero_too, report) {
            Given::No => {
                report.error(at.span, "a length is missing").hint("add `episodes` or `steps`");
                Given::Broken
            }
            given => given,
        },
    }
}
