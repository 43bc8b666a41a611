//! JSON files that carry their own checksum, for people to read and for `check` to trust.
//!
//! The last member of the object is `checksum`: XXH3-64 of all bytes of the file before
//! the comma that leads to it. What follows those bytes is fixed to the letter, so that a
//! flip of any bit of the file is seen.

use crate::atomic;
use crate::error::{AtPath, EventError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

const TAIL: &str = ",\n  \"checksum\": \"xxh3:";

fn tail(body: &[u8]) -> String {
    format!("{TAIL}{:016x}\"\n}}\n", xxh3_64(body))
}

/// The text of a file that holds `value`, which must be a non-empty object.
fn to_text<T: Serialize>(path: &Path, value: &T) -> Result<String, EventError> {
    let internal = |why: String| EventError::Internal { path: path.to_owned(), why };
    let text = serde_json::to_string_pretty(value).map_err(|e| internal(e.to_string()))?;
    let Some(body) = text.strip_suffix("\n}") else {
        return Err(internal("only a non-empty JSON object can carry a checksum".into()));
    };
    Ok(format!("{body}{}", tail(body.as_bytes())))
}

/// Writes `value` to `path`, whole or not at all.
pub(crate) fn write<T: Serialize>(path: &Path, value: &T) -> Result<(), EventError> {
    atomic::replace_file(path, to_text(path, value)?.as_bytes())
}

/// Reads `path` and verifies it. `newest` is the newest format version known; the
/// object's `format_version` must not be above it.
pub(crate) fn read<T: DeserializeOwned>(path: &Path, newest: u64) -> Result<T, EventError> {
    let bytes = fs_err::read(path).must(path)?;
    from_bytes(path, &bytes, newest)
}

fn from_bytes<T: DeserializeOwned>(
    path: &Path,
    bytes: &[u8],
    newest: u64,
) -> Result<T, EventError> {
    let damaged = |offset: usize, what: &str| EventError::damaged(path, offset as u64, what);
    let body_len = bytes.len().checked_sub(tail(b"").len());
    let (body, found) = match body_len {
        Some(n) if n > 0 => bytes.split_at(n),
        _ => return Err(damaged(bytes.len(), "too short to hold a checksum: the file was cut")),
    };
    if found != tail(body).as_bytes() {
        return Err(damaged(body.len(), "the checksum does not fit the contents"));
    }
    let mut text = body.to_vec();
    text.extend_from_slice(b"\n}");
    let value: serde_json::Value =
        serde_json::from_slice(&text).map_err(|e| damaged(0, &e.to_string()))?;
    match value.get("format_version").and_then(serde_json::Value::as_u64) {
        Some(found) if found > newest => {
            Err(EventError::Version { path: path.to_owned(), found, supported: newest })
        }
        Some(_) => serde_json::from_value(value).map_err(|e| damaged(0, &e.to_string())),
        None => Err(damaged(0, "no `format_version`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn every_flip_and_every_cut_is_seen() {
        let path = Path::new("x.json");
        let value = json!({"format_version": 1, "name": "ü", "seed": u64::MAX, "list": [1.5]});
        let text = to_text(path, &value).unwrap().into_bytes();
        assert_eq!(from_bytes::<Value>(path, &text, 1).unwrap(), value);
        for at in 0..text.len() {
            assert!(from_bytes::<Value>(path, &text[..at], 1).is_err(), "cut at {at}");
            for bit in 0..8 {
                let mut flipped = text.clone();
                flipped[at] ^= 1 << bit;
                assert!(from_bytes::<Value>(path, &flipped, 1).is_err(), "bit {bit} of byte {at}");
            }
        }
    }

    #[test]
    fn a_newer_version_is_named() {
        let path = Path::new("x.json");
        let text = to_text(path, &json!({"format_version": 2})).unwrap();
        let error = from_bytes::<Value>(path, text.as_bytes(), 1).unwrap_err();
        assert_eq!(error.to_string(), "x.json has format version 2; this program reads up to 1");
    }
}
