//! A column as a NumPy array, for those who have no Arrow library.

use super::represent::{is_text, texts};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int64Type, TimestampMicrosecondType, UInt8Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, TimeUnit};
use numpy::{Element, PyArray1};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

/// The chunks of a column in one array: numbers and truth values of their own type (integers with
/// nulls as floats, NaN for null; truth values with nulls as objects), times as `datetime64[us]`, texts as
/// objects with None for null.
pub(super) fn column<'py>(
    py: Python<'py>,
    name: &str,
    kind: &DataType,
    chunks: &[ArrayRef],
) -> PyResult<Bound<'py, PyAny>> {
    match kind {
        kind if is_text(kind) => of_texts(py, chunks),
        DataType::Boolean if chunks.iter().any(|chunk| chunk.null_count() > 0) => {
            let values: Vec<Option<bool>> =
                chunks.iter().flat_map(|chunk| chunk.as_boolean().iter()).collect();
            py.import("numpy")?.call_method1("array", (values, "object"))
        }
        DataType::Boolean => {
            let values = chunks.iter().flat_map(|chunk| {
                let chunk = chunk.as_boolean();
                (0..chunk.len()).map(move |row| chunk.value(row))
            });
            Ok(PyArray1::from_iter(py, values).into_any())
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            let values = chunks.iter().flat_map(|chunk| {
                let chunk = chunk.as_primitive::<TimestampMicrosecondType>();
                // NumPy's own mark of no time.
                chunk.iter().map(|time| time.unwrap_or(i64::MIN))
            });
            let values = PyArray1::from_iter(py, values);
            values.call_method1("view", ("datetime64[us]",))
        }
        DataType::UInt8 => numbers::<UInt8Type>(py, chunks, f64::from),
        DataType::UInt32 => numbers::<UInt32Type>(py, chunks, f64::from),
        DataType::UInt64 => numbers::<UInt64Type>(py, chunks, |x| x as f64),
        DataType::Int64 => numbers::<Int64Type>(py, chunks, |x| x as f64),
        DataType::Float32 => numbers::<Float32Type>(py, chunks, f64::from),
        DataType::Float64 => numbers::<Float64Type>(py, chunks, |x| x),
        other => Err(PyTypeError::new_err(format!(
            "column `{name}` holds {other}, which is no array of NumPy's; an Arrow library reads it"
        ))),
    }
}

fn numbers<'py, T: ArrowPrimitiveType>(
    py: Python<'py>,
    chunks: &[ArrayRef],
    float: impl Fn(T::Native) -> f64,
) -> PyResult<Bound<'py, PyAny>>
where
    T::Native: Element,
{
    if chunks.iter().any(|chunk| chunk.null_count() > 0) {
        let values = chunks.iter().flat_map(|chunk| chunk.as_primitive::<T>().iter());
        let values = values.map(|value| value.map_or(f64::NAN, &float));
        return Ok(PyArray1::from_iter(py, values).into_any());
    }
    let values = chunks.iter().flat_map(|chunk| chunk.as_primitive::<T>().values().iter().copied());
    Ok(PyArray1::from_iter(py, values).into_any())
}

fn of_texts<'py>(py: Python<'py>, chunks: &[ArrayRef]) -> PyResult<Bound<'py, PyAny>> {
    let list = PyList::empty(py);
    // Neighbours are alike as a rule: they share an object.
    let mut last: Option<(&str, Bound<'py, PyString>)> = None;
    for text in chunks.iter().flat_map(texts) {
        let Some(text) = text else {
            list.append(py.None())?;
            continue;
        };
        match &last {
            Some((same, object)) if *same == text => list.append(object)?,
            _ => {
                let object = PyString::new(py, text);
                list.append(&object)?;
                last = Some((text, object));
            }
        }
    }
    py.import("numpy")?.call_method1("array", (list, "object"))
}
