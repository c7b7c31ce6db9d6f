//! Documents in JSON: `forecast.json`, `solution.json`.

use serde::Serialize;

use super::ExportError;
use crate::analysis::Solution;
use crate::forecast::Forecast;

/// The document in JSON, on one line. Unknown numbers are null; no number is infinite or NaN.
///
/// # Errors
/// [`ExportError::Json`] when it cannot be serialised.
pub fn forecast_json(forecast: &Forecast) -> Result<Vec<u8>, ExportError> {
    line(forecast)
}

/// The answer to what it would take, in JSON, on one line.
///
/// # Errors
/// [`ExportError::Json`] when it cannot be serialised.
pub fn solution_json(solution: &Solution) -> Result<Vec<u8>, ExportError> {
    line(solution)
}

fn line(document: &impl Serialize) -> Result<Vec<u8>, ExportError> {
    let mut bytes = serde_json::to_vec(document)?;
    bytes.push(b'\n');
    Ok(bytes)
}
