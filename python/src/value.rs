//! One value of a space: from Python's form into a lane of a batch, and back.

use crate::arrays::array;
use numpy::prelude::*;
use numpy::{Element, PyArrayDyn, PyUntypedArray};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use tella_envs::{Dtype, Lane, LaneMut, LeafMut, LeafRef, Space};

/// The value in `lane`, a lane of `space`, as Gymnasium has it: an integer for `Discrete`, an
/// array that is the receiver's own for `Box`.
pub(crate) fn read<'py>(
    py: Python<'py>,
    space: &Space,
    lane: Lane<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    read_part(py, space, lane, &mut 0)
}

fn read_part<'py>(
    py: Python<'py>,
    space: &Space,
    lane: Lane<'_>,
    leaf: &mut usize,
) -> PyResult<Bound<'py, PyAny>> {
    match space {
        Space::Tuple(parts) => {
            let parts: Vec<_> = parts
                .iter()
                .map(|part| read_part(py, part, lane, leaf))
                .collect::<PyResult<_>>()?;
            return Ok(PyTuple::new(py, parts)?.into_any());
        }
        Space::Dict(parts) => {
            let dict = PyDict::new(py);
            for (key, part) in parts {
                dict.set_item(key, read_part(py, part, lane, leaf)?)?;
            }
            return Ok(dict.into_any());
        }
        _ => {}
    }
    let shape = &lane.layout().leaves[*leaf].shape;
    let value = lane.leaf(*leaf);
    *leaf += 1;
    Ok(match (space, value) {
        (Space::Discrete { .. }, LeafRef::I64(v)) => v[0].into_pyobject(py)?.into_any(),
        (Space::MultiBinary { .. }, LeafRef::U8(v)) => {
            let bits: Vec<i8> = v.iter().map(|x| *x as i8).collect();
            array(py, &bits, shape).into_any()
        }
        (_, LeafRef::U8(v)) => array(py, v, shape).into_any(),
        (_, LeafRef::I64(v)) => array(py, v, shape).into_any(),
        (_, LeafRef::F32(v)) => array(py, v, shape).into_any(),
        (_, LeafRef::F64(v)) => array(py, v, shape).into_any(),
        (_, LeafRef::Text(v)) => PyString::new(py, &v[0]).into_any(),
    })
}

/// Writes what `object` means into `lane`, a lane of `space`, or says why it means nothing
/// there: not the type, the shape or the kind of number. Bounds are not looked at.
pub(crate) fn write(
    space: &Space,
    object: &Bound<'_, PyAny>,
    lane: &mut LaneMut<'_>,
) -> Result<(), String> {
    write_part(space, object, lane, &mut 0)
}

fn write_part(
    space: &Space,
    object: &Bound<'_, PyAny>,
    lane: &mut LaneMut<'_>,
    leaf: &mut usize,
) -> Result<(), String> {
    match space {
        Space::Tuple(parts) => {
            let len = object.len().map_err(|_| expected(space, object))?;
            if len != parts.len() || object.is_instance_of::<PyString>() {
                return Err(expected(space, object));
            }
            for (i, part) in parts.iter().enumerate() {
                let value = object.get_item(i).map_err(|_| expected(space, object))?;
                write_part(part, &value, lane, leaf).map_err(|why| format!("part {i}: {why}"))?;
            }
            Ok(())
        }
        Space::Dict(parts) => {
            for (key, part) in parts {
                let value = object.get_item(key).map_err(|_| match object.is_none() {
                    true => expected(space, object),
                    false => format!("key `{key}` is missing from {}", shown(object)),
                })?;
                write_part(part, &value, lane, leaf)
                    .map_err(|why| format!("key `{key}`: {why}"))?;
            }
            Ok(())
        }
        _ => {
            let at = *leaf;
            *leaf += 1;
            write_leaf(space, object, lane, at)
        }
    }
}

fn write_leaf(
    space: &Space,
    object: &Bound<'_, PyAny>,
    lane: &mut LaneMut<'_>,
    leaf: usize,
) -> Result<(), String> {
    // The layout outlives the lane's borrow of its values.
    let layout = &lane.layout().leaves[leaf];
    let shape = layout.shape.as_slice();
    match (space, lane.leaf(leaf)) {
        (Space::Text { .. }, LeafMut::Text(to)) => {
            to[0] = object.extract().map_err(|_| expected(space, object))?;
            Ok(())
        }
        (Space::Discrete { .. }, LeafMut::I64(to)) => {
            to[0] = object.extract().map_err(|_| expected(space, object))?;
            Ok(())
        }
        (_, LeafMut::U8(to)) => write_array(space, object, shape, to, "uint8"),
        (_, LeafMut::I64(to)) => write_array(space, object, shape, to, "int64"),
        (_, LeafMut::F32(to)) => write_array(space, object, shape, to, "float32"),
        (_, LeafMut::F64(to)) => write_array(space, object, shape, to, "float64"),
        (_, LeafMut::Text(_)) => Err(expected(space, object)),
    }
}

/// Element types of leaves, and which integers they hold.
trait Number: Element + Copy {
    /// The element that equals an integer, where this is a type of integers that has it.
    fn from_integer(_value: i64) -> Option<Self> {
        None
    }
}

impl Number for u8 {
    fn from_integer(value: i64) -> Option<Self> {
        value.try_into().ok()
    }
}

impl Number for i64 {
    fn from_integer(value: i64) -> Option<Self> {
        Some(value)
    }
}

impl Number for f32 {}
impl Number for f64 {}

fn write_array<T: Number>(
    space: &Space,
    object: &Bound<'_, PyAny>,
    shape: &[usize],
    to: &mut [T],
    dtype: &str,
) -> Result<(), String> {
    if let Ok(array) = object.cast::<PyArrayDyn<T>>()
        && array.shape() == shape
    {
        return copy(array, to);
    }
    convert(space, object, shape, to, dtype)
}

/// As [`write_array`] for what is not yet an array of the type: numbers change their type as
/// NumPy's `same_kind` lets them, integers also to a narrower type that holds them.
fn convert<T: Number>(
    space: &Space,
    object: &Bound<'_, PyAny>,
    shape: &[usize],
    to: &mut [T],
    dtype: &str,
) -> Result<(), String> {
    let py = object.py();
    let unfit = |_| expected(space, object);
    let numpy = py.import(intern!(py, "numpy")).map_err(unfit)?;
    let array = numpy.call_method1(intern!(py, "asarray"), (object,)).map_err(unfit)?;
    let array = array.cast::<PyUntypedArray>().map_err(|_| expected(space, object))?;
    if array.shape() != shape {
        return Err(expected(space, object));
    }
    let integers = matches!(array.dtype().kind(), b'b' | b'i' | b'u');
    let astype = |dtype: &str| array.call_method1(intern!(py, "astype"), (dtype,)).map_err(unfit);
    if integers && T::from_integer(0).is_some() {
        let wide = astype("int64")?;
        let wide = wide.cast::<PyArrayDyn<i64>>().map_err(|_| expected(space, object))?;
        let wide = wide.try_readonly().map_err(|_| expected(space, object))?;
        for (to, value) in to.iter_mut().zip(wide.as_array()) {
            *to = T::from_integer(*value).ok_or_else(|| format!("{value} is no {dtype}"))?;
        }
        return Ok(());
    }
    let fits = numpy
        .call_method1(intern!(py, "can_cast"), (array.dtype(), dtype, "same_kind"))
        .and_then(|fits| fits.is_truthy())
        .map_err(unfit)?;
    if !fits {
        return Err(expected(space, object));
    }
    let cast = astype(dtype)?;
    copy(cast.cast::<PyArrayDyn<T>>().map_err(|_| expected(space, object))?, to)
}

fn copy<T: Number>(array: &Bound<'_, PyArrayDyn<T>>, to: &mut [T]) -> Result<(), String> {
    let array = array.try_readonly().map_err(|e| e.to_string())?;
    match array.as_slice() {
        Ok(slice) => to.copy_from_slice(slice),
        Err(_) => to.iter_mut().zip(array.as_array()).for_each(|(to, x)| *to = *x),
    }
    Ok(())
}

fn expected(space: &Space, found: &Bound<'_, PyAny>) -> String {
    let wanted = match space {
        Space::Discrete { .. } => format!("an integer of {space}"),
        Space::Text { .. } => format!("a text of {space}"),
        Space::Tuple(parts) => format!("a tuple of {} parts", parts.len()),
        Space::Dict(_) => format!("a dictionary of {space}"),
        Space::Box(b) if b.shape.is_empty() => format!("a number of type {}", words(b.dtype)),
        _ => format!("an array of {space}"),
    };
    format!("expected {wanted}, found {}", shown(found))
}

fn words(dtype: Dtype) -> String {
    dtype.to_string()
}

/// An object in few words: `None`, its type with the shape and type of elements of an array,
/// with its beginning otherwise.
pub(crate) fn shown(object: &Bound<'_, PyAny>) -> String {
    const LONGEST: usize = 60;
    if object.is_none() {
        return "None".into();
    }
    if let Ok(array) = object.cast::<PyUntypedArray>() {
        return format!("an array of shape {:?} and type {}", array.shape(), array.dtype());
    }
    let kind = object.get_type().name().map_or_else(|_| "object".into(), |name| name.to_string());
    let text = object.repr().map(|text| text.to_string()).unwrap_or_default();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{kind} {} ...", &text[..end]),
        None => format!("{kind} {text}"),
    }
}
