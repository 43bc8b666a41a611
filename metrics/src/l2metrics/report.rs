//! What the profile computes of one lifetime.

use super::metric::{Metric, Value};
use super::settings::DataRange;
use super::tasks::TaskReport;
use std::collections::BTreeMap;
use tella_events::{BlockSubtype, BlockType};

/// The metrics of one lifetime.
#[derive(Clone, Debug)]
pub struct Report {
    /// The lifetime's metrics, in the reference's order.
    pub metrics: Vec<(Metric, Value)>,
    /// The performance measure.
    pub metrics_column: String,
    /// The smallest preprocessed value.
    pub min: f64,
    /// The largest preprocessed value.
    pub max: f64,
    /// The learning experiences that were measured.
    pub num_lx: usize,
    /// The evaluation experiences that were measured.
    pub num_ex: usize,
    /// Seconds from the first to the last end of a measured experience, where known.
    pub runtime: Option<f64>,
    /// The ranges used to normalise; `None` without normalisation.
    pub normalization_data_range: Option<BTreeMap<String, DataRange>>,
    /// The tasks: those learnt first, in order of learning, then those only evaluated.
    pub tasks: Vec<TaskReport>,
    /// The regimes, in order.
    pub regimes: Vec<RegimeReport>,
    /// What a reader should know about how the numbers came about.
    pub notes: Vec<String>,
}

impl Report {
    /// The value of a metric; `None` where the settings did not ask for it.
    pub fn get(&self, metric: Metric) -> Option<Value> {
        self.metrics.iter().find(|(m, _)| *m == metric).map(|(_, value)| *value)
    }
}

/// The values of a regime; `None` where the reference has none.
#[derive(Clone, Debug)]
pub struct RegimeReport {
    /// Its block.
    pub block_num: u64,
    /// Learning or evaluation.
    pub block_type: BlockType,
    /// Wake or sleep.
    pub block_subtype: BlockSubtype,
    /// Its task, in lower case.
    pub task_name: String,
    /// Its number, from 0.
    pub regime_num: usize,
    /// Its parameters as JSON text.
    pub task_params: Option<String>,
    /// The highest point of its smoothed curve.
    pub saturation: Option<f64>,
    /// Where the curve first reaches it.
    pub exp_to_sat: Option<usize>,
    /// The mean of its last tenth (learning) or of all of it (evaluation).
    pub term_perf: Option<f64>,
    /// The middle of that stretch.
    pub exp_to_term_perf: Option<usize>,
    /// Its mean; `None` for evaluations that are superseded by ones in sleep.
    pub avg_perf: Option<f64>,
}
