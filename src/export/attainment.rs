//! `attainment.csv`: the budget against the forecast, as one long table.

use super::csv_table::table_csv;
use super::{CsvStyle, ExportError};
use crate::findings::Table;
use crate::forecast::{BudgetLine, Forecast, PeriodList, Spread};
use crate::stats::{Estimate, Estimates};

/// The table: metric, region (or `tag=value`, or total), period, its first month, the budget, the share of futures that stay below
/// it, attainment (forecast / budget) and variance (forecast − budget), then the standard errors of all of these. One row a
/// period that is wholly budgeted.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn attainment_csv(forecast: &Forecast, style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let rows: Vec<(&BudgetLine, &PeriodList, usize)> = forecast
        .budget
        .iter()
        .filter_map(|line| Some((line, forecast.periods(line.every)?)))
        .flat_map(|(line, periods)| (0..periods.labels.len()).map(move |i| (line, periods, i)))
        .filter(|(line, _, i)| line.amount[*i].is_some())
        .collect();
    let rows = || rows.iter();
    let mut table = Table::default();
    table.words("metric", rows().map(|(line, ..)| line.metric.key()));
    table.words("region", rows().map(|(line, ..)| &line.scope));
    table.words("period", rows().map(|(_, periods, i)| &periods.labels[*i]));
    table.words("start", rows().map(|(_, periods, i)| periods.starts[*i].to_string()));
    table.numbers("budget", rows().map(|(line, _, i)| line.amount[*i]));
    let names = [
        "percentile",
        "attainment_mean",
        "attainment_p10",
        "attainment_p50",
        "attainment_p90",
        "variance_mean",
        "variance_p10",
        "variance_p50",
        "variance_p90",
    ];
    let estimates = rows().map(|(line, _, i)| {
        let ([a, b, c, d], [e, f, g, h]) = (at(&line.attainment, *i), at(&line.variance, *i));
        [line.percentile.at(*i), a, b, c, d, e, f, g, h]
    });
    table.estimates(names.map(|key| (key, None)), estimates, |_| String::new());
    table_csv(&[table], style)
}

/// Mean, p10, p50 and p90 of a period.
fn at(spread: &Spread<Estimates>, i: usize) -> [Estimate; 4] {
    [&spread.mean, &spread.p10, &spread.p50, &spread.p90].map(|column| column.at(i))
}
