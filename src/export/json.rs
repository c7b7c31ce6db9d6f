//! `forecast.json`.

use super::ExportError;
use crate::forecast::Forecast;

/// The document in JSON, on one line. Unknown numbers are null; no number is infinite or NaN.
///
/// # Errors
/// [`ExportError::Json`] when it cannot be serialised.
pub fn forecast_json(forecast: &Forecast) -> Result<Vec<u8>, ExportError> {
    let mut bytes = serde_json::to_vec(forecast)?;
    bytes.push(b'\n');
    Ok(bytes)
}
