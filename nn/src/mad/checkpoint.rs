//! A trial under way as bytes.

use super::Epoch;
use crate::NnError;
use crate::checkpoint::{from_bytes as tensors, to_bytes as bytes_of};
use tch::Tensor;

/// Version of the form of the bytes.
const VERSION: u32 = 1;

/// What it takes to go on.
pub(super) struct Saved {
    pub(super) epochs: Vec<Epoch>,
    pub(super) weights: Vec<(String, Tensor)>,
    pub(super) best: Vec<(String, Tensor)>,
    /// The optimizer's.
    pub(super) remembered: Vec<(String, Tensor)>,
}

pub(super) fn to_bytes(saved: &Saved) -> Vec<u8> {
    let parts = [&saved.weights, &saved.best, &saved.remembered].map(|named| bytes_of(named));
    postcard::to_stdvec(&(VERSION, &saved.epochs, parts)).expect("memory can be written to")
}

pub(super) fn from_bytes(bytes: &[u8]) -> Result<Saved, NnError> {
    let damaged = |_| NnError::Checkpoint("it is damaged, or no checkpoint".to_owned());
    let (version, rest) = postcard::take_from_bytes::<u32>(bytes).map_err(damaged)?;
    if version != VERSION {
        let message = format!("it has version {version}, this program reads version {VERSION}");
        return Err(NnError::Checkpoint(message));
    }
    let (epochs, [weights, best, remembered]): (Vec<Epoch>, [Vec<u8>; 3]) =
        postcard::from_bytes(rest).map_err(damaged)?;
    Ok(Saved {
        epochs,
        weights: tensors(&weights)?,
        best: tensors(&best)?,
        remembered: tensors(&remembered)?,
    })
}
