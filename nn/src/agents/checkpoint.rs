//! How agents here are saved: learned tensors by name, and a format version with a postcard value and the trunk's
//! memories beside it.

use crate::checkpoint::{fill, from_bytes, to_bytes, weights};
use crate::{AdamW, State};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tch::Tensor;
use tch::nn::VarStore;
use tella_agents::AgentError;

const FORMAT: u8 = 1;

/// The weights, and what the optimizer knows of them.
pub(super) fn learned(store: &VarStore, optimizer: &AdamW) -> Vec<u8> {
    to_bytes(&places(store, optimizer))
}

/// Takes back what [`learned`] gave; all of it or nothing.
pub(super) fn learn(bytes: &[u8], store: &VarStore, optimizer: &AdamW) -> Result<(), AgentError> {
    let found = from_bytes(bytes).and_then(|found| fill(&places(store, optimizer), &found));
    found.map_err(|e| damaged("learned", e))
}

fn places(store: &VarStore, optimizer: &AdamW) -> Vec<(String, Tensor)> {
    let under = |place: &'static str| move |(name, tensor)| (format!("{place}.{name}"), tensor);
    let weights = weights(store).into_iter().map(under("weights"));
    weights.chain(optimizer.places().into_iter().map(under("optimizer"))).collect()
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
    let (Some(bytes), Some(mut state)) = (bytes, state) else { return Ok(None) };
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
