//! Documents in JSON: `forecast.json`, `sensitivity.json`, `comparison.json`, `solution.json`.

use serde::Serialize;

use super::ExportError;
use crate::analysis::{Answer, sealed};

/// A document in JSON, on one line. Unknown numbers are null; no number is infinite or NaN.
///
/// # Errors
/// [`ExportError::Json`] when it cannot be serialised.
pub fn document_json(document: &impl Serialize) -> Result<Vec<u8>, ExportError> {
    let mut bytes = serde_json::to_vec(document)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// `forecast.json`: an answer in JSON, with the checksum by which whoever reads it back knows that it is whole.
///
/// # Errors
/// [`ExportError::Json`] when it cannot be serialised.
pub fn forecast_json(answer: &Answer) -> Result<Vec<u8>, ExportError> {
    Ok(sealed(document_json(answer)?))
}
