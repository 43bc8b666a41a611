//! Comparing two agents: for each metric the difference with its interval, the
//! probability of improvement, and a verdict in words.
//!
//! Lifetimes are compared in pairs where their curriculum seeds match: both then met the
//! same tasks in the same order with the same seeds, and what differs between curricula
//! cancels. Otherwise the sides are drawn each on their own.

mod fit;
mod json;
mod pairs;
mod table;
mod verdict;

pub use fit::CompareError;
pub use pairs::Pairing;
pub use verdict::Verdict;

use crate::cohort::{Absent, Cohort, Measures, Summary, measure};
use crate::definition::{Better, Definition};
use crate::l2metrics::Settings;
use crate::lifetime::Experts;
use crate::statistics::{Bootstrap, Estimate, Scores, Statistic, attainable};

/// How to compare.
#[derive(Clone, Debug)]
pub struct Options {
    /// What is compared.
    pub metrics: Vec<&'static Definition>,
    /// What a side's lifetimes are aggregated by.
    pub statistic: Statistic,
    /// Pairs are not formed, even where curriculum seeds match.
    pub unpaired: bool,
    /// How intervals are made.
    pub bootstrap: Bootstrap,
}

/// A comparison of two sides.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What each side's agent is called.
    pub agents: [String; 2],
    /// The numbers of lifetimes of the sides.
    pub lifetimes: [usize; 2],
    /// A row a metric.
    pub rows: Vec<Row>,
    /// How lifetimes were paired.
    pub pairing: Pairing,
    /// What a reader should know: curricula or lengths that differ.
    pub warnings: Vec<String>,
    /// How sides were aggregated.
    pub statistic: Statistic,
    /// How intervals were made.
    pub bootstrap: Bootstrap,
}

/// A metric of both sides.
#[derive(Clone, Debug)]
pub struct Row {
    /// The metric.
    pub metric: &'static Definition,
    /// The sides on their own.
    pub sides: [Summary; 2],
    /// How many pairs of lifetimes both have a value for; `None` where sides are not
    /// compared in pairs.
    pub pairs: Option<usize>,
    /// A minus B; of pairs, the aggregate of their differences.
    pub difference: Option<Estimate>,
    /// The probability that a lifetime of A is better than one of B, ties counting half; of
    /// pairs, than its partner.
    pub improvement: Option<Estimate>,
    /// What that says.
    pub verdict: Verdict,
}

/// Compares A with B.
///
/// # Errors
///
/// Where the sides cannot be compared: nothing to measure on one, other tasks, a lifetime
/// given twice, or a data range that does not fit.
pub fn compare(
    a: &Cohort,
    b: &Cohort,
    experts: &Experts,
    settings: &Settings,
    options: &Options,
) -> Result<Comparison, CompareError> {
    let mut warnings = fit::check(a, b)?;
    let measures = measure(&[a, b], &options.metrics, experts, settings)?;
    let [a_measures, b_measures] = measures.as_slice() else { unreachable!("two were measured") };
    for (side, measures) in [('A', a_measures), ('B', b_measures)] {
        for note in measures.notes() {
            // A data range is that of both sides.
            if !warnings.contains(&note) {
                warnings.push(note);
            }
        }
        warnings
            .extend(measures.without_value().map(|left_out| format!("side {side}: {left_out}")));
    }
    let pairing = match options.unpaired {
        true => Pairing::Unpaired("as asked for".to_owned()),
        false => Pairing::of(a, b),
    };
    let row = |at| row(at, [a_measures, b_measures], &pairing, options);
    Ok(Comparison {
        agents: [fit::agents(a), fit::agents(b)],
        lifetimes: [a.members.len(), b.members.len()],
        rows: (0..options.metrics.len()).map(row).collect(),
        pairing,
        warnings,
        statistic: options.statistic,
        bootstrap: options.bootstrap,
    })
}

impl Comparison {
    /// Whether A is worse in any metric, or has no value in one that B has.
    pub fn is_worse(&self) -> bool {
        let key = self.statistic.key();
        let lost = |row: &Row| row.sides[0].get(key).is_none() && row.sides[1].get(key).is_some();
        self.rows.iter().any(|row| row.verdict == Verdict::Worse || lost(row))
    }
}

fn row(at: usize, sides: [&Measures; 2], pairing: &Pairing, options: &Options) -> Row {
    let metric = options.metrics[at];
    let Options { statistic, bootstrap, .. } = options;
    let samples = sides.map(|side| side.sample(at));
    let mut summaries = [0, 1].map(|side| Summary::new(metric, &samples[side], bootstrap));
    // Of two values the better one is the greater, once lower values are turned round.
    let sign = if metric.better == Better::Higher { 1.0 } else { -1.0 };
    let (pairs, difference, improvement) = match pairing {
        Pairing::Paired(pairs) => {
            let differences = pairs::differences(pairs, &samples);
            for (side, alone) in differences.alone.iter().enumerate() {
                summaries[side].absent.extend(alone.iter().map(|member| Absent {
                    place: sides[side].cohort.members[*member].place.clone(),
                    reason: pairs::ALONE.to_owned(),
                }));
            }
            let wins = differences.values.iter().map(|d| match sign * d {
                d if d > 0.0 => 1.0,
                d if d < 0.0 => 0.0,
                _ => 0.5,
            });
            let wins = Scores::of_lifetimes(wins);
            let differences = Scores::of_lifetimes(differences.values);
            let estimate = |scores: &Scores, statistic| {
                (!scores.is_empty()).then(|| bootstrap.estimates(scores, &[statistic]).remove(0))
            };
            let n = Some(differences.lifetimes());
            (n, estimate(&differences, *statistic), estimate(&wins, Statistic::Mean))
        }
        Pairing::Unpaired(_) => {
            let [a, b] = [0, 1].map(|side| samples[side].scores());
            let turned = samples.each_ref().map(|sample| {
                Scores::of_lifetimes(sample.values.iter().map(|(_, _, value)| sign * value))
            });
            let both = !a.is_empty() && !b.is_empty();
            let improvement = both.then(|| bootstrap.improvement(&turned[0], &turned[1]));
            (None, both.then(|| bootstrap.difference(&a, &b, *statistic)), improvement)
        }
    };
    let smallest = match pairs {
        Some(pairs) => attainable::of_pairs(pairs),
        None => attainable::of_sides(summaries[0].lifetimes, summaries[1].lifetimes),
    };
    let verdict = Verdict::of(difference.as_ref(), sign, smallest, 1.0 - bootstrap.confidence);
    Row { metric, sides: summaries, pairs, difference, improvement, verdict }
}
