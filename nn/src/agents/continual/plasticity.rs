//! Keeping weights able to learn: what is done with them when learning turns to something new.
//!
//! - `last-layer` draws each head's last layer anew (Nikishin et al. 2022, "the primacy bias").
//! - `shrink-perturb` draws all weights anew and mixes: θ becomes share θ + (1 - share) θ', θ' being first weights of the same network
//!   (Ash and Adams 2020, with the network's own first weights for noise, as D'Oro et al. 2023 have it).
//! - `injection` leaves outputs as they are and lets new weights learn ([`Head`](crate::agents::head::Head); Nikishin et al. 2023).
//!
//! All of them make the optimizer forget what it knows of gradients.

use crate::agents::head::PAIRS;
use crate::agents::learner::{Learner, failed};
use tch::Tensor;
use tella_agents::AgentError;
use tella_envs::{Params, float_param, text_param};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::agents) enum Plasticity {
    None,
    LastLayer,
    ShrinkPerturb { share: f64 },
    Injection,
}

impl Plasticity {
    pub(in crate::agents) fn read(config: &Params) -> Result<Self, AgentError> {
        Ok(match text_param(config, "plasticity")? {
            "last-layer" => Self::LastLayer,
            "shrink-perturb" => Self::ShrinkPerturb { share: float_param(config, "shrink")? },
            "injection" => Self::Injection,
            _ => Self::None,
        })
    }

    /// Pairs that heads need room for.
    pub(in crate::agents) fn pairs(self) -> usize {
        if self == Self::Injection { PAIRS } else { 0 }
    }

    /// Does it; `seed` draws new weights. Says whether the network is another now.
    pub(in crate::agents) fn renew(
        self,
        learner: &mut Learner,
        seed: u64,
    ) -> Result<bool, AgentError> {
        let last_layer = |name: &str| {
            name.starts_with("head") && (name.contains(".out.") || name.matches('.').count() == 1)
        };
        match self {
            Self::None => return Ok(false),
            Self::LastLayer => mix(learner, seed, 0.0, last_layer)?,
            Self::ShrinkPerturb { share } => mix(learner, seed, share, |_| true)?,
            Self::Injection => {
                let number = learner.network.injected();
                if number == PAIRS {
                    return Ok(false);
                }
                mix(learner, seed, 0.0, |name| name.contains(&format!(".pair{number}.fixed.")))?;
                learner.network.inject();
            }
        }
        learner.optimizer.forget();
        Ok(true)
    }
}

/// Weights whose names `chosen` accepts become `share` of themselves and the rest of what `seed` draws.
fn mix(
    learner: &Learner,
    seed: u64,
    share: f64,
    chosen: impl Fn(&str) -> bool,
) -> Result<(), AgentError> {
    let (_, drawn) = learner.blueprint.draw(seed).map_err(failed)?;
    let pairs = crate::checkpoint::weights(&learner.store).into_iter();
    tch::no_grad(|| {
        for ((name, weights), (_, new)) in pairs.zip(crate::checkpoint::weights(&drawn)) {
            if chosen(&name) {
                let mixed: Tensor = &weights * share + new * (1.0 - share);
                weights.shallow_clone().copy_(&mixed);
            }
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::choice::floats;
    use crate::agents::continual::tests::observed;
    use crate::agents::learner::tests::given;
    use tch::Kind;
    use tella_envs::ParamValue;

    fn made(plasticity: &str) -> (Learner, Plasticity) {
        let text = ParamValue::Text(plasticity.into());
        let (learner, config) = given([("plasticity".into(), text)].into());
        (learner, Plasticity::read(&config).unwrap())
    }

    fn outputs(learner: &Learner) -> Vec<Tensor> {
        learner.network.over(&observed(&[0.3, -0.8]), 1, None).unwrap()
    }

    /// Pulls all outputs towards 1, some updates long.
    fn learn(learner: &mut Learner) {
        for _ in 0..20 {
            let errors = outputs(learner).iter().map(|y| (y - 1.0).square().sum(Kind::Float)).sum();
            learner.update(&errors);
            learner.check().unwrap();
        }
    }

    fn weights(learner: &Learner) -> Vec<(String, Vec<f32>)> {
        let all = crate::checkpoint::weights(&learner.store);
        all.into_iter().map(|(name, tensor)| (name, floats(&tensor))).collect()
    }

    fn changed(before: &[(String, Vec<f32>)], learner: &Learner) -> Vec<String> {
        let pairs = before.iter().zip(weights(learner));
        pairs.filter(|(a, b)| **a != *b).map(|(a, _)| a.0.clone()).collect()
    }

    /// To the bit; and from there on the encoders and the newest pair alone learn.
    #[test]
    fn injection_leaves_outputs_unchanged() {
        let (mut learner, plasticity) = made("injection");
        learn(&mut learner);
        for number in 0..PAIRS {
            let before: Vec<_> = outputs(&learner).iter().map(floats).collect();
            assert!(plasticity.renew(&mut learner, 3 + number as u64).unwrap());
            assert_eq!(outputs(&learner).iter().map(floats).collect::<Vec<_>>(), before);
            let at = weights(&learner);
            learn(&mut learner);
            assert_ne!(outputs(&learner).iter().map(floats).collect::<Vec<_>>(), before);
            let learned = changed(&at, &learner);
            let pair = format!(".pair{number}.learned.");
            assert!(learned.iter().any(|name| name.contains(&pair)));
            let known = |name: &String| name.contains(&pair) || name.contains(".encoder.");
            assert!(learned.iter().all(known), "{learned:?}");
        }
        assert!(!plasticity.renew(&mut learner, 99).unwrap(), "there is room for no more");
    }

    #[test]
    fn the_last_layer_alone_is_drawn_anew() {
        let (mut learner, plasticity) = made("last-layer");
        let first = weights(&learner);
        learn(&mut learner);
        let at = weights(&learner);
        // The first weights' seed draws the first weights again.
        plasticity.renew(&mut learner, 5).unwrap();
        assert_eq!(learner.optimizer.updates(), 0);
        let last = |name: &&String| name.contains(".out.");
        let names: Vec<_> = at.iter().map(|(name, _)| name).filter(last).cloned().collect();
        assert_eq!(names.len(), 4);
        assert_eq!(changed(&at, &learner), names);
        let kept = changed(&first, &learner);
        assert!(!kept.iter().any(|name| names.contains(name)), "{kept:?}");
    }

    #[test]
    fn all_weights_shrink_and_are_perturbed() {
        let (mut learner, plasticity) = made("shrink-perturb");
        let first = weights(&learner);
        learn(&mut learner);
        let at = weights(&learner);
        plasticity.renew(&mut learner, 5).unwrap();
        for (((name, first), (_, at)), (_, now)) in first.iter().zip(&at).zip(&weights(&learner)) {
            for ((first, at), now) in first.iter().zip(at).zip(now) {
                assert!((now - 0.5 * (first + at)).abs() < 1e-6, "{name}: {first} {at} {now}");
            }
        }
    }
}
