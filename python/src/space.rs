//! Spaces as plain Python data and back; the form is described in `_native.pyi`.

use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use tella_envs::{BoxSpace, Dtype, Space};

/// The plain form of a space.
pub(crate) fn to_python<'py>(py: Python<'py>, space: &Space) -> PyResult<Bound<'py, PyAny>> {
    let fields = PyDict::new(py);
    let kind = match space {
        Space::Box(b) => {
            fields.set_item("low", PyArray1::from_slice(py, &b.low))?;
            fields.set_item("high", PyArray1::from_slice(py, &b.high))?;
            fields.set_item("shape", &b.shape)?;
            fields.set_item("dtype", b.dtype.to_string())?;
            "Box"
        }
        Space::Discrete { n, start } => {
            fields.set_item("n", n)?;
            fields.set_item("start", start)?;
            "Discrete"
        }
        Space::MultiDiscrete { nvec } => {
            fields.set_item("nvec", nvec)?;
            "MultiDiscrete"
        }
        Space::MultiBinary { shape } => {
            fields.set_item("shape", shape)?;
            "MultiBinary"
        }
        Space::Text { min_length, max_length, charset } => {
            fields.set_item("min_length", min_length)?;
            fields.set_item("max_length", max_length)?;
            fields.set_item("charset", charset)?;
            "Text"
        }
        Space::Tuple(parts) => {
            let parts =
                parts.iter().map(|part| to_python(py, part)).collect::<PyResult<Vec<_>>>()?;
            return one(py, "Tuple", PyList::new(py, parts)?.into_any());
        }
        Space::Dict(parts) => {
            let pair = |(key, part): &(String, Space)| Ok((key.clone(), to_python(py, part)?));
            let parts = parts.iter().map(pair).collect::<PyResult<Vec<_>>>()?;
            return one(py, "Dict", PyList::new(py, parts)?.into_any());
        }
    };
    one(py, kind, fields.into_any())
}

fn one<'py>(py: Python<'py>, kind: &str, value: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let form = PyDict::new(py);
    form.set_item(kind, value)?;
    Ok(form.into_any())
}

/// The space of which this is the plain form.
pub(crate) fn from_python(form: &Bound<'_, PyAny>) -> PyResult<Space> {
    let form = form.cast::<PyDict>()?;
    let mut items = form.iter();
    let (Some((kind, value)), None) = (items.next(), items.next()) else {
        return Err(PyValueError::new_err("a space has one kind"));
    };
    let kind: String = kind.extract()?;
    Ok(match kind.as_str() {
        "Box" => Space::Box(from_box(&value)?),
        "Discrete" => Space::Discrete {
            n: value.get_item("n")?.extract()?,
            start: value.get_item("start")?.extract()?,
        },
        "MultiDiscrete" => Space::MultiDiscrete { nvec: value.get_item("nvec")?.extract()? },
        "MultiBinary" => Space::MultiBinary { shape: value.get_item("shape")?.extract()? },
        "Text" => Space::Text {
            min_length: value.get_item("min_length")?.extract()?,
            max_length: value.get_item("max_length")?.extract()?,
            charset: value.get_item("charset")?.extract()?,
        },
        "Tuple" => Space::Tuple(
            value.try_iter()?.map(|part| from_python(&part?)).collect::<PyResult<_>>()?,
        ),
        "Dict" => {
            let part = |pair: PyResult<Bound<'_, PyAny>>| {
                let pair = pair?;
                Ok((pair.get_item(0)?.extract()?, from_python(&pair.get_item(1)?)?))
            };
            Space::Dict(value.try_iter()?.map(part).collect::<PyResult<_>>()?)
        }
        other => return Err(PyTypeError::new_err(format!("no space is called {other}"))),
    })
}

fn from_box(value: &Bound<'_, PyAny>) -> PyResult<BoxSpace> {
    let bounds = |name: &str| -> PyResult<Vec<f64>> {
        let bounds: PyReadonlyArray1<'_, f64> = value.get_item(name)?.extract()?;
        Ok(bounds.as_array().to_vec())
    };
    let (low, high) = (bounds("low")?, bounds("high")?);
    let shape: Vec<usize> = value.get_item("shape")?.extract()?;
    let dtype: String = value.get_item("dtype")?.extract()?;
    let dtype = match dtype.as_str() {
        "uint8" => Dtype::Uint8,
        "int64" => Dtype::Int64,
        "float32" => Dtype::Float32,
        "float64" => Dtype::Float64,
        other => {
            return Err(PyTypeError::new_err(format!("no box holds elements of type {other}")));
        }
    };
    let width: usize = shape.iter().product();
    if low.len() != width || high.len() != width {
        let lengths = format!("{} and {}", low.len(), high.len());
        let message = format!("a box of shape {shape:?} has {width} bounds a side, not {lengths}");
        return Err(PyValueError::new_err(message));
    }
    Ok(BoxSpace { low, high, shape, dtype })
}
