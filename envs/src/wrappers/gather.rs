//! A `Box` rearranged: every new element is an old one or zero. Padding and resizing
//! are such arrangements.

use super::observation::ObservationMap;
use crate::{BoxSpace, EnvError, Lane, LaneMut, LeafMut, LeafRef};

/// For each new element the number of the old one it takes, or none for zero.
pub(super) struct Gather(Vec<Option<usize>>);

/// Elements a rearranged array may have: far more than any observation, few enough to allocate.
const MAX_ELEMENTS: usize = 1 << 26;

impl Gather {
    /// The arrangement in which the new element at some indices takes the old element at
    /// the indices `source` gives for them.
    pub(super) fn new(
        old: &BoxSpace,
        shape: &[usize],
        source: impl Fn(&[usize]) -> Option<Vec<usize>>,
    ) -> Result<Self, EnvError> {
        let mut indices = vec![0; shape.len()];
        let elements = shape
            .iter()
            .try_fold(1usize, |n, len| n.checked_mul(*len))
            .filter(|n| *n <= MAX_ELEMENTS)
            .ok_or_else(|| EnvError(format!("an observation of shape {shape:?} is too large")))?;
        let number = |at: Vec<usize>| at.iter().zip(&old.shape).fold(0, |n, (i, len)| n * len + i);
        let mut sources = Vec::with_capacity(elements);
        for _ in 0..elements {
            sources.push(source(&indices).map(number));
            for (i, len) in indices.iter_mut().zip(shape).rev() {
                *i += 1;
                if *i < *len {
                    break;
                }
                *i = 0;
            }
        }
        Ok(Gather(sources))
    }

    /// The values of another array of the old shape, in the new arrangement.
    pub(super) fn arrange<T: Copy>(&self, old: &[T], zero: T) -> Vec<T> {
        self.0.iter().map(|source| source.map_or(zero, |i| old[i])).collect()
    }

    fn copy<T: Copy>(&self, from: &[T], to: &mut [T], zero: T) {
        for (value, source) in to.iter_mut().zip(&self.0) {
            *value = source.map_or(zero, |i| from[i]);
        }
    }
}

impl ObservationMap for Gather {
    fn apply(&self, from: Lane<'_>, to: &mut LaneMut<'_>) -> Result<(), EnvError> {
        match (from.leaf(0), to.leaf(0)) {
            (LeafRef::U8(a), LeafMut::U8(b)) => self.copy(a, b, 0),
            (LeafRef::I64(a), LeafMut::I64(b)) => self.copy(a, b, 0),
            (LeafRef::F32(a), LeafMut::F32(b)) => self.copy(a, b, 0.0),
            (LeafRef::F64(a), LeafMut::F64(b)) => self.copy(a, b, 0.0),
            _ => unreachable!("planned for a Box, the element type kept"),
        }
        Ok(())
    }
}
