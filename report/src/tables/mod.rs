//! The tables of a report: one file each, whose `table` makes a [`Table`] of the findings.

mod lifetimes;
mod metrics;
mod runs;

pub(crate) use metrics::anchor;

use crate::findings::Findings;
use crate::table::Table;

/// The tables of a report by what they are about, in the order of the page.
#[derive(Clone, Debug)]
pub struct Tables {
    /// What was run: a row a run.
    pub runs: Table,
    /// A row a lifetime.
    pub lifetimes: Table,
    /// A row a metric.
    pub metrics: Table,
}

impl Tables {
    /// Makes all tables.
    pub fn new(findings: &Findings<'_>) -> Self {
        Self {
            runs: runs::table(findings),
            lifetimes: lifetimes::table(findings),
            metrics: metrics::table(findings),
        }
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Table> {
        [&self.runs, &self.lifetimes, &self.metrics].into_iter()
    }
}
