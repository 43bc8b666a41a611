//! From records to a plan: what the document means, with nothing optional left
//! but the seeds.
//!
//! Everything that can be said without knowing the environments is checked here.
//! Building goes on after an error, so that all of them are found; a plan is used
//! only where there was none.

mod blocks;
mod generator;
mod labels;
mod lengths;
mod policy;
mod tasks;

pub(crate) use generator::PlanGenerator;
pub(crate) use labels::check_label;
pub(crate) use policy::{ConfigUse, Policy, TELLA};
pub(crate) use tasks::{PlanTask, PlanVariant, Tasks};

use crate::diagnostics::{Reporter, Span};
use crate::document::model::CurriculumDoc;
use crate::document::node::quote;
use crate::document::read::At;
use crate::{BlockSubtype, BlockType, Length};
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
}

/// Where the blocks come from.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Blocks(Vec<PlanBlock>),
    Generator(PlanGenerator),
    /// Neither could be read.
    Missing,
}

/// A block of an explicit list.
#[derive(Clone, Debug)]
pub(crate) struct PlanBlock {
    pub(crate) block_type: BlockType,
    pub(crate) block_subtype: BlockSubtype,
    pub(crate) task_blocks: Vec<PlanTaskBlock>,
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
    /// Which of [`Tasks::variants`].
    pub(crate) variant: usize,
    pub(crate) seed: Option<u64>,
    pub(crate) length: Length,
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
        };
        // After an error a use may be missing.
        if !report.found.has_errors() {
            plan.warn_of_unused(report);
        }
        plan
    }

    fn warn_of_unused(&self, report: &mut Reporter<'_>) {
        let used: HashSet<usize> = match &self.body {
            Body::Blocks(blocks) => {
                let task_blocks = blocks.iter().flat_map(|b| &b.task_blocks);
                task_blocks.flat_map(|t| t.uses.iter().map(|u| u.variant)).collect()
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
    let blocks = doc.blocks.at().map(|b| blocks::build(b, policy.compat, tasks, report));
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
