//! The settings of L2Metrics 3.1.0, under its own names and with its defaults.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How to measure. The names and defaults are those of the keyword arguments of
/// L2Metrics' `MetricsReport`; a name that is not here is refused when read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The column that holds performance.
    pub perf_measure: String,
    /// Whether variants of a task are tasks of their own.
    pub variant_mode: VariantMode,
    /// How several runs of a single-task expert are averaged.
    pub ste_averaging_method: SteAveraging,
    /// How task values become the lifetime's.
    pub aggregation_method: Aggregation,
    /// What performance maintenance is measured against.
    pub maintenance_method: Maintenance,
    /// How transfer is expressed.
    pub transfer_method: TransferMethod,
    /// What range is mapped to 1..101.
    pub normalization_method: Normalization,
    /// The window learning curves are smoothed with.
    pub smoothing_method: Smoothing,
    /// Whether evaluations are smoothed too.
    pub do_smooth_eval_data: bool,
    /// The window's length; a fifth of the regime, at most 100, where none is given.
    pub window_length: Option<usize>,
    /// Whether values are cut to their task's 10% and 90% quantiles.
    pub clamp_outliers: bool,
    /// The range of each task's values, in place of the data's own.
    pub data_range: Option<BTreeMap<String, DataRange>>,
    /// The unit of the time axis; changes no metric.
    pub unit: Unit,
    /// Mean and standard deviation of the noise that is added to preprocessed performance.
    pub noise: [f64; 2],
    /// The seed of the noise: the draws are those of `numpy.random.default_rng(seed)`.
    pub noise_seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            perf_measure: "reward".to_owned(),
            variant_mode: VariantMode::default(),
            ste_averaging_method: SteAveraging::default(),
            aggregation_method: Aggregation::default(),
            maintenance_method: Maintenance::default(),
            transfer_method: TransferMethod::default(),
            normalization_method: Normalization::default(),
            smoothing_method: Smoothing::default(),
            do_smooth_eval_data: false,
            window_length: None,
            clamp_outliers: false,
            data_range: None,
            unit: Unit::default(),
            noise: [0.0, 0.0],
            noise_seed: 0,
        }
    }
}

/// The smallest and the largest value of a task.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataRange {
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
}

/// Whether `<Task>_<Variant>` is a task, or `<Task>` is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VariantMode {
    /// Each variant is a task of its own.
    #[default]
    Aware,
    /// All variants are one task.
    Agnostic,
}

impl VariantMode {
    /// The task that a name of the log, `<Task>_<Variant>`, stands for.
    pub fn task(self, name: &str) -> &str {
        match self {
            Self::Aware => name,
            Self::Agnostic => super::select::base_task(name),
        }
    }
}

/// How several expert runs are averaged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SteAveraging {
    /// A metric for each run, then their mean.
    #[default]
    Metrics,
    /// The mean curve, then its metric.
    Time,
}

/// How task values become the lifetime's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aggregation {
    /// Their mean.
    #[default]
    Mean,
    /// Their median.
    Median,
}

/// What performance maintenance is measured against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Maintenance {
    /// The most recent learning's first evaluation performance.
    #[default]
    Mrlep,
    /// The most recent terminal learning performance.
    Mrtlp,
    /// Both, each under its own key.
    Both,
}

/// How transfer between two evaluations is expressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TransferMethod {
    /// after / before.
    #[default]
    Ratio,
    /// (after - before) / (after + before).
    Contrast,
    /// Both, each under its own key.
    Both,
}

/// What range is mapped to 1..101.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Normalization {
    /// Each task's own.
    #[default]
    Task,
    /// That of all tasks together.
    Run,
    /// None: values stay as they are.
    None,
}

/// The window learning curves are smoothed with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Smoothing {
    /// A moving average.
    #[default]
    Flat,
    /// A raised cosine.
    Hanning,
    /// A raised cosine that does not touch zero.
    Hamming,
    /// A triangle.
    Bartlett,
    /// A three-term cosine sum.
    Blackman,
    /// No smoothing.
    None,
}

/// The unit of the time axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Experiences.
    #[default]
    #[serde(rename = "exp_num")]
    ExpNum,
    /// Steps, from `episode_step_count`.
    Steps,
}
