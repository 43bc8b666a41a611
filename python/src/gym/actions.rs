//! A batch of actions as Gymnasium's `VectorEnv` takes it, into a batch.

use crate::value::{shown, write};
use numpy::prelude::*;
use numpy::{Element, PyArrayDyn, PyUntypedArray};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use tella_envs::{Batch, Leaf, LeafLayout};

/// Takes an action for each lane; only those of `active` lanes need mean anything.
pub(super) fn take(given: &Bound<'_, PyAny>, active: &[bool], actions: &mut Batch) -> PyResult<()> {
    let layout = actions.layout().clone();
    if let ([leaf], [to]) = (layout.leaves.as_slice(), actions.leaves_mut()) {
        if copy(given, leaf, active.len(), to) {
            return Ok(());
        }
        if let Some(converted) = converted(given, to)
            && copy(&converted, leaf, active.len(), to)
        {
            return Ok(());
        }
    }
    if given.len().ok() != Some(active.len()) {
        let wanted = format!("one action for each of {} environments", active.len());
        let message = format!("expected {wanted}, found {}", shown(given));
        return Err(PyValueError::new_err(message));
    }
    for lane in (0..active.len()).filter(|lane| active[*lane]) {
        write(&layout.space, &given.get_item(lane)?, &mut actions.lane_mut(lane)).map_err(
            |why| {
                let message = format!("environment {lane}: the action is not usable: {why}");
                PyValueError::new_err(message)
            },
        )?;
    }
    Ok(())
}

/// An array of numbers of the same kind as those of `to`, in the very type of `to`.
fn converted<'py>(given: &Bound<'py, PyAny>, to: &Leaf) -> Option<Bound<'py, PyAny>> {
    let (kinds, dtype): (&[u8], _) = match to {
        Leaf::I64(_) => (b"iu", "int64"),
        Leaf::F32(_) => (b"f", "float32"),
        Leaf::F64(_) => (b"f", "float64"),
        // Which of the numbers fits is to be told lane by lane.
        Leaf::U8(_) | Leaf::Text(_) => return None,
    };
    let array = given.cast::<PyUntypedArray>().ok()?;
    if !kinds.contains(&array.dtype().kind()) {
        return None;
    }
    let numpy = given.py().import(intern!(given.py(), "numpy")).ok()?;
    numpy.call_method1(intern!(given.py(), "ascontiguousarray"), (array, dtype)).ok()
}

/// Whether `given` was an array of the very type and shape, which is then copied.
fn copy(given: &Bound<'_, PyAny>, layout: &LeafLayout, lanes: usize, to: &mut Leaf) -> bool {
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
