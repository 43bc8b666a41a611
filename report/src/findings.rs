//! Findings: what the metrics say of a study.

use crate::study::Study;
use tella_metrics::MetricsError;
use tella_metrics::cohort::{Cohort, Measures, Summary, measure};
use tella_metrics::compare::{CompareError, Comparison, Options, compare};
use tella_metrics::lifetime::Scaled;
use tella_metrics::statistics::{Bootstrap, Statistic};

/// Resamples behind the interval of each point of a curve. There are thousands of points.
const CURVE_RESAMPLES: usize = 2000;

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
            statistic: Statistic::Iqm,
            unpaired: false,
            bootstrap: request.bootstrap,
        };
        let against = |other: &&Cohort| {
            compare(cohorts[0], other, &study.experts, &request.settings, &options)
        };
        let comparisons = cohorts[1..].iter().map(against).collect();
        Ok(Self { study, measures, summaries, comparisons })
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
}
