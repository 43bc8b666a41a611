//! The report in a few sentences: what was lived, how well at the end, and who is better.

use crate::drawing::shortened;
use crate::findings::Findings;
use crate::table::Cell;
use std::collections::BTreeSet;
use tella_events::LifetimeState;
use tella_metrics::compare::{Comparison, Verdict};
use tella_metrics::lifetime::Lifetime;
use tella_metrics::told::{counted, number};

/// Metrics that a summary tells, where they were asked for, and what they say.
const TOLD: [(&str, &str); 2] =
    [("gem.acc", "performance at the end over all tasks"), ("gem.bwt", "backward transfer")];

/// Characters of a side's label.
const LABEL: usize = 60;

/// A sentence or two for each side, then for each comparison.
pub(crate) fn summary(findings: &Findings<'_>) -> Vec<String> {
    let sides = (0..findings.study.sides.len()).map(|side| lived(findings, side));
    let compared = findings.comparisons.iter().enumerate();
    let compared = compared.filter_map(|(at, comparison)| Some((at, comparison.as_ref().ok()?)));
    let compared = compared.map(|(at, comparison)| better(findings, at + 1, comparison));
    sides.chain(compared).collect()
}

fn label(findings: &Findings<'_>, side: usize) -> String {
    shortened(&findings.study.sides[side].label, LABEL)
}

/// What a side lived, and its metrics.
fn lived(findings: &Findings<'_>, side: usize) -> String {
    let cohort = &findings.study.sides[side].cohort;
    let members = cohort.members.len();
    let complete = cohort.members.iter().filter(|m| m.state == LifetimeState::Complete).count();
    let ended = match (members, complete) {
        (1, 1) => "1 lifetime, lived to its end".to_owned(),
        (1, _) => "1 lifetime, not lived to its end".to_owned(),
        (n, complete) if n == complete => format!("{n} lifetimes, all lived to their end"),
        (n, complete) => format!("{n} lifetimes, {complete} of them lived to their end"),
    };
    let lives: Vec<&Lifetime> = cohort.lifetimes().collect();
    let learnt: BTreeSet<&String> =
        lives.iter().flat_map(|life| &life.tasks[..life.learnt]).collect();
    let mean = |count: fn(&Lifetime) -> u64| {
        let sum: u64 = lives.iter().map(|life| count(life)).sum();
        number((sum as f64 / lives.len().max(1) as f64).round())
    };
    let mut text = format!(
        "{}: {ended}; {} learnt, {} learning and {} evaluation experiences in a lifetime.",
        label(findings, side),
        counted(learnt.len(), "task"),
        mean(|life| life.cost.learning_experiences),
        mean(|life| life.cost.evaluation_experiences),
    );
    let metrics = &findings.study.request.metrics;
    let value = |name: &str| {
        let at = metrics.iter().position(|metric| metric.full_name() == name)?;
        let mean = findings.summaries[side].get(at)?.get("mean")?;
        Some(Cell::Estimate(mean.point, mean.interval).shown())
    };
    let told = TOLD.iter().filter_map(|(name, says)| Some((name, says, value(name)?)));
    let told: Vec<String> =
        told.map(|(name, says, value)| format!("{says} ({name}) {value}")).collect();
    if !told.is_empty() {
        text.push_str(&format!(" Mean over lifetimes: {}.", told.join(", ")));
    }
    text
}

/// In which metrics the first side is better than another, and in which worse.
fn better(findings: &Findings<'_>, other: usize, comparison: &Comparison) -> String {
    let names = |verdict: Verdict| -> Vec<String> {
        let rows = comparison.rows.iter().filter(|row| row.verdict == verdict);
        rows.map(|row| row.metric.full_name()).collect()
    };
    let told = |verdict, word: &str| match names(verdict) {
        names if names.is_empty() => format!("{word} in none"),
        names => format!("{word} in {} ({})", names.len(), names.join(", ")),
    };
    let mut text = format!(
        "Of {} compared, {} against {} is {} and {}; {} not told apart",
        counted(comparison.rows.len(), "metric"),
        label(findings, 0),
        label(findings, other),
        told(Verdict::Better, "better"),
        told(Verdict::Worse, "worse"),
        names(Verdict::NotTold).len(),
    );
    let rest = names(Verdict::TooFew).len() + names(Verdict::Undefined).len();
    if rest > 0 {
        text.push_str(&format!(", {rest} without a value or with too few lifetimes"));
    }
    text + "."
}
