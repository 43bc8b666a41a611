//! Batches as NumPy arrays.
//!
//! Arrays own their memory: what an agent keeps stays valid and as it was, and what it changes
//! reaches nobody. Where an agent keeps nothing, the same arrays are filled again at the next
//! step, so that a step costs one copy of the batch and makes no object.

use numpy::prelude::*;
use numpy::{Element, PyArrayDyn};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use tella_envs::{Batch, Leaf, LeafLayout, Space};

/// The values of a batch: an array of shape `[lanes, ...]` for each leaf of its space, a list of
/// texts for a leaf of texts.
pub(crate) struct Arrays {
    leaves: Vec<Py<PyAny>>,
    read_only: bool,
}

impl Arrays {
    /// Arrays made for `batch`; the user's own to write to unless `read_only`.
    pub(crate) fn new(py: Python<'_>, batch: &Batch, read_only: bool) -> PyResult<Self> {
        let leaves = batch.leaves().iter().zip(&batch.layout().leaves);
        let make = |(leaf, layout)| make(py, leaf, layout, batch.lanes(), read_only);
        Ok(Arrays { leaves: leaves.map(make).collect::<PyResult<_>>()?, read_only })
    }

    /// Of objects made for each leaf.
    pub(crate) fn of(leaves: Vec<Py<PyAny>>) -> Self {
        Arrays { leaves, read_only: false }
    }

    /// The same for another batch: arrays that nobody else holds are filled again.
    pub(crate) fn refill(&mut self, py: Python<'_>, batch: &Batch) -> PyResult<()> {
        let leaves = batch.leaves().iter().zip(&batch.layout().leaves);
        if self.leaves.len() != batch.leaves().len() {
            *self = Arrays::new(py, batch, self.read_only)?;
            return Ok(());
        }
        for (array, (leaf, layout)) in self.leaves.iter_mut().zip(leaves) {
            let alone = held_once(array);
            if !(alone && fill(array.bind(py), leaf, layout, batch.lanes())) {
                *array = make(py, leaf, layout, batch.lanes(), self.read_only)?;
            }
        }
        Ok(())
    }

    /// All lanes: an array, or a dictionary or tuple of them as the space is one.
    pub(crate) fn whole<'py>(&self, py: Python<'py>, space: &Space) -> PyResult<Bound<'py, PyAny>> {
        self.walk(py, space, &mut 0, None)
    }

    /// One lane: an array of the leaf's shape, a NumPy scalar where it has none.
    pub(crate) fn lane<'py>(
        &self,
        py: Python<'py>,
        space: &Space,
        lane: usize,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.walk(py, space, &mut 0, Some(lane))
    }

    fn walk<'py>(
        &self,
        py: Python<'py>,
        space: &Space,
        leaf: &mut usize,
        lane: Option<usize>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match space {
            Space::Tuple(parts) => {
                let parts: Vec<_> = parts
                    .iter()
                    .map(|part| self.walk(py, part, leaf, lane))
                    .collect::<PyResult<_>>()?;
                Ok(PyTuple::new(py, parts)?.into_any())
            }
            Space::Dict(parts) => {
                let dict = PyDict::new(py);
                for (key, part) in parts {
                    dict.set_item(key, self.walk(py, part, leaf, lane)?)?;
                }
                Ok(dict.into_any())
            }
            _ => {
                let array = self.leaves[*leaf].bind(py);
                *leaf += 1;
                match lane {
                    Some(lane) => array.get_item(lane),
                    None => Ok(array.clone()),
                }
            }
        }
    }
}

/// Whether nobody but the holder of `object` has it. The interpreter must be held.
pub(crate) fn held_once(object: &Py<PyAny>) -> bool {
    // SAFETY: the object is alive as long as it is borrowed.
    unsafe { pyo3::ffi::Py_REFCNT(object.as_ptr()) == 1 }
}

/// A new array of `values`.
pub(crate) fn array<'py, T: Element + Copy>(
    py: Python<'py>,
    values: &[T],
    shape: &[usize],
) -> Bound<'py, PyArrayDyn<T>> {
    assert_eq!(values.len(), shape.iter().product::<usize>(), "shape {shape:?}");
    // SAFETY: the array is new and contiguous, has as many elements as `values`, and nobody
    // else has seen it before all of them are written.
    unsafe {
        let array = PyArrayDyn::<T>::new(py, shape, false);
        std::ptr::copy_nonoverlapping(values.as_ptr(), array.data(), values.len());
        array
    }
}

/// Writes `values` over those of `array`, where it is an array of this type and shape.
pub(crate) fn overwrite<T: Element + Copy>(
    array: &Bound<'_, PyAny>,
    values: &[T],
    shape: &[usize],
) -> bool {
    let Ok(array) = array.cast::<PyArrayDyn<T>>() else { return false };
    if array.shape() != shape || !array.is_c_contiguous() || array.len() != values.len() {
        return false;
    }
    // SAFETY: the array is contiguous and has as many elements as `values`; the interpreter is
    // held, and no reference to its elements is alive in this crate.
    unsafe { std::ptr::copy_nonoverlapping(values.as_ptr(), array.data(), values.len()) };
    true
}

fn shape(layout: &LeafLayout, lanes: usize) -> smallvec::SmallVec<[usize; 8]> {
    std::iter::once(lanes).chain(layout.shape.iter().copied()).collect()
}

/// A new array of one leaf's values, a list of texts.
pub(crate) fn make(
    py: Python<'_>,
    leaf: &Leaf,
    layout: &LeafLayout,
    lanes: usize,
    read_only: bool,
) -> PyResult<Py<PyAny>> {
    let shape = shape(layout, lanes);
    let made = match leaf {
        Leaf::U8(v) if is_binary(layout) => finish(array(py, as_i8(v), &shape), read_only),
        Leaf::U8(v) => finish(array(py, v, &shape), read_only),
        Leaf::I64(v) => finish(array(py, v, &shape), read_only),
        Leaf::F32(v) => finish(array(py, v, &shape), read_only),
        Leaf::F64(v) => finish(array(py, v, &shape), read_only),
        Leaf::Text(v) => PyList::new(py, v)?.into_any(),
    };
    Ok(made.unbind())
}

fn finish<T: Element>(array: Bound<'_, PyArrayDyn<T>>, read_only: bool) -> Bound<'_, PyAny> {
    if read_only && let Ok(writer) = array.try_readwrite() {
        writer.make_nonwriteable();
    }
    array.into_any()
}

fn fill(array: &Bound<'_, PyAny>, leaf: &Leaf, layout: &LeafLayout, lanes: usize) -> bool {
    let shape = shape(layout, lanes);
    match leaf {
        Leaf::U8(v) if is_binary(layout) => overwrite(array, as_i8(v), &shape),
        Leaf::U8(v) => overwrite(array, v, &shape),
        Leaf::I64(v) => overwrite(array, v, &shape),
        Leaf::F32(v) => overwrite(array, v, &shape),
        Leaf::F64(v) => overwrite(array, v, &shape),
        Leaf::Text(_) => false,
    }
}

/// Copies `given` into a leaf of a batch where it is an array of the very type and shape.
pub(crate) fn read(
    given: &Bound<'_, PyAny>,
    layout: &LeafLayout,
    lanes: usize,
    to: &mut Leaf,
) -> bool {
    fn copy<T: Element + Copy>(
        given: &Bound<'_, PyAny>,
        layout: &LeafLayout,
        lanes: usize,
        to: &mut [T],
    ) -> bool {
        let Ok(array) = given.cast::<PyArrayDyn<T>>() else { return false };
        let shape = array.shape();
        if shape.first() != Some(&lanes) || shape[1..] != layout.shape {
            return false;
        }
        let Ok(array) = array.try_readonly() else { return false };
        let Ok(slice) = array.as_slice() else { return false };
        to.copy_from_slice(slice);
        true
    }
    match to {
        Leaf::U8(to) => copy(given, layout, lanes, to),
        Leaf::I64(to) => copy(given, layout, lanes, to),
        Leaf::F32(to) => copy(given, layout, lanes, to),
        Leaf::F64(to) => copy(given, layout, lanes, to),
        Leaf::Text(_) => false,
    }
}

/// `MultiBinary` holds `int8` in Gymnasium and gym.
pub(crate) fn is_binary(layout: &LeafLayout) -> bool {
    matches!(layout.space, Space::MultiBinary { .. })
}

fn as_i8(values: &[u8]) -> &[i8] {
    // SAFETY: both types have one byte and no value that the other has not.
    unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), values.len()) }
}
