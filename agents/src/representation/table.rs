//! A table of action values that grows by a row for every new state.

use crate::AgentError;
use crate::state::{append, damaged, decode_prefix, encode, take};
use serde::{Deserialize, Serialize};

/// A row for each state met: its key, and for each action a value and how often
/// the value was updated. Rows stand in the order in which states were first met
/// and never move; an open-addressing index (linear probing, at most half full)
/// finds them and is not saved, since it follows from the keys.
///
/// A state with `n` actions takes `8 + 6 n` bytes and 8 to 16 of index.
#[derive(Clone, Debug)]
pub(crate) struct QTable {
    num_actions: usize,
    initial_value: f32,
    max_states: usize,
    keys: Vec<u64>,
    values: Vec<f32>,
    visits: Vec<u16>,
    /// Row + 1, or 0 where free; its length is a power of two.
    index: Vec<u32>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    num_actions: u64,
    num_states: u64,
}

impl QTable {
    /// An empty table that takes up to `max_states` rows, with `initial_value`
    /// for every action of a new one.
    pub(crate) fn new(num_actions: usize, initial_value: f32, max_states: usize) -> Self {
        QTable {
            num_actions,
            initial_value,
            max_states: max_states.min(u32::MAX as usize - 1),
            keys: Vec::new(),
            values: Vec::new(),
            visits: Vec::new(),
            index: vec![0; 64],
        }
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The slot of `key`: where its row is, or where it would go. Keys are hashes,
    /// so their low bits serve as they are.
    fn slot(&self, key: u64) -> usize {
        let mask = self.index.len() - 1;
        let mut slot = key as usize & mask;
        while self.index[slot] != 0 && self.keys[self.index[slot] as usize - 1] != key {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// The row of `key`.
    pub(crate) fn find(&self, key: u64) -> Option<u32> {
        self.index[self.slot(key)].checked_sub(1)
    }

    /// The row of `key`, added where it is new; `None` where it is new and the
    /// table full.
    pub(crate) fn find_or_add(&mut self, key: u64) -> Option<u32> {
        let slot = self.slot(key);
        if let Some(row) = self.index[slot].checked_sub(1) {
            return Some(row);
        }
        let row = self.keys.len();
        if row >= self.max_states {
            return None;
        }
        self.keys.push(key);
        self.values.resize(self.values.len() + self.num_actions, self.initial_value);
        self.visits.resize(self.visits.len() + self.num_actions, 0);
        if self.keys.len() * 2 > self.index.len() {
            self.rebuild_index();
        } else {
            self.index[slot] = row as u32 + 1;
        }
        Some(row as u32)
    }

    fn rebuild_index(&mut self) {
        let len = (self.keys.len() * 2).next_power_of_two().max(64);
        self.index.clear();
        self.index.resize(len, 0);
        for row in 0..self.keys.len() {
            let slot = self.slot(self.keys[row]);
            self.index[slot] = row as u32 + 1;
        }
    }

    fn range(&self, row: u32) -> std::ops::Range<usize> {
        let first = row as usize * self.num_actions;
        first..first + self.num_actions
    }

    /// The values of a row, one an action.
    pub(crate) fn values(&self, row: u32) -> &[f32] {
        &self.values[self.range(row)]
    }

    /// The greatest value of a row; of a state without one, the initial value.
    pub(crate) fn best(&self, row: Option<u32>) -> f64 {
        match row {
            Some(row) => f64::from(self.values(row).iter().copied().fold(f32::MIN, f32::max)),
            None => f64::from(self.initial_value),
        }
    }

    /// Updates of a row, over all its actions.
    pub(crate) fn visits(&self, row: u32) -> u32 {
        self.visits[self.range(row)].iter().map(|v| u32::from(*v)).sum()
    }

    /// Moves a value towards `target` by the share `rate(n)`, `n` being how often
    /// it was updated, this time included (counted up to 65,535).
    pub(crate) fn update(
        &mut self,
        row: u32,
        action: usize,
        target: f64,
        rate: impl Fn(u16) -> f64,
    ) {
        let i = row as usize * self.num_actions + action;
        self.visits[i] = self.visits[i].saturating_add(1);
        let value = f64::from(self.values[i]);
        self.values[i] = (value + rate(self.visits[i]) * (target - value)) as f32;
    }

    /// The rows as bytes; tables with equal rows in equal order give equal bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = encode(&Header {
            num_actions: self.num_actions as u64,
            num_states: self.keys.len() as u64,
        });
        out.reserve_exact(self.keys.len() * (8 + 6 * self.num_actions));
        append(&mut out, &self.keys, u64::to_le_bytes);
        append(&mut out, &self.values, f32::to_le_bytes);
        append(&mut out, &self.visits, u16::to_le_bytes);
        out
    }

    /// A table like this one with the rows that [`QTable::to_bytes`] wrote.
    pub(crate) fn restored(&self, bytes: &[u8]) -> Result<QTable, AgentError> {
        let (header, mut rest): (Header, _) = decode_prefix(bytes, "learned")?;
        if header.num_actions != self.num_actions as u64 {
            return Err(damaged(
                "learned",
                format!("it has {} actions, this agent {}", header.num_actions, self.num_actions),
            ));
        }
        let states = usize::try_from(header.num_states).unwrap_or(usize::MAX);
        let cells = states.saturating_mul(self.num_actions);
        let keys = take(&mut rest, states, u64::from_le_bytes)?;
        let values = take(&mut rest, cells, f32::from_le_bytes)?;
        let visits = take(&mut rest, cells, u16::from_le_bytes)?;
        if !rest.is_empty() {
            return Err(damaged("learned", format!("{} bytes too many", rest.len())));
        }
        let index = Vec::new();
        let mut table = QTable { keys, values, visits, index, ..*self };
        table.rebuild_index();
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// Against a sorted map from the standard library.
        #[test]
        fn finds_what_was_added(keys in proptest::collection::vec(0u64..400, 0..1000)) {
            let mut table = QTable::new(2, 0.5, 1000);
            let mut known: BTreeMap<u64, u32> = BTreeMap::new();
            for key in keys {
                // Keys that meet in their low bits, so that probing is put to work.
                let key = key << 8;
                prop_assert_eq!(table.find(key), known.get(&key).copied());
                let next = known.len() as u32;
                let row = *known.entry(key).or_insert(next);
                prop_assert_eq!(table.find_or_add(key), Some(row));
            }
            let copy = QTable::new(2, 0.5, 1000).restored(&table.to_bytes()).unwrap();
            prop_assert_eq!(copy.to_bytes(), table.to_bytes());
            for (key, row) in known {
                prop_assert_eq!(copy.find(key), Some(row));
            }
        }
    }

    #[test]
    fn updates_by_the_visit_count() {
        let mut table = QTable::new(3, 1.0, 10);
        let row = table.find_or_add(7).unwrap();
        table.update(row, 1, 3.0, |n| 1.0 / f64::from(n));
        assert_eq!(table.values(row), [1.0, 3.0, 1.0]);
        table.update(row, 1, 5.0, |n| 1.0 / f64::from(n));
        assert_eq!(table.values(row), [1.0, 4.0, 1.0], "a running mean of 3 and 5");
        assert_eq!(table.visits(row), 2);
        assert_eq!((table.best(Some(row)), table.best(None)), (4.0, 1.0));
    }

    #[test]
    fn a_full_table_takes_no_more() {
        let mut table = QTable::new(1, 0.0, 2);
        assert_eq!([1, 2, 3, 1].map(|k| table.find_or_add(k)), [Some(0), Some(1), None, Some(0)]);
        assert_eq!(table.len(), 2);
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let mut table = QTable::new(2, 0.0, 10);
        (0..5).for_each(|k| assert!(table.find_or_add(k).is_some()));
        let good = table.to_bytes();
        for cut in 0..good.len() {
            assert!(table.restored(&good[..cut]).is_err(), "cut at {cut}");
        }
        assert!(table.restored(&[&good[..], &[0]].concat()).is_err());
        let error = QTable::new(3, 0.0, 10).restored(&good).unwrap_err();
        assert!(error.to_string().contains("it has 2 actions, this agent 3"), "{error}");
    }
}
