//! `bands.csv`: the bands as one long table.

use super::csv_table::CsvTable;
use super::{CsvStyle, ExportError};
use crate::forecast::{Bands, Forecast};
use crate::stats::Estimate;

/// The table: metric, region (or `tag=value`, or total), period, its first month, mean, p5 … p95, sd, and the standard
/// errors of all of these. Unknown cells are empty.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn bands_csv(forecast: &Forecast, style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let mut table = CsvTable::begin(style, Vec::new())?;
    for name in ["metric", "region", "period", "start"].map(str::to_owned).into_iter().chain(keys()) {
        table.text(&name)?;
    }
    table.end()?;
    for series in &forecast.series {
        let Some(periods) = forecast.periods(series.every) else {
            continue;
        };
        for (i, (label, start)) in periods.labels.iter().zip(&periods.starts).enumerate() {
            for text in [series.metric.key(), &series.scope, label, &start.to_string()] {
                table.text(text)?;
            }
            for value in in_table_order(&series.bands.at(i)) {
                table.number(value)?;
            }
            table.end()?;
        }
    }
    if let Some(payback) = &forecast.payback {
        for text in ["payback_month", "total", "total", &forecast.start.to_string()] {
            table.text(text)?;
        }
        for value in in_table_order(&payback.month) {
            table.number(value)?;
        }
        table.end()?;
    }
    table.finish()
}

/// The names of what [`in_table_order`] gives.
pub(super) fn keys() -> impl Iterator<Item = String> {
    let names = Bands::<Estimate>::FILE_COLUMNS;
    names.map(str::to_owned).into_iter().chain(names.map(|name| format!("se_{name}")))
}

/// Mean, percentiles, then the deviation; and in the same order their standard errors.
pub(super) fn in_table_order(bands: &Bands<Estimate>) -> impl Iterator<Item = Option<f64>> {
    let ordered = bands.in_file_order();
    ordered.map(|estimate| estimate.value).into_iter().chain(ordered.map(|estimate| estimate.error))
}
