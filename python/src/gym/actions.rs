//! A batch of actions as Gymnasium's `VectorEnv` takes it, into a batch.

use crate::arrays::read;
use crate::value::{shown, write};
use numpy::PyUntypedArray;
use numpy::prelude::*;
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use tella_envs::{Batch, Leaf};

/// Takes an action for each lane; only those of `active` lanes need mean anything.
pub(super) fn take(given: &Bound<'_, PyAny>, active: &[bool], actions: &mut Batch) -> PyResult<()> {
    let layout = actions.layout().clone();
    if let ([leaf], [to]) = (layout.leaves.as_slice(), actions.leaves_mut()) {
        if read(given, leaf, active.len(), to) {
            return Ok(());
        }
        if let Some(converted) = converted(given, to)
            && read(&converted, leaf, active.len(), to)
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
