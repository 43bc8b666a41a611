//! Evaluations in the middle of learning blocks.

use super::generator::{Planned, select, with_lengths};
use super::lengths::{Given, length, length_record};
use super::{Policy, Tasks};
use crate::diagnostics::{Reporter, Span};
use crate::document::model::{EvalSeeds, EvaluateDoc, LengthDoc};
use crate::document::node::quote;
use crate::document::read::{At, Slot};
use crate::{Length, Seeding};

/// Evaluations after every so much of a learning block.
#[derive(Clone, Debug)]
pub(crate) struct PlanEvaluate {
    pub(crate) every: Length,
    pub(crate) eval: Vec<Planned>,
    pub(crate) seeds: EvalSeeds,
}

impl PlanEvaluate {
    /// How many times a block of length `learned` is cut: its end is no cut.
    pub(crate) fn cuts(&self, learned: u64) -> u64 {
        learned.saturating_sub(1) / self.every.amount()
    }

    /// How many task variants the cuts add at most.
    pub(crate) fn size(&self, learned: u64) -> Option<u64> {
        self.cuts(learned).checked_mul(self.eval.len() as u64 + 1)
    }

    /// `learned` is what the block learns, all of it where it is `complete`.
    pub(super) fn build(
        at: &At<EvaluateDoc>,
        learned: &[(usize, Length)],
        complete: bool,
        policy: &Policy,
        tasks: &Tasks,
        report: &mut Reporter<'_>,
    ) -> Option<PlanEvaluate> {
        let doc = &at.value;
        let default = length(&doc.episodes, &doc.steps, false, report);
        let chosen = select(&doc.tasks, tasks, report);
        if chosen.is_empty() && doc.tasks.is_absent() && !tasks.broken {
            report
                .error(at.span, "there is nothing to evaluate on")
                .hint("declare tasks under `tasks`");
        }
        let eval = with_lengths(&chosen, default, "evaluate", at.span, tasks, report);
        if doc.every.is_absent() {
            report
                .error(at.span, "`every` is missing")
                .hint("as in `evaluate: {every: {episodes: 100}, ...}`");
        }
        let every = every(&doc.every, learned, policy, tasks, report)?;
        let seeds = doc.seeds.get().copied().unwrap_or_default();
        let evaluate = PlanEvaluate { every, eval, seeds };
        let total = learned.iter().fold(0u64, |n, (_, l)| n.saturating_add(l.amount()));
        let span = doc.every.span().unwrap_or(at.span);
        if complete {
            check_some(every, total, "the block has", span, report);
        }
        Some(evaluate)
    }
}

/// After how much is evaluated: in the unit of all lengths learned.
pub(super) fn every(
    slot: &Slot<LengthDoc>,
    learned: &[(usize, Length)],
    policy: &Policy,
    tasks: &Tasks,
    report: &mut Reporter<'_>,
) -> Option<Length> {
    let Given::Length(every) = length_record(slot, false, report) else { return None };
    let span = slot.span()?;
    if policy.seeding == Seeding::GymVector {
        report
            .error(span, "learning cannot go on after an evaluation under gym-vector seeding")
            .hint("episodes are numbered on across an evaluation under `seeding: per-episode`");
        return None;
    }
    if let Some((variant, length)) = learned.iter().find(|(_, l)| l.unit() != every.unit()) {
        let label = quote(&tasks.variants[*variant].label());
        let message = format!(
            "`every` is a number of {}, the length of {label} one of {}",
            every.unit(),
            length.unit()
        );
        report.error(span, message).hint("give both in one unit");
        return None;
    }
    Some(every)
}

/// Reports an evaluation that never comes.
pub(super) fn check_some(
    every: Length,
    longest: u64,
    what: &str,
    span: Span,
    report: &mut Reporter<'_>,
) {
    if every.amount() < longest {
        return;
    }
    let message =
        format!("this never evaluates: every {every}, and {what} {}", every.with_amount(longest));
    let allowed = match longest {
        0 | 1 => "what is that short has no middle to evaluate in".to_owned(),
        n => format!("from 1 to {} is allowed", every.with_amount(n - 1)),
    };
    report
        .error(span, message)
        .hint(format!("{allowed}; at the end of a block an `eval` block evaluates"));
}
