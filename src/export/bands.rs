//! `bands.csv`: the bands as one long table.

use super::table::Table;
use super::{CsvStyle, ExportError};
use crate::forecast::{Bands, Forecast};

/// The columns that hold estimates, in the order of the table; the deviation and the standard errors follow them.
pub(super) const ESTIMATES: [&str; 8] = ["mean", "p5", "p10", "p25", "p50", "p75", "p90", "p95"];

/// The table: metric, region (or `tag=value`, or total), period, its first month, mean, p5 … p95, sd, and the standard
/// errors of all of these. Unknown cells are empty.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn bands_csv(forecast: &Forecast, style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let mut table = Table::begin(style, Vec::new())?;
    for name in ["metric", "region", "period", "start"].iter().chain(&ESTIMATES).chain(&["sd"]) {
        table.text(name)?;
    }
    for name in ESTIMATES.iter().chain(&["sd"]) {
        table.text(&format!("se_{name}"))?;
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
            for column in in_table_order(&series.bands).chain(in_table_order(&series.errors)) {
                table.number(column[i])?;
            }
            table.end()?;
        }
    }
    if let Some(payback) = &forecast.payback {
        for text in ["payback_month", "total", "total", &forecast.start.to_string()] {
            table.text(text)?;
        }
        for value in in_table_order(&payback.month).chain(in_table_order(&payback.month_errors)) {
            table.number(*value)?;
        }
        table.end()?;
    }
    table.finish()
}

/// Mean, percentiles, then the deviation.
pub(super) fn in_table_order<T>(bands: &Bands<T>) -> impl Iterator<Item = &T> {
    let [mean, sd, percentiles @ ..] = bands.columns();
    std::iter::once(mean).chain(percentiles).chain(std::iter::once(sd))
}
