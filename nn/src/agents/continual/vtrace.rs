//! V-trace: advantages and returns of steps that another policy took.
//!
//! Espeholt et al. 2018, equation 1 as a recursion, with both cuts at 1: with the ratio w_t = π(a_t|s_t) / μ(a_t|s_t) of the present
//! policy to the one that acted, ρ_t = c_t = min(1, w_t), the returns are v_t = V(s_t) + ρ_t (r_t + discount V(s_{t+1}) - V(s_t)) +
//! discount c_t (v_{t+1} - V(s_{t+1})), and the policy's advantages ρ_t (r_t + discount v_{t+1} - V(s_t)).

use crate::agents::rollout::Targets;
use crate::agents::steps::Steps;

/// Of `steps` of `lanes` lanes, moment after moment: `ratios` are w, `values` V, `last` the values of what follows the last
/// steps.
pub(super) fn vtrace(
    steps: &Steps,
    lanes: usize,
    ratios: &[f32],
    values: &[f32],
    last: &[f32],
    discount: f32,
) -> Targets {
    let mut targets = Targets { advantages: vec![0.0; steps.len()], returns: values.to_vec() };
    for (lane, last) in last.iter().enumerate() {
        let (mut value, mut target, mut goes_on) = (*last, *last, true);
        for i in (lane..steps.len()).step_by(lanes).rev() {
            if !steps.valid[i] {
                goes_on = false;
                continue;
            }
            let goes = if steps.ends[i] || !goes_on { 0.0 } else { discount };
            let (cut, reward) = (ratios[i].min(1.0), steps.rewards[i]);
            targets.advantages[i] = cut * (reward + goes * target - values[i]);
            let error = cut * (reward + goes * value - values[i]);
            target = values[i] + error + goes * cut * (target - value);
            targets.returns[i] = target;
            (value, goes_on) = (values[i], true);
        }
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;
    use tella_rng::Generator;

    /// Against the sum of equation 1, in which an episode's end stops everything.
    #[test]
    fn returns_are_the_sums_that_the_recursion_stands_for() {
        let (lanes, moments, discount) = (2, 23, 0.9_f32);
        let mut rng = Generator::new(9);
        let mut numbers = |n: usize| -> Vec<f32> { (0..n).map(|_| rng.random() as f32).collect() };
        let count = lanes * moments;
        let (rewards, values, last) = (numbers(count), numbers(count), numbers(lanes));
        let ratios: Vec<f32> = numbers(count).iter().map(|x| 2.0 * x).collect();
        let ends: Vec<bool> = numbers(count).iter().map(|x| *x < 0.15).collect();
        let steps = Steps {
            actions: vec![0; count],
            rewards: rewards.clone(),
            ends: ends.clone(),
            valid: vec![true; count],
            ..Steps::default()
        };
        let found = vtrace(&steps, lanes, &ratios, &values, &last, discount);
        for (lane, last) in last.iter().enumerate() {
            let at = |t: usize| t * lanes + lane;
            let cut = |t: usize| ratios[at(t)].min(1.0);
            let goes = |t: usize| if ends[at(t)] { 0.0 } else { discount };
            let value = |t: usize| if t < moments { values[at(t)] } else { *last };
            let wanted = |t: usize| {
                let until = (t..moments).find(|u| ends[at(*u)]).unwrap_or(moments - 1);
                let term = |u: usize| {
                    let cuts: f32 = (t..u).map(cut).product();
                    let error = rewards[at(u)] + goes(u) * value(u + 1) - value(u);
                    discount.powi((u - t) as i32) * cuts * cut(u) * error
                };
                value(t) + (t..=until).map(term).sum::<f32>()
            };
            for t in 0..moments {
                assert!((found.returns[at(t)] - wanted(t)).abs() < 1e-5, "lane {lane}, step {t}");
                let next = if t + 1 < moments { wanted(t + 1) } else { *last };
                let advantage = cut(t) * (rewards[at(t)] + goes(t) * next - value(t));
                assert!(
                    (found.advantages[at(t)] - advantage).abs() < 1e-5,
                    "lane {lane}, step {t}"
                );
            }
        }
    }
}
