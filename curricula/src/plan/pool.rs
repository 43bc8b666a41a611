//! Pools: tasks drawn one after the other inside one learning block.

use super::generator::select;
use super::lengths::{Given, length_record};
use super::{Policy, Tasks};
use crate::Length;
use crate::diagnostics::Reporter;
use crate::document::model::PoolDoc;
use crate::document::read::At;

/// Variants drawn one after the other.
#[derive(Clone, Debug)]
pub(crate) struct PlanPool {
    pub(crate) members: Vec<usize>,
    /// How long each stays at least.
    pub(crate) each: Length,
    /// How long all of it lasts; at least `each`, in the same unit.
    pub(crate) total: Length,
    /// Whether one may be drawn twice in a row.
    pub(crate) repeats: bool,
}

impl PlanPool {
    /// How many are drawn: what is left over goes to the last.
    pub(crate) fn most_stays(&self) -> u64 {
        self.total.amount() / self.each.amount()
    }

    pub(super) fn build(
        at: &At<PoolDoc>,
        policy: &Policy,
        tasks: &Tasks,
        report: &mut Reporter<'_>,
    ) -> Option<PlanPool> {
        let doc = &at.value;
        let errors_before = report.errors();
        let members = select(&doc.tasks, tasks, report);
        let span = doc.tasks.span().unwrap_or(at.span);
        let members = tasks.learnable(members, span, doc.tasks.is_absent(), report);
        // After an error a member may be missing.
        let complete = report.errors() == errors_before;
        if members.is_empty() && doc.tasks.is_absent() && !tasks.broken {
            report
                .error(at.span, "there is nothing to draw from")
                .hint("declare tasks under `tasks`");
        }
        for (slot, key) in [(&doc.each, "each"), (&doc.total, "total")] {
            if slot.is_absent() {
                let hint =
                    "as in `pool: {tasks: [A, B], each: {episodes: 10}, total: {episodes: 100}}`";
                report.error(at.span, format!("the pool's `{key}` is missing")).hint(hint);
            }
        }
        if policy.compat {
            report
                .error(at.span, "TELLA has no pools")
                .hint("remove `compat: tella` and write the policies one by one");
        }
        let repeats = doc.repeats.get().copied().unwrap_or(true);
        let alone = complete && members.len() == 1;
        if let (false, true, Some(span)) = (repeats, alone, doc.repeats.span()) {
            report
                .error(span, "a pool of one cannot do without repeats")
                .hint("name another task, or allow repeats");
        }
        let each = length_record(&doc.each, false, report);
        let total = length_record(&doc.total, false, report);
        let (Given::Length(each), Given::Length(total)) = (each, total) else { return None };
        let span = doc.each.span().unwrap_or(at.span);
        let total_span = doc.total.span().unwrap_or(at.span);
        if each.unit() != total.unit() {
            report
                .error(
                    span,
                    format!(
                        "`each` is a number of {}, `total` one of {}",
                        each.unit(),
                        total.unit()
                    ),
                )
                .related(total_span, "`total` is here")
                .hint("give both in one unit");
            return None;
        }
        if each.amount() > total.amount() {
            let message = format!(
                "each stays at least {} {}, and all of it lasts {}",
                each.amount(),
                each.unit(),
                total.amount()
            );
            report.error(span, message).related(total_span, "`total` is here");
            return None;
        }
        Some(PlanPool { members, each, total, repeats })
    }
}
