//! Whether two sides can be compared at all, and what a reader must know if they are.

use crate::MetricsError;
use crate::cohort::{Cohort, Damaged, Place};
use crate::told::fixed;
use std::collections::BTreeSet;

/// Why two sides cannot be compared.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CompareError {
    /// A side has no lifetime that can be measured.
    #[error("side {side} has nothing to measure: {why}")]
    Nothing {
        /// `A` or `B`.
        side: char,
        /// Why.
        why: String,
    },
    /// The sides have different tasks.
    #[error("the sides have different tasks, so that their metrics are about different things{}", only(.only_a, .only_b))]
    Tasks {
        /// Tasks that only A has.
        only_a: Vec<String>,
        /// Tasks that only B has.
        only_b: Vec<String>,
    },
    /// A lifetime was given twice.
    #[error("side {side} has {place} twice")]
    Twice {
        /// `A` or `B`.
        side: char,
        /// Which.
        place: Place,
    },
    /// The settings do not fit.
    #[error(transparent)]
    Settings(#[from] MetricsError),
}

fn only(a: &[String], b: &[String]) -> String {
    let only = |side: char, tasks: &[String]| match tasks {
        [] => String::new(),
        tasks => format!("; only {side} has {}", tasks.join(", ")),
    };
    only('A', a) + &only('B', b)
}

/// How much longer one side's lifetimes may be before it is told.
const LONGER: f64 = 1.05;

/// Refuses sides that cannot be compared; returns what must be said of those that can.
pub(super) fn check(a: &Cohort, b: &Cohort) -> Result<Vec<String>, CompareError> {
    for (side, cohort) in [('A', a), ('B', b)] {
        if cohort.lifetimes().next().is_none() {
            let first = cohort.members.iter().find_map(|member| member.lifetime.as_ref().err());
            let why = first.map_or("no lifetime".to_owned(), MetricsError::to_string);
            return Err(CompareError::Nothing { side, why });
        }
        for (at, member) in cohort.members.iter().enumerate() {
            if cohort.members[..at].iter().any(|earlier| earlier.place == member.place) {
                return Err(CompareError::Twice { side, place: member.place.clone() });
            }
        }
    }
    let (a_tasks, b_tasks) = (tasks(a), tasks(b));
    if a_tasks != b_tasks {
        let only = |of: &BTreeSet<&str>, other| {
            of.difference(other).map(|task| (*task).to_owned()).collect()
        };
        let (only_a, only_b) = (only(&a_tasks, &b_tasks), only(&b_tasks, &a_tasks));
        return Err(CompareError::Tasks { only_a, only_b });
    }
    let mut warnings = Vec::new();
    for (side, cohort) in [('A', a), ('B', b)] {
        let agents = agents(cohort);
        if agents.contains(", ") {
            warnings.push(format!("side {side} mixes agents: {agents}"));
        }
    }
    warnings.extend(a.damaged.iter().chain(&b.damaged).map(Damaged::left_out));
    warnings.dedup();
    let curricula = [curricula(a), curricula(b)];
    if curricula[0] != curricula[1] {
        let names =
            curricula.map(|c| c.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "));
        warnings.push(match names[0] == names[1] {
            true => format!(
                "both sides ran a curriculum called {}, but not the same one: its text differs",
                names[0]
            ),
            false => format!("A ran {}, B ran {}: different curricula", names[0], names[1]),
        });
    }
    // A curriculum that counts steps makes numbers of experiences differ, and the other way
    // round: lengths differ where both do.
    let longer = |of: &dyn Fn(&crate::lifetime::Cost) -> Option<u64>| {
        let [a, b] = [mean(a, of)?, mean(b, of)?];
        (a.max(b) > LONGER * a.min(b)).then_some((a, b))
    };
    let experiences = longer(&|cost| Some(cost.learning_experiences));
    let steps = a.lifetimes().chain(b.lifetimes()).all(|l| l.cost.learning_steps.is_some());
    if let (Some((a, b)), true) = (experiences, !steps || longer(&|c| c.learning_steps).is_some()) {
        warnings.push(format!(
            "lifetimes differ in length: {} learning experiences on average in A, {} in B",
            fixed(a, 0),
            fixed(b, 0)
        ));
    }
    Ok(warnings)
}

fn tasks(cohort: &Cohort) -> BTreeSet<&str> {
    cohort.lifetimes().flat_map(|life| life.tasks.iter().map(String::as_str)).collect()
}

/// The agents of a cohort.
pub(super) fn agents(cohort: &Cohort) -> String {
    let agents: BTreeSet<&str> = cohort.members.iter().map(|m| m.agent.as_str()).collect();
    agents.into_iter().collect::<Vec<_>>().join(", ")
}

fn curricula(cohort: &Cohort) -> BTreeSet<(&str, &str)> {
    let of = cohort.members.iter();
    of.map(|m| (m.curriculum.as_str(), m.curriculum_text.as_str())).collect()
}

fn mean(cohort: &Cohort, of: &dyn Fn(&crate::lifetime::Cost) -> Option<u64>) -> Option<f64> {
    let values: Option<Vec<f64>> =
        cohort.lifetimes().map(|life| of(&life.cost).map(|n| n as f64)).collect();
    crate::definition::mean(&values?)
}
