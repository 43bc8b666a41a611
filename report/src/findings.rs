//! Findings: what the metrics say of a study.

use crate::study::{Side, Study};
use std::collections::{BTreeMap, BTreeSet};
use tella_metrics::cohort::{Cohort, Measures, Summary, measure};
use tella_metrics::compare::{CompareError, Comparison, Options, compare};
use tella_metrics::lifetime::Scaled;
use tella_metrics::statistics::{Bootstrap, Estimate, Statistic};
use tella_metrics::told::number;
use tella_metrics::{MetricsError, catalogue};

/// Resamples behind the interval of each point of a curve. There are thousands of points.
const CURVE_RESAMPLES: usize = 2000;

/// What sides are compared by, and its name.
pub(crate) const COMPARED_BY: (Statistic, &str) = (Statistic::Iqm, "interquartile mean");

/// Means over lifetimes, each at its place on a horizontal axis; some may be missing.
pub(crate) type Line = Vec<(f64, Option<Estimate>)>;

/// Pairs of tasks (learnt, evaluated) by their places: the mean over lifetimes and the number
/// of lifetimes that have a value.
pub(crate) type Matrix = BTreeMap<(usize, usize), (f64, usize)>;

/// What the metrics say of a study. Figures and tables are functions of it.
#[derive(Debug)]
pub struct Findings<'a> {
    /// What is reported on.
    pub study: &'a Study,
    /// What was measured of each side, on one scale.
    pub measures: Vec<Measures<'a>>,
    /// Each side's metrics over its lifetimes.
    pub summaries: Vec<Vec<Summary>>,
    /// The first side against each of the others; or why they cannot be compared.
    pub comparisons: Vec<Result<Comparison, CompareError>>,
    /// For each task and side, its evaluations at each block that evaluates it in any lifetime
    /// of any side.
    pub(crate) evaluations: Vec<Vec<Line>>,
    /// The transfer matrix of each side.
    pub(crate) transfers: Vec<Matrix>,
}

impl<'a> Findings<'a> {
    /// Measures a study.
    ///
    /// # Errors
    ///
    /// Where the data range that was given does not fit.
    pub fn new(study: &'a Study) -> Result<Self, MetricsError> {
        let request = &study.request;
        let cohorts: Vec<&Cohort> = study.sides.iter().map(|side| &side.cohort).collect();
        let measures = measure(&cohorts, &request.metrics, &study.experts, &request.settings)?;
        let summaries = measures.iter().map(|side| side.summaries(&request.bootstrap)).collect();
        let options = Options {
            metrics: request.compared.clone(),
            statistic: COMPARED_BY.0,
            unpaired: false,
            bootstrap: request.bootstrap,
        };
        let against = |other: &&Cohort| {
            compare(cohorts[0], other, &study.experts, &request.settings, &options)
        };
        let comparisons = cohorts[1..].iter().map(against).collect();
        let (evaluations, transfers) = (Vec::new(), Vec::new());
        let mut findings = Self { study, measures, summaries, comparisons, evaluations, transfers };
        findings.evaluations =
            study.tasks.iter().map(|task| findings.evaluations_of(&task.name)).collect();
        findings.transfers = (0..study.sides.len()).map(|side| findings.transfer(side)).collect();
        Ok(findings)
    }

    /// How the intervals of curves are made.
    pub fn curve_bootstrap(&self) -> Bootstrap {
        let asked = self.study.request.bootstrap;
        Bootstrap { resamples: asked.resamples.min(CURVE_RESAMPLES), ..asked }
    }

    /// The lifetimes of a side that can be measured, on the common scale.
    pub fn scaled(&self, side: usize) -> Vec<Scaled<'_>> {
        let measures = &self.measures[side];
        let lifetimes = measures.cohort.lifetimes();
        lifetimes.map(|life| Scaled::new(life, &measures.scale, &self.study.experts)).collect()
    }

    /// The evaluations of a task.
    fn evaluations_of(&self, task: &str) -> Vec<Line> {
        let sides = self.study.sides.iter();
        let of_side = |side: &'a Side| -> Vec<Vec<(u64, f64)>> {
            side.courses.iter().flatten().map(|course| course.evaluations_of(task)).collect()
        };
        let sides: Vec<Vec<Vec<(u64, f64)>>> = sides.map(of_side).collect();
        let blocks: BTreeSet<u64> =
            sides.iter().flatten().flatten().map(|(block, _)| *block).collect();
        let line = |lifetimes: &Vec<Vec<(u64, f64)>>| {
            let in_all_blocks = |own: &Vec<(u64, f64)>| -> Vec<f64> {
                let at =
                    |block: &u64| own.iter().find(|(b, _)| b == block).map_or(f64::NAN, |e| e.1);
                blocks.iter().map(at).collect()
            };
            let curves: Vec<Vec<f64>> = lifetimes.iter().map(in_all_blocks).collect();
            let mut means = self.curve_bootstrap().mean_curve(&curves);
            means.resize(blocks.len(), None);
            blocks.iter().map(|block| *block as f64).zip(means).collect()
        };
        sides.iter().map(line).collect()
    }

    /// The transfer matrix of a side.
    fn transfer(&self, side: usize) -> Matrix {
        let mut matrix = Matrix::new();
        let place = |name: &str| self.study.tasks.iter().position(|task| task.name == name);
        let metrics = catalogue::find("transfer.matrix").unwrap_or_default();
        for (life, metric) in
            self.scaled(side).iter().flat_map(|l| metrics.iter().map(move |m| (l, m)))
        {
            for pair in (metric.measure)(life).pairs {
                let (Some(from), Some(to)) = (place(&pair.from), place(&pair.to)) else { continue };
                let (mean, lifetimes) = matrix.entry((from, to)).or_default();
                *lifetimes += 1;
                *mean += (pair.value - *mean) / *lifetimes as f64;
            }
        }
        matrix
    }

    /// Whether figures have intervals over lifetimes: where a side has two.
    pub(crate) fn has_intervals(&self) -> bool {
        self.study.sides.iter().any(|side| side.cohort.lifetimes().count() > 1)
    }

    /// What is said of intervals under figures that have them; nothing where no side has two
    /// lifetimes.
    pub(crate) fn about_intervals(&self) -> String {
        if !self.has_intervals() {
            return String::new();
        }
        let bootstrap = self.curve_bootstrap();
        format!(
            " Lines are means over lifetimes, bands their {}% bootstrap intervals point by point \
             ({} resamples).",
            100.0 * bootstrap.confidence,
            number(bootstrap.resamples as f64)
        )
    }
}
