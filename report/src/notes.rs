//! What a reader must know: faults, warnings, what is missing from the log.

use crate::findings::Findings;
use crate::study::{About, Side};
use std::collections::BTreeSet;
use tella_events::LifetimeState;
use tella_metrics::cohort::Damaged;
use tella_metrics::statistics::caution;
use tella_metrics::told::counted;

/// The notes of a report, the gravest first.
pub(crate) fn notes(findings: &Findings<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for side in &findings.study.sides {
        damaged(side, &mut notes);
        states(side, &mut notes);
        warnings(side, &mut notes);
    }
    comparisons(findings, &mut notes);
    for note in findings.measures.iter().flat_map(|side| side.notes()) {
        if !notes.iter().any(|told| told.ends_with(&note)) {
            notes.push(note);
        }
    }
    for side in &findings.study.sides {
        let name = match findings.study.compares() {
            true => format!("{}: ", side.label),
            false => String::new(),
        };
        missing(side, &name, &mut notes);
        few(side, &name, &mut notes);
    }
    notes
}

/// Lifetimes that are not there.
fn damaged(side: &Side, notes: &mut Vec<String>) {
    notes.extend(side.cohort.damaged.iter().map(Damaged::left_out));
    for member in &side.cohort.members {
        if let Err(error) = &member.lifetime {
            notes.push(format!("{} cannot be measured: {error}", member.place));
        }
    }
    for run in &side.runs {
        let absent = run.never_begun();
        let indices: Vec<String> = absent.iter().take(20).map(u64::to_string).collect();
        let more = if absent.len() > 20 { ", …" } else { "" };
        let indices = indices.join(", ");
        match absent.len() {
            0 => {}
            1 => {
                notes.push(format!("{}: lifetime {indices} was planned and never begun", run.dir()))
            }
            n => notes.push(format!(
                "{}: {n} lifetimes were planned and never begun: {indices}{more}",
                run.dir()
            )),
        }
    }
}

/// Lifetimes that were not lived to their end.
fn states(side: &Side, notes: &mut Vec<String>) {
    for member in &side.cohort.members {
        let place = &member.place;
        let shown = "its log is shown as far as it reaches, and no metric over lifetimes counts it";
        let fault = side.about(place).and_then(|about| about.fault());
        let why = match member.state {
            LifetimeState::Complete => continue,
            LifetimeState::Running => "still running, or its process was killed".to_owned(),
            LifetimeState::Interrupted => "it was interrupted".to_owned(),
            LifetimeState::DiskFull => "it was stopped for want of space".to_owned(),
            LifetimeState::LogError => "its log could not be written".to_owned(),
            LifetimeState::Fault => match fault {
                Some(fault) => format!("it ended with a fault: {fault}"),
                None => "it ended with a fault".to_owned(),
            },
        };
        notes.push(format!("{place}: {why}; {shown}"));
    }
}

/// What the logs warn of.
fn warnings(side: &Side, notes: &mut Vec<String>) {
    for member in &side.cohort.members {
        let Some(about) = side.about(&member.place) else { continue };
        let place = &member.place;
        if let Some(isolation) = &about.status.isolation {
            notes.push(format!(
                "{place}: evaluation isolation {isolation}: nothing says that the agent did not \
                 learn in evaluation blocks"
            ));
        }
        if !about.learned_in_evaluation.is_empty() {
            let blocks: Vec<String> =
                about.learned_in_evaluation.iter().take(20).map(u64::to_string).collect();
            let more = if about.learned_in_evaluation.len() > 20 { ", …" } else { "" };
            notes.push(format!(
                "{place}: the agent's learned state changed in evaluation blocks {}{more}; it was set \
                 back after each",
                blocks.join(", ")
            ));
        }
        notes.extend(about.warnings.iter().map(|warning| format!("{place}: {warning}")));
    }
    let agents: BTreeSet<&str> =
        side.cohort.members.iter().map(|member| member.agent.as_str()).collect();
    if agents.len() > 1 {
        let agents: Vec<&str> = agents.into_iter().collect();
        notes.push(format!("{}: different agents are taken together", agents.join(", ")));
    }
    let curricula: BTreeSet<(&str, &str)> = side
        .cohort
        .members
        .iter()
        .map(|member| (member.curriculum.as_str(), member.curriculum_text.as_str()))
        .collect();
    if curricula.len() > 1 {
        notes.push(format!(
            "{}: its lifetimes are of {} different curricula; figures take together what has the \
             same task and block number",
            side.label,
            curricula.len()
        ));
    }
    for run in &side.runs {
        let About::Run { info, dir, .. } = run else { continue };
        let fraction = info.extra.get("tune").and_then(|tune| tune.get("fraction")?.as_f64());
        if let Some(fraction) = fraction {
            notes.push(format!(
                "{dir}: the first {}% of the learning is marked for tuning (`tune`); this report is \
                 of the whole lifetime",
                100.0 * fraction
            ));
        }
    }
}

/// What must be said of sides that are set beside each other.
fn comparisons(findings: &Findings<'_>, notes: &mut Vec<String>) {
    let sides = &findings.study.sides;
    for (comparison, other) in findings.comparisons.iter().zip(&sides[1..]) {
        let (first, other) = (&sides[0].label, &other.label);
        match comparison {
            Ok(comparison) => notes.extend(
                comparison.warnings.iter().map(|w| format!("{first} (A) and {other} (B): {w}")),
            ),
            Err(why) => {
                notes.push(format!("{first} (A) and {other} (B) cannot be compared: {why}"));
            }
        }
    }
}

/// What is missing from logs, and so from figures.
fn missing(side: &Side, name: &str, notes: &mut Vec<String>) {
    let lifetimes = || side.cohort.lifetimes();
    if lifetimes().next().is_none() {
        notes.push(format!("{name}no lifetime can be measured"));
        return;
    }
    let unfinished: usize = lifetimes().map(|life| life.missing.unfinished).sum();
    let without: usize = lifetimes().map(|life| life.missing.without_value).sum();
    if unfinished > 0 {
        notes.push(format!(
            "{name}{} cut off: no metric counts what is not complete",
            counted(unfinished, "experience")
        ));
    }
    if without > 0 {
        notes.push(format!(
            "{name}{} without a value of the measure: no metric counts what has none",
            counted(without, "complete experience")
        ));
    }
    if lifetimes().all(|life| life.evaluations.iter().all(Vec::is_empty)) {
        notes.push(format!(
            "{name}nothing was evaluated: there are no evaluations, no heat map and no transfer"
        ));
    }
    if lifetimes().all(|life| life.learnt == 0) {
        notes.push(format!("{name}nothing was learnt: there are no learning curves"));
    }
}

/// Too few lifetimes.
fn few(side: &Side, name: &str, notes: &mut Vec<String>) {
    let complete = side
        .cohort
        .members
        .iter()
        .filter(|member| member.lifetime.is_ok() && member.state == LifetimeState::Complete);
    match complete.count() {
        // That none can be measured is told already.
        0 if side.cohort.lifetimes().next().is_none() => {}
        0 => notes.push(format!(
            "{name}no lifetime was lived to its end: no metric has a value over lifetimes"
        )),
        lifetimes => notes.extend(caution(lifetimes).map(|caution| format!("{name}{caution}"))),
    }
}
