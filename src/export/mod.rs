//! The forecast as files: values in, bytes out. Nothing here touches a disk.

mod bands;
mod inputs_sheet;
mod json;
mod trials;

pub use bands::bands_csv;
pub use inputs_sheet::inputs_csv;
pub use json::forecast_json;
pub use trials::write_trials;

use thiserror::Error;

/// Why something could not be written.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The table's writer failed.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// The writer beneath it failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The document could not be serialised.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}
