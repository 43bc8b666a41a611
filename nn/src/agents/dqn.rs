//! `dqn`: deep Q-learning with a replay memory and a target network.
//!
//! Mnih et al. 2015, and van Hasselt et al. 2016 with `double`: values Q are learned towards r + discount Q'(s', a'), Q' being
//! those of a target network, a copy that is renewed now and then, and a' the action of highest Q with `double` and of
//! highest Q' without. The error's loss is Huber's: half its square up to 1, linear beyond. A step whose episode was cut is
//! not learned from, as what followed it is not kept.
//!
//! With `stack` values read the history of the episode or of the whole lifetime through a sequence model: acting steps it,
//! learning runs it over stretches of the memory from nothing, and learns from the steps of which enough was heard
//! (Hausknecht and Stone 2015; `burn_in` is that of Kapturowski et al. 2019).
//!
//! With `ewc_strength` and `plasticity` it learns continually ([`super::continual`]); the policy whose Fisher information is taken is the softmax of Q.
//!
//! In evaluation: the action of highest value, nothing is learned. Draws: for each action chosen when learning, in the order of
//! lanes, one `random`, and one `integers` where it explores; those of [`Memory::stretches`] for each update; those of the
//! continual options.

use super::checkpoint::{self, Places, damaged};
use super::choice::{flags, floats, greatest};
use super::continual::{self, Continual};
use super::eyes::Eyes;
use super::history::{self, History, Scene};
use super::learner::{Learner, failed};
use super::memory::Memory;
use super::network::Network;
use super::options::{self, number};
use super::steps::Steps;
use serde::{Deserialize, Serialize};
use tch::{Kind, Reduction, Tensor, nn};
use tella_agents::{Agent, AgentError, AgentInit, AgentState, Transitions};
use tella_envs::{Batch, Leaf, bool_param, int_param};
use tella_rng::Generator;

#[derive(Clone, Copy, Debug)]
struct Settings {
    discount: f64,
    double: bool,
    /// Moments that the memory has room for, and steps that it holds before anything is learned.
    capacity: usize,
    learning_starts: usize,
    /// Steps between updates, and updates then.
    train_every: u64,
    updates: usize,
    target_every: i64,
    /// Stretches of an update, and steps of each that are learned from.
    stretches: (usize, usize),
    burn_in: usize,
    /// First and last share of random actions, and the steps from one to the other.
    epsilon: (f64, f64),
    epsilon_steps: f64,
}

/// What acting changes, beside the history.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Transient {
    rng: Generator,
    is_learning_allowed: bool,
    /// Steps lived while learning, and those of them that updates were made for.
    steps: u64,
    trained: u64,
}

pub(super) struct Dqn {
    settings: Settings,
    learner: Learner,
    target: Network,
    target_store: nn::VarStore,
    continual: Continual,
    memory: Memory,
    history: History,
    transient: Transient,
    scene: Scene,
    actions: Batch,
}

impl Dqn {
    pub(super) fn new(init: &AgentInit<'_>) -> Result<Self, AgentError> {
        let (num_actions, _) = options::discrete_actions("dqn", init.action_space)?;
        let eyes = Eyes::new("dqn", init.observation_space)?;
        let heads = [(num_actions, 1.0)];
        let learner = Learner::new(init, &eyes, num_actions, &heads)?;
        // The same seed draws the same weights.
        let (target, target_store) = learner.blueprint.draw(init.rng_seed).map_err(failed)?;
        let count = |name| int_param(init.config, name).map(|n| n as usize);
        let batch = count("batch_size")?;
        let stretch = if target.has_stack() { count("stretch")? } else { 1 };
        let (memory, burn_in) = (count("memory")?, count("burn_in")?);
        let learning_starts = count("learning_starts")?;
        if learning_starts > memory {
            return Err(AgentError::Failed(format!(
                "`memory` keeps {memory} steps and learning begins with {learning_starts} (`learning_starts`): it never would; raise \
                 `memory`, or lower `learning_starts`"
            )));
        }
        learner.check_burn_in(burn_in, stretch, "a `stretch`")?;
        let capacity = (memory / init.num_envs).max(stretch + 1);
        let settings = Settings {
            discount: number(init.config, "discount")?,
            double: bool_param(init.config, "double")?,
            capacity,
            // Environments may not share `memory` evenly.
            learning_starts: learning_starts.min(capacity * init.num_envs),
            train_every: count("train_every")? as u64,
            updates: count("updates")?,
            target_every: int_param(init.config, "target_every")?,
            stretches: ((batch / stretch).max(1), stretch),
            burn_in,
            epsilon: (number(init.config, "epsilon_start")?, number(init.config, "epsilon_end")?),
            epsilon_steps: number(init.config, "epsilon_steps")?,
        };
        Ok(Self {
            settings,
            transient: Transient {
                rng: Generator::new(init.rng_seed),
                is_learning_allowed: false,
                steps: 0,
                trained: 0,
            },
            continual: Continual::new(init, &learner)?,
            memory: Memory::default(),
            history: History::new("dqn", init, eyes, &learner.network)?,
            scene: Scene::default(),
            actions: Batch::new(init.action_space, init.num_envs),
            learner,
            target,
            target_store,
        })
    }

    /// The share of random actions.
    fn epsilon(&self) -> f64 {
        let (first, last) = self.settings.epsilon;
        let passed = self.transient.steps as f64 / self.settings.epsilon_steps;
        first + (last - first) * passed.min(1.0)
    }

    /// The updates that are due.
    fn learn(&mut self) -> Result<(), AgentError> {
        let Settings { train_every, updates, target_every, .. } = self.settings;
        let due = self.transient.steps / train_every - self.transient.trained / train_every;
        self.transient.trained = self.transient.steps;
        if self.memory.len() < self.settings.learning_starts || due == 0 {
            return Ok(());
        }
        self.learner.anneal(self.transient.steps);
        for _ in 0..due as usize * updates {
            let Some(loss) = self.loss()? else { continue };
            self.learner.update(&self.continual.held(loss));
            if self.learner.optimizer.updates() % target_every == 0 {
                self.renew_target();
            }
        }
        self.learner.check()?;
        self.history.refresh(&self.learner.network);
        Ok(())
    }

    fn renew_target(&mut self) {
        self.target.fix(self.learner.network.injected());
        self.target_store.copy(&self.learner.store).expect("both are of one architecture");
    }

    /// Learning begins, of something new if anything was learned before.
    fn turn(&mut self) -> Result<(), AgentError> {
        let Transient { rng, is_learning_allowed, .. } = &mut self.transient;
        if !*is_learning_allowed || !self.continual.is_due(&self.learner) {
            return Ok(());
        }
        let (eyes, lanes) = (&self.history.eyes, self.history.lanes());
        let (_, length) = self.settings.stretches;
        let lived = self.continual.samples().and_then(|samples| {
            let count = (samples / length).max(1);
            Some(self.memory.stretches(rng, eyes, lanes, (count, length))?.stretches(eyes, length))
        });
        let lived = lived.as_deref().map(|lived| (lived, self.settings.burn_in));
        if self.continual.turn(&mut self.learner, lived, rng)? {
            self.renew_target();
            self.history.refresh(&self.learner.network);
        }
        Ok(())
    }

    /// The loss of some stretches, where there is a step in them to learn from.
    fn loss(&mut self) -> Result<Option<Tensor>, AgentError> {
        let Settings { discount, double, stretches: (count, learned), burn_in, .. } = self.settings;
        // One more than is learned from: the last is what followed.
        let length = learned + 1;
        let (rng, eyes) = (&mut self.transient.rng, &self.history.eyes);
        let lanes = self.history.lanes();
        let Some(steps) = self.memory.stretches(rng, eyes, lanes, (count, length)) else {
            return Ok(None);
        };
        let heard = self.target.heard(&steps, length, burn_in);
        let weights = usable(&steps, length, &heard);
        if weights.iter().all(|weight| *weight == 0.0) {
            return Ok(None);
        }
        let size = [count as i64, length as i64];
        let on = |values: &[f32]| {
            let all = Tensor::from_slice(values).to_device(self.target.device()).view(size);
            all.narrow(1, 0, learned as i64)
        };
        let over = |network: &Network| {
            let heads = network.over(&steps, length, None).map_err(failed);
            heads.map(|heads| heads[0].unflatten(0, size))
        };
        let values = over(&self.learner.network)?;
        let targets = tch::no_grad(|| over(&self.target))?;
        let best = if double { &values } else { &targets }.argmax(-1, true);
        let following =
            targets.gather(-1, &best, false).squeeze_dim(-1).narrow(1, 1, learned as i64);
        let goes_on: Vec<bool> = steps.ends.iter().map(|end| !end).collect();
        let goes_on = flags(&goes_on, self.target.device()).view(size).narrow(1, 0, learned as i64);
        let wanted = on(&steps.rewards) + goes_on * following * discount;
        let actions = Tensor::from_slice(&steps.actions).to_device(self.target.device()).view(size);
        let taken = values.gather(-1, &actions.unsqueeze(-1), false).squeeze_dim(-1);
        let taken = taken.narrow(1, 0, learned as i64);
        let errors = taken.huber_loss(&wanted.detach(), Reduction::None, 1.0);
        let weights = on(&weights);
        Ok(Some((errors * &weights).sum(Kind::Float) / weights.sum(Kind::Float)))
    }

    fn places(&self) -> Places {
        let target = checkpoint::under("target", crate::checkpoint::weights(&self.target_store));
        let own = checkpoint::places(&self.learner).into_iter().chain(self.continual.places());
        own.chain(target).collect()
    }
}

/// 1 for the steps of stretches of `length` to learn from, 0 for the others: those of which too little was heard, and
/// those that something followed which is not the stretch's next step.
fn usable(steps: &Steps, length: usize, heard: &[bool]) -> Vec<f32> {
    let follows = |i: usize| steps.ends[i] || (steps.valid[i + 1] && !steps.starts[i + 1]);
    let usable = |i: usize| {
        let is_last = i % length == length - 1;
        !is_last && heard[i] && steps.valid[i] && follows(i)
    };
    (0..steps.len()).map(|i| f32::from(usable(i))).collect()
}

impl Agent for Dqn {
    fn block_start(&mut self, is_learning_allowed: bool) -> Result<(), AgentError> {
        self.transient.is_learning_allowed = is_learning_allowed;
        self.turn()
    }

    fn task_start(&mut self, _: Option<&str>) -> Result<(), AgentError> {
        self.turn()
    }

    fn choose_actions(&mut self, seen: &Batch, active: &[bool]) -> Result<&Batch, AgentError> {
        let (mut scene, cut) = self.history.look(seen, active);
        self.history.cut(&cut);
        let values = floats(&self.history.enter(&self.learner.network, &mut scene)[0]);
        self.scene = scene;
        let epsilon = self.epsilon();
        let num_actions = self.history.num_actions();
        let Leaf::I64(actions) = &mut self.actions.leaves_mut()[0] else {
            unreachable!("a Discrete action is an integer")
        };
        let of_lanes = values.chunks(num_actions as usize);
        for (lane, values) in of_lanes.enumerate().filter(|(lane, _)| active[*lane]) {
            let Transient { rng, is_learning_allowed, .. } = &mut self.transient;
            actions[lane] =
                self.history.action(match *is_learning_allowed && rng.random() < epsilon {
                    true => rng.integers(0, num_actions) as usize,
                    false => greatest(values),
                });
        }
        Ok(&self.actions)
    }

    fn receive_transitions(&mut self, t: Transitions<'_>) -> Result<(), AgentError> {
        self.history.go_on(&t);
        let Some(rewards) = t.rewards.filter(|_| self.transient.is_learning_allowed) else {
            return Ok(());
        };
        let rewards = rewards.iter().map(|r| *r as f32).collect();
        let scene = std::mem::take(&mut self.scene);
        let moment = self.history.steps(scene, &t, rewards, t.terminated.to_vec());
        self.transient.steps += moment.valid.iter().filter(|valid| **valid).count() as u64;
        self.memory.keep(&self.history.eyes, moment, self.settings.capacity);
        self.learn()
    }

    fn task_variant_end(&mut self, _: Option<&str>, _: Option<&str>) -> Result<(), AgentError> {
        self.history.cut(&vec![true; self.history.lanes()]);
        Ok(())
    }

    fn save(&self) -> Option<AgentState> {
        let continual = self.continual.save(&self.learner.network);
        let learned = checkpoint::learned(&self.places(), &(continual, &self.memory));
        let transient = checkpoint::encode(&(&self.transient, self.history.save()));
        Some(AgentState { learned, transient })
    }

    fn restore(&mut self, state: &AgentState) -> Result<(), AgentError> {
        type Saved = (Transient, history::Saved);
        let (transient, past): Saved = checkpoint::decode(&state.transient, "transient")?;
        let past = self.history.read(past, &self.learner.network)?;
        type Learned = (continual::Saved, Memory);
        let (tensors, (continual, memory)): (_, Learned) =
            checkpoint::read_learned(&state.learned)?;
        self.continual.check(continual)?;
        let (lanes, num_actions) = (self.history.lanes(), self.history.num_actions());
        if !memory.fits(&self.history.eyes, lanes, num_actions, self.settings.capacity) {
            return Err(damaged("learned", "it is another agent's"));
        }
        // From here on nothing fails: after an error the agent is as it was.
        checkpoint::learn(&self.places(), &tensors)?;
        self.continual.restore(continual, &mut self.learner.network);
        self.target.fix(self.learner.network.injected());
        self.history.restore(past, &self.learner.network);
        (self.transient, self.memory) = (transient, memory);
        self.scene = Scene::default();
        Ok(())
    }
}
