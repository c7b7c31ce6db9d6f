//! The forecast as files: values in, bytes out. Nothing here touches a disk.

mod attainment;
mod bands;
mod csv_style;
mod csv_table;
mod data_template;
#[cfg(all(feature = "fit", feature = "parquet"))]
mod draws_parquet;
mod inputs_sheet;
mod json;
mod trend;
mod trial_columns;
mod trials;
#[cfg(feature = "parquet")]
mod trials_parquet;
#[cfg(feature = "xlsx")]
mod workbook;

pub use attainment::attainment_csv;
pub use bands::bands_csv;
pub use csv_style::{CsvStyle, CsvStyleError};
pub use csv_table::table_csv;
pub use data_template::data_template_csv;
#[cfg(all(feature = "fit", feature = "parquet"))]
pub use draws_parquet::draws_parquet;
pub use inputs_sheet::inputs_csv;
pub use json::{document_json, forecast_json};
pub use trend::PastBands;
pub use trial_columns::{TrialColumn, trial_columns, trial_columns_bytes};
pub use trials::write_trials;
#[cfg(feature = "parquet")]
pub use trials_parquet::write_trials_parquet;
#[cfg(feature = "xlsx")]
pub use workbook::workbook;

use thiserror::Error;

use crate::engine::RunError;

/// Why something could not be written.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The table's writer failed.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// The writer beneath it failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Trials that were played again for it ended early.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The Parquet file could not be put together.
    #[cfg(feature = "parquet")]
    #[error(transparent)]
    Parquet(#[from] parquet::errors::ParquetError),
    /// The document could not be serialised.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The workbook could not be put together.
    #[cfg(feature = "xlsx")]
    #[error(transparent)]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
}
