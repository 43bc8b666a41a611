//! The agents that come with the program, one file each.

mod q_learning;
mod random;
mod sarsa_tiles;
mod scripted;

use crate::{Agent, AgentError, AgentInit, AgentResolver, AgentSpec};
use tella_envs::Space;

type Make = fn(&AgentInit<'_>) -> Result<Box<dyn Agent>, AgentError>;

/// Every built-in agent: its specification, and how it is made.
const AGENTS: [(fn() -> AgentSpec, Make); 4] = [
    (random::spec, |init| Ok(Box::new(random::Random::new(init)?))),
    (q_learning::spec, |init| Ok(Box::new(q_learning::QLearning::new(init)?))),
    (sarsa_tiles::spec, |init| Ok(Box::new(sarsa_tiles::SarsaTiles::new(init)?))),
    (scripted::spec, |init| Ok(Box::new(scripted::Scripted::new(init)?))),
];

/// The resolver of the built-in agents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Builtin;

/// The resolver of the built-in agents.
pub fn builtin() -> Builtin {
    Builtin
}

impl AgentResolver for Builtin {
    fn specs(&self) -> Vec<AgentSpec> {
        AGENTS.iter().map(|(spec, _)| spec()).collect()
    }

    fn make(&self, name: &str, init: &AgentInit<'_>) -> Result<Box<dyn Agent>, AgentError> {
        if init.num_envs == 0 {
            return Err(AgentError::Failed("an agent needs at least one environment".into()));
        }
        match AGENTS.iter().find(|(spec, _)| spec().name == name) {
            Some((_, make)) => make(init),
            None => Err(AgentError::Failed(format!("no built-in agent is called `{name}`"))),
        }
    }
}

/// Number and smallest value of the actions of a `Discrete` space.
fn discrete_actions(agent: &str, space: &Space) -> Result<(usize, i64), AgentError> {
    match *space {
        Space::Discrete { n, start } if (1..=1 << 20).contains(&n) => Ok((n as usize, start)),
        ref other => Err(AgentError::Failed(format!(
            "`{agent}` needs a Discrete action space of at most {} actions, this one is {other}",
            1 << 20
        ))),
    }
}

/// The position of a greatest value. Among several one is drawn evenly with one
/// draw of `Generator::integers`; a single one costs no draw.
fn greedy<T: PartialOrd + Copy>(values: &[T], rng: &mut tella_rng::Generator) -> usize {
    let mut best = 0;
    let mut ties = 1;
    for (i, value) in values.iter().enumerate().skip(1) {
        if *value > values[best] {
            (best, ties) = (i, 1);
        } else if *value == values[best] {
            ties += 1;
        }
    }
    if ties == 1 {
        return best;
    }
    let chosen = rng.integers(0, ties) as usize;
    let greatest = values[best];
    let mut tied = (best..values.len()).filter(|i| values[*i] == greatest);
    tied.nth(chosen).unwrap_or(best)
}
