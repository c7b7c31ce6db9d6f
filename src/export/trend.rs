//! The long table of all that a history has.

use std::io::Write;

use super::bands::{in_table_order, keys};
use super::csv_table::CsvTable;
use super::{CsvStyle, ExportError};
use crate::analysis::BaselineBand;

/// The long table of a history: a row for each run and figure, written one at a time.
#[derive(Debug)]
pub struct PastBands<W: Write>(CsvTable<W>);

impl<W: Write> PastBands<W> {
    /// Begins it with the names of its columns.
    ///
    /// # Errors
    /// [`ExportError`] when it cannot be written.
    pub fn begin(style: CsvStyle, out: W) -> Result<PastBands<W>, ExportError> {
        let mut table = CsvTable::begin(style, out)?;
        for name in
            ["series", "run", "at", "night", "version", "seed", "trials", "currency", "metric", "region", "period"]
        {
            table.text(name)?;
        }
        for name in keys() {
            table.text(&name)?;
        }
        for name in ["at_least", "probability", "se_probability", "actual"] {
            table.text(name)?;
        }
        table.end()?;
        Ok(PastBands(table))
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`ExportError`] when it cannot be written.
    pub fn row(&mut self, band: &BaselineBand) -> Result<(), ExportError> {
        let table = &mut self.0;
        table.text(&band.series)?;
        table.number(Some(band.run as f64))?;
        table.text(&band.at)?;
        table.text(band.night.as_deref().unwrap_or_default())?;
        table.text(&band.version)?;
        table.text(&band.seed.to_string())?;
        table.number(Some(band.trials as f64))?;
        for text in [&band.currency, band.figure.metric.key(), &band.figure.scope, &band.figure.period] {
            table.text(text)?;
        }
        for value in in_table_order(&band.bands) {
            table.number(value)?;
        }
        for value in [band.at_least, band.probability.value, band.probability.error, band.actual] {
            table.number(value)?;
        }
        table.end()
    }

    /// Ends the table.
    ///
    /// # Errors
    /// [`ExportError`] when it cannot be written.
    pub fn finish(self) -> Result<W, ExportError> {
        self.0.finish()
    }
}
