//! Named tensors as bytes, and back into their places.
//!
//! The bytes are a function of names and values alone: tensors stand in the order of their names,
//! so that two checkpoints are equal where what they hold is.

use crate::NnError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};

/// Version of the form of the bytes.
const VERSION: u32 = 1;

/// Kinds that tensors are saved in, by their place here.
const KINDS: [Kind; 5] = [Kind::Float, Kind::Double, Kind::BFloat16, Kind::Half, Kind::Int64];

#[derive(Serialize, Deserialize)]
struct Entry {
    name: String,
    /// Place in [`KINDS`].
    kind: u8,
    shape: Vec<i64>,
    data: Vec<u8>,
}

/// All weights of `store`, in the order of their names; the same tensors, not copies.
pub fn weights(store: &VarStore) -> Vec<(String, Tensor)> {
    store.variables().into_iter().collect::<BTreeMap<_, _>>().into_iter().collect()
}

/// Gives the weights of `store` the values of `named`.
///
/// # Errors
///
/// [`NnError::Checkpoint`] where they are those of another architecture; nothing is changed then.
pub fn restore_weights(store: &VarStore, named: &[(String, Tensor)]) -> Result<(), NnError> {
    fill(&weights(store), named)
}

/// Writes tensors down, whichever device they lie on.
///
/// # Panics
///
/// Where a tensor is of a kind that nothing here is (complex numbers, say).
pub fn to_bytes(named: &[(String, Tensor)]) -> Vec<u8> {
    let entry = |(name, tensor): (&String, &Tensor)| {
        let tensor = tensor.to_device(Device::Cpu).contiguous();
        let kind =
            KINDS.iter().position(|kind| *kind == tensor.kind()).expect("a kind that is saved");
        let mut data = vec![0; tensor.numel() * tensor.kind().elt_size_in_bytes()];
        tensor.copy_data_u8(&mut data, tensor.numel());
        Entry { name: name.clone(), kind: kind as u8, shape: tensor.size(), data }
    };
    let sorted: BTreeMap<&String, &Tensor> =
        named.iter().map(|(name, tensor)| (name, tensor)).collect();
    let entries: Vec<Entry> = sorted.into_iter().map(entry).collect();
    postcard::to_stdvec(&(VERSION, entries)).expect("memory can be written to")
}

/// Reads what [`to_bytes`] wrote.
///
/// # Errors
///
/// [`NnError::Checkpoint`] where the bytes are something else.
pub fn from_bytes(bytes: &[u8]) -> Result<Vec<(String, Tensor)>, NnError> {
    let damaged = || NnError::Checkpoint("it is damaged, or no checkpoint".to_owned());
    let (version, rest) = postcard::take_from_bytes::<u32>(bytes).map_err(|_| damaged())?;
    if version != VERSION {
        let message = format!("it has version {version}, this program reads version {VERSION}");
        return Err(NnError::Checkpoint(message));
    }
    let entries: Vec<Entry> = postcard::from_bytes(rest).map_err(|_| damaged())?;
    let tensor = |entry: Entry| {
        let kind = *KINDS.get(usize::from(entry.kind)).ok_or_else(damaged)?;
        let numbers = entry
            .shape
            .iter()
            .try_fold(1_usize, |n, size| n.checked_mul(usize::try_from(*size).ok()?));
        if numbers.and_then(|n| n.checked_mul(kind.elt_size_in_bytes())) != Some(entry.data.len()) {
            return Err(damaged());
        }
        Ok((entry.name, Tensor::from_data_size(&entry.data, &entry.shape, kind)))
    };
    entries.into_iter().map(tensor).collect()
}

/// Copies each of `found` into the place of its name. Places and what is found have the same names
/// and shapes, or nothing is changed.
pub(crate) fn fill(places: &[(String, Tensor)], found: &[(String, Tensor)]) -> Result<(), NnError> {
    let refused = |message: String| Err(NnError::Checkpoint(message));
    let by_name: BTreeMap<&str, &Tensor> =
        found.iter().map(|(name, t)| (name.as_str(), t)).collect();
    let known: BTreeMap<&str, &Tensor> =
        places.iter().map(|(name, t)| (name.as_str(), t)).collect();
    for (name, place) in &known {
        match by_name.get(name) {
            None => return refused(format!("it is of another architecture: it has no `{name}`")),
            Some(tensor) if tensor.size() != place.size() => {
                let sizes =
                    format!("`{name}` is {:?} there and {:?} here", tensor.size(), place.size());
                return refused(format!("it is of another architecture: {sizes}"));
            }
            Some(_) => {}
        }
    }
    if let Some(name) = by_name.keys().find(|name| !known.contains_key(*name)) {
        return refused(format!("it is of another architecture: there is no `{name}` here"));
    }
    tch::no_grad(|| {
        for (name, place) in &known {
            place.shallow_clone().copy_(by_name[name]);
        }
    });
    Ok(())
}
