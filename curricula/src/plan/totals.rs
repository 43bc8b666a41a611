//! All lengths of a curriculum together: no more than a count of 63 bits holds.

use super::{Body, Content, PlanBlock, PlanGenerator, PlanItem};
use crate::Length;
use crate::diagnostics::{Reporter, Span};
use crate::document::model::{MAX_AMOUNT, Scenario};

/// Episodes and steps. Sums that leave even 128 bits stay at their end, far above
/// what is allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Total {
    episodes: u128,
    steps: u128,
}

impl Total {
    /// With so many times this length.
    fn plus(self, length: Length, times: u128) -> Total {
        let more = u128::from(length.amount()).saturating_mul(times);
        match length {
            Length::Episodes(_) => Total { episodes: self.episodes.saturating_add(more), ..self },
            Length::Steps(_) => Total { steps: self.steps.saturating_add(more), ..self },
        }
    }

    fn item(self, item: &PlanItem, times: u128) -> Total {
        match item {
            PlanItem::Block(block) => self.block(block, times),
            PlanItem::Repeat(n, items) => {
                let times = times.saturating_mul((*n).into());
                items.iter().fold(self, |total, item| total.item(item, times))
            }
        }
    }

    fn block(self, block: &PlanBlock, times: u128) -> Total {
        let lengths: Vec<Length> = match &block.content {
            Content::TaskBlocks(_) => block.uses().iter().map(|(_, length)| *length).collect(),
            Content::Pool(pool) => vec![pool.total],
        };
        let total = lengths.iter().fold(self, |total, length| total.plus(*length, times));
        let Some(evaluate) = &block.evaluate else { return total };
        let learned = lengths.iter().fold(0u64, |n, length| n.saturating_add(length.amount()));
        let times = times.saturating_mul(evaluate.cuts(learned).into());
        evaluate.eval.iter().fold(total, |total, (_, length)| total.plus(*length, times))
    }

    fn generator(self, generator: &PlanGenerator) -> Total {
        let passes = u128::from(generator.passes);
        // A dispersed length is that of all passes together.
        let times = if generator.scenario == Scenario::Dispersed { 1 } else { passes };
        let learned = generator.learn.iter();
        let total = learned.fold(self, |total, (_, length)| total.plus(*length, times));
        let blocks =
            passes.saturating_mul(generator.learn.len() as u128 + u128::from(generator.cuts()));
        let evaluations = blocks.saturating_add(1);
        generator.eval.iter().fold(total, |total, (_, length)| total.plus(*length, evaluations))
    }
}

/// Reports lengths that are too much together.
pub(crate) fn check_total(body: &Body, span: Span, report: &mut Reporter<'_>) {
    let total = match body {
        Body::Blocks(items) => items.iter().fold(Total::default(), |total, i| total.item(i, 1)),
        Body::Generator(generator) => Total::default().generator(generator),
        Body::Missing => return,
    };
    for (n, unit) in [(total.episodes, "episodes"), (total.steps, "steps")] {
        if n > MAX_AMOUNT.into() {
            let message = format!("all lengths together are {n} {unit}");
            report.error(span, message).hint(format!("at most {MAX_AMOUNT} are allowed"));
        }
    }
}
