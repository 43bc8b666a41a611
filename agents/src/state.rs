//! How agents write their two sections: a format version, a postcard value, and
//! behind it, where there are tables, their numbers as little-endian bytes (postcard
//! would spend a branch on every byte of them).

use crate::AgentError;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Version of what the agents here write. With a second one the agent that needs it
/// takes over looking at it.
const FORMAT: u8 = 1;

/// The format version and a value as postcard bytes.
pub(crate) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    // Fails only for types without a length or a value of its own, which no
    // agent's state has.
    postcard::to_stdvec(&(FORMAT, value)).expect("agent states are plain data")
}

/// What [`encode`] wrote, and nothing behind it.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8], section: &str) -> Result<T, AgentError> {
    let (value, rest) = decode_prefix(bytes, section)?;
    if !rest.is_empty() {
        return Err(damaged(section, format!("{} bytes too many", rest.len())));
    }
    Ok(value)
}

/// What [`encode`] wrote, and the bytes behind it.
pub(crate) fn decode_prefix<'a, T: DeserializeOwned>(
    bytes: &'a [u8],
    section: &str,
) -> Result<(T, &'a [u8]), AgentError> {
    match bytes.split_first() {
        Some((&FORMAT, rest)) => postcard::take_from_bytes(rest).map_err(|e| damaged(section, e)),
        Some((format, _)) => Err(damaged(section, format!("format {format} is not known"))),
        None => Err(damaged(section, "it is empty")),
    }
}

/// The error of a section that cannot be read.
pub(crate) fn damaged(section: &str, why: impl std::fmt::Display) -> AgentError {
    AgentError::Failed(format!("the saved {section} state cannot be read: {why}"))
}

/// Appends numbers, each as `N` bytes.
pub(crate) fn append<T: Copy, const N: usize>(
    out: &mut Vec<u8>,
    values: &[T],
    to_bytes: impl Fn(T) -> [u8; N],
) {
    let start = out.len();
    out.resize(start + N * values.len(), 0);
    for (bytes, &value) in out[start..].chunks_exact_mut(N).zip(values) {
        bytes.copy_from_slice(&to_bytes(value));
    }
}

/// Takes `count` numbers of `N` bytes off the front of `bytes`.
pub(crate) fn take<T, const N: usize>(
    bytes: &mut &[u8],
    count: usize,
    from_bytes: impl Fn([u8; N]) -> T,
) -> Result<Vec<T>, AgentError> {
    let len = count.checked_mul(N).filter(|len| *len <= bytes.len());
    let Some(len) = len else {
        return Err(damaged(
            "learned",
            format!("{count} numbers announced, {} bytes left", bytes.len()),
        ));
    };
    let (head, rest) = bytes.split_at(len);
    *bytes = rest;
    let (chunks, _) = head.as_chunks::<N>();
    Ok(chunks.iter().map(|c| from_bytes(*c)).collect())
}
