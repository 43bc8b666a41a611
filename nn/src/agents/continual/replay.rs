//! Replay of what was lived long ago, and cloning of what was thought of it then.
//!
//! CLEAR (Rolnick et al. 2019): stretches of experience are kept in a reservoir, with the policy μ and the values that acting had. With
//! each rollout as many steps as `replay_ratio` says are drawn from it, and every minibatch's loss has added
//!
//! - `replay_weight` times V-trace's: -advantage log π(a|s) + `value` (V(s) - return)²,
//! - `clone_policy` times the divergence Σ_a μ(a|s) log (μ(a|s) / π(a|s)),
//! - `clone_value` times (V(s) - V_μ(s))²,
//!
//! each a mean over steps. V-trace's advantages and returns are computed once a rollout, and what followed a stretch's last step has the value that it
//! had then. A stretch is what one environment lived in a rollout. With a stack it is run from nothing, and the steps count of which enough was
//! heard, as in `dqn`.

use super::reservoir::Reservoir;
use super::vtrace::vtrace;
use crate::agents::choice::{flags, floats, shares};
use crate::agents::history::History;
use crate::agents::learner::failed;
use crate::agents::network::Network;
use crate::agents::options::number;
use crate::agents::rollout::{Rollout, Targets};
use crate::agents::steps::picked;
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};
use tella_agents::AgentError;
use tella_envs::{Params, int_param};
use tella_rng::Generator;

/// What replay is done with.
pub(in crate::agents) struct Replay {
    /// Stretches that there is room for, steps of each, and stretches that are drawn with a rollout.
    capacity: usize,
    length: usize,
    drawn: usize,
    burn_in: usize,
    discount: f32,
    value: f64,
    weight: f64,
    clone_policy: f64,
    clone_value: f64,
    pub(in crate::agents) kept: Kept,
}

/// Everything that is replayed.
pub(in crate::agents) type Kept = Reservoir<Stretch>;

/// What one environment lived in a rollout.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::agents) struct Stretch {
    lived: Rollout,
    /// The value of what followed.
    last: f32,
}

/// What was drawn, as a rollout of `lanes` lanes.
pub(in crate::agents) struct Again {
    lived: Rollout,
    lanes: usize,
    counts: Vec<bool>,
    targets: Targets,
}

impl Replay {
    /// For rollouts of `lanes` lanes and `length` steps each, where `replay` is above 0.
    pub(in crate::agents) fn new(
        config: &Params,
        lanes: usize,
        length: usize,
    ) -> Result<Option<Self>, AgentError> {
        let steps = int_param(config, "replay")? as usize;
        let drawn = number(config, "replay_ratio")? * lanes as f64;
        Ok((steps > 0).then_some(Self {
            capacity: (steps / length).max(1),
            length,
            drawn: (drawn.round() as usize).max(1),
            burn_in: int_param(config, "burn_in")? as usize,
            discount: number(config, "discount")? as f32,
            value: number(config, "value")?,
            weight: number(config, "replay_weight")?,
            clone_policy: number(config, "clone_policy")?,
            clone_value: number(config, "clone_value")?,
            kept: Kept::default(),
        }))
    }

    /// Whether `kept` can be taken up.
    pub(in crate::agents) fn fits(&self, kept: &Kept, history: &History) -> bool {
        let fits = |stretch: &Stretch| {
            stretch.lived.len() == self.length
                && stretch.lived.steps.valid.contains(&true)
                && stretch.lived.fits(&history.eyes, 1, history.num_actions())
        };
        kept.fits(self.capacity) && kept.kept().iter().all(fits)
    }

    /// Offers what was lived to the reservoir, but for lanes that took no part; `last` holds the values of what followed.
    pub(in crate::agents) fn keep(
        &mut self,
        history: &History,
        rollout: &Rollout,
        last: &[f32],
        rng: &mut Generator,
    ) {
        for (lane, last) in last.iter().enumerate() {
            let steps = rollout.of_lanes(&[lane], history.lanes());
            let lived = rollout.chosen(&history.eyes, history.num_actions(), &steps);
            if lived.steps.valid.contains(&true) {
                self.kept.offer(rng, Stretch { lived, last: *last }, self.capacity);
            }
        }
    }

    /// Draws stretches, one `integers` each; `None` where nothing is kept yet.
    pub(in crate::agents) fn draw(
        &self,
        history: &History,
        network: &Network,
        rng: &mut Generator,
    ) -> Result<Option<Again>, AgentError> {
        let kept = self.kept.kept();
        if kept.is_empty() {
            return Ok(None);
        }
        let (mut lived, mut last) = (Rollout::default(), Vec::new());
        for _ in 0..self.drawn {
            let stretch = &kept[rng.integers(0, kept.len() as i64) as usize];
            lived.extend(stretch.lived.clone());
            last.push(stretch.last);
        }
        let heads = tch::no_grad(|| network.over(&lived.steps, self.length, None));
        let heads = heads.map_err(failed)?;
        let log_probs = floats(&heads[0].log_softmax(-1, Kind::Float));
        let actions = history.num_actions() as usize;
        let ratio = |(i, action): (usize, &i64)| {
            let place = i * actions + *action as usize;
            (log_probs[place] - lived.log_probs[place]).exp()
        };
        let ratios: Vec<f32> = lived.steps.actions.iter().enumerate().map(ratio).collect();
        let heard = network.heard(&lived.steps, self.length, self.burn_in);
        // From lane after lane to moment after moment.
        let (lanes, length) = (self.drawn, self.length);
        let moment = |t: usize| (0..lanes).map(move |lane| lane * length + t);
        let order: Vec<usize> = (0..length).flat_map(moment).collect();
        let lived = lived.chosen(&history.eyes, history.num_actions(), &order);
        let (ratios, values) = (picked(&ratios, &order), picked(&floats(&heads[1]), &order));
        let counts = picked(&heard, &order);
        let targets = vtrace(&lived.steps, lanes, &ratios, &values, &last, self.discount);
        Ok(Some(Again { lived, lanes, counts, targets }))
    }

    /// What is added to a loss, of the steps `part` of what was drawn, which are whole lanes where `network` reads the history.
    pub(in crate::agents) fn loss(
        &self,
        again: &Again,
        part: &[usize],
        history: &History,
        network: &Network,
    ) -> Result<Tensor, AgentError> {
        let lived = again.lived.chosen(&history.eyes, history.num_actions(), part);
        let heads = network.over(&lived.steps, self.length, None).map_err(failed)?;
        let on = |values: &[f32]| Tensor::from_slice(values).to_device(network.device());
        let of = |values: &[f32]| on(&picked(values, part));
        let counts: Vec<bool> = part
            .iter()
            .zip(&lived.steps.valid)
            .map(|(i, valid)| *valid && again.counts[*i])
            .collect();
        let shares = shares(&flags(&counts, network.device()));
        let mean = |t: Tensor| (t * &shares).sum(Kind::Float);
        let log_probs = heads[0].log_softmax(-1, Kind::Float);
        let acted = on(&lived.log_probs).view_as(&log_probs);
        let actions = Tensor::from_slice(&lived.steps.actions).to_device(network.device());
        let taken = log_probs.gather(-1, &actions.unsqueeze(-1), false).squeeze_dim(-1);
        let values = heads[1].squeeze_dim(-1);
        let policy = -mean(taken * of(&again.targets.advantages));
        let error = mean((&values - of(&again.targets.returns)).square());
        let divergence = acted.exp() * (&acted - log_probs);
        let divergence = mean(divergence.sum_dim_intlist([-1].as_slice(), false, None));
        let distance = mean((values - on(&lived.values)).square());
        Ok((policy + error * self.value) * self.weight
            + divergence * self.clone_policy
            + distance * self.clone_value)
    }
}

impl Again {
    /// Steps of which enough was heard.
    #[cfg(test)]
    pub(in crate::agents) fn counted(&self) -> usize {
        self.counts.iter().filter(|counts| **counts).count()
    }

    /// Parts of it for a pass, as [`Rollout::minibatches`] draws them.
    pub(in crate::agents) fn parts(
        &self,
        rng: &mut Generator,
        batch: usize,
        whole: bool,
    ) -> Vec<Vec<usize>> {
        self.lived.minibatches(rng, self.lanes, batch, whole)
    }
}
