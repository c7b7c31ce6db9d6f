//! `curve.csv`: what a search looked at.

use super::csv_table::CsvTable;
use super::{CsvStyle, ExportError};
use crate::analysis::Solution;

/// The table: value of what is varied (a factor, or the field itself), ascending; the statistic there; its standard error.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn curve_csv(solution: &Solution, style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let mut table = CsvTable::begin(style, Vec::new())?;
    for name in ["value", "statistic", "se_statistic"] {
        table.text(name)?;
    }
    table.end()?;
    for point in &solution.curve {
        for number in [Some(point.at), point.statistic.value, point.statistic.error] {
            table.number(number)?;
        }
        table.end()?;
    }
    table.finish()
}
