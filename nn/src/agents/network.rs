//! From observations to logits and values.

use super::codes;
use super::eyes::{ALPHABET, Rows};
use super::head::{Head, last};
use super::steps::Steps;
use crate::layers::Linear;
use crate::stack::Declaration;
use crate::{Layer, NnError, Params, PositionWise, Stack, State};
use tch::nn::VarStore;
use tch::{Device, Tensor};

/// Weights of a network: an encoder of observations, a trunk, and heads.
///
/// Without a stack the trunk is two layers of tanh, one such for each head. With a stack the trunk reads the
/// history: it is given the encoded observation, the action before it and the reward that brought, and both heads
/// read what it makes of them.
#[derive(Debug)]
pub(super) struct Network {
    trunk: Trunk,
    widths: (i64, i64),
    device: Device,
    reads_lifetime: bool,
    injected: usize,
}

#[derive(Debug)]
enum Trunk {
    Memoryless(Vec<(Encoder, Head)>),
    Sequence { encoder: Encoder, before: Tensor, reward: Tensor, stack: Stack, heads: Vec<Linear> },
}

/// What first weights over a stack's outputs are scaled by beside a head's own scale. The stack's last norm makes its outputs as
/// large as normal draws, and so would values be: who values every state above all that can be gained learns to end
/// nothing, and where episodes are cut finds that confirmed by the value of what would have followed.
const OVER_A_STACK: f64 = 0.01;

/// Observations: numbers (N, n) and codes (N, c), bytes; without a row where they have none.
#[derive(Debug)]
pub(super) struct Observed {
    numbers: Tensor,
    codes: Tensor,
}

impl Observed {
    /// The rows `chosen`.
    pub(super) fn chosen(&self, chosen: &Tensor) -> Self {
        let of = |t: &Tensor| match t.size()[0] {
            0 => t.shallow_clone(),
            _ => t.index_select(0, chosen),
        };
        Self { numbers: of(&self.numbers), codes: of(&self.codes) }
    }
}

/// The first layer: y = W numbers + sum over codes of the weights of their value + b.
#[derive(Debug)]
struct Encoder {
    numbers: Option<Linear>,
    codes: Option<Tensor>,
}

/// What was done before an observation, for a trunk that reads the history: rows as the observations'.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Before {
    /// The action, or the number of actions where there was none.
    pub(super) actions: Vec<i64>,
    pub(super) rewards: Vec<f32>,
}

impl Before {
    /// Whether it is before this many steps of this many actions.
    pub(super) fn fits(&self, steps: usize, actions: i64) -> bool {
        self.actions.len() == steps
            && self.rewards.len() == steps
            && self.actions.iter().all(|action| (0..=actions).contains(action))
    }
}

/// What a network is made of, before its weights are drawn.
#[derive(Debug)]
pub(super) struct Blueprint {
    /// Numbers and codes of an observation.
    pub(super) widths: (usize, usize),
    pub(super) num_actions: i64,
    pub(super) hidden: i64,
    /// Outputs of each head, and what its last weights are scaled by.
    pub(super) heads: Vec<(i64, f64)>,
    pub(super) stack: Option<Declaration>,
    /// Whether a stack's history goes on over the ends of episodes.
    pub(super) reads_lifetime: bool,
    /// Injections that there is room for.
    pub(super) pairs: usize,
    pub(super) device: Device,
}

impl Blueprint {
    /// A network whose weights `seed` draws, and the store that holds them.
    pub(super) fn draw(&self, seed: u64) -> Result<(Network, VarStore), NnError> {
        let store = VarStore::new(self.device);
        let params = Params::new(&store, seed);
        let widths = (self.widths.0 as i64, self.widths.1 as i64);
        let heads = || {
            (0..).zip(&self.heads).map(|(i, of): (i64, _)| (params.sub(format!("head{i}")), *of))
        };
        let trunk = match &self.stack {
            None => {
                let head = |(params, (outputs, gain)): (Params<'_>, (i64, f64))| {
                    let encoder = Encoder::new(&params.sub("encoder"), widths, self.hidden);
                    (encoder, Head::new(&params, self.hidden, outputs, gain, self.pairs))
                };
                Trunk::Memoryless(heads().map(head).collect())
            }
            Some(_) if self.pairs > 0 => return Err(NnError::Injection),
            Some(declaration) => {
                let width = declaration.width;
                let head = |(params, (outputs, gain)): (Params<'_>, (i64, f64))| {
                    last(&params, width, outputs, gain * OVER_A_STACK)
                };
                Trunk::Sequence {
                    encoder: Encoder::new(&params.sub("encoder"), widths, width),
                    before: params.sub("before").normal(
                        "actions",
                        &[self.num_actions + 1, width],
                        0.02,
                    ),
                    reward: params.sub("before").normal("reward", &[width], 0.02),
                    stack: Stack::new(&params.sub("stack"), declaration)?,
                    heads: heads().map(head).collect(),
                }
            }
        };
        let Self { device, reads_lifetime, .. } = *self;
        Ok((Network { trunk, widths, device, reads_lifetime, injected: 0 }, store))
    }
}

impl Network {
    /// The state of acting, where the trunk has one.
    pub(super) fn state(&self, lanes: i64) -> Result<Option<State>, NnError> {
        match &self.trunk {
            Trunk::Memoryless(_) => Ok(None),
            Trunk::Sequence { stack, .. } => stack.state(lanes).map(Some),
        }
    }

    /// Computes anew what the state keeps of the weights.
    pub(super) fn refresh(&self, state: &mut Option<State>) {
        if let (Trunk::Sequence { stack, .. }, Some(state)) = (&self.trunk, state) {
            stack.refresh(state);
        }
    }

    /// One step of each lane: each head's outputs (lanes, n). A trunk that reads the history moves `state` on.
    pub(super) fn step(
        &self,
        rows: &Rows,
        before: &Before,
        state: &mut Option<State>,
    ) -> Vec<Tensor> {
        tch::no_grad(|| match (&self.trunk, state) {
            (Trunk::Sequence { stack, heads, .. }, Some(state)) => {
                let x = stack.step(&self.embed(rows, before), state);
                heads.iter().map(|head| head.map(&x)).collect()
            }
            _ => self.each(rows),
        })
    }

    /// Each head's outputs (N, n) for `steps`: stretches of `length`, one after another; `before` is the state from
    /// before them. Without a stack, for steps that know nothing of each other.
    pub(super) fn over(
        &self,
        steps: &Steps,
        length: usize,
        before: Option<&State>,
    ) -> Result<Vec<Tensor>, NnError> {
        let Trunk::Sequence { stack, heads, .. } = &self.trunk else {
            return Ok(self.each(&steps.seen));
        };
        let x = self.embed(&steps.seen, &steps.before).unflatten(0, [-1, length as i64]);
        let none = vec![false; steps.len()];
        let starts = if self.reads_lifetime { &none } else { &steps.starts };
        // Dropout would make the policy that is learned on another than the one that acted.
        let y = stack.over_episodes(&x, starts, before, false)?.flatten(0, 1);
        Ok(heads.iter().map(|head| head.map(&y)).collect())
    }

    /// Of stretches of `length` steps, one after another, that are run from nothing: those of which enough was heard to learn from
    /// ([`Steps::heard`]).
    pub(super) fn heard(&self, steps: &Steps, length: usize, burn_in: usize) -> Vec<bool> {
        match (self.has_stack(), self.reads_lifetime) {
            (false, _) => vec![true; steps.len()],
            (true, false) => steps.heard(length, burn_in),
            (true, true) => (0..steps.len()).map(|i| i % length >= burn_in).collect(),
        }
    }

    fn each(&self, rows: &Rows) -> Vec<Tensor> {
        self.each_of(&self.observed(rows))
    }

    /// Each head's outputs (N, n) for observations that know nothing of each other, without a stack.
    pub(super) fn each_of(&self, observed: &Observed) -> Vec<Tensor> {
        let Trunk::Memoryless(heads) = &self.trunk else {
            unreachable!("a trunk that reads the history is asked for it")
        };
        let encoders: Vec<&Encoder> = heads.iter().map(|(encoder, _)| encoder).collect();
        let output = |((_, head), encoded): (&(Encoder, Head), Tensor)| {
            head.map(&encoded.tanh(), self.injected)
        };
        heads.iter().zip(Encoder::encode(&encoders, observed)).map(output).collect()
    }

    fn embed(&self, rows: &Rows, past: &Before) -> Tensor {
        let Trunk::Sequence { encoder, before, reward, .. } = &self.trunk else {
            unreachable!("only a trunk that reads the history embeds it")
        };
        let encoded = Encoder::encode(&[encoder], &self.observed(rows)).remove(0);
        let on = |t: Tensor| t.to_device(self.device);
        let actions = before.index_select(0, &on(Tensor::from_slice(&past.actions)));
        let rewards = on(Tensor::from_slice(&past.rewards)).unsqueeze(-1) * reward;
        encoded + actions + rewards
    }

    /// Whether a stack's history goes on over the ends of episodes.
    pub(super) fn reads_lifetime(&self) -> bool {
        self.reads_lifetime
    }

    /// Injections that were made.
    pub(super) fn injected(&self) -> usize {
        self.injected
    }

    /// Injects a pair into each head.
    pub(super) fn inject(&mut self) {
        self.each_head(|head| head.inject(self.injected));
        self.fix(self.injected + 1);
    }

    /// Lets those weights learn that do after `injected` injections.
    pub(super) fn fix(&mut self, injected: usize) {
        self.injected = injected;
        self.each_head(|head| head.fix(injected));
    }

    fn each_head(&self, f: impl Fn(&Head)) {
        if let Trunk::Memoryless(heads) = &self.trunk {
            heads.iter().for_each(|(_, head)| f(head));
        }
    }

    /// Where it is computed.
    pub(super) fn device(&self) -> Device {
        self.device
    }

    /// Whether it reads the history.
    pub(super) fn has_stack(&self) -> bool {
        matches!(self.trunk, Trunk::Sequence { .. })
    }

    /// Observations as tensors on the device.
    pub(super) fn observed(&self, rows: &Rows) -> Observed {
        let (numbers, codes) = self.widths;
        let numbers = Tensor::from_slice(&rows.numbers).view([-1, numbers.max(1)]);
        let codes = Tensor::from_slice(&rows.codes).view([-1, codes.max(1)]);
        Observed { numbers: numbers.to_device(self.device), codes: codes.to_device(self.device) }
    }
}

impl Encoder {
    fn new(params: &Params<'_>, (numbers, codes): (i64, i64), width: i64) -> Self {
        let bound = 1.0 / ((numbers + codes) as f64).sqrt();
        Self {
            numbers: (numbers > 0)
                .then(|| Linear::new(&params.sub("numbers"), numbers, width, true)),
            codes: (codes > 0)
                .then(|| params.uniform("codes", &[codes * ALPHABET, width], -bound, bound)),
        }
    }

    /// What each of `encoders`, which see the same, makes of observations (N, width).
    fn encode(encoders: &[&Self], seen: &Observed) -> Vec<Tensor> {
        let linears: Vec<&Linear> = encoders.iter().filter_map(|e| e.numbers.as_ref()).collect();
        let tables: Vec<&Tensor> = encoders.iter().filter_map(|e| e.codes.as_ref()).collect();
        let numbers = linears.iter().map(|linear| linear.apply(&seen.numbers, true));
        match (linears.is_empty(), tables.is_empty()) {
            (false, true) => numbers.collect(),
            (true, false) => codes::sums(&seen.codes, &tables),
            (false, false) => {
                numbers.zip(codes::sums(&seen.codes, &tables)).map(|(a, b)| a + b).collect()
            }
            (true, true) => unreachable!("an observation has something to see"),
        }
    }
}
