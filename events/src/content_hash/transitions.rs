//! The hash of a lifetime's transitions, version 1.
//!
//! It stands beside the content hash and does not enter it: a run that keeps transitions has
//! the content hash of one that does not. In the form of the module above, BLAKE3 runs over
//! the bytes `tella-events transitions 1\n`; the number of action columns as `u32`, and for
//! each its name as text, its kind (`u8`: 0 u8, 1 i64, 2 f32, 3 f64, 4 text) and its elements
//! a step as `u64`; then for every row `b'T'`, variant_num, episode_index, step, the bits of
//! reward (all `u64`), flags `u8` (1 terminated, 2 truncated), and the action's elements in
//! order: integers and the bits of floats at their width, texts as texts.

use super::{GATHER, canonical, put_text};
use crate::transition::{ActionColumn, ActionValues, Transition};

/// What a lifetime's transitions hash to.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TransitionsHash {
    /// Over all of them, 64 hexadecimal digits.
    pub hash: String,
    /// Number of steps.
    pub rows: u64,
}

/// The running hash.
#[derive(Clone)]
pub(crate) struct TransitionHasher {
    gathered: Vec<u8>,
    hasher: blake3::Hasher,
    rows: u64,
}

impl TransitionHasher {
    pub(crate) fn new(columns: &[ActionColumn]) -> Self {
        let mut gathered = b"tella-events transitions 1\n".to_vec();
        gathered.extend_from_slice(&(columns.len() as u32).to_le_bytes());
        for column in columns {
            put_text(&mut gathered, &column.name);
            gathered.push(column.kind.code());
            gathered.extend_from_slice(&(column.elements() as u64).to_le_bytes());
        }
        Self { gathered, hasher: blake3::Hasher::new(), rows: 0 }
    }

    /// One step; its action's leaves follow.
    pub(crate) fn transition(&mut self, row: &Transition) {
        if self.gathered.len() >= GATHER {
            self.absorb();
        }
        let out = &mut self.gathered;
        out.push(b'T');
        let reward = canonical(row.reward).to_bits();
        for long in [row.variant_num, row.episode_index, row.step, reward] {
            out.extend_from_slice(&long.to_le_bytes());
        }
        out.push(u8::from(row.terminated) | u8::from(row.truncated) << 1);
        self.rows += 1;
    }

    /// A leaf of the action of the step just given, in the order of the columns.
    pub(crate) fn action(&mut self, values: ActionValues<'_>) {
        let out = &mut self.gathered;
        match values {
            ActionValues::U8(all) => out.extend_from_slice(all),
            ActionValues::I64(all) => all.iter().for_each(|v| out.extend(v.to_le_bytes())),
            ActionValues::F32(all) => all.iter().for_each(|v| out.extend(v.to_le_bytes())),
            ActionValues::F64(all) => all.iter().for_each(|v| out.extend(v.to_le_bytes())),
            ActionValues::Text(all) => all.iter().for_each(|text| put_text(out, text)),
        }
    }

    fn absorb(&mut self) {
        self.hasher.update(&self.gathered);
        self.gathered.clear();
    }

    pub(crate) fn finish(&mut self) -> TransitionsHash {
        self.absorb();
        TransitionsHash { hash: self.hasher.finalize().to_hex().to_string(), rows: self.rows }
    }
}
