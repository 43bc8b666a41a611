//! What all lanes show, in the form of Gymnasium's batched spaces.

use crate::arrays::{Arrays, is_binary, make};
use numpy::ndarray::ArrayView;
use numpy::{Element, PyArrayDyn};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use tella_envs::{Batch, Leaf, LeafLayout};

/// The texts of each leaf of texts, as they were last: they seldom change.
#[derive(Default)]
pub(super) struct Observations {
    texts: Vec<(Vec<String>, Py<PyTuple>)>,
}

impl Observations {
    /// Arrays that are the receiver's own.
    pub(super) fn copied<'py>(
        &mut self,
        py: Python<'py>,
        batch: &Batch,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.shown(py, batch, |leaf, layout| make(py, leaf, layout, batch.lanes(), false))
    }

    /// Arrays over the batch's own memory.
    ///
    /// # Safety
    ///
    /// The buffers of `batch` must stay where they are for as long as `owner` lives.
    pub(super) unsafe fn viewed<'py>(
        &mut self,
        batch: &Batch,
        owner: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lanes = batch.lanes();
        self.shown(owner.py(), batch, |leaf, layout| {
            // SAFETY: the caller's promise.
            unsafe {
                match leaf {
                    // `MultiBinary` is `int8` in Python.
                    Leaf::U8(_) if is_binary(layout) => {
                        make(owner.py(), leaf, layout, lanes, false)
                    }
                    Leaf::U8(values) => view(values, layout, lanes, owner),
                    Leaf::I64(values) => view(values, layout, lanes, owner),
                    Leaf::F32(values) => view(values, layout, lanes, owner),
                    Leaf::F64(values) => view(values, layout, lanes, owner),
                    Leaf::Text(_) => make(owner.py(), leaf, layout, lanes, false),
                }
            }
        })
    }

    fn shown<'py>(
        &mut self,
        py: Python<'py>,
        batch: &Batch,
        mut array: impl FnMut(&Leaf, &LeafLayout) -> PyResult<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut seen = 0;
        let leaves = batch.leaves().iter().zip(&batch.layout().leaves);
        let leaves = leaves.map(|(leaf, layout)| match leaf {
            Leaf::Text(texts) => {
                seen += 1;
                self.texts(py, seen - 1, texts)
            }
            _ => array(leaf, layout),
        });
        let leaves = leaves.collect::<PyResult<Vec<_>>>()?;
        Arrays::of(leaves).whole(py, batch.space())
    }

    fn texts(&mut self, py: Python<'_>, which: usize, texts: &[String]) -> PyResult<Py<PyAny>> {
        if let Some((last, tuple)) = self.texts.get(which)
            && last == texts
        {
            return Ok(tuple.clone_ref(py).into_any());
        }
        let tuple = PyTuple::new(py, texts)?.unbind();
        let made = (texts.to_vec(), tuple.clone_ref(py));
        match self.texts.get_mut(which) {
            Some(last) => *last = made,
            None => self.texts.push(made),
        }
        Ok(tuple.into_any())
    }
}

/// An array over `values`.
///
/// # Safety
///
/// As of [`Observations::viewed`].
unsafe fn view<T: Element>(
    values: &[T],
    layout: &LeafLayout,
    lanes: usize,
    owner: &Bound<'_, PyAny>,
) -> PyResult<Py<PyAny>> {
    let shape: Vec<usize> = std::iter::once(lanes).chain(layout.shape.iter().copied()).collect();
    let values = ArrayView::from_shape(shape, values)
        .map_err(|error| pyo3::exceptions::PyValueError::new_err(error.to_string()))?;
    // SAFETY: the caller's promise; the array keeps `owner` alive.
    let array = unsafe { PyArrayDyn::borrow_from_array(&values, owner.clone()) };
    Ok(array.into_any().unbind())
}
