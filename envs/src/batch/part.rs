//! A batch cut into runs of lanes, so that several threads write it at the same time.

use super::{LaneMut, Layout, Leaf, LeafMut};
use smallvec::SmallVec;

/// Leaves that a batch has at most where cutting it shall allocate nothing.
const FEW: usize = 4;

/// A run of lanes of a batch.
#[derive(Debug)]
pub(crate) struct BatchPart<'a> {
    layout: &'a Layout,
    leaves: SmallVec<[LeafMut<'a>; FEW]>,
}

impl BatchPart<'_> {
    /// One lane for writing, counted from the part's first; panics where there is none
    /// and it is written to.
    #[inline]
    pub(crate) fn lane_mut(&mut self, lane: usize) -> LaneMut<'_> {
        // SAFETY: only lifetimes change. Leaves that are borrowed for longer become such
        // that are borrowed for as long as the lane, which must not be replaced by
        // shorter ones: a lane hands out elements of its leaves, never a leaf itself.
        let leaves = unsafe {
            std::mem::transmute::<&mut [LeafMut<'_>], &mut [LeafMut<'_>]>(&mut self.leaves)
        };
        LaneMut::of_part(self.layout, leaves, lane)
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
