//! The table of variants: those declared under `tasks` and those written out in
//! blocks, and how blocks refer to them.

use super::labels::check_label;
use super::lengths::{Given, length_record};
use crate::diagnostics::{Reporter, Span};
use crate::document::adapters::{self, AdaptersDoc};
use crate::document::hints::allowed;
use crate::document::model::{CurriculumDoc, TaskDoc, TaskRecord, VariantDoc, VariantRecord};
use crate::document::node::quote;
use crate::document::read::{At, Entry, Slot};
use crate::document::source::{self, ParamsDoc};
use std::collections::{BTreeMap, HashMap};
use tella_envs::wrappers::Adapter;
use tella_envs::{ParamSource, ParamSources};

/// The label of the one variant of a task that names none; TELLA's.
pub(crate) const DEFAULT_VARIANT: &str = "Default";

/// A parameter with its places.
#[derive(Clone, Debug)]
pub(crate) struct Param {
    /// Where its name stands.
    pub(crate) span: Span,
    pub(crate) value: At<ParamSource>,
}

/// An environment under a label.
#[derive(Clone, Debug)]
pub(crate) struct PlanVariant {
    pub(crate) task: String,
    pub(crate) variant: String,
    /// Where it is declared.
    pub(crate) span: Span,
    /// `None` where it was reported as missing or wrong.
    pub(crate) env: Option<At<String>>,
    /// By name.
    pub(crate) params: BTreeMap<String, Param>,
    /// Around the environment, the first innermost.
    pub(crate) adapters: At<Vec<Adapter>>,
    /// Declared length where learned.
    pub(crate) learn: Given,
    /// Declared length where evaluated.
    pub(crate) eval: Given,
    /// Where it is declared to be only evaluated.
    pub(crate) held_out: Option<Span>,
    /// Seeds with which it is only evaluated.
    pub(crate) held_out_seeds: Vec<At<u64>>,
}

impl PlanVariant {
    /// `Task/Variant`.
    pub(crate) fn label(&self) -> String {
        format!("{}/{}", self.task, self.variant)
    }

    /// Where the parameters' values come from, by name.
    pub(crate) fn params(&self) -> ParamSources {
        self.params.iter().map(|(name, p)| (name.clone(), p.value.value.clone())).collect()
    }

    /// Whether both mean the same environment.
    fn same(&self, other: &PlanVariant) -> bool {
        let env = |v: &PlanVariant| v.env.as_ref().map(|e| e.value.clone());
        env(self) == env(other)
            && self.params() == other.params()
            && self.adapters.value == other.adapters.value
            && self.held_out.is_some() == other.held_out.is_some()
    }
}

/// A declared task.
#[derive(Clone, Debug)]
pub(crate) struct PlanTask {
    pub(crate) label: String,
    /// Where it is declared.
    pub(crate) span: Span,
    /// Its variants among [`Tasks::variants`], in order.
    pub(crate) variants: Vec<usize>,
}

/// All tasks and variants.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tasks {
    /// Declared tasks in order.
    pub(crate) declared: Vec<PlanTask>,
    /// Every variant, declared ones first.
    pub(crate) variants: Vec<PlanVariant>,
    /// Adapters of variants that have none of their own.
    pub(crate) adapters: At<Vec<Adapter>>,
    /// Whether something under `tasks` could not be read, so that a name may be
    /// unknown because of that.
    pub(crate) broken: bool,
    by_task: HashMap<String, usize>,
    by_label: HashMap<(String, String), Vec<usize>>,
    /// How many of [`Tasks::variants`] are declared.
    declared_variants: usize,
}

impl Tasks {
    pub(crate) fn build(doc: &CurriculumDoc, compat: bool, report: &mut Reporter<'_>) -> Tasks {
        let mut tasks = Tasks {
            adapters: adapters_or(&doc.adapters, &At::default(), report),
            broken: doc.tasks.is_broken(),
            ..Tasks::default()
        };
        let Some(entries) = doc.tasks.at() else { return tasks };
        if entries.value.0.is_empty() {
            report.error(entries.span, "`tasks` is empty").hint("remove it, or declare a task");
        }
        for entry in &entries.value.0 {
            tasks.declare(entry, compat, report);
        }
        tasks
    }

    fn declare(&mut self, entry: &Entry<TaskDoc>, compat: bool, report: &mut Reporter<'_>) {
        check_label(&entry.key, "task label", report);
        let before = self.variants.len();
        let task = &entry.key;
        match &entry.value {
            Slot::Given(At { span, value: TaskDoc::Text(env) }) => {
                let env = At { span: *span, value: env.clone() };
                let adapters = self.adapters.clone();
                self.variants.push(plain(task, DEFAULT_VARIANT, task.span, Some(env), adapters));
            }
            Slot::Given(At { value: TaskDoc::Full(record), .. }) => {
                self.declare_variants(task, record, compat, report);
            }
            _ => self.broken = true,
        }
        self.declared_variants = self.variants.len();
        let variants: Vec<usize> = (before..self.variants.len()).collect();
        for i in &variants {
            let v = &self.variants[*i];
            self.by_label.entry((v.task.clone(), v.variant.clone())).or_default().push(*i);
        }
        self.by_task.insert(task.value.clone(), self.declared.len());
        self.declared.push(PlanTask { label: task.value.clone(), span: task.span, variants });
    }

    fn declare_variants(
        &mut self,
        task: &At<String>,
        record: &TaskRecord,
        compat: bool,
        report: &mut Reporter<'_>,
    ) {
        let learn = length_record(&record.learn, compat, report);
        let eval = length_record(&record.eval, compat, report);
        let shared = params(&record.params, report);
        let adapters = adapters_or(&record.adapters, &self.adapters, report);
        let held_out_seeds = record.held_out_seeds.get().cloned().unwrap_or_default();
        let base = |label: &At<String>, env| PlanVariant {
            params: shared.clone(),
            learn,
            eval,
            held_out: held_out(&record.held_out, None),
            held_out_seeds: held_out_seeds.clone(),
            ..plain(task, &label.value, label.span, env, adapters.clone())
        };
        let Some(entries) = record.variants.at() else {
            if record.variants.is_absent() {
                if record.env.is_absent() {
                    let message = format!("task {} names no environment", quote(&task.value));
                    report.error(task.span, message).hint("add `env`, or `variants` that name one");
                }
                let label = At { span: task.span, value: DEFAULT_VARIANT.to_owned() };
                self.variants.push(base(&label, record.env.at().cloned()));
            }
            self.broken |= record.variants.is_broken();
            return;
        };
        if entries.value.0.is_empty() {
            report.error(entries.span, "`variants` is empty").hint("remove it, or add a variant");
        }
        for entry in &entries.value.0 {
            check_label(&entry.key, "variant label", report);
            let variant = match &entry.value {
                Slot::Given(At { span, value: VariantDoc::Text(env) }) => {
                    base(&entry.key, Some(At { span: *span, value: env.clone() }))
                }
                Slot::Given(At { value: VariantDoc::Full(own), .. }) => {
                    let env = own.env.at().or(record.env.at()).cloned();
                    if own.env.is_absent() && record.env.is_absent() {
                        let label = format!("{}/{}", task.value, entry.key.value);
                        let message = format!("variant {} names no environment", quote(&label));
                        report
                            .error(entry.key.span, message)
                            .hint("add `env` to it or to its task");
                    }
                    own_variant(base(&entry.key, env), own, compat, report)
                }
                _ => base(&entry.key, None),
            };
            self.variants.push(variant);
        }
    }

    /// The declared task `label`.
    pub(crate) fn task(&self, label: &str) -> Option<&PlanTask> {
        self.by_task.get(label).map(|i| &self.declared[*i])
    }

    /// The declared variant of a declared task.
    pub(crate) fn declared_variant(&self, task: &str, variant: &str) -> Option<usize> {
        let known = self.by_label.get(&(task.to_owned(), variant.to_owned()))?;
        known.first().copied().filter(|i| *i < self.declared_variants)
    }

    /// The number of a variant written out in a block. The same label must mean the
    /// same environment everywhere, but under `compat: tella`, which lets it pass.
    pub(crate) fn add_inline(
        &mut self,
        variant: PlanVariant,
        compat: bool,
        report: &mut Reporter<'_>,
    ) -> usize {
        let key = (variant.task.clone(), variant.variant.clone());
        let known = self.by_label.entry(key).or_default();
        if let Some(same) = known.iter().find(|i| self.variants[**i].same(&variant)) {
            return *same;
        }
        if let (Some(first), false) = (known.first(), compat) {
            let first = &self.variants[*first];
            // A variant whose environment is missing was reported for that.
            if first.env.is_some() && variant.env.is_some() {
                let message = format!("label {} has two meanings", quote(&variant.label()));
                report
                    .error(variant.span, message)
                    .related(first.span, "with another environment or other parameters here")
                    .hint("give one of them another variant label");
            }
        }
        known.push(self.variants.len());
        self.variants.push(variant);
        self.variants.len() - 1
    }

    /// The variants that `Task` or `Task/Variant` names; `None` where it is unknown,
    /// which is then reported.
    pub(crate) fn resolve(
        &self,
        reference: &str,
        span: Span,
        report: &mut Reporter<'_>,
    ) -> Option<Vec<usize>> {
        let mut found: Vec<Vec<usize>> =
            self.task(reference).map(|t| t.variants.clone()).into_iter().collect();
        for (i, _) in reference.match_indices('/') {
            let variant = self.declared_variant(&reference[..i], &reference[i + 1..]);
            found.extend(variant.map(|v| vec![v]));
        }
        if found.len() > 1 {
            let message = format!("{} is the name of a task and of a variant", quote(reference));
            report.error(span, message).hint("rename one of them");
        }
        if found.is_empty() && !self.broken {
            let message = format!("no task or variant is called {}", quote(reference));
            report.error(span, message).hint_with(|| {
                let labels = self.references();
                if labels.is_empty() {
                    return "declare it under `tasks`, or write the block out: `{task: ..., env: ...}`"
                        .into();
                }
                allowed(reference, labels.iter().map(String::as_str))
            });
        }
        found.into_iter().next()
    }

    /// All names that a reference may use.
    fn references(&self) -> Vec<String> {
        let tasks = self.declared.iter().map(|t| t.label.clone());
        let several = self.declared.iter().filter(|t| t.variants.len() > 1);
        let variants = several.flat_map(|t| t.variants.iter().map(|v| self.variants[*v].label()));
        tasks.chain(variants).collect()
    }
}

fn plain(
    task: &At<String>,
    variant: &str,
    span: Span,
    env: Option<At<String>>,
    adapters: At<Vec<Adapter>>,
) -> PlanVariant {
    PlanVariant {
        task: task.value.clone(),
        variant: variant.to_owned(),
        span,
        env,
        params: BTreeMap::new(),
        adapters,
        learn: Given::No,
        eval: Given::No,
        held_out: None,
        held_out_seeds: Vec::new(),
    }
}

/// Where a variant is declared held out: by itself, else further out.
pub(super) fn held_out(own: &Slot<bool>, outer: Option<Span>) -> Option<Span> {
    match own {
        Slot::Given(At { span, value: true }) => Some(*span),
        Slot::Given(_) => None,
        _ => outer,
    }
}

fn own_variant(
    mut variant: PlanVariant,
    own: &VariantRecord,
    compat: bool,
    report: &mut Reporter<'_>,
) -> PlanVariant {
    variant.params.extend(params(&own.params, report));
    variant.adapters = adapters_or(&own.adapters, &variant.adapters, report);
    variant.learn = length_record(&own.learn, compat, report).or(variant.learn);
    variant.eval = length_record(&own.eval, compat, report).or(variant.eval);
    variant.held_out = held_out(&own.held_out, variant.held_out);
    variant
}

/// The adapters given, else those from further out.
pub(crate) fn adapters_or(
    slot: &Slot<AdaptersDoc>,
    outer: &At<Vec<Adapter>>,
    report: &mut Reporter<'_>,
) -> At<Vec<Adapter>> {
    match slot.at() {
        Some(doc) => {
            At { span: doc.span, value: adapters::adapters(&doc.value, report).unwrap_or_default() }
        }
        None => outer.clone(),
    }
}

/// The parameters that could be read, by name.
pub(crate) fn params(slot: &Slot<ParamsDoc>, report: &mut Reporter<'_>) -> BTreeMap<String, Param> {
    let entries = slot.get().map(|p| p.0.as_slice()).unwrap_or_default();
    entries
        .iter()
        .filter_map(|e| {
            let at = e.value.at()?;
            let value = At { span: at.span, value: source::source(at, report)? };
            Some((e.key.value.clone(), Param { span: e.key.span, value }))
        })
        .collect()
}
