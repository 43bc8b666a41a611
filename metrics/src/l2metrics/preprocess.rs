//! Preprocessing: smooth, clamp, normalise, add noise, in the reference's order.

use super::clamp::clamp;
use super::experts::CurvesByTask;
use super::normalize::{merge_variants, normalize};
use super::regimes::{Block, Regime};
use super::settings::{DataRange, Settings, Smoothing, VariantMode};
use super::smoothing::smooth;
use crate::MetricsError;
use std::borrow::Cow;
use std::collections::BTreeMap;
use tella_events::BlockType;
use tella_rng::Generator;

/// Where the rows of each task lie.
pub(crate) struct TaskRows<'a> {
    tasks: &'a [String],
    regimes: Vec<Vec<&'a Regime>>,
}

impl<'a> TaskRows<'a> {
    fn new(tasks: &'a [String], regimes: &'a [Regime]) -> Self {
        let mut of_task = vec![Vec::new(); tasks.len()];
        for regime in regimes {
            of_task[regime.key.task].push(regime);
        }
        Self { tasks, regimes: of_task }
    }

    /// The tasks' names.
    pub(crate) fn tasks(&self) -> &[String] {
        self.tasks
    }

    /// The rows of a task, ascending.
    pub(crate) fn of(&self, task: usize) -> impl Iterator<Item = usize> {
        self.regimes[task].iter().flat_map(|regime| regime.rows.clone())
    }

    /// The entry of a task in a list of ranges.
    pub(crate) fn range_of(
        &self,
        task: usize,
        ranges: &BTreeMap<String, DataRange>,
    ) -> Result<DataRange, MetricsError> {
        ranges.get(&self.tasks[task]).copied().ok_or_else(|| MetricsError::NoDataRange {
            task: self.tasks[task].clone(),
            tasks: ranges.keys().cloned().collect::<Vec<_>>().join(", "),
        })
    }
}

/// Performance after each step of preprocessing, where that step was taken.
#[derive(Clone, Debug, Default)]
pub struct Stages {
    /// As logged.
    pub raw: Vec<f64>,
    /// Smoothed.
    pub smoothed: Option<Vec<f64>>,
    /// Cut to the task's bounds.
    pub filtered: Option<Vec<f64>>,
    /// Mapped to 1..101.
    pub normalized: Option<Vec<f64>>,
    /// What the metrics are computed from: the last of the above, with noise.
    pub performance: Vec<f64>,
}

/// What preprocessing works on, in place.
pub(crate) struct Subject<'a> {
    /// The lifetime's performance, row by row.
    pub(crate) perf: &'a mut [f64],
    /// The learning of its tasks' experts.
    pub(crate) experts: &'a mut CurvesByTask,
    pub(crate) tasks: &'a [String],
    pub(crate) regimes: &'a [Regime],
    pub(crate) blocks: &'a [Block],
}

/// Turns raw performance into what the metrics are computed from and returns the ranges it
/// was normalised with. `keep` is told the outcome of every step.
pub(crate) fn preprocess(
    subject: Subject<'_>,
    settings: &Settings,
    notes: &mut Vec<String>,
    mut keep: Option<&mut Stages>,
) -> Result<Option<BTreeMap<String, DataRange>>, MetricsError> {
    let Subject { perf, experts, tasks, regimes, blocks } = subject;
    if let Some(stages) = &mut keep {
        stages.raw = perf.to_vec();
    }
    if settings.smoothing_method != Smoothing::None {
        for (number, regime) in regimes.iter().enumerate() {
            // The type of the block at the regime's number: see `Block`.
            let learning = blocks[number].key.block_type == BlockType::Train;
            if learning || settings.do_smooth_eval_data {
                smooth_in_place(&mut perf[regime.rows.clone()], settings);
            }
        }
        for curve in experts.iter_mut().flatten() {
            for rows in curve.regimes.clone() {
                smooth_in_place(&mut curve.perf[rows], settings);
            }
        }
        if let Some(stages) = &mut keep {
            stages.smoothed = Some(perf.to_vec());
        }
    }
    let merged;
    let given = match (&settings.data_range, settings.variant_mode) {
        (Some(ranges), VariantMode::Agnostic) => {
            merged = merge_variants(ranges);
            Some(&merged)
        }
        (ranges, _) => ranges.as_ref(),
    };
    let rows = TaskRows::new(tasks, regimes);
    if settings.clamp_outliers {
        clamp(perf, experts, &rows, given)?;
        if let Some(stages) = &mut keep {
            stages.filtered = Some(perf.to_vec());
        }
    }
    let ranges = normalize(perf, experts, &rows, given, settings, notes)?;
    if let (Some(stages), Some(_)) = (&mut keep, &ranges) {
        stages.normalized = Some(perf.to_vec());
    }
    add_noise(perf, settings)?;
    if let Some(stages) = &mut keep {
        stages.performance = perf.to_vec();
    }
    Ok(ranges)
}

fn smooth_in_place(curve: &mut [f64], settings: &Settings) {
    let smoothed = smooth(curve, settings.window_length, settings.smoothing_method);
    if let Cow::Owned(smoothed) = smoothed {
        curve.copy_from_slice(&smoothed);
    }
}

/// Adds a normal draw to every row, in order. The reference draws them unseeded; here they
/// are `numpy.random.default_rng(noise_seed).normal(mean, std, rows)`.
fn add_noise(perf: &mut [f64], settings: &Settings) -> Result<(), MetricsError> {
    let [mean, std] = settings.noise;
    if std < 0.0 || !mean.is_finite() || !std.is_finite() {
        return Err(MetricsError::Noise { mean, std });
    }
    if (mean, std) != (0.0, 0.0) {
        let mut generator = Generator::new(settings.noise_seed);
        perf.iter_mut().for_each(|value| *value += generator.normal(mean, std));
    }
    Ok(())
}
