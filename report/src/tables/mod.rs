//! The tables of a report: one file each, whose `table` makes a [`Table`] of the findings.

mod blocks;
mod by_lifetime;
mod by_task;
mod comparison;
mod evaluations;
mod lifetimes;
mod metrics;
mod runs;
mod transfer;

pub(crate) use metrics::anchor;

use crate::findings::Findings;
use crate::formats::Format;
use crate::table::Table;

/// The tables of a report by what they are about.
#[derive(Clone, Debug)]
pub struct Tables {
    /// What was run: a row a run.
    pub runs: Table,
    /// A row a lifetime.
    pub lifetimes: Table,
    /// A row a metric.
    pub metrics: Table,
    /// A row a metric, the first side against each other that can be compared with it.
    pub comparisons: Vec<Table>,
    /// A row a metric and task.
    pub by_task: Table,
    /// Long ones: they stand on no page, and are written in formats for programs alone.
    pub for_programs: Vec<Table>,
}

impl Tables {
    /// Makes all tables.
    pub fn new(findings: &Findings<'_>) -> Self {
        Self {
            runs: runs::table(findings),
            lifetimes: lifetimes::table(findings),
            metrics: metrics::table(findings),
            comparisons: comparison::tables(findings),
            by_task: by_task::table(findings),
            for_programs: vec![
                by_lifetime::table(findings),
                evaluations::table(findings),
                transfer::table(findings),
                blocks::table(findings),
            ],
        }
    }

    /// Those that are written in a format.
    pub(crate) fn in_format(&self, format: Format) -> impl Iterator<Item = &Table> {
        let for_people = matches!(format, Format::Latex | Format::Markdown);
        let long: &[Table] = if for_people { &[] } else { &self.for_programs };
        let first = [&self.runs, &self.lifetimes, &self.metrics].into_iter();
        first.chain(&self.comparisons).chain([&self.by_task]).chain(long)
    }
}
