//! Sample efficiency: how high a task saturates and how soon, relative to its expert.

use super::block_values::points;
use super::experts::Curve;
use super::learning::Learning;
use super::relative::mean_curve;
use super::settings::SteAveraging;
use super::smoothing::saturation;

/// Below this share of its expert's saturation a task counts as not learnt.
const LEAST_SHARE: f64 = 0.2;

/// The sample efficiency of a task, and what it is made of. Lists have an entry for each run
/// of the expert that saturates, or one where their curves are averaged first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Efficiency {
    /// The highest point of the task's learning, smoothed.
    pub(crate) task_saturation: f64,
    /// Where it is first reached.
    pub(crate) task_exp_to_sat: usize,
    /// What is relative to the expert; `None` where the averaged curve never saturates.
    pub(crate) relative: Option<Relative>,
}

/// The part of [`Efficiency`] that is relative to the expert.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relative {
    /// The experts' saturation.
    pub(crate) ste_saturation: Vec<f64>,
    /// Where they reach it; NaN for a run without values.
    pub(crate) ste_exp_to_sat: Vec<f64>,
    /// The task's saturation over the expert's.
    pub(crate) saturation: Vec<f64>,
    /// The expert's experiences to saturation over the task's.
    pub(crate) exp_to_sat: Vec<f64>,
    /// The product of the two; 0 where the task was hardly learnt or its curve falls.
    pub(crate) efficiency: Vec<f64>,
}

/// The sample efficiency of a task; `None` where the first experience of its learning is the
/// highest, so that it never saturates.
pub(crate) fn sample_efficiency(
    learning: &Learning,
    experts: &[Curve],
    averaging: SteAveraging,
) -> Option<Efficiency> {
    let (task_saturation, task_exp_to_sat) = learning.saturation();
    if task_exp_to_sat == 0 {
        return None;
    }
    let of_expert: Vec<(f64, f64)> = match averaging {
        SteAveraging::Metrics => {
            experts.iter().map(|e| saturated(&points(&e.exp_num, &e.perf))).collect()
        }
        SteAveraging::Time => vec![saturated(&mean_curve(experts))],
    };
    let hopeless = learning.declines();
    let mut relative = Relative::default();
    for (saturation, exp_to_sat) in of_expert.into_iter().filter(|(_, at)| *at != 0.0) {
        let higher = task_saturation / saturation;
        let sooner = exp_to_sat / task_exp_to_sat as f64;
        let valid = !(task_saturation < saturation * LEAST_SHARE || hopeless);
        relative.ste_saturation.push(saturation);
        relative.ste_exp_to_sat.push(exp_to_sat);
        relative.saturation.push(higher);
        relative.exp_to_sat.push(sooner);
        relative.efficiency.push(if valid { higher * sooner } else { 0.0 });
    }
    // The reference notes an empty list for runs that never saturate, and nothing for a mean
    // curve that does not.
    let noted = averaging == SteAveraging::Metrics || !relative.efficiency.is_empty();
    Some(Efficiency { task_saturation, task_exp_to_sat, relative: noted.then_some(relative) })
}

/// Saturation and experiences to it; NaN of an empty curve.
fn saturated(curve: &[f64]) -> (f64, f64) {
    if curve.is_empty() {
        return (f64::NAN, f64::NAN);
    }
    let (value, at) = saturation(curve);
    (value, at as f64)
}
