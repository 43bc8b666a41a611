//! One observation as a 64-bit key.

use tella_envs::{Batch, Leaf};
use xxhash_rust::xxh3::xxh3_64;

/// Hashes observations of any space: XXH3 (64 bits) of the lane's elements, leaf
/// after leaf, as little-endian bytes; a text goes in with its length before it.
///
/// Observations are equal where their bytes are: `-0.0` and `0.0` are two. Two
/// different observations share a key with probability 2^-64, so a table of a
/// million states has a clash somewhere with probability 3e-8.
#[derive(Default)]
pub(crate) struct ObservationHash {
    bytes: Vec<u8>,
}

impl ObservationHash {
    /// The key of lane `lane`.
    pub(crate) fn key(&mut self, observations: &Batch, lane: usize) -> u64 {
        let leaves = observations.leaves();
        let widths = observations.layout().leaves.iter().map(|l| l.width);
        if let [Leaf::U8(v)] = leaves {
            let width = observations.layout().leaves[0].width;
            return xxh3_64(&v[lane * width..(lane + 1) * width]);
        }
        self.bytes.clear();
        for (leaf, width) in leaves.iter().zip(widths) {
            let range = lane * width..(lane + 1) * width;
            match leaf {
                Leaf::U8(v) => self.bytes.extend_from_slice(&v[range]),
                Leaf::I64(v) => v[range].iter().for_each(|x| self.put(x.to_le_bytes())),
                Leaf::F32(v) => v[range].iter().for_each(|x| self.put(x.to_le_bytes())),
                Leaf::F64(v) => v[range].iter().for_each(|x| self.put(x.to_le_bytes())),
                Leaf::Text(v) => v[range].iter().for_each(|text| {
                    self.put((text.len() as u64).to_le_bytes());
                    self.bytes.extend_from_slice(text.as_bytes());
                }),
            }
        }
        xxh3_64(&self.bytes)
    }

    fn put<const N: usize>(&mut self, bytes: [u8; N]) {
        self.bytes.extend_from_slice(&bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tella_envs::{Dtype, Space};

    #[test]
    fn one_leaf_of_bytes_hashes_as_the_bytes() {
        let space = Space::uniform_box(0.0, 255.0, &[2, 2], Dtype::Uint8);
        let mut batch = Batch::new(&space, 3);
        batch.lane_mut(1).u8(0).copy_from_slice(&[1, 2, 3, 4]);
        assert_eq!(ObservationHash::default().key(&batch, 1), xxh3_64(&[1, 2, 3, 4]));
    }

    #[test]
    fn every_leaf_counts_and_lanes_do_not() {
        let text = Space::Text { min_length: 0, max_length: 9, charset: "ab".into() };
        let space = Space::Tuple(vec![
            Space::discrete(5),
            Space::uniform_box(-1.0, 1.0, &[2], Dtype::Float32),
            Space::uniform_box(-1.0, 1.0, &[1], Dtype::Float64),
            Space::uniform_box(0.0, 9.0, &[1], Dtype::Uint8),
            text.clone(),
            text,
        ]);
        let mut batch = Batch::new(&space, 2);
        let mut hash = ObservationHash::default();
        let mut keys = vec![hash.key(&batch, 0)];
        let changes: [fn(&mut tella_envs::LaneMut<'_>); 6] = [
            |l| l.i64(0)[0] = 1,
            |l| l.f32(1)[1] = 1.0,
            |l| l.f64(2)[0] = 1.0,
            |l| l.u8(3)[0] = 1,
            |l| l.text(4)[0] = "a".into(),
            |l| (l.text(4)[0], l.text(5)[0]) = (String::new(), "a".into()),
        ];
        for change in changes {
            change(&mut batch.lane_mut(0));
            keys.push(hash.key(&batch, 0));
            let copy = batch.clone();
            batch.copy_lane(1, &copy, 0);
            assert_eq!(hash.key(&batch, 1), hash.key(&batch, 0));
        }
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), 7, "each change makes another key");
    }
}
