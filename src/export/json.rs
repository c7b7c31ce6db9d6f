//! Documents in JSON.

use serde::Serialize;

use super::ExportError;
use crate::analysis::Answer;
use crate::documents::{Document, write};

/// A document in JSON, on one line, with the checksum by which whoever reads it back knows that it is whole. Unknown numbers are null; no
/// number is infinite or NaN.
///
/// # Errors
/// [`ExportError::Json`] when it cannot be serialised.
pub fn document_json<T: Serialize, H: Serialize>(document: &Document<T, H>) -> Result<Vec<u8>, ExportError> {
    Ok(write(document)?)
}

/// `forecast.json`, the document of an answer.
///
/// # Errors
/// [`ExportError::Json`] when it cannot be serialised.
pub fn forecast_json(answer: &Answer) -> Result<Vec<u8>, ExportError> {
    document_json(&answer.document())
}
