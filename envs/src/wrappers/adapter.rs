//! Adapters by name: how a curriculum declares that tasks with different spaces
//! shall look alike to one agent.

use super::action_subset::{self, ActionSubset};
use super::observation::{Adapted, ObservationMap};
use super::{flatten, pad, resize};
use crate::{EnvError, Space, VecEnv};
use serde::{Deserialize, Serialize};

/// A change to what an agent sees of an environment, or to what it may do. Adapters
/// are applied in the order in which they are listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Adapter {
    /// Observations, a `Box`, are filled up with zeros at the end of each axis. The new
    /// box spans its whole element type, so that padded boxes of one shape and element
    /// type are equal.
    Pad {
        /// The new shape; as many axes as before, none shorter.
        shape: Vec<usize>,
    },
    /// Observations, `Discrete` or `MultiDiscrete`, become a `float32` vector that is 1
    /// in the place of each value and 0 elsewhere.
    OneHot,
    /// Observations of any kind but `Text` become one vector, part after part, row-major,
    /// discrete parts one-hot. It is `float64` where a part is a `Box` of `float64` or
    /// `int64`, else `float32`.
    Flatten,
    /// Observations, a `Box` of at least two axes such as an image, are scaled along the
    /// first two; each new element is the nearest old one.
    Resize {
        /// The new height and width.
        shape: [usize; 2],
    },
    /// Actions, `Discrete`, become `Discrete` and start at 0: new action `i` is the old
    /// action in place `i` of a list, which may name one more than once.
    ActionSubset(Actions),
}

/// The actions that [`Adapter::ActionSubset`] leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Actions {
    /// The first `n`, written `{n: 6}`.
    First {
        /// How many.
        n: i64,
    },
    /// These, written `[0, 1, 5]`.
    Listed(Vec<i64>),
}

/// Observation and action space under `adapters`, or why one of them does not fit.
pub fn adapted_spaces(
    observation: &Space,
    action: &Space,
    adapters: &[Adapter],
) -> Result<(Space, Space), EnvError> {
    let (mut observation, mut action) = (observation.clone(), action.clone());
    for adapter in adapters {
        match adapter {
            Adapter::Pad { shape } => observation = pad::plan(&observation, shape)?.1,
            Adapter::OneHot => observation = flatten::plan_one_hot(&observation)?.1,
            Adapter::Flatten => observation = flatten::plan(&observation)?.1,
            Adapter::Resize { shape } => observation = resize::plan(&observation, *shape)?.1,
            Adapter::ActionSubset(actions) => action = action_subset::plan(&action, actions)?.1,
        }
    }
    Ok((observation, action))
}

/// Puts `adapters` around a batch, the first innermost.
pub fn adapt(env: Box<dyn VecEnv>, adapters: &[Adapter]) -> Result<Box<dyn VecEnv>, EnvError> {
    adapters.iter().try_fold(env, |env, adapter| {
        let space = env.observation_space();
        Ok(match adapter {
            Adapter::Pad { shape } => around(pad::plan(space, shape)?, env),
            Adapter::OneHot => around(flatten::plan_one_hot(space)?, env),
            Adapter::Flatten => around(flatten::plan(space)?, env),
            Adapter::Resize { shape } => around(resize::plan(space, *shape)?, env),
            Adapter::ActionSubset(actions) => Box::new(ActionSubset::new(env, actions)?),
        })
    })
}

fn around<M: ObservationMap + 'static>(plan: (M, Space), env: Box<dyn VecEnv>) -> Box<dyn VecEnv> {
    Box::new(Adapted::new(env, plan))
}
