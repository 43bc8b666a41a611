//! Variants that go on where the variant learned last stopped.

use super::{Content, PlanItem, Policy, Tasks, Use};
use crate::diagnostics::Reporter;
use crate::document::node::quote;
use crate::{BlockType, Seeding};

/// The variant learned last: which, and with what seed; `None` for a drawn one.
type Last = Option<(usize, Option<u64>)>;

/// Reports each variant that goes on from another than the one learned before it.
pub(super) fn check(items: &[PlanItem], policy: &Policy, tasks: &Tasks, report: &mut Reporter<'_>) {
    let mut checker = Checker { policy, tasks, report };
    checker.list(items, None);
}

struct Checker<'c, 'r, 'a> {
    policy: &'c Policy,
    tasks: &'c Tasks,
    report: &'r mut Reporter<'a>,
}

impl Checker<'_, '_, '_> {
    fn list(&mut self, items: &[PlanItem], mut last: Last) -> Last {
        for item in items {
            last = match item {
                // What comes before the first repetition does not come before the second.
                PlanItem::Repeat(_, items) => self.list(items, None),
                PlanItem::Block(block) if block.block_type == BlockType::Eval => last,
                PlanItem::Block(block) => match &block.content {
                    // What is drawn last is not known.
                    Content::Pool(_) => None,
                    Content::TaskBlocks(blocks) => {
                        let uses = blocks.iter().flat_map(|t| &t.uses);
                        uses.fold(last, |last, used| Some(self.check(used, last)))
                    }
                },
            };
        }
        last
    }

    fn check(&mut self, used: &Use, last: Last) -> (usize, Option<u64>) {
        let own = (used.variant, used.seed);
        if !used.continues {
            return own;
        }
        let label = quote(&self.tasks.variants[used.variant].label());
        if self.policy.seeding == Seeding::GymVector {
            self.report
                .error(used.span, format!("{label} goes on under gym-vector seeding"))
                .hint("episodes are numbered on under `seeding: per-episode`");
            return own;
        }
        match last {
            Some((variant, seed)) if variant == used.variant => {
                if used.seed.is_some() && used.seed != seed {
                    self.report
                        .error(used.span, format!("{label} goes on with another seed"))
                        .hint("leave the seed away: it stays what it was");
                }
                (variant, seed)
            }
            Some((variant, _)) => {
                let other = quote(&self.tasks.variants[variant].label());
                let message = format!("{label} goes on, but {other} is what was learned last");
                self.report.error(used.span, message).hint("remove `continues`");
                own
            }
            None => {
                let message =
                    format!("{label} goes on, but nothing is known to be learned before it");
                self.report.error(used.span, message).hint("remove `continues`");
                own
            }
        }
    }
}
