//! A batch cut into runs of lanes, so that several threads write it at the same time.

use super::{LaneMut, Layout, Leaf, LeafMut, LeafRef};
use smallvec::SmallVec;
use std::fmt::Debug;
use std::ops::Range;

/// Leaves that a batch has at most where cutting it shall allocate nothing.
const FEW: usize = 4;

/// The leaves of a part: what a lane of a part looks its values up in.
pub(super) trait PartLeaves: Debug {
    /// Elements `range` of leaf `leaf`, counted from the part's first.
    fn leaf(&self, leaf: usize, range: Range<usize>) -> LeafRef<'_>;

    /// The same for writing.
    fn leaf_mut(&mut self, leaf: usize, range: Range<usize>) -> LeafMut<'_>;
}

/// A run of lanes of a batch.
#[derive(Debug)]
pub(crate) struct BatchPart<'a> {
    layout: &'a Layout,
    leaves: SmallVec<[LeafMut<'a>; FEW]>,
}

impl PartLeaves for SmallVec<[LeafMut<'_>; FEW]> {
    #[inline]
    fn leaf(&self, leaf: usize, range: Range<usize>) -> LeafRef<'_> {
        self[leaf].range(range)
    }

    #[inline]
    fn leaf_mut(&mut self, leaf: usize, range: Range<usize>) -> LeafMut<'_> {
        self[leaf].range_mut(range)
    }
}

impl BatchPart<'_> {
    /// One lane for writing, counted from the part's first; panics where there is none
    /// and it is written to.
    #[inline]
    pub(crate) fn lane_mut(&mut self, lane: usize) -> LaneMut<'_> {
        LaneMut::of_part(self.layout, &mut self.leaves, lane)
    }
}

/// The `lanes` lanes in `leaves`, cut into parts of `len` each.
pub(super) fn cut<'a>(
    layout: &'a Layout,
    leaves: &'a mut [Leaf],
    lanes: usize,
    len: usize,
) -> impl Iterator<Item = BatchPart<'a>> {
    let mut rest: SmallVec<[LeafMut<'a>; FEW]> = leaves.iter_mut().map(Leaf::all_mut).collect();
    (0..lanes).step_by(len).map(move |first| {
        let len = len.min(lanes - first);
        let leaves = rest.iter_mut().zip(&layout.leaves);
        let leaves = leaves.map(|(rest, leaf)| take_front(rest, len * leaf.width)).collect();
        BatchPart { layout, leaves }
    })
}

/// Takes the first `count` elements off `rest`.
fn take_front<'a>(rest: &mut LeafMut<'a>, count: usize) -> LeafMut<'a> {
    fn take<'a, T>(rest: &mut &'a mut [T], count: usize) -> &'a mut [T] {
        rest.split_off_mut(..count).expect("a leaf holds all lanes")
    }
    match rest {
        LeafMut::U8(v) => LeafMut::U8(take(v, count)),
        LeafMut::I64(v) => LeafMut::I64(take(v, count)),
        LeafMut::F32(v) => LeafMut::F32(take(v, count)),
        LeafMut::F64(v) => LeafMut::F64(take(v, count)),
        LeafMut::Text(v) => LeafMut::Text(take(v, count)),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Batch, Space};

    #[test]
    fn parts_are_the_lanes_in_order() {
        let text = Space::Text { min_length: 0, max_length: 9, charset: "abc".into() };
        let space = Space::Dict(vec![
            ("a".into(), Space::MultiDiscrete { nvec: vec![100, 100] }),
            ("b".into(), text),
        ]);
        for (lanes, len) in [(7, 3), (6, 3), (1, 1), (4, 9)] {
            let mut batch = Batch::new(&space, lanes);
            let mut first = 0;
            for (number, mut part) in batch.parts(len).enumerate() {
                for i in 0..len.min(lanes - first) {
                    let mut lane = part.lane_mut(i);
                    lane.i64(0).copy_from_slice(&[number as i64, i as i64]);
                    lane.text(1)[0] = "c".repeat(number);
                    assert_eq!(lane.as_lane().i64(0), [number as i64, i as i64]);
                }
                first += len;
            }
            for lane in 0..lanes {
                let (number, i) = (lane / len, lane % len);
                assert_eq!(batch.lane(lane).i64(0), [number as i64, i as i64]);
                assert_eq!(batch.lane(lane).text(1)[0].len(), number);
            }
        }
    }
}
