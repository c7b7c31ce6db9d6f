//! `attainment.csv`: the budget against the forecast, as one long table.

use super::csv_table::CsvTable;
use super::{CsvStyle, ExportError};
use crate::forecast::{Forecast, Spread};
use crate::stats::{Estimate, Estimates};

const HEADER: [&str; 23] = [
    "metric",
    "region",
    "period",
    "start",
    "budget",
    "percentile",
    "attainment_mean",
    "attainment_p10",
    "attainment_p50",
    "attainment_p90",
    "variance_mean",
    "variance_p10",
    "variance_p50",
    "variance_p90",
    "se_percentile",
    "se_attainment_mean",
    "se_attainment_p10",
    "se_attainment_p50",
    "se_attainment_p90",
    "se_variance_mean",
    "se_variance_p10",
    "se_variance_p50",
    "se_variance_p90",
];

/// The table: metric, region (or `tag=value`, or total), period, its first month, the budget, the share of futures that stay below
/// it, attainment (forecast / budget) and variance (forecast − budget), then the standard errors of all of these. One row a
/// period that is wholly budgeted.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn attainment_csv(forecast: &Forecast, style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let mut table = CsvTable::begin(style, Vec::new())?;
    for name in HEADER {
        table.text(name)?;
    }
    table.end()?;
    for line in &forecast.budget {
        let Some(periods) = forecast.periods(line.every) else {
            continue;
        };
        for (i, (label, start)) in periods.labels.iter().zip(&periods.starts).enumerate() {
            if line.amount[i].is_none() {
                continue;
            }
            for text in [line.metric.key(), &line.scope, label, &start.to_string()] {
                table.text(text)?;
            }
            let estimates: Vec<Estimate> = std::iter::once(line.percentile.at(i))
                .chain(at(&line.attainment, i))
                .chain(at(&line.variance, i))
                .collect();
            let values = std::iter::once(line.amount[i]).chain(estimates.iter().map(|estimate| estimate.value));
            for value in values.chain(estimates.iter().map(|estimate| estimate.error)) {
                table.number(value)?;
            }
            table.end()?;
        }
    }
    table.finish()
}

/// Mean, p10, p50 and p90 of a period.
fn at(spread: &Spread<Estimates>, i: usize) -> [Estimate; 4] {
    [&spread.mean, &spread.p10, &spread.p50, &spread.p90].map(|column| column.at(i))
}
