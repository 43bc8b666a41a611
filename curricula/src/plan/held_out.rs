//! Variants and seeds that are only ever evaluated.

use super::Tasks;
use crate::diagnostics::{Reporter, Span};
use crate::document::node::quote;
use crate::document::read::At;

impl Tasks {
    /// Those of `found` that may be learned. What is held out is left out where a name
    /// stands for more than that, or all tasks are meant; otherwise it is reported.
    pub(super) fn learnable(
        &self,
        found: Vec<usize>,
        span: Span,
        all: bool,
        report: &mut Reporter<'_>,
    ) -> Vec<usize> {
        let (held_out, learnable): (Vec<usize>, Vec<usize>) =
            found.into_iter().partition(|v| self.variants[*v].held_out.is_some());
        if let (true, Some(first)) = (learnable.is_empty() && !all, held_out.first()) {
            self.report_held_out(*first, span, report);
        }
        learnable
    }

    /// Reports that a held-out variant is learned.
    pub(super) fn report_held_out(&self, variant: usize, span: Span, report: &mut Reporter<'_>) {
        let variant = &self.variants[variant];
        let message = format!("{} is held out and cannot be learned", quote(&variant.label()));
        let place = variant.held_out.unwrap_or(variant.span);
        report
            .error(span, message)
            .related(place, "it is declared held out here")
            .hint("evaluate it with `eval`, or learn another variant");
    }

    /// Reports that a task is learned with a seed that is held out.
    pub(super) fn check_seed(&self, variant: usize, seed: &At<u64>, report: &mut Reporter<'_>) {
        let held_out = &self.variants[variant].held_out_seeds;
        let Some(found) = held_out.iter().find(|held| held.value == seed.value) else { return };
        let task = quote(&self.variants[variant].task);
        report
            .error(seed.span, format!("seed {} of task {task} is held out", found.value))
            .related(found.span, "it is held out here")
            .hint("learn with another seed, or leave the seed to be drawn");
    }
}
