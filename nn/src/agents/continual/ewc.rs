//! Elastic weight consolidation: weights that mattered for what was learned resist change.
//!
//! Kirkpatrick et al. 2017. When learning turns to something new, weights θ* are kept with the diagonal of the policy's Fisher
//! information, F_i = E[(∂ log π(a|s) / ∂θ_i)²], the states s being lived ones and the actions a drawn from the policy π. From then on
//! strength / 2 Σ_i F_i (θ_i - θ*_i)² is added to every loss.
//!
//! *Separate* adds such a term for each turn. Their sum differs by a constant from one term with precision Σ F and the mean of
//! the θ* weighted by F for an anchor, which is what is kept: memory does not grow. *Online* (Schwarz et al. 2018) has one term, at the last
//! weights, and its precision is decay times the one before plus F.
//!
//! Units: F is a step's, 1 / weight²; `strength` is in losses.

use crate::agents::checkpoint::{Places, under};
use crate::agents::choice::{drawn, floats};
use crate::agents::learner::failed;
use crate::agents::network::Network;
use crate::agents::options::number;
use crate::agents::steps::Steps;
use tch::nn::VarStore;
use tch::{Kind, Tensor};
use tella_agents::AgentError;
use tella_envs::{Params, int_param, text_param};
use tella_rng::Generator;

/// What holds the weights back.
pub(in crate::agents) struct Ewc {
    strength: f64,
    /// What precision is multiplied by before more is added, where the anchor moves with the weights.
    decay: Option<f64>,
    /// Steps that the Fisher information is a mean over.
    pub(in crate::agents) samples: usize,
    weights: Vec<Tensor>,
    /// Of all weights, one after another.
    precision: Tensor,
    anchor: Tensor,
}

impl Ewc {
    /// For the weights of `store`, where `ewc_strength` is above 0.
    pub(in crate::agents) fn new(
        config: &Params,
        store: &VarStore,
    ) -> Result<Option<Self>, AgentError> {
        let strength = number(config, "ewc_strength")?;
        let online = text_param(config, "ewc")? == "online";
        let weights: Vec<Tensor> =
            crate::checkpoint::weights(store).into_iter().map(|(_, tensor)| tensor).collect();
        let zeros = flat(&weights).detach().zeros_like();
        Ok((strength > 0.0).then_some(Self {
            strength,
            decay: if online { Some(number(config, "ewc_decay")?) } else { None },
            samples: int_param(config, "ewc_samples")? as usize,
            weights,
            anchor: zeros.copy(),
            precision: zeros,
        }))
    }

    /// What is added to a loss.
    pub(in crate::agents) fn penalty(&self) -> Tensor {
        let moved = flat(&self.weights) - &self.anchor;
        (moved.square() * &self.precision).sum(Kind::Float) * (self.strength / 2.0)
    }

    /// Holds on to the weights as they are, as far as `network`'s first head, logits of actions, depends on them at the steps of
    /// `stretches` of which enough was heard. Draws one `random` for each step.
    pub(in crate::agents) fn consolidate(
        &mut self,
        network: &Network,
        stretches: &[Steps],
        burn_in: usize,
        rng: &mut Generator,
    ) -> Result<(), AgentError> {
        let fisher = self.fisher(network, stretches, burn_in, rng)?;
        tch::no_grad(|| self.hold(fisher));
        Ok(())
    }

    /// Holds on to the weights as they are, each as `fisher` says.
    fn hold(&mut self, fisher: Tensor) {
        let weights = flat(&self.weights);
        match self.decay {
            Some(decay) => {
                self.precision = &self.precision * decay + fisher;
                self.anchor = weights;
            }
            None => {
                let sum = &self.precision + &fisher;
                // Nothing holds a weight that nothing depends on: its share, 0 / 0, may be any.
                let share = (&fisher / &sum).nan_to_num(1.0, None, None);
                self.anchor = &self.anchor + (weights - &self.anchor) * share;
                self.precision = sum;
            }
        }
    }

    /// The diagonal, of one stretch at a time. Where a stretch has several steps the square of their sum stands for the sum of
    /// their squares: the expectation is the same, since log-probabilities of drawn actions have gradients of mean 0.
    fn fisher(
        &self,
        network: &Network,
        stretches: &[Steps],
        burn_in: usize,
        rng: &mut Generator,
    ) -> Result<Tensor, AgentError> {
        let mut sum = self.precision.zeros_like();
        let mut counted = 0.0;
        for steps in stretches {
            let heads = network.over(steps, steps.len(), None).map_err(failed)?;
            let heard = network.heard(steps, steps.len(), burn_in).into_iter().zip(&steps.valid);
            let counts: Vec<f32> = heard.map(|(heard, valid)| f32::from(heard && *valid)).collect();
            let log_probs = heads[0].log_softmax(-1, Kind::Float);
            let actions = log_probs.size()[1] as usize;
            let all = floats(&log_probs.detach());
            let actions: Vec<i64> =
                all.chunks(actions).map(|of_step| drawn(of_step, rng.random()) as i64).collect();
            let actions = Tensor::from_slice(&actions).to_device(network.device()).unsqueeze(-1);
            let taken = log_probs.gather(-1, &actions, false).squeeze_dim(-1);
            counted += counts.iter().sum::<f32>();
            let counts = Tensor::from_slice(&counts).to_device(network.device());
            let likelihood = (taken * counts).sum(Kind::Float);
            sum += tch::no_grad(|| gradients(&likelihood, &self.weights).square());
        }
        Ok(sum / f64::from(counted.max(1.0)))
    }

    pub(in crate::agents) fn places(&self) -> Places {
        let tensor = |name: &str, tensor: &Tensor| (name.to_owned(), tensor.shallow_clone());
        let own = vec![tensor("precision", &self.precision), tensor("anchor", &self.anchor)];
        under("ewc", own).collect()
    }
}

/// All numbers of some tensors, one after another.
fn flat(tensors: &[Tensor]) -> Tensor {
    Tensor::cat(&tensors.iter().map(|tensor| tensor.reshape(-1i64)).collect::<Vec<_>>(), 0)
}

/// Gradients of `of` with respect to `weights`, one after another; 0 where it does not depend on them or they do not learn.
fn gradients(of: &Tensor, weights: &[Tensor]) -> Tensor {
    let learn: Vec<&Tensor> = weights.iter().filter(|weights| weights.requires_grad()).collect();
    let mut each = Tensor::run_backward(&[of], &learn, false, false).into_iter();
    let of_weights = |weights: &Tensor| {
        let gradient = weights.requires_grad().then(|| each.next()).flatten();
        gradient.filter(Tensor::defined).unwrap_or_else(|| weights.zeros_like())
    };
    flat(&weights.iter().map(of_weights).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::continual::tests::observed;
    use crate::agents::learner::tests::learner;
    use std::collections::BTreeMap;

    /// Against gradients written out by hand, a step at a time, in double precision.
    #[test]
    fn the_fisher_information_is_a_mean_of_squared_gradients() {
        let (learner, config) = learner(&[("ewc_strength", 1.0)]);
        let ewc = Ewc::new(&config, &learner.store).unwrap().unwrap();
        let network = &learner.network;
        let steps: Vec<Steps> = (0..40).map(|i| observed(&[i as f32 / 20.0 - 1.0, 0.3])).collect();
        let found = ewc.fisher(network, &steps, 0, &mut Generator::new(5)).unwrap();

        let named = crate::checkpoint::weights(&learner.store);
        let of = |name: &str| -> Vec<f64> {
            let (_, tensor) = named.iter().find(|(n, _)| n == name).expect(name);
            Vec::try_from(tensor.detach().to_kind(Kind::Double).flatten(0, -1)).unwrap()
        };
        let layer = |name: &str, x: &[f64]| -> Vec<f64> {
            let (weight, bias) = (of(&format!("{name}.weight")), of(&format!("{name}.bias")));
            let row = |row: &[f64]| row.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
            weight.chunks(x.len()).zip(bias).map(|(w, b)| row(w) + b).collect()
        };
        let back = |name: &str, d: &[f64], after: &[f64]| -> Vec<f64> {
            let weight = of(&format!("{name}.weight"));
            let column =
                |j| d.iter().enumerate().map(|(i, d)| d * weight[i * after.len() + j]).sum::<f64>();
            (0..after.len()).map(|j| column(j) * (1.0 - after[j] * after[j])).collect()
        };
        let names = ["head0.encoder.numbers", "head0.hidden", "head0.out"];
        let tanh = |x: Vec<f64>| -> Vec<f64> { x.into_iter().map(f64::tanh).collect() };
        let mut wanted = BTreeMap::<String, Vec<f64>>::new();
        let mut rng = Generator::new(5);
        for step in &steps {
            let x: Vec<f64> = step.seen.numbers.iter().map(|x| f64::from(*x)).collect();
            let first = tanh(layer(names[0], &x));
            let second = tanh(layer(names[1], &first));
            let logits = layer(names[2], &second);
            let sum: f64 = logits.iter().map(|x| x.exp()).sum();
            let log_probs: Vec<f32> = logits.iter().map(|x| (x - sum.ln()) as f32).collect();
            let action = drawn(&log_probs, rng.random());
            let error = |(i, x): (usize, &f64)| f64::from(i == action) - x.exp() / sum;
            let third: Vec<f64> = logits.iter().enumerate().map(error).collect();
            let middle = back(names[2], &third, &second);
            let deltas = [back(names[1], &middle, &first), middle, third];
            for ((name, inputs), delta) in names.iter().zip([&x, &first, &second]).zip(deltas) {
                let outer = delta.iter().flat_map(|d| inputs.iter().map(move |x| d * x));
                for (part, gradient) in
                    [("weight", outer.collect::<Vec<_>>()), ("bias", delta.clone())]
                {
                    let squares = gradient.iter().map(|g| g * g / 40.0);
                    let sums = wanted.entry(format!("{name}.{part}"));
                    let sums = sums.or_insert_with(|| vec![0.0; gradient.len()]);
                    sums.iter_mut().zip(squares).for_each(|(sum, square)| *sum += square);
                }
            }
        }
        let wanted: Vec<f64> = named
            .iter()
            .flat_map(|(name, tensor)| {
                wanted.remove(name).unwrap_or_else(|| vec![0.0; tensor.numel()])
            })
            .collect();
        assert!(wanted.iter().any(|f| *f > 1e-3));
        for (found, wanted) in floats(&found).into_iter().zip(wanted) {
            assert!((f64::from(found) - wanted).abs() < 1e-6 + 1e-4 * wanted, "{found} {wanted}");
        }
    }

    /// Terms for each turn, added up, and the one that stands for them differ by a constant; online has the last weights.
    #[test]
    fn one_term_stands_for_those_of_all_turns() {
        for online in [false, true] {
            let (learner, config) = learner(&[("ewc_strength", 3.0), ("ewc_decay", 0.5)]);
            let mut ewc = Ewc::new(&config, &learner.store).unwrap().unwrap();
            ewc.decay = online.then_some(0.5);
            let mut terms: Vec<(Tensor, Tensor)> = Vec::new();
            let move_by = |by: f64| {
                tch::no_grad(|| {
                    for (i, mut weights) in
                        learner.store.trainable_variables().into_iter().enumerate()
                    {
                        weights += (i as f64 * by).sin();
                    }
                });
            };
            for turn in 0..3 {
                move_by(0.3 + f64::from(turn));
                let weights = flat(&ewc.weights).detach();
                // Squares of anything; nothing depends on the first weights.
                let fisher = (&weights * 7.0 + f64::from(turn)).sin().square();
                let _ = fisher.narrow(0, 0, 2).zero_();
                ewc.hold(fisher.copy());
                if online {
                    terms.iter_mut().for_each(|(f, at)| {
                        *f *= 0.5;
                        *at = weights.copy();
                    });
                }
                terms.push((fisher, weights));
            }
            let slow = || -> f64 {
                let weights = flat(&ewc.weights).detach();
                let of =
                    |(f, at): &(Tensor, Tensor)| (f * (&weights - at).square()).sum(Kind::Double);
                terms.iter().map(|term| of(term).double_value(&[])).sum::<f64>() * 1.5
            };
            let mut differences = Vec::new();
            for by in [0.1, 0.7, 1.9] {
                move_by(by);
                differences.push(slow() - ewc.penalty().double_value(&[]));
            }
            let spread = differences.iter().map(|d| (d - differences[0]).abs()).fold(0.0, f64::max);
            assert!(spread < 1e-3 * slow(), "online {online}: {differences:?} of {}", slow());
        }
    }
}
