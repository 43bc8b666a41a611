//! A generator's plan: what is learned and evaluated, in which lengths.

use super::lengths::{Given, length};
use super::{Policy, Tasks, check_size, evaluate};
use crate::Length;
use crate::diagnostics::{Reporter, Span};
use crate::document::model::{EvalChoiceDoc, EvalSeeds, GeneratorDoc, Scenario};
use crate::document::node::quote;
use crate::document::read::{At, Many, Slot};
use std::collections::HashMap;

/// Passes of a dispersed curriculum that gives none; TELLA's.
const DISPERSED_PASSES: u64 = 3;

/// A variant with its length, of all passes together where it is dispersed.
pub(crate) type Planned = (usize, Length);

/// How to make the blocks.
#[derive(Clone, Debug)]
pub(crate) struct PlanGenerator {
    pub(crate) scenario: Scenario,
    pub(crate) passes: u64,
    pub(crate) learn: Vec<Planned>,
    /// Empty for no evaluation blocks.
    pub(crate) eval: Vec<Planned>,
    pub(crate) eval_seeds: EvalSeeds,
    /// After how much a learning block is evaluated in the middle, too.
    pub(crate) every: Option<Length>,
}

impl PlanGenerator {
    pub(crate) fn build(
        at: &At<GeneratorDoc>,
        policy: &Policy,
        tasks: &Tasks,
        report: &mut Reporter<'_>,
    ) -> PlanGenerator {
        if at.value.scenario.is_absent() {
            let types = "interleaved, condensed, dispersed, permuted, alternating, ste";
            let hint = format!("add `type`: {types}");
            report.error(at.span, "the generator's `type` is missing").hint(hint);
        }
        if tasks.variants.is_empty() && !tasks.broken {
            let message = "a generator needs tasks";
            report.error(at.span, message).hint("declare them under `tasks`");
        }
        let scenario = at.value.scenario.get().copied().unwrap_or(Scenario::Interleaved);
        let errors_before = report.errors();
        let learn = learn(at, policy, tasks, report);
        let complete = report.errors() == errors_before;
        let (eval, eval_seeds) = eval(at, policy, tasks, report);
        let every = every(at, &learn, policy, tasks, report);
        let mut generator = PlanGenerator { scenario, passes: 1, learn, eval, eval_seeds, every };
        generator.passes = generator.check_passes(at, report);
        generator.check_expert(at, report);
        generator.check_division(at, policy, report);
        if complete {
            generator.check_every(at, report);
        }
        let span = at.value.passes.span().unwrap_or(at.span);
        check_size(generator.size(), span, report);
        generator
    }

    /// The number of task variants over all blocks; `None` beyond 64 bits.
    pub(crate) fn size(&self) -> Option<u64> {
        let (learn, eval) = (self.learn.len() as u64, self.eval.len() as u64);
        let parts = learn.checked_add(self.cuts())?;
        self.passes.checked_mul(parts)?.checked_mul(eval + 1)?.checked_add(eval)
    }

    /// How many times the learning blocks of a pass are cut, at most.
    pub(super) fn cuts(&self) -> u64 {
        let Some(every) = self.every else { return 0 };
        let cuts = |length: &Length| length.amount().saturating_sub(1) / every.amount();
        self.learn.iter().fold(0u64, |sum, (_, length)| sum.saturating_add(cuts(length)))
    }

    fn check_passes(&self, at: &At<GeneratorDoc>, report: &mut Reporter<'_>) -> u64 {
        let default = if self.scenario == Scenario::Dispersed { DISPERSED_PASSES } else { 1 };
        let Some(passes) = at.value.passes.at() else { return default };
        let once = matches!(self.scenario, Scenario::Condensed | Scenario::Ste);
        if passes.value.0 == 0 {
            report.error(passes.span, "`passes` is 0, at least 1 is allowed");
            return default;
        }
        if once && passes.value.0 != 1 {
            let message = format!("a {} curriculum has one pass", self.scenario.label());
            let hint =
                "remove `passes`, or choose the type `permuted`, `dispersed` or `alternating`";
            report.error(passes.span, message).hint(hint);
        }
        passes.value.0
    }

    fn check_expert(&self, at: &At<GeneratorDoc>, report: &mut Reporter<'_>) {
        let selection = at.value.learn.get().map(|l| &l.tasks);
        let broken = at.value.learn.is_broken() || selection.is_some_and(Slot::is_broken);
        if self.scenario == Scenario::Ste && self.learn.len() > 1 && !broken {
            let span = selection.and_then(Slot::span).unwrap_or(at.span);
            let message =
                format!("a single-task expert learns one variant, not {}", self.learn.len());
            report.error(span, message).hint("name it: `learn: {tasks: Task/Variant, ...}`");
        }
    }

    /// Some block must be longer than what lies between two evaluations.
    fn check_every(&self, at: &At<GeneratorDoc>, report: &mut Reporter<'_>) {
        let Some(EvalChoiceDoc::Some(doc)) = at.value.eval.get() else { return };
        let (Some(every), Some(span)) = (self.every, doc.every.span()) else { return };
        let parts = if self.scenario == Scenario::Dispersed { self.passes } else { 1 };
        let longest = self.learn.iter().map(|(_, length)| length.amount().div_ceil(parts)).max();
        if let Some(longest) = longest {
            evaluate::check_some(every, longest, "the longest block has", span, report);
        }
    }

    /// A dispersed length must reach every pass; TELLA lets it be shorter.
    fn check_division(&self, at: &At<GeneratorDoc>, policy: &Policy, report: &mut Reporter<'_>) {
        let dispersed = self.scenario == Scenario::Dispersed && !policy.compat;
        let shortest = self.learn.iter().map(|(_, length)| length.amount()).min();
        if let Some(shortest) = shortest.filter(|n| dispersed && *n < self.passes) {
            let span = at.value.passes.span().unwrap_or(at.span);
            let message =
                format!("a length of {shortest} cannot be divided among {} passes", self.passes);
            report.error(span, message).hint("each pass needs at least 1 episode or step");
        }
    }
}

fn learn(
    at: &At<GeneratorDoc>,
    policy: &Policy,
    tasks: &Tasks,
    report: &mut Reporter<'_>,
) -> Vec<Planned> {
    let all = Slot::Absent;
    let (selection, default, span) = match &at.value.learn {
        Slot::Absent => (&all, Given::No, at.span),
        Slot::Broken(_) | Slot::Hidden => return Vec::new(),
        Slot::Given(At { span, value: l }) => {
            (&l.tasks, length(&l.episodes, &l.steps, policy.compat, report), *span)
        }
    };
    let chosen = select(selection, tasks, report);
    let place = selection.span().unwrap_or(span);
    let some = !chosen.is_empty();
    let chosen = tasks.learnable(chosen, place, selection.is_absent(), report);
    if some && chosen.is_empty() && selection.is_absent() {
        report
            .error(at.span, "nothing can be learned: all tasks are held out")
            .hint("leave `held_out` away from a task or a variant");
    }
    with_lengths(&chosen, default, "learn", span, tasks, report)
}

fn eval(
    at: &At<GeneratorDoc>,
    policy: &Policy,
    tasks: &Tasks,
    report: &mut Reporter<'_>,
) -> (Vec<Planned>, EvalSeeds) {
    let all = Slot::Absent;
    let (selection, default, span, seeds) = match &at.value.eval {
        Slot::Absent => (&all, Given::No, at.span, EvalSeeds::default()),
        Slot::Broken(_) | Slot::Hidden => return (Vec::new(), EvalSeeds::default()),
        Slot::Given(eval) => match &eval.value {
            EvalChoiceDoc::None(_) => return (Vec::new(), EvalSeeds::default()),
            EvalChoiceDoc::Some(e) => {
                let default = length(&e.episodes, &e.steps, policy.compat, report);
                (&e.tasks, default, eval.span, e.seeds.get().copied().unwrap_or_default())
            }
        },
    };
    let chosen = select(selection, tasks, report);
    (with_lengths(&chosen, default, "eval", span, tasks, report), seeds)
}

/// After how much a learning block is evaluated in the middle.
fn every(
    at: &At<GeneratorDoc>,
    learn: &[Planned],
    policy: &Policy,
    tasks: &Tasks,
    report: &mut Reporter<'_>,
) -> Option<Length> {
    let Some(EvalChoiceDoc::Some(doc)) = at.value.eval.get() else { return None };
    evaluate::every(&doc.every, learn, policy, tasks, report)
}

/// The variants selected, or all, each once.
pub(super) fn select(
    selection: &Slot<Many<String>>,
    tasks: &Tasks,
    report: &mut Reporter<'_>,
) -> Vec<usize> {
    let many = match selection {
        Slot::Absent => return tasks.declared.iter().flat_map(|t| t.variants.clone()).collect(),
        Slot::Broken(_) | Slot::Hidden => return Vec::new(),
        Slot::Given(at) => at,
    };
    if many.value.0.is_empty() {
        report.error(many.span, "`tasks` is empty").hint("remove it to take all tasks");
    }
    let mut chosen = Vec::new();
    let mut first: HashMap<usize, Span> = HashMap::new();
    for reference in &many.value.0 {
        let found = tasks.resolve(&reference.value, reference.span, report).unwrap_or_default();
        for variant in found {
            if let Some(first) = first.get(&variant) {
                let label = tasks.variants[variant].label();
                report
                    .error(reference.span, format!("{} is selected twice", quote(&label)))
                    .related(*first, "first here")
                    .hint("each variant can be selected once");
            } else {
                first.insert(variant, reference.span);
                chosen.push(variant);
            }
        }
    }
    chosen
}

/// Each variant with its own length, else `default`; those with neither are reported.
pub(super) fn with_lengths(
    chosen: &[usize],
    default: Given,
    what: &str,
    span: Span,
    tasks: &Tasks,
    report: &mut Reporter<'_>,
) -> Vec<Planned> {
    let (mut planned, mut missing) = (Vec::new(), Vec::new());
    for i in chosen {
        let variant = &tasks.variants[*i];
        let own = if what == "learn" { variant.learn } else { variant.eval };
        match own.or(default) {
            Given::Length(length) => planned.push((*i, length)),
            Given::Broken => {}
            Given::No => missing.push(variant.label()),
        }
    }
    if let Some(first) = missing.first() {
        let more = match missing.len() {
            1 => String::new(),
            n => format!(" and {} more", n - 1),
        };
        let hint = match what {
            "learn" => "add `learn: {episodes: 10}` to the generator or the task",
            "eval" => {
                "add `eval: {episodes: 10}` to the generator or the task, or `eval: none` for no evaluation"
            }
            _ => "add `episodes: 10` to `evaluate`, or `eval: {episodes: 10}` to the task",
        };
        report.error(span, format!("no `{what}` length for `{first}`{more}")).hint(hint);
    }
    planned
}
