//! The part of a lifetime that tuning may see.

use super::{Body, PlanItem};
use crate::diagnostics::Reporter;
use crate::document::model::TuneDoc;
use crate::document::read::Slot;
use crate::{BlockType, Length, Tune};

pub(super) fn build(slot: &Slot<TuneDoc>, body: &Body, report: &mut Reporter<'_>) -> Option<Tune> {
    let at = slot.at()?;
    if at.value.fraction.is_absent() {
        report.error(at.span, "`fraction` is missing").hint("as in `tune: {fraction: 0.1}`");
    }
    let fraction = at.value.fraction.at()?;
    if !(fraction.value.0 > 0.0 && fraction.value.0 < 1.0) {
        let message =
            format!("`fraction` is {}, a number above 0 and below 1 is allowed", fraction.value.0);
        report.error(fraction.span, message);
        return None;
    }
    let learned = learned(body);
    let units: Vec<&str> = learned.iter().map(|length| length.unit()).collect();
    if let Some(other) = units.iter().find(|unit| **unit != units[0]) {
        let message = format!(
            "a part of the learning length needs one unit, and lengths are in {} and in {other}",
            units[0]
        );
        report
            .error(at.span, message)
            .hint("give all learning lengths in episodes, or all in steps");
        return None;
    }
    if learned.is_empty() && !report.found.has_errors() {
        report
            .error(at.span, "nothing is learned, so that there is nothing to tune on")
            .hint("remove `tune`, or add a `learn` block");
        return None;
    }
    Some(Tune { fraction: fraction.value.0 })
}

/// All lengths that are learned.
fn learned(body: &Body) -> Vec<Length> {
    match body {
        Body::Blocks(items) => {
            let blocks = items.iter().flat_map(PlanItem::blocks);
            let blocks = blocks.filter(|b| b.block_type == BlockType::Learn);
            blocks.flat_map(|b| b.uses()).map(|(_, length)| length).collect()
        }
        Body::Generator(generator) => generator.learn.iter().map(|(_, length)| *length).collect(),
        Body::Missing => Vec::new(),
    }
}
