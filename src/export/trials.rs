//! `trials.csv`: what came out of every trial.

use std::io::Write;

use super::table::Table;
use super::{CsvStyle, ExportError};
use crate::model::Model;
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::Metric;

const COLUMNS: [Metric; 10] = [
    Metric::Leads,
    Metric::WonDeals,
    Metric::LostDeals,
    Metric::OpenDeals,
    Metric::Bookings,
    Metric::Renewals,
    Metric::Revenue,
    Metric::Arr,
    Metric::Customers,
    Metric::PipelineValue,
];

/// Writes one row a trial × region × month. Trials are counted from 1, in the order in which they were played.
///
/// # Errors
/// [`ExportError`] when the writer fails.
pub fn write_trials(model: &Model, outcomes: &Outcomes, style: CsvStyle, out: impl Write) -> Result<(), ExportError> {
    let mut table = Table::begin(style, out)?;
    for name in ["trial", "region", "month"].into_iter().chain(COLUMNS.iter().map(|metric| metric.key())) {
        table.text(name)?;
    }
    table.end()?;
    let grids: Vec<Vec<Grid>> = (0..model.regions.len())
        .map(|r| COLUMNS.iter().map(|metric| Grid::new(model, outcomes, *metric, &[r])).collect())
        .collect();
    let months: Vec<String> = (0..outcomes.layout().months).map(|m| model.horizon.month(m).to_string()).collect();
    for trial in 0..outcomes.trials() {
        for (region, columns) in model.regions.iter().zip(&grids) {
            for (m, month) in months.iter().enumerate() {
                table.number(Some((trial + 1) as f64))?;
                table.text(&region.key)?;
                table.text(month)?;
                for grid in columns {
                    table.number(Some(grid.month(m)[trial]))?;
                }
                table.end()?;
            }
        }
    }
    table.finish()?.flush()?;
    Ok(())
}
