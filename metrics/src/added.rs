//! Metrics that the program adds to the catalogue while it runs. They are functions of a
//! lifetime's log itself, and are selected, listed, aggregated and compared as all others.

use crate::Experiences;
use crate::definition::{Better, Definition, Measured, Unit, Value, finite};
use crate::family::Family;
use crate::lifetime::Scaled;
use std::sync::{PoisonError, RwLock};

/// Measures a log.
pub type OfLog = Box<dyn Fn(&Experiences) -> Measured + Send + Sync>;

/// A metric in words, as its author tells it.
#[derive(Clone, Debug)]
pub struct Words {
    /// `family.name`; the family is none of [`Family::ALL`].
    pub name: String,
    /// What the number says, in a line.
    pub meaning: String,
    /// The unit of its value.
    pub unit: String,
    /// Which way is better.
    pub better: Better,
}

/// Why a metric cannot be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddError {
    /// The name is no `family.name`.
    #[error(
        "a metric's name is FAMILY.NAME, each of lower-case letters, digits, `_` and `-`, not `{0}`"
    )]
    Name(String),
    /// The family is the program's own.
    #[error("the family `{0}` has metrics of its own; choose another name before the dot")]
    Family(String),
}

struct Added {
    definition: Definition,
    of_log: OfLog,
}

static ADDED: RwLock<Vec<&'static Added>> = RwLock::new(Vec::new());

/// Adds a metric to the catalogue. One that was added before under its name is replaced: a
/// cell of a notebook runs again.
///
/// # Errors
///
/// Where the name is none that a metric can have.
pub fn add(words: Words, of_log: OfLog) -> Result<(), AddError> {
    let Some((family, name)) = words.name.split_once('.').filter(|(f, n)| is_word(f) && is_word(n))
    else {
        return Err(AddError::Name(words.name));
    };
    if Family::ALL.iter().any(|known| known.key() == family) {
        return Err(AddError::Family(family.to_owned()));
    }
    // Definitions live as long as the program; there are as many as were written.
    let kept = |text: &str| -> &'static str { text.to_owned().leak() };
    let definition = Definition {
        name: kept(name),
        family: Family::Added(kept(family)),
        meaning: kept(&words.meaning),
        formula: "a function that the program adds",
        inputs: "the log's experiences",
        undefined: "where the function says so",
        source: "the program that adds it",
        unit: Unit::Other(kept(&words.unit)),
        better: words.better,
        measure: without_log,
    };
    let added: &'static Added = Box::leak(Box::new(Added { definition, of_log }));
    let mut all = ADDED.write().unwrap_or_else(PoisonError::into_inner);
    let same = |other: &&'static Added| other.definition.full_name() == words.name;
    match all.iter_mut().find(|other| same(other)) {
        Some(earlier) => *earlier = added,
        None => all.push(added),
    }
    Ok(())
}

/// The metrics that were added, in that order.
pub(crate) fn metrics() -> Vec<&'static Definition> {
    let all = ADDED.read().unwrap_or_else(PoisonError::into_inner);
    all.iter().map(|added| &added.definition).collect()
}

/// What those of `metrics` that were added say of a log.
pub(crate) fn measure(
    metrics: &[&'static Definition],
    log: &Experiences,
) -> Vec<(&'static Definition, Measured)> {
    let all = ADDED.read().unwrap_or_else(PoisonError::into_inner).clone();
    let asked = metrics.iter().filter_map(|metric| {
        all.iter().find(|added| std::ptr::eq(&added.definition, *metric)).copied()
    });
    asked.map(|added| (&added.definition, checked((added.of_log)(log)))).collect()
}

/// No value is infinite or none at all.
fn checked(measured: Measured) -> Measured {
    let tasks = measured.tasks.into_iter();
    Measured {
        value: measured.value.and_then(finite),
        tasks: tasks.map(|(task, value)| (task, value.and_then(finite))).collect(),
        pairs: measured.pairs,
    }
}

fn is_word(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    !text.is_empty() && text.chars().all(fits)
}

fn without_log(_: &Scaled) -> Measured {
    Measured::of_lifetime(Err("it is a function of the log, which is not at hand".into()))
}

/// A number that a function answered with, as a value.
fn told(number: f64) -> Value {
    match number.is_nan() {
        true => Err("its function answered with NaN".into()),
        false => finite(number),
    }
}

impl Measured {
    /// The value of a lifetime alone.
    pub fn of_number(value: f64) -> Self {
        Self::of_lifetime(told(value))
    }

    /// The values of a lifetime's tasks, and their mean as its own, where each has one.
    pub fn of_tasks(tasks: Vec<(String, f64)>) -> Self {
        let tasks: Vec<(String, Value)> =
            tasks.into_iter().map(|(task, value)| (task, told(value))).collect();
        let values: Result<Vec<f64>, _> = tasks.iter().map(|(_, value)| value.clone()).collect();
        let mean = |values: Vec<f64>| {
            crate::definition::mean(&values).ok_or("it names no task".into()).and_then(finite)
        };
        Self { value: values.and_then(mean), tasks, pairs: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;
    use crate::cohort::{Cohort, Member, Place, measure as measure_cohort};
    use crate::l2metrics::Settings;
    use crate::lifetime::{Experts, Lifetime, worked};
    use tella_events::LifetimeState;

    fn words(name: &str) -> Words {
        Words {
            name: name.to_owned(),
            meaning: "rows of the log".to_owned(),
            unit: "rows".to_owned(),
            better: Better::Higher,
        }
    }

    #[test]
    fn a_metric_is_found_measured_and_replaced() {
        let rows = |factor: f64| -> OfLog {
            Box::new(move |log| {
                Measured::of_tasks(vec![("x".to_owned(), factor * log.len() as f64)])
            })
        };
        add(words("added-test.rows"), rows(1.0)).unwrap();
        let log = worked::log("l x 1 2 3");
        let value = || {
            let metrics = catalogue::find("added-test.rows").unwrap();
            let member = Member {
                place: Place { run: "run".to_owned(), lifetime_idx: 0 },
                state: LifetimeState::Complete,
                agent: String::new(),
                curriculum: String::new(),
                curriculum_text: String::new(),
                curriculum_seed: None,
                lifetime: Lifetime::new(&log, &Settings::default()),
                l2metrics: None,
                added: measure(&metrics, &log),
            };
            let cohort = Cohort { members: vec![member], ..Cohort::default() };
            let settings = Settings::default();
            let measured =
                measure_cohort(&[&cohort], &metrics, &Experts::default(), &settings).unwrap();
            measured[0].measured[0][0].value.clone()
        };
        assert_eq!(value(), Ok(3.0));
        assert_eq!(catalogue::find("added-test").unwrap().len(), 1);
        add(words("added-test.rows"), rows(2.0)).unwrap();
        assert_eq!(value(), Ok(6.0));
        assert_eq!(catalogue::find("added-test").unwrap().len(), 1);
        add(words("added-test.rows"), rows(f64::INFINITY)).unwrap();
        assert_eq!(value(), Err("the numbers are too large to compute it".into()));
        add(words("added-test.rows"), rows(f64::NAN)).unwrap();
        assert_eq!(value(), Err("its function answered with NaN".into()));
    }

    #[test]
    fn names_that_cannot_be_are_refused() {
        let add = |name: &str| super::add(words(name), Box::new(|_| unreachable!()));
        for name in ["rows", "a.", ".b", "a.b.c", "A.b", "a b.c"] {
            assert_eq!(add(name), Err(AddError::Name(name.to_owned())));
        }
        assert_eq!(add("gem.mine"), Err(AddError::Family("gem".to_owned())));
    }
}
