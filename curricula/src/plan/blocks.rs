//! Explicit blocks, in short form (`learn: Task`) or written out.

use super::labels::check_label;
use super::lengths::{Given, length};
use super::tasks::{DEFAULT_VARIANT, PlanVariant, adapters_or, held_out, params};
use super::{
    Content, PlanBlock, PlanEvaluate, PlanItem, PlanPool, PlanTaskBlock, Policy, Tasks, Use,
    check_size, continues, size,
};
use crate::BlockType;
use crate::diagnostics::{Reporter, Span};
use crate::document::hints::allowed;
use crate::document::model::{
    Amount, BlockDoc, BlockVariantDoc, BlockVariantRecord, TaskBlockDoc, TaskBlockRecord,
};
use crate::document::node::quote;
use crate::document::read::{At, Many, Slot};

/// What reading blocks needs besides the block.
struct Builder<'b, 'r, 'a> {
    tasks: &'b mut Tasks,
    compat: bool,
    report: &'r mut Reporter<'a>,
    block_type: BlockType,
    /// The block's own length.
    length: Given,
}

pub(super) fn build(
    blocks: &At<Vec<At<BlockDoc>>>,
    policy: &Policy,
    tasks: &mut Tasks,
    report: &mut Reporter<'_>,
) -> Vec<PlanItem> {
    let built = items(blocks, policy, tasks, report);
    check_size(size(&built), blocks.span, report);
    continues::check(&built, policy, tasks, report);
    built
}

fn items(
    blocks: &At<Vec<At<BlockDoc>>>,
    policy: &Policy,
    tasks: &mut Tasks,
    report: &mut Reporter<'_>,
) -> Vec<PlanItem> {
    if blocks.value.is_empty() {
        report.error(blocks.span, "`blocks` is empty").hint("a list of blocks has at least one");
    }
    blocks.value.iter().filter_map(|b| item(b, policy, tasks, report)).collect()
}

/// A block, or blocks that are repeated.
fn item(
    doc: &At<BlockDoc>,
    policy: &Policy,
    tasks: &mut Tasks,
    report: &mut Reporter<'_>,
) -> Option<PlanItem> {
    let (repeat, blocks) = (&doc.value.repeat, &doc.value.blocks);
    if repeat.is_absent() && blocks.is_absent() {
        return block(doc, policy, tasks, report).map(PlanItem::Block);
    }
    if repeat.is_absent() {
        report.error(doc.span, "`repeat` is missing").hint("as in `{repeat: 3, blocks: [...]}`");
    }
    if blocks.is_absent() {
        report
            .error(doc.span, "there are no `blocks` to repeat")
            .hint("as in `{repeat: 3, blocks: [...]}`");
    }
    let b = &doc.value;
    let others = [
        (b.learn.span(), "learn"),
        (b.eval.span(), "eval"),
        (b.pool.span(), "pool"),
        (b.subtype.span(), "subtype"),
        (b.evaluate.span(), "evaluate"),
        (b.episodes.span(), "episodes"),
        (b.steps.span(), "steps"),
    ];
    for (span, key) in others {
        if let Some(span) = span {
            report
                .error(span, format!("`{key}` is given beside `repeat`"))
                .hint("it belongs into the blocks that are repeated");
        }
    }
    if let Some(At { span, value: Amount(0) }) = repeat.at() {
        report.error(*span, "`repeat` is 0, at least 1 is allowed");
    }
    let items = items(blocks.at()?, policy, tasks, report);
    Some(PlanItem::Repeat(repeat.get()?.0, items))
}

fn block(
    doc: &At<BlockDoc>,
    policy: &Policy,
    tasks: &mut Tasks,
    report: &mut Reporter<'_>,
) -> Option<PlanBlock> {
    let block = &doc.value;
    let errors_before = report.errors();
    let length = length(&block.episodes, &block.steps, policy.compat, report);
    let kinds =
        [("learn", block.learn.span()), ("eval", block.eval.span()), ("pool", block.pool.span())];
    let given: Vec<(&str, Span)> =
        kinds.into_iter().filter_map(|(key, span)| Some((key, span?))).collect();
    if let [(first, place), (second, span), ..] = given[..] {
        report
            .error(span, format!("a block has both `{first}` and `{second}`"))
            .related(place, format!("`{first}` is here"))
            .hint("make two blocks of it");
        return None;
    }
    if given.is_empty() {
        let hint = "add `learn: Task` or `eval: Task`";
        report.error(doc.span, "a block has neither `learn` nor `eval`").hint(hint);
        return None;
    }
    let block_type = match block.eval.is_absent() {
        true => BlockType::Learn,
        false => BlockType::Eval,
    };
    let content = match (&block.learn, &block.eval, &block.pool) {
        (Slot::Given(items), _, _) | (_, Slot::Given(items), _) => {
            let builder = Builder { tasks, compat: policy.compat, report, block_type, length };
            Some(Content::TaskBlocks(builder.task_blocks(items)))
        }
        (_, _, Slot::Given(pool)) => {
            if let Some(span) = block.episodes.span().or(block.steps.span()) {
                report
                    .error(span, "a pool's length is given beside it")
                    .hint("give it as the pool's `total`");
            }
            PlanPool::build(pool, policy, tasks, report).map(Content::Pool)
        }
        _ => None,
    };
    let block_subtype = block.subtype.get().copied().unwrap_or_default();
    let mut plan = PlanBlock { block_type, block_subtype, content: content?, evaluate: None };
    if let (Some(at), BlockType::Eval) = (block.evaluate.at(), block_type) {
        report
            .error(at.span, "`evaluate` is given in an evaluation block")
            .hint("it puts evaluations into the middle of a learning block");
    } else if let Some(at) = block.evaluate.at() {
        // After an error something that is learned may be missing.
        let complete = report.errors() == errors_before;
        plan.evaluate = PlanEvaluate::build(at, &plan.learned(), complete, policy, tasks, report);
    }
    Some(plan)
}

impl PlanBlock {
    /// The lengths of what is learned, each once.
    fn learned(&self) -> Vec<(usize, crate::Length)> {
        match &self.content {
            Content::TaskBlocks(_) => self.uses(),
            Content::Pool(_) => self.uses().into_iter().take(1).collect(),
        }
    }
}

impl Builder<'_, '_, '_> {
    fn task_blocks(mut self, items: &At<Many<TaskBlockDoc>>) -> Vec<PlanTaskBlock> {
        if items.value.0.is_empty() {
            self.report.error(items.span, "the block is empty").hint("name at least one task");
        }
        let mut task_blocks: Vec<PlanTaskBlock> = Vec::new();
        let mut last_was_short = false;
        for item in &items.value.0 {
            match &item.value {
                TaskBlockDoc::Text(reference) => {
                    for (task, used) in self.reference(reference, item.span) {
                        // Neighbours of one task share a task block, as in TELLA.
                        match task_blocks.last_mut().filter(|t| last_was_short && t.task == task) {
                            Some(last) => last.uses.push(used),
                            None => task_blocks.push(PlanTaskBlock { task, uses: vec![used] }),
                        }
                        last_was_short = true;
                    }
                }
                TaskBlockDoc::Full(record) => {
                    task_blocks.extend(self.task_block(record, item.span));
                    last_was_short = false;
                }
            }
        }
        task_blocks
    }

    /// Those of `found` that may stand in this block.
    fn allowed(&mut self, found: Vec<usize>, span: Span) -> Vec<usize> {
        match self.block_type {
            BlockType::Learn => self.tasks.learnable(found, span, false, self.report),
            BlockType::Eval => found,
        }
    }

    fn reference(&mut self, reference: &str, span: Span) -> Vec<(String, Use)> {
        let found = self.tasks.resolve(reference, span, self.report).unwrap_or_default();
        let length = self.length;
        self.allowed(found, span)
            .into_iter()
            .filter_map(|v| {
                let used = self.used(v, None, length, span)?;
                Some((self.tasks.variants[v].task.clone(), used))
            })
            .collect()
    }

    /// A variant with its length: `own`, else the declared one.
    fn used(
        &mut self,
        variant: usize,
        seed: Option<&At<u64>>,
        own: Given,
        span: Span,
    ) -> Option<Use> {
        if let (BlockType::Learn, Some(seed)) = (self.block_type, seed) {
            self.tasks.check_seed(variant, seed, self.report);
        }
        let declared = &self.tasks.variants[variant];
        let declared_length = match self.block_type {
            BlockType::Learn => declared.learn,
            BlockType::Eval => declared.eval,
        };
        match own.or(declared_length) {
            Given::Length(length) => {
                let seed = seed.map(|seed| seed.value);
                Some(Use { span, variant, seed, length, continues: false })
            }
            Given::Broken => None,
            Given::No => {
                let message = format!("no length for {}", quote(&declared.label()));
                self.report.error(span, message).hint("add `episodes` or `steps`");
                None
            }
        }
    }

    fn task_block(&mut self, doc: &TaskBlockRecord, span: Span) -> Option<PlanTaskBlock> {
        let length = length(&doc.episodes, &doc.steps, self.compat, self.report).or(self.length);
        if doc.task.is_absent() {
            let hint = "add `task: Label`";
            self.report.error(span, "the task block's `task` is missing").hint(hint);
        }
        let task = doc.task.at()?;
        check_label(task, "task label", self.report);
        let mut block = PlanTaskBlock { task: task.value.clone(), uses: Vec::new() };
        match &doc.variants {
            Slot::Broken(_) | Slot::Hidden => {}
            Slot::Absent => block.uses = self.all_variants(doc, task, length),
            Slot::Given(variants) => {
                if let Some(span) = doc.seed.span() {
                    let hint = "give each variant its own";
                    self.report.error(span, "`seed` is given beside `variants`").hint(hint);
                }
                if variants.value.is_empty() {
                    let hint = "add a variant";
                    self.report.error(variants.span, "the task block is empty").hint(hint);
                }
                self.no_duplicates(&variants.value);
                for variant in &variants.value {
                    block.uses.extend(self.variant(doc, task, variant, length));
                }
            }
        }
        Some(block)
    }

    /// A task block without `variants`: all that are declared, else one.
    fn all_variants(
        &mut self,
        doc: &TaskBlockRecord,
        task: &At<String>,
        length: Given,
    ) -> Vec<Use> {
        let Some(declared) = self.tasks.task(&task.value).map(|t| t.variants.clone()) else {
            let label = At { span: task.span, value: DEFAULT_VARIANT.to_owned() };
            return self.undeclared(doc, None, task, &label, length).into_iter().collect();
        };
        self.not_again([doc.env.span(), doc.params.span(), doc.adapters.span()], &task.value);
        if let (Some(span), 2..) = (doc.seed.span(), declared.len()) {
            let message = format!("one `seed` for {} variants", declared.len());
            self.report.error(span, message).hint("list them under `variants`, each with its own");
        }
        let seed = doc.seed.at();
        let declared = self.allowed(declared, task.span);
        declared.into_iter().filter_map(|v| self.used(v, seed, length, task.span)).collect()
    }

    fn variant(
        &mut self,
        doc: &TaskBlockRecord,
        task: &At<String>,
        variant: &At<BlockVariantDoc>,
        length_of_block: Given,
    ) -> Option<Use> {
        let (label, own) = match &variant.value {
            BlockVariantDoc::Text(label) => (At { span: variant.span, value: label.clone() }, None),
            BlockVariantDoc::Full(own) => {
                if own.variant.is_absent() {
                    let hint = "add `variant: Label`";
                    self.report.error(variant.span, "the variant's label is missing").hint(hint);
                }
                (own.variant.at()?.clone(), Some(&**own))
            }
        };
        let length = own
            .map_or(Given::No, |own| length(&own.episodes, &own.steps, self.compat, self.report));
        let length = length.or(length_of_block);
        let Some(declared) = self.tasks.declared_variant(&task.value, &label.value) else {
            return self.undeclared(doc, own, task, &label, length);
        };
        if let Some(own) = own {
            let given =
                [own.env.span(), own.params.span(), own.adapters.span(), own.held_out.span()];
            self.not_again(given, &self.tasks.variants[declared].label());
        }
        if self.allowed(vec![declared], label.span).is_empty() {
            return None;
        }
        let seed = own.and_then(|o| o.seed.at());
        let continues = self.continues(own);
        let used = self.used(declared, seed, length, label.span)?;
        Some(Use { continues, ..used })
    }

    /// Whether a variant says that it goes on; in evaluation it cannot.
    fn continues(&mut self, own: Option<&BlockVariantRecord>) -> bool {
        let Some(at) = own.and_then(|o| o.continues.at()).filter(|at| at.value) else {
            return false;
        };
        if self.block_type == BlockType::Eval {
            self.report
                .error(at.span, "an evaluation does not go on")
                .hint("`continues` belongs to a variant that is learned");
        }
        true
    }

    /// A variant written out in the block.
    fn undeclared(
        &mut self,
        doc: &TaskBlockRecord,
        own: Option<&BlockVariantRecord>,
        task: &At<String>,
        label: &At<String>,
        length: Given,
    ) -> Option<Use> {
        check_label(label, "variant label", self.report);
        let absent = Slot::Absent;
        let own_env = own.map_or(&absent, |o| &o.env);
        let env = own_env.at().or(doc.env.at()).cloned();
        if own_env.is_absent() && doc.env.is_absent() {
            self.missing_env(task, label);
        }
        let mut all = params(&doc.params, self.report);
        all.extend(own.map(|o| params(&o.params, self.report)).unwrap_or_default());
        let adapters = adapters_or(&doc.adapters, &self.tasks.adapters, self.report);
        let adapters = match own {
            Some(own) => adapters_or(&own.adapters, &adapters, self.report),
            None => adapters,
        };
        let variant = PlanVariant {
            task: task.value.clone(),
            variant: label.value.clone(),
            span: label.span,
            env,
            params: all,
            adapters,
            learn: Given::No,
            eval: Given::No,
            held_out: own.and_then(|o| held_out(&o.held_out, None)),
            held_out_seeds: Vec::new(),
        };
        let index = self.tasks.add_inline(variant, self.compat, self.report);
        if self.allowed(vec![index], label.span).is_empty() {
            return None;
        }
        let seed = own.map_or(&doc.seed, |o| &o.seed).at();
        let continues = self.continues(own);
        let used = self.used(index, seed, length, label.span)?;
        Some(Use { continues, ..used })
    }

    fn missing_env(&mut self, task: &At<String>, label: &At<String>) {
        let tasks = &*self.tasks;
        if tasks.broken {
            return;
        }
        if let Some(declared) = tasks.task(&task.value) {
            let message =
                format!("task {} has no variant {}", quote(&task.value), quote(&label.value));
            self.report.error(label.span, message).hint_with(|| {
                let labels = declared.variants.iter().map(|v| tasks.variants[*v].variant.as_str());
                allowed(&label.value, labels)
            });
            return;
        }
        let message =
            format!("task {} is not declared and names no environment", quote(&task.value));
        self.report.error(task.span, message).hint_with(|| {
            if tasks.declared.is_empty() {
                return "add `env`".into();
            }
            let labels = tasks.declared.iter().map(|t| t.label.as_str());
            format!("add `env`, or name a declared task: {}", allowed(&task.value, labels))
        });
    }

    /// A declared variant's environment is not given again.
    fn not_again<const N: usize>(&mut self, given: [Option<Span>; N], label: &str) {
        for span in given.into_iter().flatten() {
            let message = format!("{} is declared under `tasks` already", quote(label));
            let hint = "environment, parameters and adapters belong there, or to a variant of another label";
            self.report.error(span, message).hint(hint);
        }
    }

    fn no_duplicates(&mut self, variants: &[At<BlockVariantDoc>]) {
        if self.compat {
            return;
        }
        let labels: Vec<(&str, Span)> = variants
            .iter()
            .filter_map(|v| match &v.value {
                BlockVariantDoc::Text(label) => Some((label.as_str(), v.span)),
                BlockVariantDoc::Full(own) => {
                    own.variant.at().map(|at| (at.value.as_str(), at.span))
                }
            })
            .collect();
        let mut seen = std::collections::HashMap::new();
        for (label, span) in labels {
            if let Some(first) = seen.get(label) {
                let message = format!("duplicate variant label {} in a task block", quote(label));
                let hint = "the labels of a task block's variants differ";
                self.report.error(span, message).related(*first, "first here").hint(hint);
            } else {
                seen.insert(label, span);
            }
        }
    }
}
