//! The table as Python has it.

use super::logged::Logged;
use super::numpy;
use super::represent::{As, granted};
use crate::command::refused;
use arrow_array::{
    ArrayRef, RecordBatch, RecordBatchIterator, RecordBatchReader, ffi_stream::FFI_ArrowArrayStream,
};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, Schema, SchemaRef};
use pyo3::exceptions::{PyKeyError, PyOSError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyString};
use std::ffi::CStr;
use std::path::PathBuf;
use std::sync::Arc;
use tella_events::{EventError, RunFolder, TableKind};

/// Rows that a notebook is shown.
const SHOWN: usize = 10;

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";

/// See `python/tella/_native.pyi`.
#[pyclass(module = "tella._native", frozen)]
pub(crate) struct Table {
    rows: Rows,
}

enum Rows {
    /// In a run folder, read when they are asked for.
    Logged(Box<Logged>),
    /// In memory.
    Held(RecordBatch),
}

impl From<RecordBatch> for Table {
    fn from(batch: RecordBatch) -> Self {
        Table { rows: Rows::Held(batch) }
    }
}

/// See `python/tella/_native.pyi`.
#[pyfunction]
#[pyo3(signature = (run, table, lifetime=None))]
pub(crate) fn logged_table(run: PathBuf, table: &str, lifetime: Option<u32>) -> PyResult<Table> {
    let kinds = [TableKind::Experiences, TableKind::Blocks, TableKind::Transitions];
    let kind = kinds.into_iter().find(|kind| kind.name() == table);
    let kind =
        kind.ok_or_else(|| PyValueError::new_err(format!("no table is called `{table}`")))?;
    let logged = RunFolder::open(&run).and_then(|run| Logged::new(run, kind, lifetime));
    Ok(Table { rows: Rows::Logged(Box::new(logged.map_err(refused)?)) })
}

#[pymethods]
impl Table {
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let wanted = requested_schema.map(|capsule| schema_of(&capsule)).transpose()?;
        let mut reader = py.detach(|| self.reader())?;
        if let Some(wanted) = wanted {
            let schema = granted(&reader.schema(), &wanted).map_err(PyValueError::new_err)?;
            reader = Box::new(As { reader, schema });
        }
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(reader), STREAM)
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = py.detach(|| self.schema())?;
        let schema = FFI_ArrowSchema::try_from(schema.as_ref()).map_err(unreadable)?;
        PyCapsule::new_with_value(py, schema, SCHEMA)
    }

    #[getter]
    fn column_names(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let schema = py.detach(|| self.schema())?;
        Ok(schema.fields().iter().map(|field| field.name().clone()).collect())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (names, rows) = (self.column_names(py)?.join(", "), self.__len__(py)?);
        Ok(format!("<tella.Table of {rows} rows: {names}>"))
    }

    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let first = py.detach(|| self.first())?;
        let columns = PyDict::new(py);
        let schema = py.detach(|| self.schema())?;
        for (at, field) in schema.fields().iter().enumerate() {
            let chunks: Vec<ArrayRef> =
                first.iter().map(|batch| Arc::clone(batch.column(at))).collect();
            let values = numpy::column(py, field.name(), field.data_type(), &chunks);
            // What is no array is only named.
            columns.set_item(field.name(), values.ok())?;
        }
        let html = py.import("tella._api.html")?;
        html.call_method1("beginning", (columns, self.__len__(py)?))
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        match &self.rows {
            Rows::Held(batch) => Ok(batch.num_rows()),
            Rows::Logged(logged) => {
                let rows = py.detach(|| logged.rows()).map_err(refused)?;
                Ok(usize::try_from(rows)?)
            }
        }
    }

    fn __getitem__<'py>(&self, name: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = name.py();
        let Ok(name) = name.cast::<PyString>() else {
            let found = crate::value::shown(name);
            let words = format!("a table is asked for a column by its name, not for {found}");
            return Err(PyTypeError::new_err(words));
        };
        let name = name.to_str()?;
        let schema = py.detach(|| self.schema())?;
        let Ok(at) = schema.index_of(name) else {
            let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
            let known = names.join(", ");
            return Err(PyKeyError::new_err(format!("no column `{name}`; there are {known}")));
        };
        let chunks = py.detach(|| -> PyResult<Vec<ArrayRef>> {
            let chunk = |batch: Result<RecordBatch, ArrowError>| Ok(Arc::clone(batch?.column(at)));
            self.reader()?.map(chunk).collect::<Result<_, ArrowError>>().map_err(unreadable)
        })?;
        numpy::column(py, name, schema.field(at).data_type(), &chunks)
    }
}

impl Table {
    fn schema(&self) -> PyResult<SchemaRef> {
        match &self.rows {
            Rows::Held(batch) => Ok(batch.schema()),
            Rows::Logged(logged) => logged.schema().map_err(refused),
        }
    }

    /// The rows that are shown, of however many batches.
    fn first(&self) -> PyResult<Vec<RecordBatch>> {
        let (mut first, mut left) = (Vec::new(), SHOWN);
        let mut reader = self.reader()?;
        while left > 0
            && let Some(batch) = reader.next().transpose().map_err(unreadable)?
        {
            let rows = left.min(batch.num_rows());
            left -= rows;
            first.push(batch.slice(0, rows));
        }
        Ok(first)
    }

    fn reader(&self) -> PyResult<Box<dyn RecordBatchReader + Send>> {
        Ok(match &self.rows {
            Rows::Held(batch) => {
                let batches = [Ok(batch.clone())];
                Box::new(RecordBatchIterator::new(batches, batch.schema()))
            }
            Rows::Logged(logged) => Box::new(logged.read().map_err(refused)?),
        })
    }
}

/// The schema in a capsule, which stays its owner.
fn schema_of(capsule: &Bound<'_, PyAny>) -> PyResult<Schema> {
    let no_schema = || PyValueError::new_err("requested_schema is no capsule `arrow_schema`");
    let capsule = capsule.cast::<PyCapsule>().map_err(|_| no_schema())?;
    let schema = capsule.pointer_checked(Some(SCHEMA)).map_err(|_| no_schema())?;
    // SAFETY: by the Arrow PyCapsule interface a capsule of this name holds a valid ArrowSchema
    // as long as it is not released, and the capsule outlives this borrow.
    let schema = unsafe { schema.cast::<FFI_ArrowSchema>().as_ref() };
    if schema.release().is_none() {
        return Err(no_schema());
    }
    Schema::try_from(schema).map_err(|error| PyValueError::new_err(error.to_string()))
}

fn unreadable(error: ArrowError) -> PyErr {
    match error {
        ArrowError::ExternalError(error) => match error.downcast::<EventError>() {
            Ok(error) => refused(*error),
            Err(error) => PyOSError::new_err(error.to_string()),
        },
        error => PyOSError::new_err(error.to_string()),
    }
}
