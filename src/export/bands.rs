//! `bands.csv`: the bands as one long table.

use super::csv_table::CsvTable;
use super::{CsvStyle, ExportError};
use crate::forecast::{Bands, Forecast};
use crate::stats::Estimate;

/// The columns that hold estimates, in the order of the table; the deviation and the standard errors follow them.
pub(super) const ESTIMATES: [&str; 8] = ["mean", "p5", "p10", "p25", "p50", "p75", "p90", "p95"];

/// The table: metric, region (or `tag=value`, or total), period, its first month, mean, p5 … p95, sd, and the standard
/// errors of all of these. Unknown cells are empty.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn bands_csv(forecast: &Forecast, style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let mut table = CsvTable::begin(style, Vec::new())?;
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

/// Mean, percentiles, then the deviation; and in the same order their standard errors.
pub(super) fn in_table_order(bands: &Bands<Estimate>) -> impl Iterator<Item = Option<f64>> {
    let ordered = ordered(bands);
    ordered.map(|estimate| estimate.value).into_iter().chain(ordered.map(|estimate| estimate.error))
}

/// Mean, percentiles, then the deviation.
pub(super) fn ordered(bands: &Bands<Estimate>) -> [Estimate; 9] {
    let Bands { mean, sd, p5, p10, p25, p50, p75, p90, p95 } = *bands;
    [mean, p5, p10, p25, p50, p75, p90, p95, sd]
}
