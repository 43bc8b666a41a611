//! `ppo`: proximal policy optimization with clipped ratios.
//!
//! Schulman et al. 2017 with generalized advantages; the update's details are those of Stable-Baselines3: advantages are
//! normalized in each minibatch, the value's loss is not clipped, gradients are cut to a norm, and where an episode is cut
//! (truncated, or by the end of a block) the value of what would have followed is added to its last reward.
//!
//! With `stack` the policy reads the history of the episode or of the whole lifetime through a sequence model: acting steps
//! it, learning runs it over whole stretches of the rollout, from the state that acting had at their beginning.
//!
//! In evaluation: the likeliest action, nothing is learned. Draws: one `random` for each action chosen when
//! learning, in the order of lanes; one permutation of the minibatches in each epoch.

use super::checkpoint;
use super::eyes::{Eyes, Rows};
use super::network::{Before, Network};
use super::options::{self, device, number};
use super::rollout::{Rollout, Targets};
use crate::{AdamW, NnError, Params, Rates, State};
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor, nn};
use tella_agents::{Agent, AgentError, AgentInit, AgentState, Transitions};
use tella_envs::{Batch, Leaf, int_param};
use tella_rng::Generator;

/// Numbers of the update.
#[derive(Clone, Copy, Debug)]
struct Settings {
    discount: f32,
    lambda: f32,
    steps: usize,
    epochs: usize,
    batch: usize,
    clip: f64,
    entropy: f64,
    value: f64,
    max_norm: f64,
    lifetime: bool,
}

/// What acting changes.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Transient {
    rng: Generator,
    is_learning_allowed: bool,
    rollout: Rollout,
    /// What followed the last step, and the lanes in which the episode goes on there.
    following: Rows,
    goes_on: Vec<bool>,
    before: Before,
    updates: u64,
}

impl Transient {
    /// Whether all of it belongs to an agent of this shape.
    fn fits(&self, eyes: &Eyes, lanes: usize, actions: i64) -> bool {
        let known = |before: &Before, rows| {
            let valid = before.actions.iter().all(|action| (0..=actions).contains(action));
            valid && before.actions.len() == rows && before.rewards.len() == rows
        };
        // Nothing followed before the first step.
        (eyes.holds(&self.following, lanes) || self.following == Rows::default())
            && self.goes_on.len() == lanes
            && known(&self.before, lanes)
            && self.rollout.fits(eyes, lanes, actions)
            && known(&self.rollout.before, self.rollout.len())
    }
}

/// One step that was chosen and whose reward is not known.
#[derive(Debug, Default)]
struct Chosen {
    seen: Rows,
    before: Before,
    starts: Vec<bool>,
    log_probs: Vec<f32>,
    values: Vec<f32>,
}

pub(super) struct Ppo {
    settings: Settings,
    eyes: Eyes,
    network: Network,
    optimizer: AdamW,
    first_action: i64,
    lanes: usize,
    transient: Transient,
    /// What the trunk remembers now, and when the rollout began.
    state: Option<State>,
    at_start: Option<State>,
    chosen: Chosen,
    actions: Batch,
    store: nn::VarStore,
}

impl Ppo {
    pub(super) fn new(init: &AgentInit<'_>) -> Result<Self, AgentError> {
        let (num_actions, first_action) = options::discrete_actions("ppo", init.action_space)?;
        let store = nn::VarStore::new(device(init.config)?);
        let eyes = Eyes::new("ppo", init.observation_space)?;
        let stack = options::stack(init.config)?;
        let hidden = int_param(init.config, "hidden")?;
        // A policy that prefers nothing yet, values near nothing.
        let heads = [(num_actions, 0.01), (1, 1.0)];
        let network = Network::new(
            &Params::new(&store, init.rng_seed),
            eyes.widths(),
            num_actions,
            hidden,
            &heads,
            stack.as_ref(),
        )
        .map_err(failed)?;
        let rates = Rates::new(number(init.config, "learning_rate")?, 0.0);
        let lanes = init.num_envs;
        let count = |name| int_param(init.config, name).map(|n| n as usize);
        let settings = Settings {
            discount: number(init.config, "discount")? as f32,
            lambda: number(init.config, "lambda")? as f32,
            steps: count("rollout")?.div_ceil(lanes).max(2),
            epochs: count("epochs")?,
            batch: count("batch_size")?,
            clip: number(init.config, "clip")?,
            entropy: number(init.config, "entropy")?,
            value: number(init.config, "value")?,
            max_norm: number(init.config, "max_norm")?,
            lifetime: options::remembers_lifetime(init.config)?,
        };
        let no_action = network.no_action();
        Ok(Self {
            settings,
            optimizer: AdamW::new(&store, rates),
            first_action,
            lanes,
            transient: Transient {
                rng: Generator::new(init.rng_seed),
                is_learning_allowed: false,
                rollout: Rollout::default(),
                following: Rows::default(),
                goes_on: vec![false; lanes],
                before: Before { actions: vec![no_action; lanes], rewards: vec![0.0; lanes] },
                updates: 0,
            },
            state: network.state(lanes as i64).map_err(failed)?,
            at_start: network.state(lanes as i64).map_err(failed)?,
            chosen: Chosen::default(),
            actions: Batch::new(init.action_space, lanes),
            network,
            eyes,
            store,
        })
    }

    /// Episodes whose next observation is not what `rows` begins with were cut: by the end of a block, which no hook tells
    /// where labels are hidden.
    fn begin(&mut self, rows: &Rows, active: &[bool]) {
        let t = &mut self.transient;
        let mut starts = vec![true; self.lanes];
        let mut cut = vec![false; self.lanes];
        for lane in 0..self.lanes {
            let same =
                t.goes_on[lane] && active[lane] && self.eyes.same(rows, lane, &t.following, lane);
            starts[lane] = !same;
            cut[lane] = t.goes_on[lane] && !same;
        }
        self.cut(&cut);
        let begins: Vec<i64> = (0..).zip(&starts).filter(|(_, s)| **s).map(|(i, _)| i).collect();
        if !self.settings.lifetime && !begins.is_empty() {
            if let Some(state) = &mut self.state {
                state.reset(&begins);
            }
            for &lane in &begins {
                self.transient.before.actions[lane as usize] = self.network.no_action();
                self.transient.before.rewards[lane as usize] = 0.0;
            }
        }
        self.chosen.starts = starts;
    }

    /// Adds to the last reward of the lanes where `cut` holds the value of what followed it.
    fn cut(&mut self, cut: &[bool]) {
        let steps = self.transient.rollout.len();
        if cut.iter().any(|cut| *cut) && steps > 0 && self.transient.is_learning_allowed {
            let values = self.values_of_following();
            let rollout = &mut self.transient.rollout;
            for lane in (0..self.lanes).filter(|lane| cut[*lane]) {
                let last = steps - self.lanes + lane;
                if rollout.valid[last] && !rollout.ends[last] {
                    rollout.rewards[last] += self.settings.discount * values[lane];
                    rollout.ends[last] = true;
                }
            }
        }
        for lane in (0..self.lanes).filter(|lane| cut[*lane]) {
            self.transient.goes_on[lane] = false;
        }
    }

    /// The values of what followed the last step. The state of acting stays as it is.
    fn values_of_following(&self) -> Vec<f32> {
        let every: Vec<Option<i64>> = (0..self.lanes as i64).map(Some).collect();
        let mut state = self.state.as_ref().map(|state| state.select(&every));
        let heads =
            self.network.step(&self.transient.following, &self.transient.before, &mut state);
        floats(&heads[1])
    }

    fn learn(&mut self) -> Result<(), AgentError> {
        let rollout = std::mem::take(&mut self.transient.rollout);
        let last = self.values_of_following();
        let Settings { discount, lambda, epochs, .. } = self.settings;
        let max_norm = Some(self.settings.max_norm);
        let targets = rollout.targets(self.lanes, &last, discount, lambda);
        for _ in 0..epochs {
            for chosen in self.minibatches(&rollout) {
                let loss = self.loss(&rollout, &targets, &chosen)?;
                let value = loss.double_value(&[]);
                let norm = match value.is_finite() {
                    true => self.optimizer.update(&loss, max_norm).double_value(&[]),
                    false => f64::NAN,
                };
                if !norm.is_finite() {
                    return Err(AgentError::Failed(format!(
                        "the loss of update {} is not a number; lower `learning_rate`",
                        self.transient.updates
                    )));
                }
            }
        }
        self.transient.updates += 1;
        self.network.refresh(&mut self.state);
        self.at_start = self.copied_state();
        Ok(())
    }

    /// Steps of each minibatch, drawn: single ones, or all of some lanes where the trunk reads the history.
    fn minibatches(&mut self, rollout: &Rollout) -> Vec<Vec<usize>> {
        let rng = &mut self.transient.rng;
        if self.state.is_none() {
            let mut steps: Vec<usize> = (0..rollout.len()).filter(|i| rollout.valid[*i]).collect();
            rng.shuffle(&mut steps);
            return steps.chunks(self.settings.batch).map(<[usize]>::to_vec).collect();
        }
        let mut lanes: Vec<usize> = (0..self.lanes).collect();
        rng.shuffle(&mut lanes);
        let length = rollout.len() / self.lanes;
        let together = (self.settings.batch / length).max(1);
        let all = |lane: &usize| (*lane..rollout.len()).step_by(self.lanes).collect::<Vec<_>>();
        lanes.chunks(together).map(|lanes| lanes.iter().flat_map(all).collect()).collect()
    }

    /// What the network makes of the steps `chosen`, with gradients: logits and values (chosen, n).
    fn heads(&self, rollout: &Rollout, chosen: &[usize]) -> Result<Vec<Tensor>, AgentError> {
        let (rows, before) = rollout.chosen(&self.eyes, chosen);
        let Some(state) = &self.at_start else { return Ok(self.network.each(&rows)) };
        let length = rollout.len() / self.lanes;
        let lanes: Vec<_> =
            chosen.iter().step_by(length).map(|i| Some((i % self.lanes) as i64)).collect();
        let starts: Vec<bool> = match self.settings.lifetime {
            true => vec![false; chosen.len()],
            false => chosen.iter().map(|i| rollout.starts[*i]).collect(),
        };
        let (length, state) = (length as i64, state.select(&lanes));
        let heads = self.network.stretches(&rows, &before, &starts, length, &state);
        Ok(heads.map_err(failed)?.into_iter().map(|head| head.flatten(0, 1)).collect())
    }

    fn loss(
        &self,
        rollout: &Rollout,
        targets: &Targets,
        chosen: &[usize],
    ) -> Result<Tensor, AgentError> {
        let heads = self.heads(rollout, chosen)?;
        let device = heads[0].device();
        let of = |values: &[f32]| {
            let picked: Vec<f32> = chosen.iter().map(|i| values[*i]).collect();
            Tensor::from_slice(&picked).to_device(device)
        };
        let actions: Vec<i64> = chosen.iter().map(|i| rollout.actions[*i]).collect();
        let valid: Vec<f32> = chosen.iter().map(|i| f32::from(rollout.valid[*i])).collect();
        let weights = Tensor::from_slice(&valid).to_device(device);
        let weights = &weights / weights.sum(Kind::Float).clamp_min(1.0);
        let mean = |t: Tensor| (t * &weights).sum(Kind::Float);
        let log_probs = heads[0].log_softmax(-1, Kind::Float);
        let actions = Tensor::from_slice(&actions).to_device(device).unsqueeze(-1);
        let ratio =
            (log_probs.gather(-1, &actions, false).squeeze_dim(-1) - of(&rollout.log_probs)).exp();
        let advantages = normalized(&of(&targets.advantages), &weights);
        let Settings { clip, entropy, value, .. } = self.settings;
        let clipped = ratio.clamp(1.0 - clip, 1.0 + clip) * &advantages;
        let policy = -mean((ratio * &advantages).minimum(&clipped));
        let error = mean((heads[1].squeeze_dim(-1) - of(&targets.returns)).square());
        let disorder =
            -mean((log_probs.exp() * &log_probs).sum_dim_intlist([-1].as_slice(), false, None));
        Ok(policy + error * value - disorder * entropy)
    }

    fn copied_state(&self) -> Option<State> {
        let every: Vec<Option<i64>> = (0..self.lanes as i64).map(Some).collect();
        self.state.as_ref().map(|state| state.select(&every))
    }
}

/// Less the weighted mean, over the deviation; one step alone is what it is.
fn normalized(advantages: &Tensor, weights: &Tensor) -> Tensor {
    if advantages.numel() < 2 {
        return advantages.shallow_clone();
    }
    let centred = advantages - (advantages * weights).sum(Kind::Float);
    let deviation = (centred.square() * weights).sum(Kind::Float).sqrt();
    centred / (deviation + 1e-8)
}

impl Agent for Ppo {
    fn block_start(&mut self, is_learning_allowed: bool) -> Result<(), AgentError> {
        self.transient.is_learning_allowed = is_learning_allowed;
        Ok(())
    }

    fn choose_actions(&mut self, seen: &Batch, active: &[bool]) -> Result<&Batch, AgentError> {
        let mut rows = Rows::default();
        self.eyes.look_at_all(seen, active, &mut rows);
        self.begin(&rows, active);
        let heads = self.network.step(&rows, &self.transient.before, &mut self.state);
        let log_probs = heads[0].log_softmax(-1, Kind::Float);
        let (all, values) = (floats(&log_probs), floats(&heads[1]));
        let actions = all.len() / self.lanes;
        self.chosen.log_probs = vec![0.0; self.lanes];
        let Leaf::I64(chosen) = &mut self.actions.leaves_mut()[0] else {
            unreachable!("a Discrete action is an integer")
        };
        for lane in (0..self.lanes).filter(|lane| active[*lane]) {
            let log_probs = &all[lane * actions..(lane + 1) * actions];
            let action = match self.transient.is_learning_allowed {
                true => drawn(log_probs, self.transient.rng.random()),
                false => likeliest(log_probs),
            };
            self.chosen.log_probs[lane] = log_probs[action];
            chosen[lane] = self.first_action + action as i64;
        }
        self.chosen.values = values;
        self.chosen.before = self.transient.before.clone();
        self.chosen.seen = rows;
        Ok(&self.actions)
    }

    fn receive_transitions(&mut self, t: Transitions<'_>) -> Result<(), AgentError> {
        let mut following = Rows::default();
        self.eyes.look_at_all(t.next_observations, t.active, &mut following);
        self.transient.following = following;
        for lane in (0..self.lanes).filter(|lane| t.active[*lane]) {
            let action = t.actions.lane(lane).i64(0)[0] - self.first_action;
            self.transient.before.actions[lane] = action;
            // In evaluation nobody tells rewards.
            self.transient.before.rewards[lane] = t.rewards.map_or(0.0, |r| r[lane] as f32);
            self.transient.goes_on[lane] = !(t.terminated[lane] || t.truncated[lane]);
        }
        let Some(rewards) = t.rewards.filter(|_| self.transient.is_learning_allowed) else {
            return Ok(());
        };
        let only_cut = |lane: usize| t.active[lane] && t.truncated[lane] && !t.terminated[lane];
        let mut rewards: Vec<f32> = rewards.iter().map(|r| *r as f32).collect();
        if (0..self.lanes).any(only_cut) {
            let values = self.values_of_following();
            for lane in (0..self.lanes).filter(|lane| only_cut(*lane)) {
                rewards[lane] += self.settings.discount * values[lane];
            }
        }
        let chosen = std::mem::take(&mut self.chosen);
        let rollout = &mut self.transient.rollout;
        rollout.seen.extend(&chosen.seen);
        rollout.before.actions.extend(chosen.before.actions);
        rollout.before.rewards.extend(chosen.before.rewards);
        rollout.actions.extend((0..self.lanes).map(|lane| match t.active[lane] {
            true => t.actions.lane(lane).i64(0)[0] - self.first_action,
            false => 0,
        }));
        rollout.log_probs.extend(chosen.log_probs);
        rollout.values.extend(chosen.values);
        rollout.rewards.extend(rewards);
        rollout.starts.extend(chosen.starts);
        rollout.ends.extend((0..self.lanes).map(|lane| t.terminated[lane] || t.truncated[lane]));
        rollout.valid.extend(t.active);
        if rollout.len() == self.settings.steps * self.lanes {
            self.learn()?;
        }
        Ok(())
    }

    fn task_variant_end(&mut self, _: Option<&str>, _: Option<&str>) -> Result<(), AgentError> {
        self.cut(&vec![true; self.lanes]);
        Ok(())
    }

    fn save(&self) -> Option<AgentState> {
        let learned = checkpoint::learned(&self.store, &self.optimizer);
        let states = (checkpoint::remembered(&self.state), checkpoint::remembered(&self.at_start));
        Some(AgentState { learned, transient: checkpoint::encode(&(&self.transient, states)) })
    }

    fn restore(&mut self, state: &AgentState) -> Result<(), AgentError> {
        type Saved = (Transient, (Option<Vec<u8>>, Option<Vec<u8>>));
        let (transient, (now, start)): Saved = checkpoint::decode(&state.transient, "transient")?;
        let remembers = self.state.is_some();
        if !transient.fits(&self.eyes, self.lanes, self.network.no_action())
            || (now.is_some(), start.is_some()) != (remembers, remembers)
        {
            return Err(checkpoint::damaged("transient", "it is another agent's"));
        }
        let fresh = || self.network.state(self.lanes as i64).map_err(failed);
        let states = (checkpoint::remember(now, fresh()?)?, checkpoint::remember(start, fresh()?)?);
        // From here on nothing fails: after an error the agent is as it was.
        checkpoint::learn(&state.learned, &self.store, &self.optimizer)?;
        (self.state, self.at_start) = states;
        self.transient = transient;
        self.chosen = Chosen::default();
        self.network.refresh(&mut self.state);
        self.network.refresh(&mut self.at_start);
        Ok(())
    }
}

/// The action that `draw`, even between 0 and 1, falls on.
fn drawn(log_probs: &[f32], draw: f64) -> usize {
    let mut below = 0.0;
    for (action, log_prob) in log_probs.iter().enumerate() {
        below += f64::from(*log_prob).exp();
        if draw < below {
            return action;
        }
    }
    // Probabilities that were rounded may not add up to 1.
    likeliest(log_probs)
}

/// The first of the likeliest.
fn likeliest(log_probs: &[f32]) -> usize {
    (1..log_probs.len()).fold(0, |best, i| if log_probs[i] > log_probs[best] { i } else { best })
}

fn floats(tensor: &Tensor) -> Vec<f32> {
    let flat = tensor.flatten(0, -1).to_kind(Kind::Float).to_device(tch::Device::Cpu);
    Vec::try_from(flat).expect("a flat tensor of floats")
}

fn failed(error: NnError) -> AgentError {
    AgentError::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::Neural;
    use tella_agents::AgentResolver;
    use tella_envs::{Dtype, ParamValue, Space};

    /// Acting steps through the network, learning runs it over whole stretches. As long as nothing was learned both find
    /// the same probabilities and values, over the ends of episodes and of rollouts.
    #[test]
    fn learning_sees_what_acting_saw() {
        for (stack, history) in [
            ("", "episode"),
            ("{layers: [hyena, swiglu], width: 16, max_length: 64}", "episode"),
            ("{layers: [hyena, attention: {heads: 2}], width: 16, max_length: 64}", "lifetime"),
            ("{layers: [s4d, selective-ssm], width: 16}", "lifetime"),
            (
                "{layers: [gated-linear-attention, long-conv], width: 16, heads: 2, max_length: 64}",
                "episode",
            ),
        ] {
            let mut ppo = made(stack, history);
            let steps = ppo.settings.steps;
            let mut rng = Generator::new(11);
            let mut differences = Vec::new();
            let space = Space::uniform_box(-1.0, 1.0, &[3], Dtype::Float32);
            let (mut seen, mut next) = (Batch::new(&space, 2), Batch::new(&space, 2));
            ppo.block_start(true).unwrap();
            draw(&mut seen, &mut rng);
            for step in 0..3 * steps - 1 {
                let actions = ppo.choose_actions(&seen, &[true; 2]).unwrap().clone();
                draw(&mut next, &mut rng);
                let ended = [rng.random() < 0.2, rng.random() < 0.1];
                let transitions = Transitions {
                    active: &[true; 2],
                    observations: &seen,
                    actions: &actions,
                    rewards: Some(&[1.0, -1.0]),
                    terminated: &ended,
                    truncated: &[false; 2],
                    next_observations: &next,
                };
                ppo.receive_transitions(transitions).unwrap();
                seen = next.clone();
                for lane in (0..2).filter(|lane| ended[*lane]) {
                    let mut other = Batch::new(&space, 2);
                    draw(&mut other, &mut rng);
                    seen.copy_lane(lane, &other, lane);
                }
                if step % steps == steps - 2 {
                    differences.push(difference(&ppo));
                }
            }
            assert!(differences.iter().all(|d| *d < 2e-5), "{stack} {history}: {differences:?}");
            assert_eq!(ppo.transient.updates, 2);
        }
    }

    fn made(stack: &str, history: &str) -> Ppo {
        let text = |text: &str| ParamValue::Text(text.into());
        let given = tella_envs::Params::from([
            ("stack".into(), text(stack)),
            ("history".into(), text(history)),
            ("rollout".into(), ParamValue::Int(40)),
            ("learning_rate".into(), ParamValue::Float(0.0)),
        ]);
        let spec = Neural.spec("ppo").unwrap();
        let init = AgentInit {
            rng_seed: 5,
            observation_space: &Space::uniform_box(-1.0, 1.0, &[3], Dtype::Float32),
            action_space: &Space::discrete(4),
            num_envs: 2,
            config: &tella_agents::resolve_config(&spec, &given).unwrap(),
        };
        Ppo::new(&init).unwrap()
    }

    fn draw(batch: &mut Batch, rng: &mut Generator) {
        let Leaf::F32(numbers) = &mut batch.leaves_mut()[0] else { unreachable!("floats") };
        numbers.iter_mut().for_each(|x| *x = rng.uniform(-1.0, 1.0) as f32);
    }

    /// The greatest difference between what acting kept of the rollout and what learning makes of it.
    fn difference(ppo: &Ppo) -> f64 {
        let rollout = &ppo.transient.rollout;
        let all: Vec<usize> = (0..2).flat_map(|lane| (lane..rollout.len()).step_by(2)).collect();
        let heads = ppo.heads(rollout, &all).unwrap();
        let log_probs = floats(&heads[0].log_softmax(-1, Kind::Float));
        let values = floats(&heads[1]);
        let of = |(place, i): (usize, &usize)| {
            let log_prob = log_probs[place * 4 + rollout.actions[*i] as usize];
            let policy = f64::from((log_prob - rollout.log_probs[*i]).abs());
            policy.max(f64::from((values[place] - rollout.values[*i]).abs()))
        };
        all.iter().enumerate().map(of).fold(0.0, f64::max)
    }
}
