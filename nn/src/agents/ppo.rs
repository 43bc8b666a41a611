//! `ppo`: proximal policy optimization with clipped ratios.
//!
//! Schulman et al. 2017 with generalized advantages; the update's details are those of Stable-Baselines3: advantages are
//! normalized in each minibatch, the value's loss is not clipped, gradients are cut to a norm, and where an episode is cut
//! (truncated, or by the end of a block) the value of what would have followed is added to its last reward.
//!
//! With `stack` the policy reads the history of the episode or of the whole lifetime through a sequence model: acting steps
//! it, learning runs it over whole stretches of the rollout, from the state that acting had at their beginning.
//!
//! With `ewc_strength`, `plasticity` and `replay` it learns continually ([`super::continual`]).
//!
//! In evaluation: the likeliest action, nothing is learned. Draws: one `random` for each action chosen when
//! learning, in the order of lanes; one permutation of the minibatches in each epoch; those of the continual options.

use super::checkpoint::{self, Places, damaged};
use super::choice::{drawn, floats, greatest};
use super::continual::{self, Continual, Kept, Replay};
use super::eyes::Eyes;
use super::history::{self, History, Scene};
use super::learner::{Learner, failed};
use super::lesson::Lesson;
use super::options::{self, number};
use super::rollout::Rollout;
use crate::State;
use serde::{Deserialize, Serialize};
use tch::{Kind, Tensor};
use tella_agents::{Agent, AgentError, AgentInit, AgentState, Transitions};
use tella_envs::{Batch, Leaf, int_param};
use tella_rng::Generator;

/// Numbers of the update.
#[derive(Clone, Copy, Debug)]
struct Settings {
    discount: f32,
    lambda: f32,
    /// Steps of each lane between updates.
    steps: usize,
    epochs: usize,
    batch: usize,
    clip: f64,
    entropy: f64,
    value: f64,
    burn_in: usize,
}

/// What acting changes, beside the history.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Transient {
    rng: Generator,
    is_learning_allowed: bool,
    rollout: Rollout,
    /// Steps that were learned from.
    steps: u64,
    /// The last rollout that was learned from, where it is asked for when learning turns to something new.
    recent: Rollout,
}

/// One step that was chosen and whose reward is not known.
#[derive(Debug, Default)]
struct Chosen {
    scene: Scene,
    log_probs: Vec<f32>,
    values: Vec<f32>,
}

pub(super) struct Ppo {
    settings: Settings,
    learner: Learner,
    history: History,
    continual: Continual,
    replay: Option<Replay>,
    transient: Transient,
    /// What the trunk remembered when the rollout began.
    at_start: Option<State>,
    chosen: Chosen,
    actions: Batch,
}

impl Ppo {
    pub(super) fn new(init: &AgentInit<'_>) -> Result<Self, AgentError> {
        let (num_actions, _) = options::discrete_actions("ppo", init.action_space)?;
        let eyes = Eyes::new("ppo", init.observation_space)?;
        // A policy that prefers nothing yet; values near nothing are a stack's affair (`network`).
        let learner = Learner::new(init, &eyes, num_actions, &[(num_actions, 0.01), (1, 1.0)])?;
        let history = History::new("ppo", init, eyes, &learner.network)?;
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
            burn_in: count("burn_in")?,
        };
        let continual = Continual::new(init, &learner)?;
        let replay = Replay::new(init.config, lanes, settings.steps)?;
        if replay.is_some() || continual.samples().is_some() {
            let what = "what an environment lives in a `rollout`";
            learner.check_burn_in(settings.burn_in, settings.steps, what)?;
        }
        Ok(Self {
            settings,
            transient: Transient {
                rng: Generator::new(init.rng_seed),
                is_learning_allowed: false,
                rollout: Rollout::default(),
                steps: 0,
                recent: Rollout::default(),
            },
            continual,
            replay,
            at_start: history.remembered(),
            chosen: Chosen::default(),
            actions: Batch::new(init.action_space, lanes),
            learner,
            history,
        })
    }

    /// Adds to the last reward of the lanes where `cut` holds the value of what followed it.
    fn cut(&mut self, cut: &[bool]) {
        let (lanes, steps) = (cut.len(), self.transient.rollout.len());
        if cut.contains(&true) && steps > 0 && self.transient.is_learning_allowed {
            let values = self.values_of_following();
            let rollout = &mut self.transient.rollout.steps;
            for lane in (0..lanes).filter(|lane| cut[*lane]) {
                let last = steps - lanes + lane;
                if rollout.valid[last] && !rollout.ends[last] {
                    rollout.rewards[last] += self.settings.discount * values[lane];
                    rollout.ends[last] = true;
                }
            }
        }
        self.history.cut(cut);
    }

    fn values_of_following(&self) -> Vec<f32> {
        floats(&self.history.of_following(&self.learner.network)[1])
    }

    fn learn(&mut self) -> Result<(), AgentError> {
        let rollout = std::mem::take(&mut self.transient.rollout);
        let last = self.values_of_following();
        let Settings { discount, lambda, epochs, batch, .. } = self.settings;
        let lanes = self.history.lanes();
        let targets = rollout.targets(lanes, &last, discount, lambda);
        let lesson = Lesson::new(&rollout, &targets, &self.learner.network);
        let whole = self.learner.network.has_stack();
        let rng = &mut self.transient.rng;
        let draw = |replay: &Replay| replay.draw(&self.history, &self.learner.network, rng);
        let again = self.replay.as_ref().map(draw).transpose()?.flatten();
        self.learner.anneal(self.transient.steps);
        for _ in 0..epochs {
            let rng = &mut self.transient.rng;
            let parts = rollout.minibatches(rng, lanes, batch, whole);
            let again_parts = again.as_ref().map(|again| again.parts(rng, batch, whole));
            for (i, (part, chosen)) in parts.iter().zip(lesson.order(&parts)).enumerate() {
                let mut loss = self.loss(&rollout, &lesson.part(&chosen), part)?;
                if let (Some(replay), Some(again), Some(parts)) =
                    (&self.replay, &again, &again_parts)
                {
                    let part = &parts[i % parts.len()];
                    loss += replay.loss(again, part, &self.history, &self.learner.network)?;
                }
                self.learner.update(&self.continual.held(loss));
            }
        }
        self.learner.check()?;
        self.transient.steps += rollout.steps.valid.iter().filter(|valid| **valid).count() as u64;
        if let Some(replay) = &mut self.replay {
            replay.keep(&self.history, &rollout, &last, &mut self.transient.rng);
        }
        if self.continual.samples().is_some() {
            self.transient.recent = rollout;
        }
        self.history.refresh(&self.learner.network);
        self.at_start = self.history.remembered();
        Ok(())
    }

    /// Learning begins, of something new if anything was learned before.
    fn turn(&mut self) -> Result<(), AgentError> {
        let Transient { rng, is_learning_allowed, recent, .. } = &mut self.transient;
        if !*is_learning_allowed || !self.continual.is_due(&self.learner) {
            return Ok(());
        }
        let (eyes, lanes) = (&self.history.eyes, self.history.lanes());
        let samples = self.continual.samples().filter(|_| recent.len() > 0);
        let lived = samples.and_then(|samples| {
            let whole = self.learner.network.has_stack();
            let part = recent.minibatches(rng, lanes, samples, whole).into_iter().next()?;
            let length = if whole { recent.len() / lanes } else { 1 };
            Some(recent.steps.chosen(eyes, &part).stretches(eyes, length))
        });
        let lived = lived.as_deref().map(|lived| (lived, self.settings.burn_in));
        if self.continual.turn(&mut self.learner, lived, rng)? {
            // What other weights chose and valued says nothing of these.
            self.transient.rollout = Rollout::default();
            self.history.refresh(&self.learner.network);
            self.at_start = self.history.remembered();
        }
        Ok(())
    }

    fn places(&self) -> Places {
        checkpoint::places(&self.learner).into_iter().chain(self.continual.places()).collect()
    }

    /// The loss of the steps `part`, as `lesson` has them, which are whole lanes where the trunk reads the history.
    fn loss(
        &self,
        rollout: &Rollout,
        lesson: &Lesson,
        part: &[usize],
    ) -> Result<Tensor, AgentError> {
        let heads = match &lesson.observed {
            Some(observed) => self.learner.network.each_of(observed),
            None => self.over(rollout, part)?,
        };
        let shares = lesson.shares();
        let log_probs = heads[0].log_softmax(-1, Kind::Float);
        let taken = log_probs.gather(-1, &lesson.actions.unsqueeze(-1), false).squeeze_dim(-1);
        let ratio = (taken - &lesson.log_probs).exp();
        let advantages = normalized(&lesson.advantages, &shares);
        let Settings { clip, entropy, value, .. } = self.settings;
        let clipped = ratio.clamp(1.0 - clip, 1.0 + clip) * &advantages;
        let gained = (ratio * &advantages).minimum(&clipped);
        let error = (heads[1].squeeze_dim(-1) - &lesson.returns).square();
        let mut loss = error * value - gained;
        if entropy > 0.0 {
            let order =
                (log_probs.exp() * &log_probs).sum_dim_intlist([-1].as_slice(), false, None);
            loss += order * entropy;
        }
        Ok(loss.dot(&shares))
    }

    /// What a network that reads the history makes of the steps `part` of the rollout, with gradients: logits and values
    /// (steps, n).
    fn over(&self, rollout: &Rollout, part: &[usize]) -> Result<Vec<Tensor>, AgentError> {
        let lanes = self.history.lanes();
        let length = rollout.len() / lanes;
        let of = |i: &usize| Some((i % lanes) as i64);
        let of_part: Vec<_> = part.iter().step_by(length).map(of).collect();
        let before = self.at_start.as_ref().map(|state| state.select(&of_part));
        let steps = rollout.steps.chosen(&self.history.eyes, part);
        self.learner.network.over(&steps, length, before.as_ref()).map_err(failed)
    }
}

/// Less the weighted mean, over the deviation; one step alone is what it is.
fn normalized(advantages: &Tensor, shares: &Tensor) -> Tensor {
    if advantages.numel() < 2 {
        return advantages.shallow_clone();
    }
    let centred = advantages - (advantages * shares).sum(Kind::Float);
    let deviation = (centred.square() * shares).sum(Kind::Float).sqrt();
    centred / (deviation + 1e-8)
}

impl Agent for Ppo {
    fn block_start(&mut self, is_learning_allowed: bool) -> Result<(), AgentError> {
        // Where labels are hidden no other hook tells in time that a block of learning cut its episodes.
        self.cut(&vec![true; self.history.lanes()]);
        self.transient.is_learning_allowed = is_learning_allowed;
        self.turn()
    }

    fn task_start(&mut self, _: Option<&str>) -> Result<(), AgentError> {
        self.turn()
    }

    fn choose_actions(&mut self, seen: &Batch, active: &[bool]) -> Result<&Batch, AgentError> {
        let (mut scene, cut) = self.history.look(seen, active);
        self.cut(&cut);
        let heads = self.history.enter(&self.learner.network, &mut scene);
        // Read at once: a graphics processor is waited for.
        let [logits, of_state] = heads.as_slice() else { unreachable!("two heads were made") };
        let all = floats(&Tensor::cat(&[&logits.log_softmax(-1, Kind::Float), of_state], -1));
        let (mut log_probs, mut values) = (Vec::new(), Vec::new());
        let Leaf::I64(actions) = &mut self.actions.leaves_mut()[0] else {
            unreachable!("a Discrete action is an integer")
        };
        let count = self.history.num_actions() as usize;
        for (lane, of_lane) in all.chunks(count + 1).enumerate() {
            let of_actions = &of_lane[..count];
            log_probs.extend_from_slice(of_actions);
            values.push(of_lane[count]);
            if active[lane] {
                actions[lane] = self.history.action(match self.transient.is_learning_allowed {
                    true => drawn(of_actions, self.transient.rng.random()),
                    false => greatest(of_actions),
                });
            }
        }
        self.chosen = Chosen { scene, log_probs, values };
        Ok(&self.actions)
    }

    fn receive_transitions(&mut self, t: Transitions<'_>) -> Result<(), AgentError> {
        self.history.go_on(&t);
        let Some(rewards) = t.rewards.filter(|_| self.transient.is_learning_allowed) else {
            return Ok(());
        };
        let lanes = self.history.lanes();
        let only_cut = |lane: usize| t.active[lane] && t.truncated[lane] && !t.terminated[lane];
        let mut rewards: Vec<f32> = rewards.iter().map(|r| *r as f32).collect();
        if (0..lanes).any(only_cut) {
            let values = self.values_of_following();
            for lane in (0..lanes).filter(|lane| only_cut(*lane)) {
                rewards[lane] += self.settings.discount * values[lane];
            }
        }
        let ends = (0..lanes).map(|lane| t.terminated[lane] || t.truncated[lane]).collect();
        let Chosen { scene, log_probs, values } = std::mem::take(&mut self.chosen);
        let rollout = &mut self.transient.rollout;
        rollout.steps.extend(self.history.steps(scene, &t, rewards, ends));
        rollout.log_probs.extend(log_probs);
        rollout.values.extend(values);
        match rollout.len() == self.settings.steps * lanes {
            true => self.learn(),
            false => Ok(()),
        }
    }

    fn task_variant_end(&mut self, _: Option<&str>, _: Option<&str>) -> Result<(), AgentError> {
        self.cut(&vec![true; self.history.lanes()]);
        Ok(())
    }

    fn save(&self) -> Option<AgentState> {
        let continual = self.continual.save(&self.learner.network);
        let kept = (continual, self.replay.as_ref().map(|replay| &replay.kept));
        let learned = checkpoint::learned(&self.places(), &kept);
        let at_start = checkpoint::remembered(&self.at_start);
        let transient = checkpoint::encode(&(&self.transient, self.history.save(), at_start));
        Some(AgentState { learned, transient })
    }

    fn restore(&mut self, state: &AgentState) -> Result<(), AgentError> {
        type Saved = (Transient, history::Saved, Option<Vec<u8>>);
        let (transient, past, at_start): Saved = checkpoint::decode(&state.transient, "transient")?;
        let (lanes, num_actions) = (self.history.lanes(), self.history.num_actions());
        let fits = |rollout: &Rollout| rollout.fits(&self.history.eyes, lanes, num_actions);
        if !fits(&transient.rollout) || !fits(&transient.recent) {
            return Err(damaged("transient", "it is another agent's"));
        }
        let network = &self.learner.network;
        let past = self.history.read(past, network)?;
        let fresh = network.state(lanes as i64).map_err(failed)?;
        let mut at_start = checkpoint::remember(at_start, fresh)?;
        type Learned = (continual::Saved, Option<Kept>);
        let (tensors, (continual, kept)): (_, Learned) = checkpoint::read_learned(&state.learned)?;
        self.continual.check(continual)?;
        let fits = match (&self.replay, &kept) {
            (Some(replay), Some(kept)) => replay.fits(kept, &self.history),
            (replay, kept) => replay.is_none() && kept.is_none(),
        };
        if !fits {
            return Err(damaged("learned", "it is another agent's"));
        }
        // From here on nothing fails: after an error the agent is as it was.
        checkpoint::learn(&self.places(), &tensors)?;
        self.continual.restore(continual, &mut self.learner.network);
        if let (Some(replay), Some(kept)) = (&mut self.replay, kept) {
            replay.kept = kept;
        }
        self.learner.network.refresh(&mut at_start);
        self.history.restore(past, &self.learner.network);
        (self.transient, self.at_start) = (transient, at_start);
        self.chosen = Chosen::default();
        Ok(())
    }
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
            assert!(ppo.learner.optimizer.updates() > 0);

            // Nor is anything to be cloned, of what is replayed and known from its episode's beginning.
            let network = &ppo.learner.network;
            let Some(replay) = &ppo.replay else { continue };
            let again = replay.draw(&ppo.history, network, &mut rng).unwrap().unwrap();
            let parts = again.parts(&mut rng, 1000, network.has_stack());
            let loss = replay.loss(&again, &parts[0], &ppo.history, network).unwrap();
            assert!(loss.double_value(&[]).abs() < 1e-8, "{stack} {history}: {loss}");
            assert!(again.counted() > 0);
        }
    }

    /// Whatever the trunk: from values above all that can be gained an agent learns to end nothing.
    #[test]
    fn at_first_nothing_is_preferred_or_valued_much() {
        let space = Space::uniform_box(-1.0, 1.0, &[3], Dtype::Float32);
        let mut seen = Batch::new(&space, 2);
        draw(&mut seen, &mut Generator::new(7));
        for stack in ["", "hyena", "s4d", "attention", "gated-linear-attention"] {
            let declared = match stack {
                "" => String::new(),
                layer => format!("{{layers: [{layer}, swiglu], width: 16, max_length: 64}}"),
            };
            let mut ppo = made(&declared, "episode");
            ppo.block_start(true).unwrap();
            ppo.choose_actions(&seen, &[true; 2]).unwrap();
            let Chosen { log_probs, values, .. } = &ppo.chosen;
            let uniform = -4.0_f32.ln();
            assert!(log_probs.iter().all(|l| (l - uniform).abs() < 0.05), "{stack}: {log_probs:?}");
            let bound = if stack.is_empty() { 1.0 } else { 0.1 };
            assert!(values.iter().all(|v| v.abs() < bound && *v != 0.0), "{stack}: {values:?}");
        }
    }

    /// Also where labels are hidden, so that beginnings of blocks are all that is told, and the block after it is an
    /// evaluation that leaves its traces.
    #[test]
    fn the_end_of_a_block_cuts_episodes() {
        let mut ppo = made("", "episode");
        let space = Space::uniform_box(-1.0, 1.0, &[3], Dtype::Float32);
        let seen = Batch::new(&space, 2);
        for is_learning_allowed in [true, false, true] {
            ppo.block_start(is_learning_allowed).unwrap();
            let actions = ppo.choose_actions(&seen, &[true; 2]).unwrap().clone();
            let transitions = Transitions {
                active: &[true; 2],
                observations: &seen,
                actions: &actions,
                rewards: is_learning_allowed.then_some(&[1.0, -1.0]),
                terminated: &[false, true],
                truncated: &[false; 2],
                next_observations: &seen,
            };
            ppo.receive_transitions(transitions).unwrap();
            ppo.block_end(is_learning_allowed).unwrap();
        }
        let Rollout { steps, values, .. } = &ppo.transient.rollout;
        assert_eq!(steps.ends, [true, true, false, true]);
        // Nothing was learned: what followed has the value of what was seen before.
        let followed = 1.0 + ppo.settings.discount * values[0];
        assert!((steps.rewards[0] - followed).abs() < 1e-6 && values[0] != 0.0);
        assert_eq!(steps.rewards[1..], [-1.0, 1.0, -1.0]);
    }

    fn made(stack: &str, history: &str) -> Ppo {
        let text = |text: &str| ParamValue::Text(text.into());
        let given = tella_envs::Params::from([
            ("stack".into(), text(stack)),
            ("history".into(), text(history)),
            ("rollout".into(), ParamValue::Int(40)),
            ("learning_rate".into(), ParamValue::Float(0.0)),
            // Of a lifetime's history a stretch alone does not hear enough.
            ("replay".into(), ParamValue::Int(if history == "episode" { 200 } else { 0 })),
            ("replay_weight".into(), ParamValue::Float(0.0)),
            ("burn_in".into(), ParamValue::Int(1 << 20)),
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
        let all = rollout.of_lanes(&[0, 1], 2);
        let lived = rollout.chosen(&ppo.history.eyes, 4, &all);
        let heads = ppo.over(rollout, &all).unwrap();
        let log_probs = floats(&heads[0].log_softmax(-1, Kind::Float));
        let found = log_probs.into_iter().chain(floats(&heads[1]));
        let acted = lived.log_probs.into_iter().chain(lived.values);
        found.zip(acted).map(|(a, b)| f64::from((a - b).abs())).fold(0.0, f64::max)
    }
}
