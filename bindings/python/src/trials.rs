//! Trials as an Arrow table, which whoever reads Arrow takes without a copy.

use std::ffi::CStr;
use std::sync::Arc;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, RecordBatchIterator};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, Schema};
use pyo3::exceptions::{PyKeyError, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use revcast::export::TrialColumn;

/// The name by which the consumers of streams know them.
const STREAM: &CStr = c"arrow_array_stream";

/// A column for each metric, region and month, a row for each trial.
#[pyclass(frozen, module = "revcast._revcast")]
pub(crate) struct Trials(RecordBatch);

impl Trials {
    /// Takes the columns over, whose values stay where they are.
    pub(crate) fn of(columns: Vec<TrialColumn>) -> PyResult<Trials> {
        let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns
            .into_iter()
            .map(|TrialColumn { name, values }| {
                let unknown = values.iter().any(|x| x.is_nan());
                let known = unknown.then(|| NullBuffer::from_iter(values.iter().map(|x| !x.is_nan())));
                let array: ArrayRef = Arc::new(Float64Array::new(ScalarBuffer::from(values), known));
                (Field::new(name, DataType::Float64, true), array)
            })
            .unzip();
        let table = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays);
        Ok(Trials(table.map_err(|error| PyRuntimeError::new_err(error.to_string()))?))
    }
}

#[pymethods]
impl Trials {
    /// The number of trials, and that of columns.
    #[getter]
    fn shape(&self) -> (usize, usize) {
        (self.0.num_rows(), self.0.num_columns())
    }

    /// The names of the columns: metric:region:month.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.0.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    fn __repr__(&self) -> String {
        let (trials, columns) = self.shape();
        format!("Trials({trials} trials × {columns} columns)")
    }

    /// The values of a column, one a trial; None stands for unknown.
    fn __getitem__(&self, name: &str) -> PyResult<Vec<Option<f64>>> {
        let column = self.0.column_by_name(name).ok_or_else(|| PyKeyError::new_err(name.to_owned()))?;
        let values = column.as_any().downcast_ref::<Float64Array>();
        Ok(values.map_or_else(Vec::new, |values| values.iter().collect()))
    }

    /// The table, for whoever speaks the Arrow PyCapsule interface.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // There is one form of it; whoever wants another casts.
        let _ = requested_schema;
        let batches = RecordBatchIterator::new([Ok(self.0.clone())], self.0.schema());
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(batches)), STREAM)
    }
}
