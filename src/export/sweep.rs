//! `sweep.csv`: every combination of a grid.

use super::csv_table::CsvTable;
use super::{CsvStyle, ExportError};
use crate::analysis::{AxisHow, Sweep};
use crate::forecast::Bands;

/// The table: a column for each axis (its path, with `*` behind it where the values are factors), then the figure's mean and percentiles and the change of
/// its mean from the scenario as it stands, each with its standard error, then the chance of each target with its own.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn sweep_csv(sweep: &Sweep, style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let mut table = CsvTable::begin(style, Vec::new())?;
    for axis in &sweep.axes {
        let factor = if axis.how == AxisHow::Factor { "*" } else { "" };
        table.text(&format!("{}{factor}", axis.path))?;
    }
    for name in ["mean", "p10", "p50", "p90", "mean_change"] {
        table.text(name)?;
        table.text(&format!("se_{name}"))?;
    }
    for target in sweep.rows.iter().take(1).flat_map(|row| &row.targets) {
        table.text(&format!("chance of {}", target.name))?;
        table.text(&format!("se of {}", target.name))?;
    }
    table.end()?;
    for row in &sweep.rows {
        for value in &row.values {
            match (value.as_f64(), value.as_str()) {
                (Some(number), _) => table.number(Some(number))?,
                (None, Some(text)) => table.text(text)?,
                (None, None) => table.text(&value.to_string())?,
            }
        }
        let Bands { mean, p10, p50, p90, .. } = row.bands;
        let chances = row.targets.iter().map(|target| target.probability);
        for estimate in [mean, p10, p50, p90, row.mean_change].into_iter().chain(chances) {
            table.number(estimate.value)?;
            table.number(estimate.error)?;
        }
        table.end()?;
    }
    table.finish()
}
