//! `bands.csv`: the bands as one long table.

use super::ExportError;
use crate::forecast::{Bands, Forecast, Known};

/// The columns that hold estimates, in the order of the table; the deviation and the standard errors follow them.
const ESTIMATES: [&str; 8] = ["mean", "p5", "p10", "p25", "p50", "p75", "p90", "p95"];

/// The table: metric, region (or `tag=value`, or total), period, its first month, mean, p5 … p95, sd, and the standard
/// errors of all of these. Unknown cells are empty.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn bands_csv(forecast: &Forecast) -> Result<Vec<u8>, ExportError> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let errors = ESTIMATES.iter().chain(&["sd"]).map(|name| format!("se_{name}"));
    let header =
        ["metric", "region", "period", "start"].iter().chain(&ESTIMATES).chain(&["sd"]).map(|name| (*name).to_owned());
    table.write_record(header.chain(errors))?;
    for series in &forecast.series {
        let Some(periods) = forecast.periods(series.every) else {
            continue;
        };
        for (i, (label, start)) in periods.labels.iter().zip(&periods.starts).enumerate() {
            let mut row = vec![series.metric.key().to_owned(), series.scope.clone(), label.clone(), start.to_string()];
            row.extend(in_table_order(&series.bands).map(|column| cell(column[i])));
            row.extend(in_table_order(&series.errors).map(|column| cell(column[i])));
            table.write_record(&row)?;
        }
    }
    if let Some(payback) = &forecast.payback {
        let mut row =
            vec!["payback_month".to_owned(), "total".to_owned(), "total".to_owned(), forecast.start.to_string()];
        row.extend(in_table_order(&payback.month).map(|value| cell(*value)));
        row.extend(in_table_order(&payback.month_errors).map(|value| cell(*value)));
        table.write_record(&row)?;
    }
    table.into_inner().map_err(|error| ExportError::Io(error.into_error()))
}

/// Mean, percentiles, then the deviation.
fn in_table_order<T>(bands: &Bands<T>) -> impl Iterator<Item = &T> {
    let [mean, sd, percentiles @ ..] = bands.columns();
    std::iter::once(mean).chain(percentiles).chain(std::iter::once(sd))
}

fn cell(value: Known) -> String {
    value.map_or_else(String::new, |x| x.to_string())
}
