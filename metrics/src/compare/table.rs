//! A comparison as a text table, with its verdict in words.

use super::{Comparison, Pairing, Row, Verdict};
use crate::cohort::{interval, notes};
use crate::run::layout;
use crate::statistics::{attainable, caution};
use crate::told::{counted, in_column, label, message};

/// Decimals in the table.
const PLACES: usize = 3;

impl Comparison {
    /// A row a metric, then how it was compared, what a reader should know, and the verdict.
    pub fn table(&self) -> String {
        let percent = 100.0 * self.bootstrap.confidence;
        let key = self.statistic.key();
        let headings = [
            "metric".to_owned(),
            format!("A {key}"),
            format!("B {key}"),
            "A - B".to_owned(),
            format!("{percent}% interval"),
            "P(A better)".to_owned(),
            "interval".to_owned(),
            "verdict".to_owned(),
        ];
        let rows: Vec<Vec<String>> = self.rows.iter().map(|row| self.cells(row)).collect();
        let [a, b] = self.agents.each_ref().map(|agents| label(agents));
        let [n, m] = self.lifetimes;
        let mut text =
            format!("A: {a} ({})\nB: {b} ({})\n", counted(n, "lifetime"), counted(m, "lifetime"));
        text.push_str(&match (&self.pairing, self.pairing.pairs()) {
            (Pairing::Unpaired(why), _) => format!("compared unpaired: {why}\n\n"),
            (_, n) => format!(
                "compared in {} of equal curriculum seed: A - B is the {key} of their differences\n\n",
                counted(n.unwrap_or(0), "pair")
            ),
        });
        text.push_str(&layout(&headings, &rows));
        for warning in &self.warnings {
            text.push_str(&format!("\nwarning: {warning}\n"));
        }
        for (side, name) in ["A", "B"].into_iter().enumerate() {
            let summaries: Vec<_> = self.rows.iter().map(|row| row.sides[side].clone()).collect();
            let told = notes(&summaries, 0, true);
            text.extend(
                told.lines().filter(|line| !line.is_empty()).map(|l| format!("\n{name}: {l}\n")),
            );
        }
        if let Some(caution) = self.fewest().and_then(caution) {
            text.push_str(&format!("\ncaution: {caution}\n"));
        }
        message(&(text + "\n" + &self.verdict()))
    }

    fn cells(&self, row: &Row) -> Vec<String> {
        let side =
            |at: usize| in_column(row.sides[at].get(self.statistic.key()).map(|e| e.point), PLACES);
        let (difference, improvement) = (row.difference.as_ref(), row.improvement.as_ref());
        vec![
            row.metric.full_name(),
            side(0),
            side(1),
            in_column(difference.map(|e| e.point), PLACES),
            difference.map_or("-".to_owned(), interval),
            in_column(improvement.map(|e| e.point), 2),
            improvement.map_or("-".to_owned(), interval),
            row.verdict.as_str().to_owned(),
        ]
    }

    /// The fewest lifetimes (or pairs) that a compared metric rests on.
    fn fewest(&self) -> Option<usize> {
        let rows = self.rows.iter().filter(|row| row.difference.is_some());
        rows.map(|row| {
            let [a, b] = row.sides.each_ref().map(|side| side.lifetimes);
            row.pairs.unwrap_or(a.min(b))
        })
        .min()
    }

    /// How many lifetimes a verdict needs.
    fn needed(&self) -> String {
        let level = 1.0 - self.bootstrap.confidence;
        let pairs = attainable::fewest(level, attainable::of_pairs);
        let sides = attainable::fewest(level, |n| attainable::of_sides(n, n));
        let percent = 100.0 * self.bootstrap.confidence;
        format!(
            "Too few lifetimes for a verdict: at {percent}% it takes {pairs} pairs of equal \
             curriculum seed, or {sides} lifetimes on each side unpaired."
        )
    }

    /// The verdict over all metrics, in words.
    pub fn verdict(&self) -> String {
        let named = |verdict| -> Vec<String> {
            let rows = self.rows.iter().filter(|row| row.verdict == verdict);
            rows.map(|row| row.metric.full_name()).collect()
        };
        let (better, worse) = (named(Verdict::Better), named(Verdict::Worse));
        let mut text = match (better.as_slice(), worse.as_slice()) {
            ([], []) if self.rows.iter().all(|row| row.verdict == Verdict::Undefined) => {
                "No metric has a value on both sides.".to_owned()
            }
            ([], []) if !self.rows.iter().any(|row| row.verdict == Verdict::NotTold) => {
                self.needed()
            }
            ([], []) => "A and B cannot be told apart by these lifetimes.".to_owned(),
            (better, []) => format!("A is better than B in {}.", better.join(", ")),
            ([], worse) => format!("A is worse than B in {}.", worse.join(", ")),
            (better, worse) => format!(
                "A is better than B in {}, and worse in {}.",
                better.join(", "),
                worse.join(", ")
            ),
        };
        let decided = better.len() + worse.len();
        if self.rows.len() > 1 && decided > 0 {
            let percent = 100.0 * (1.0 - self.bootstrap.confidence);
            let few = self.fewest().and_then(caution).is_some();
            text.push_str(&format!(
                " Of {} metrics, about {percent:.0}% would be told apart by chance alone{}.",
                self.rows.len(),
                if few { ", and more of them with so few lifetimes" } else { "" }
            ));
        }
        text + "\n"
    }
}
