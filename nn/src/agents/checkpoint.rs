//! How agents here are saved: a format version and a postcard value, in which tensors stand by name.

use super::learner::Learner;
use crate::State;
use crate::checkpoint::{fill, from_bytes, to_bytes, weights};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tch::Tensor;
use tella_agents::AgentError;

const FORMAT: u8 = 3;

/// Named tensors that an agent learned; the same tensors, not copies.
pub(super) type Places = Vec<(String, Tensor)>;

/// The weights, and what the optimizer knows of them.
pub(super) fn places(learner: &Learner) -> Places {
    let weights = under("weights", weights(&learner.store));
    weights.chain(under("optimizer", learner.optimizer.places())).collect()
}

/// `places` with names that begin with `name`.
pub(super) fn under(name: &'static str, places: Places) -> impl Iterator<Item = (String, Tensor)> {
    places.into_iter().map(move |(place, tensor)| (format!("{name}.{place}"), tensor))
}

/// What was learned: tensors and, beside them, plain data.
pub(super) fn learned<T: Serialize>(places: &Places, kept: &T) -> Vec<u8> {
    encode(&(to_bytes(places), kept))
}

/// What [`learned`] gave. The tensors are not yet where they belong: [`learn`] puts them there.
pub(super) fn read_learned<T: DeserializeOwned>(bytes: &[u8]) -> Result<(Places, T), AgentError> {
    let (tensors, kept): (Vec<u8>, T) = decode(bytes, "learned")?;
    Ok((from_bytes(&tensors).map_err(|e| damaged("learned", e))?, kept))
}

/// Puts tensors where they belong; all of them or none.
pub(super) fn learn(places: &Places, found: &Places) -> Result<(), AgentError> {
    fill(places, found).map_err(|e| damaged("learned", e))
}

/// What a trunk remembers, as bytes.
pub(super) fn remembered(state: &Option<State>) -> Option<Vec<u8>> {
    state.as_ref().map(|state| to_bytes(&state.named()))
}

/// `state`, a fresh one, with what was [`remembered`] put into it.
pub(super) fn remember(
    bytes: Option<Vec<u8>>,
    state: Option<State>,
) -> Result<Option<State>, AgentError> {
    let (bytes, mut state) = match (bytes, state) {
        (Some(bytes), Some(state)) => (bytes, state),
        (None, None) => return Ok(None),
        _ => return Err(damaged("transient", "it is of another architecture")),
    };
    let put = from_bytes(&bytes).and_then(|tensors| state.restore(&tensors));
    put.map_err(|e| damaged("transient", e))?;
    Ok(Some(state))
}

pub(super) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    // Fails only for types without a length or a value of its own, which no agent's state has.
    postcard::to_stdvec(&(FORMAT, value)).expect("agent states are plain data")
}

pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8], section: &str) -> Result<T, AgentError> {
    match bytes.split_first() {
        Some((&FORMAT, rest)) => match postcard::take_from_bytes(rest) {
            Ok((value, [])) => Ok(value),
            Ok((_, rest)) => Err(damaged(section, format!("{} bytes too many", rest.len()))),
            Err(e) => Err(damaged(section, e)),
        },
        Some((format, _)) => Err(damaged(section, format!("format {format} is not known"))),
        None => Err(damaged(section, "it is empty")),
    }
}

pub(super) fn damaged(section: &str, why: impl std::fmt::Display) -> AgentError {
    AgentError::Failed(format!("the saved {section} state cannot be read: {why}"))
}
