//! What a metric is: its definition in words, and the function that measures it.

use crate::family::Family;
use crate::lifetime::Scaled;
use std::borrow::Cow;

/// A metric of a lifetime. Each is a constant in a file of its own, in its family's folder.
#[derive(Debug)]
pub struct Definition {
    /// Its name in its family.
    pub name: &'static str,
    /// Its family.
    pub family: Family,
    /// What the number says, in a line.
    pub meaning: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// What it needs of a log, and besides.
    pub inputs: &'static str,
    /// When it is undefined, and what is taken for defined all the same.
    pub undefined: &'static str,
    /// Where it was defined first, and what is our own.
    pub source: &'static str,
    /// The unit of its value.
    pub unit: Unit,
    /// Which way is better.
    pub better: Better,
    /// Measures a lifetime.
    pub measure: fn(&Scaled) -> Measured,
}

impl Definition {
    /// `family.name`, by which a metric is selected; unique.
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.family.key(), self.name)
    }
}

/// The unit of a metric's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share of the task's range, 0 to 1.
    Performance,
    /// A difference of two such shares.
    Difference,
    /// Points of a task's range, which has a hundred.
    Points,
    /// A ratio; 1 is no change.
    Ratio,
    /// (after - before) / (after + before); 0 is no change.
    Contrast,
    /// Experiences.
    Experiences,
    /// Experiences, per repetition.
    ExperiencesPerRepeat,
    /// A share of the range, per repetition.
    PerformancePerRepeat,
    /// The measure, per step.
    PerStep,
    /// Steps.
    Steps,
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
    /// As a metric that was added says.
    Other(&'static str),
}

impl Unit {
    /// The unit in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Performance => "share of the task's range",
            Self::Difference => "difference of shares of the task's range",
            Self::Points => "points (hundredths) of the task's range",
            Self::Ratio => "ratio",
            Self::Contrast => "contrast, -1 to 1",
            Self::Experiences => "experiences",
            Self::ExperiencesPerRepeat => "experiences per repetition",
            Self::PerformancePerRepeat => "share of the task's range per repetition",
            Self::PerStep => "measure per step",
            Self::Steps => "steps",
            Self::Seconds => "seconds",
            Self::Bytes => "bytes",
            Self::Other(unit) => unit,
        }
    }

    /// The value that is as good as it gets: what the optimality gap is measured from.
    pub fn optimum(self) -> Option<f64> {
        (self == Self::Performance).then_some(1.0)
    }
}

/// Which way a metric is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Higher is better.
    Higher,
    /// Lower is better.
    Lower,
}

impl Better {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
        }
    }
}

/// Why a metric has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Undefined(pub Cow<'static, str>);

impl From<&'static str> for Undefined {
    fn from(reason: &'static str) -> Self {
        Self(Cow::Borrowed(reason))
    }
}

impl From<String> for Undefined {
    fn from(reason: String) -> Self {
        Self(Cow::Owned(reason))
    }
}

/// A metric's value, or why it has none. A value is finite.
pub type Value = Result<f64, Undefined>;

/// What a metric says of a lifetime.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Of the lifetime.
    pub value: Value,
    /// Of each task it concerns, by name.
    pub tasks: Vec<(String, Value)>,
    /// Of each pair of tasks it has a value for.
    pub pairs: Vec<Pair>,
}

/// The value of a pair of tasks.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The task that was learnt.
    pub from: String,
    /// The task that was evaluated.
    pub to: String,
    /// The value: the mean where the pair has several.
    pub value: f64,
}

impl Measured {
    /// A metric of the lifetime alone.
    pub fn of_lifetime(value: impl Into<Value>) -> Self {
        Self { value: value.into().and_then(finite), tasks: Vec::new(), pairs: Vec::new() }
    }

    /// The mean over the tasks that have a value. Where none has one, the reason is that of
    /// the tasks, if all have the same, else `none`.
    pub(crate) fn over_tasks(
        life: &Scaled,
        tasks: impl IntoIterator<Item = usize>,
        none: &'static str,
        of: impl Fn(usize) -> Value,
    ) -> Self {
        let name = |task: usize| life.lifetime.tasks[task].clone();
        let tasks: Vec<(String, Value)> =
            tasks.into_iter().map(|task| (name(task), of(task).and_then(finite))).collect();
        let values: Vec<f64> = tasks.iter().filter_map(|(_, v)| v.as_ref().ok().copied()).collect();
        let value = mean(&values).ok_or_else(|| {
            let mut reasons = tasks.iter().filter_map(|(_, value)| value.as_ref().err());
            match reasons.next() {
                Some(first) if reasons.all(|reason| reason == first) => first.clone(),
                _ => none.into(),
            }
        });
        Self { value: value.and_then(finite), tasks, pairs: Vec::new() }
    }

    /// The mean over pairs of tasks of the mean of each pair's values, given as (learnt,
    /// evaluated, value).
    pub(crate) fn over_pairs(
        life: &Scaled,
        values: impl IntoIterator<Item = (usize, usize, f64)>,
        none: &'static str,
    ) -> Self {
        let mut found: Vec<((usize, usize), Vec<f64>)> = Vec::new();
        for (from, to, value) in values {
            match found.iter_mut().find(|(pair, _)| *pair == (from, to)) {
                Some((_, values)) => values.push(value),
                None => found.push(((from, to), vec![value])),
            }
        }
        found.sort_by_key(|(pair, _)| *pair);
        let name = |task: usize| life.lifetime.tasks[task].clone();
        let pairs: Vec<Pair> = found
            .into_iter()
            .filter_map(|((from, to), values)| {
                let value = mean(&values).filter(|value| value.is_finite())?;
                Some(Pair { from: name(from), to: name(to), value })
            })
            .collect();
        let values: Vec<f64> = pairs.iter().map(|pair| pair.value).collect();
        let value = mean(&values).ok_or(none.into()).and_then(finite);
        Self { value, tasks: Vec::new(), pairs }
    }
}

/// A number as a value.
pub(crate) fn finite(value: f64) -> Value {
    match value.is_finite() {
        true => Ok(value),
        false => Err("the numbers are too large to compute it".into()),
    }
}

/// The mean; `None` of nothing.
pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| crate::lifetime::curve::mean(values))
}
