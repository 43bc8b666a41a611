//! Explicit blocks, in short form (`learn: Task`) or written out.

use super::labels::check_label;
use super::lengths::{Given, length};
use super::tasks::{DEFAULT_VARIANT, PlanVariant, adapters_or, params};
use super::{PlanBlock, PlanTaskBlock, Tasks, Use, check_size};
use crate::BlockType;
use crate::diagnostics::{Reporter, Span};
use crate::document::hints::allowed;
use crate::document::model::{
    BlockDoc, BlockVariantDoc, BlockVariantRecord, TaskBlockDoc, TaskBlockRecord,
};
use crate::document::node::quote;
use crate::document::read::{At, Slot};

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
    compat: bool,
    tasks: &mut Tasks,
    report: &mut Reporter<'_>,
) -> Vec<PlanBlock> {
    if blocks.value.is_empty() {
        report.error(blocks.span, "`blocks` is empty").hint("a curriculum has at least one block");
    }
    let built: Vec<PlanBlock> =
        blocks.value.iter().filter_map(|b| block(b, compat, tasks, report)).collect();
    let count = built.iter().flat_map(|b| &b.task_blocks).map(|t| t.uses.len() as u64).sum();
    check_size(Some(count), blocks.span, report);
    built
}

fn block(
    doc: &At<BlockDoc>,
    compat: bool,
    tasks: &mut Tasks,
    report: &mut Reporter<'_>,
) -> Option<PlanBlock> {
    let block = &doc.value;
    let length = length(&block.episodes, &block.steps, compat, report);
    if let (Some(learn), Some(eval)) = (block.learn.span(), block.eval.span()) {
        report
            .error(eval, "a block has both `learn` and `eval`")
            .related(learn, "`learn` is here")
            .hint("make two blocks of it");
        return None;
    }
    let (block_type, items) = match (&block.learn, &block.eval) {
        (Slot::Given(items), _) => (BlockType::Learn, items),
        (_, Slot::Given(items)) => (BlockType::Eval, items),
        (Slot::Absent, Slot::Absent) => {
            let hint = "add `learn: Task` or `eval: Task`";
            report.error(doc.span, "a block has neither `learn` nor `eval`").hint(hint);
            return None;
        }
        _ => return None,
    };
    if items.value.0.is_empty() {
        report.error(items.span, "the block is empty").hint("name at least one task");
    }
    let mut builder = Builder { tasks, compat, report, block_type, length };
    let mut task_blocks: Vec<PlanTaskBlock> = Vec::new();
    let mut last_was_short = false;
    for item in &items.value.0 {
        match &item.value {
            TaskBlockDoc::Text(reference) => {
                for (task, used) in builder.reference(reference, item.span) {
                    // Neighbours of one task share a task block, as in TELLA.
                    match task_blocks.last_mut().filter(|t| last_was_short && t.task == task) {
                        Some(last) => last.uses.push(used),
                        None => task_blocks.push(PlanTaskBlock { task, uses: vec![used] }),
                    }
                    last_was_short = true;
                }
            }
            TaskBlockDoc::Full(record) => {
                task_blocks.extend(builder.task_block(record, item.span));
                last_was_short = false;
            }
        }
    }
    let block_subtype = block.subtype.get().copied().unwrap_or_default();
    Some(PlanBlock { block_type, block_subtype, task_blocks })
}

impl Builder<'_, '_, '_> {
    fn reference(&mut self, reference: &str, span: Span) -> Vec<(String, Use)> {
        let found = self.tasks.resolve(reference, span, self.report).unwrap_or_default();
        let length = self.length;
        found
            .into_iter()
            .filter_map(|v| {
                let used = self.used(v, None, length, span)?;
                Some((self.tasks.variants[v].task.clone(), used))
            })
            .collect()
    }

    /// A variant with its length: `own`, else the declared one.
    fn used(&mut self, variant: usize, seed: Option<u64>, own: Given, span: Span) -> Option<Use> {
        let declared = &self.tasks.variants[variant];
        let declared_length = match self.block_type {
            BlockType::Learn => declared.learn,
            BlockType::Eval => declared.eval,
        };
        match own.or(declared_length) {
            Given::Length(length) => Some(Use { variant, seed, length }),
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
            Slot::Broken(_) => {}
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
        let seed = doc.seed.get().copied();
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
            let given = [own.env.span(), own.params.span(), own.adapters.span()];
            self.not_again(given, &self.tasks.variants[declared].label());
        }
        self.used(declared, own.and_then(|o| o.seed.get().copied()), length, label.span)
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
        let mut all = params(&doc.params);
        all.extend(own.map(|o| params(&o.params)).unwrap_or_default());
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
        };
        let index = self.tasks.add_inline(variant, self.compat, self.report);
        let seed = own.map_or(&doc.seed, |o| &o.seed).get().copied();
        self.used(index, seed, length, label.span)
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
    fn not_again(&mut self, given: [Option<Span>; 3], label: &str) {
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
