//! From records to a plan: what the document means, with nothing optional left
//! but the seeds.
//!
//! Everything that can be said without knowing the environments is checked here.
//! Building goes on after an error, so that all of them are found; a plan is used
//! only where there was none.

mod blocks;
mod continues;
mod evaluate;
mod generator;
mod held_out;
mod labels;
mod lengths;
mod policy;
mod pool;
mod tasks;
mod totals;
mod tune;

pub(crate) use evaluate::PlanEvaluate;
pub(crate) use generator::PlanGenerator;
pub(crate) use labels::check_label;
pub(crate) use policy::{ConfigUse, Policy, TELLA};
pub(crate) use pool::PlanPool;
pub(crate) use tasks::{PlanTask, PlanVariant, Tasks};
pub(crate) use totals::check_total;

use crate::diagnostics::{Reporter, Span};
use crate::document::model::CurriculumDoc;
use crate::document::node::quote;
use crate::document::read::At;
use crate::{BlockSubtype, BlockType, Length, Tune};
use std::collections::HashSet;

/// Most task variants that a curriculum may have, counted over all its blocks.
pub(crate) const MAX_VARIANTS: u64 = 400_000;

/// The version of the language that this program reads.
pub(crate) const SCHEMA: u64 = 1;

/// A sound document, apart from its environments.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) scenario_type: String,
    pub(crate) policy: Policy,
    pub(crate) tasks: Tasks,
    pub(crate) body: Body,
    pub(crate) tune: Option<Tune>,
}

/// Where the blocks come from.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Blocks(Vec<PlanItem>),
    Generator(PlanGenerator),
    /// Neither could be read.
    Missing,
}

/// An item of a list of blocks.
#[derive(Clone, Debug)]
pub(crate) enum PlanItem {
    Block(PlanBlock),
    /// Blocks that are lived so many times.
    Repeat(u64, Vec<PlanItem>),
}

/// A block of an explicit list.
#[derive(Clone, Debug)]
pub(crate) struct PlanBlock {
    pub(crate) block_type: BlockType,
    pub(crate) block_subtype: BlockSubtype,
    pub(crate) content: Content,
    /// Evaluations in the middle of it.
    pub(crate) evaluate: Option<PlanEvaluate>,
}

/// What is in a block.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    TaskBlocks(Vec<PlanTaskBlock>),
    Pool(PlanPool),
}

impl PlanItem {
    /// The blocks in it, those that are repeated once.
    pub(crate) fn blocks(&self) -> Vec<&PlanBlock> {
        match self {
            PlanItem::Block(block) => vec![block],
            PlanItem::Repeat(_, items) => items.iter().flat_map(PlanItem::blocks).collect(),
        }
    }

    /// The number of task variants over all blocks, at most; `None` beyond 64 bits.
    fn size(&self) -> Option<u64> {
        match self {
            PlanItem::Block(block) => block.size(),
            PlanItem::Repeat(times, items) => size(items)?.checked_mul(*times),
        }
    }
}

/// The number of task variants over all blocks of a list, at most.
fn size(items: &[PlanItem]) -> Option<u64> {
    items.iter().try_fold(0u64, |sum, item| sum.checked_add(item.size()?))
}

impl PlanBlock {
    /// The variants used, with their lengths; of a pool every member with the whole length.
    pub(crate) fn uses(&self) -> Vec<(usize, Length)> {
        match &self.content {
            Content::TaskBlocks(blocks) => {
                blocks.iter().flat_map(|t| &t.uses).map(|u| (u.variant, u.length)).collect()
            }
            Content::Pool(pool) => pool.members.iter().map(|m| (*m, pool.total)).collect(),
        }
    }

    fn size(&self) -> Option<u64> {
        let (variants, learned) = match &self.content {
            Content::TaskBlocks(_) => {
                let uses = self.uses();
                let learned =
                    uses.iter().fold(0u64, |sum, (_, length)| sum.saturating_add(length.amount()));
                (uses.len() as u64, learned)
            }
            Content::Pool(pool) => (pool.most_stays(), pool.total.amount()),
        };
        let Some(evaluate) = &self.evaluate else { return Some(variants) };
        variants.checked_add(evaluate.size(learned)?)
    }
}

/// A task block of an explicit list.
#[derive(Clone, Debug)]
pub(crate) struct PlanTaskBlock {
    pub(crate) task: String,
    pub(crate) uses: Vec<Use>,
}

/// A variant in a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Use {
    /// Where it stands.
    pub(crate) span: Span,
    /// Which of [`Tasks::variants`].
    pub(crate) variant: usize,
    pub(crate) seed: Option<u64>,
    pub(crate) length: Length,
    /// Whether it goes on where the variant learned last stopped.
    pub(crate) continues: bool,
}

impl Plan {
    pub(crate) fn build(at: &At<CurriculumDoc>, report: &mut Reporter<'_>) -> Plan {
        let doc = &at.value;
        check_schema(at, report);
        if let Some(name) = doc.name.at() {
            labels::check_name(name, report);
        } else if doc.name.is_absent() {
            report.error(at.span, "`name` is missing").hint("add `name: my-curriculum`");
        }
        let policy = Policy::build(doc, report);
        let mut tasks = Tasks::build(doc, policy.compat, report);
        let body = body(at, &policy, &mut tasks, report);
        let place = doc.generator.span().or(doc.blocks.span()).unwrap_or(at.span);
        totals::check_total(&body, place, report);
        labels::check_names_in_log(&tasks, report);
        policy.check_varying(&tasks, doc.seeding.span().or(doc.compat.span()), report);
        let tune = tune::build(&doc.tune, &body, report);
        let scenario_type = match &body {
            Body::Generator(g) => g.scenario.label().to_owned(),
            _ => doc.scenario_type.get().cloned().unwrap_or_else(|| "custom".into()),
        };
        let plan = Plan {
            name: doc.name.get().cloned().unwrap_or_default(),
            description: doc.description.get().cloned(),
            scenario_type,
            policy,
            tasks,
            body,
            tune,
        };
        // After an error a use may be missing.
        if !report.found.has_errors() {
            plan.warn_of_unused(report);
        }
        plan
    }

    fn warn_of_unused(&self, report: &mut Reporter<'_>) {
        let used: HashSet<usize> = match &self.body {
            Body::Blocks(items) => {
                let blocks = items.iter().flat_map(PlanItem::blocks);
                let used = |block: &PlanBlock| -> Vec<usize> {
                    let evaluated = block.evaluate.iter().flat_map(|e| &e.eval);
                    block.uses().iter().chain(evaluated).map(|(v, _)| *v).collect()
                };
                blocks.flat_map(used).collect()
            }
            Body::Generator(g) => g.learn.iter().chain(&g.eval).map(|(v, _)| *v).collect(),
            Body::Missing => return,
        };
        let unused = |task: &&PlanTask| !task.variants.iter().any(|v| used.contains(v));
        let mut unused = self.tasks.declared.iter().filter(unused);
        if let Some(first) = unused.next() {
            let message = match unused.count() {
                0 => format!("task {} is declared and never used", quote(&first.label)),
                n => format!("task {} and {n} more are never used", quote(&first.label)),
            };
            report.warning(first.span, message);
        }
    }
}

fn check_schema(at: &At<CurriculumDoc>, report: &mut Reporter<'_>) {
    let hint = format!("this program reads `schema: {SCHEMA}`");
    if let Some(version) = at.value.schema.at() {
        if version.value != SCHEMA {
            let message = format!("schema version {} is not known", version.value);
            report.error(version.span, message).hint(hint);
        }
    } else if at.value.schema.is_absent() {
        report.error(at.span, "`schema` is missing").hint("add `schema: 1` as the first line");
    }
}

fn body(
    at: &At<CurriculumDoc>,
    policy: &Policy,
    tasks: &mut Tasks,
    report: &mut Reporter<'_>,
) -> Body {
    let doc = &at.value;
    if let (Some(blocks), Some(generator)) = (doc.blocks.span(), doc.generator.span()) {
        report
            .error(generator, "both `blocks` and `generator` are given")
            .related(blocks, "the blocks are here")
            .hint("keep one: a generator makes the blocks");
    }
    if doc.blocks.is_absent() && doc.generator.is_absent() {
        report
            .error(at.span, "neither `blocks` nor `generator` is given")
            .hint("list the blocks under `blocks`, or let a `generator` make them from `tasks`");
    }
    if let (Some(label), Some(_)) = (doc.scenario_type.at(), doc.generator.span()) {
        report
            .error(label.span, "`scenario_type` is given beside a generator")
            .hint("remove it: the generator's `type` is the scenario type");
    }
    if let Some(label) = doc.scenario_type.at() {
        check_label(label, "scenario type", report);
    }
    // Read both where both are given, for the sake of the errors inside them.
    let generator = doc.generator.at().map(|g| PlanGenerator::build(g, policy, tasks, report));
    let blocks = doc.blocks.at().map(|b| blocks::build(b, policy, tasks, report));
    match (blocks, generator) {
        (Some(blocks), _) => Body::Blocks(blocks),
        (None, Some(generator)) => Body::Generator(generator),
        (None, None) => Body::Missing,
    }
}

/// Reports a curriculum with more task variants than [`MAX_VARIANTS`].
pub(crate) fn check_size(count: Option<u64>, span: Span, report: &mut Reporter<'_>) -> bool {
    let fits = count.is_some_and(|n| n <= MAX_VARIANTS);
    if !fits {
        let count = count.map_or("far more".into(), |n| n.to_string());
        report.error(
            span,
            format!("this makes {count} task variants over all blocks, {MAX_VARIANTS} are allowed"),
        );
    }
    fits
}
