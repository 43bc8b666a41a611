//! The metrics of the profile: their keys, headings and meanings, and why one may be
//! undefined.

use super::settings::{Maintenance, Settings, TransferMethod};

/// A metric of L2Metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Trend of recovery times.
    PerfRecovery,
    /// Average learning performance.
    AvgTrainPerf,
    /// Average evaluation performance.
    AvgEvalPerf,
    /// Maintenance against the first evaluation after learning.
    PerfMaintenanceMrlep,
    /// Maintenance against the end of learning.
    PerfMaintenanceMrtlp,
    /// Forward transfer as after / before.
    ForwardTransferRatio,
    /// Backward transfer as after / before.
    BackwardTransferRatio,
    /// Forward transfer as (after - before) / (after + before).
    ForwardTransferContrast,
    /// Backward transfer as (after - before) / (after + before).
    BackwardTransferContrast,
    /// Performance relative to a single-task expert.
    SteRelPerf,
    /// Sample efficiency relative to a single-task expert.
    SampleEfficiency,
}

impl Metric {
    /// The metrics that the settings ask for, in the reference's order.
    pub fn selected(settings: &Settings) -> Vec<Self> {
        let mut metrics = vec![Self::PerfRecovery, Self::AvgTrainPerf, Self::AvgEvalPerf];
        if settings.maintenance_method != Maintenance::Mrtlp {
            metrics.push(Self::PerfMaintenanceMrlep);
        }
        if settings.maintenance_method != Maintenance::Mrlep {
            metrics.push(Self::PerfMaintenanceMrtlp);
        }
        if settings.transfer_method != TransferMethod::Contrast {
            metrics.extend([Self::ForwardTransferRatio, Self::BackwardTransferRatio]);
        }
        if settings.transfer_method != TransferMethod::Ratio {
            metrics.extend([Self::ForwardTransferContrast, Self::BackwardTransferContrast]);
        }
        metrics.extend([Self::SteRelPerf, Self::SampleEfficiency]);
        metrics
    }

    /// The reference's key.
    pub fn key(self) -> &'static str {
        match self {
            Self::PerfRecovery => "perf_recovery",
            Self::AvgTrainPerf => "avg_train_perf",
            Self::AvgEvalPerf => "avg_eval_perf",
            Self::PerfMaintenanceMrlep => "perf_maintenance_mrlep",
            Self::PerfMaintenanceMrtlp => "perf_maintenance_mrtlp",
            Self::ForwardTransferRatio => "forward_transfer_ratio",
            Self::BackwardTransferRatio => "backward_transfer_ratio",
            Self::ForwardTransferContrast => "forward_transfer_contrast",
            Self::BackwardTransferContrast => "backward_transfer_contrast",
            Self::SteRelPerf => "ste_rel_perf",
            Self::SampleEfficiency => "sample_efficiency",
        }
    }

    /// A short heading for a column.
    pub fn heading(self) -> &'static str {
        match self {
            Self::PerfRecovery => "recovery",
            Self::AvgTrainPerf => "avg train",
            Self::AvgEvalPerf => "avg eval",
            Self::PerfMaintenanceMrlep => "maintenance",
            Self::PerfMaintenanceMrtlp => "maintenance (end of learning)",
            Self::ForwardTransferRatio => "forward transfer",
            Self::BackwardTransferRatio => "backward transfer",
            Self::ForwardTransferContrast => "forward contrast",
            Self::BackwardTransferContrast => "backward contrast",
            Self::SteRelPerf => "vs expert",
            Self::SampleEfficiency => "sample efficiency",
        }
    }

    /// What the number says, in a line.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::PerfRecovery => {
                "trend of the experiences a task needs to get back to where it was; above 0: ever faster"
            }
            Self::AvgTrainPerf => "mean performance while learning",
            Self::AvgEvalPerf => "mean performance in evaluation",
            Self::PerfMaintenanceMrlep => {
                "later evaluations minus the first one after learning; 0: kept, below 0: forgotten"
            }
            Self::PerfMaintenanceMrtlp => {
                "later evaluations minus the end of learning; 0: kept, below 0: forgotten"
            }
            Self::ForwardTransferRatio => {
                "evaluation of a task not yet learnt, after / before another was learnt; above 1: helped"
            }
            Self::BackwardTransferRatio => {
                "evaluation of a learnt task, after / before another was learnt; above 1: helped"
            }
            Self::ForwardTransferContrast => {
                "forward transfer as (after - before) / (after + before); above 0: helped"
            }
            Self::BackwardTransferContrast => {
                "backward transfer as (after - before) / (after + before); above 0: helped"
            }
            Self::SteRelPerf => "learning performance relative to a single-task expert's",
            Self::SampleEfficiency => "speed and height of saturation relative to an expert's",
        }
    }

    /// The metric needs the logs of single-task experts.
    pub fn needs_expert(self) -> bool {
        matches!(self, Self::SteRelPerf | Self::SampleEfficiency)
    }
}

/// A metric's value, or why it has none.
pub type Value = Result<f64, Undefined>;

/// Why a metric has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undefined {
    /// See [`Metric::PerfRecovery`].
    #[error("no task was learnt again at least twice, so there is no trend of recovery times")]
    NoTrend,
    /// The task has too few recovery times.
    #[error("the task was not learnt again at least twice, so its recovery times have no trend")]
    NoTaskTrend,
    /// Nothing was learnt.
    #[error("no learning experiences")]
    NoLearning,
    /// Nothing was evaluated.
    #[error("no evaluation experiences")]
    NoEvaluation,
    /// No evaluation to compare with.
    #[error("no evaluation later than the first one after learning")]
    NoLaterEvaluation,
    /// No pair of tasks.
    #[error("no task was evaluated before and after another was learnt, ahead of its own learning")]
    NoForwardPair,
    /// No pair of tasks.
    #[error("no task was evaluated before and after another was learnt, after its own learning")]
    NoBackwardPair,
    /// An expert is missing.
    #[error("needs the log of a single-task expert")]
    NoExpert,
    /// No saturation.
    #[error("its learning is highest at its first experience, so it never saturates")]
    NeverSaturates,
    /// No saturation of the expert.
    #[error("its expert is highest at its first experience, so it never saturates")]
    ExpertNeverSaturates,
    /// Division by zero.
    #[error("its expert's performance is zero")]
    ZeroExpert,
    /// Another method was chosen.
    #[error("the settings ask for another method")]
    NotSelected,
    /// Overflow.
    #[error("the numbers are too large to compute it")]
    Overflow,
}

/// A finite number as a value.
pub(crate) fn finite(value: f64) -> Value {
    if value.is_finite() { Ok(value) } else { Err(Undefined::Overflow) }
}
