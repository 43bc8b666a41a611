//! What `reset` and `step` return, in either way.

use super::Wrong;
use crate::value::shown;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use tella_envs::Space;

/// A step in the engine's words.
pub(super) struct Returned<'py> {
    pub(super) observation: Bound<'py, PyAny>,
    pub(super) reward: f64,
    pub(super) terminated: bool,
    pub(super) truncated: bool,
}

/// The observation in what `reset` returned: Gymnasium's is the first of a pair, whose second is
/// a dictionary. Where observations are themselves such pairs, old gym's cannot be told apart, and
/// a pair of a pair is Gymnasium's.
pub(super) fn observation_of_reset<'py>(
    returned: Bound<'py, PyAny>,
    space: &Space,
) -> Bound<'py, PyAny> {
    let Ok(pair) = returned.cast::<PyTuple>() else { return returned };
    let (Ok(first), Ok(second)) = (pair.get_item(0), pair.get_item(1)) else { return returned };
    let is_pair = pair.len() == 2 && second.is_instance_of::<PyDict>();
    let ambiguous = matches!(space, Space::Tuple(parts) if parts.len() == 2 && matches!(parts[1], Space::Dict(_)));
    match is_pair && (!ambiguous || first.is_instance_of::<PyTuple>()) {
        true => first,
        false => returned,
    }
}

/// Reads what `step` returned: observation, reward, then done (old gym) or terminated and
/// truncated (Gymnasium), then a dictionary.
pub(super) fn read<'py>(returned: &Bound<'py, PyAny>) -> Result<Returned<'py>, Wrong> {
    let py = returned.py();
    let wrong = || {
        let wanted =
            "observation, reward, terminated, truncated and info (or done and info) are expected";
        Wrong::Returned(format!("step returned {}; {wanted}", shown(returned)))
    };
    let values = returned.cast::<PyTuple>().map_err(|_| wrong())?;
    let (observation, reward) = match values.len() {
        4 | 5 => (values.get_item(0)?, number(&values.get_item(1)?)?),
        _ => return Err(wrong()),
    };
    if values.len() == 5 {
        let terminated = flag("terminated", &values.get_item(2)?)?;
        let truncated = flag("truncated", &values.get_item(3)?)?;
        return Ok(Returned { observation, reward, terminated, truncated });
    }
    let done = flag("done", &values.get_item(2)?)?;
    // Old gym's time limit says in the dictionary that it cut the episode.
    let cut = done
        && match values.get_item(3)?.cast::<PyDict>() {
            Ok(info) => match info.get_item(intern!(py, "TimeLimit.truncated"))? {
                Some(cut) => cut.is_truthy()?,
                None => false,
            },
            Err(_) => false,
        };
    Ok(Returned { observation, reward, terminated: done && !cut, truncated: cut })
}

fn number(reward: &Bound<'_, PyAny>) -> Result<f64, Wrong> {
    match reward.extract() {
        Ok(reward) => Ok(reward),
        // An array of one number serves, as it does in sums.
        Err(_) => match reward.call_method0("item").and_then(|item| item.extract()) {
            Ok(reward) => Ok(reward),
            Err(_) => {
                let found = shown(reward);
                Err(Wrong::Returned(format!("step returned a reward that is no number: {found}")))
            }
        },
    }
}

fn flag(name: &str, value: &Bound<'_, PyAny>) -> Result<bool, Wrong> {
    if value.is_none() {
        let message = format!("step returned None for `{name}`; true or false is expected");
        return Err(Wrong::Returned(message));
    }
    Ok(value.is_truthy()?)
}
