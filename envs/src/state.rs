//! What environments of several families share: saving what changes while they
//! run, and refusing an action.

use crate::{EnvError, Lane};
use serde::{Serialize, de::DeserializeOwned};

/// Appends an environment's changing part.
pub(crate) fn save(now: &impl Serialize, out: &mut Vec<u8>) {
    out.extend(postcard::to_stdvec(now).expect("numbers and random streams serialise"));
}

/// Reads it back; nothing may be left over.
pub(crate) fn restore<T: DeserializeOwned>(state: &[u8]) -> Result<T, EnvError> {
    let bad = |why: String| EnvError(format!("saved environment: {why}"));
    let (now, rest) = postcard::take_from_bytes(state).map_err(|e| bad(e.to_string()))?;
    if rest.is_empty() { Ok(now) } else { Err(bad(format!("{} bytes too many", rest.len()))) }
}

/// An action that is not in `Discrete(n)`.
#[cold]
pub(crate) fn bad_action(action: i64, n: i64) -> EnvError {
    EnvError(format!("action {action} is outside 0 to {}", n - 1))
}

/// The action of a box of one number.
pub(crate) fn number(action: Lane<'_>) -> Result<f32, EnvError> {
    let action = action.f32(0)[0];
    if action.is_nan() { Err(EnvError("action NaN is not a number".into())) } else { Ok(action) }
}
