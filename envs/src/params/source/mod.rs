//! Where a parameter's value comes from: a value, a drift from one number to
//! another, or a draw in each episode.
//!
//! A source is resolved by the index of the episode and, where it draws, by a
//! generator of that episode alone ([`ParamSchedule`]), so that a value depends on
//! nothing that happened before.

mod check;
mod draw;
mod drift;
mod schedule;

pub use check::SourceProblem;
pub use draw::Draw;
pub use drift::Drift;
pub use schedule::ParamSchedule;

use super::{ParamValue, Params};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a parameter's value comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParamSource {
    /// The same value in every episode.
    Fixed(ParamValue),
    /// A number that moves from episode to episode.
    Drift(Drift),
    /// A value drawn in every episode.
    Draw(Draw),
}

/// Sources by the parameter's name, sorted.
pub type ParamSources = BTreeMap<String, ParamSource>;

impl ParamSource {
    /// Whether the value is the same in every episode.
    pub fn is_fixed(&self) -> bool {
        matches!(self, ParamSource::Fixed(_))
    }
}

impl From<ParamValue> for ParamSource {
    fn from(value: ParamValue) -> Self {
        ParamSource::Fixed(value)
    }
}

/// The values, where all of them are fixed.
pub fn fixed_params(sources: &ParamSources) -> Option<Params> {
    sources
        .iter()
        .map(|(name, source)| match source {
            ParamSource::Fixed(value) => Some((name.clone(), value.clone())),
            _ => None,
        })
        .collect()
}
