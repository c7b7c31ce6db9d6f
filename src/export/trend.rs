//! `history.csv`: how the forecast of a figure moved; and the long table of all that a history has.

use std::io::Write;

use super::bands::{ESTIMATES, in_table_order};
use super::csv_table::CsvTable;
use super::{CsvStyle, ExportError};
use crate::analysis::{BaselineBand, Discontinuity, Trend};
use crate::documents::Document;

/// A row a run, in the order of writing down: which run it is, the bands of the figure and how they changed, its target, what happened,
/// and in what it cannot be held against the run before. Unknown cells are empty.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn history_csv(trend: &Document<Trend>, style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let mut table = CsvTable::begin(style, Vec::new())?;
    for name in [
        "run",
        "at",
        "night",
        "version",
        "seed",
        "trials",
        "scenario_hash",
        "metric",
        "region",
        "period",
        "mean",
        "p10",
        "p50",
        "p90",
        "change_p50",
        "se_mean",
        "se_p10",
        "se_p50",
        "se_p90",
        "se_change_p50",
        "target",
        "at_least",
        "probability",
        "se_probability",
        "actual",
        "unlike",
    ] {
        table.text(name)?;
    }
    table.end()?;
    let figure = &trend.figure;
    for point in &trend.points {
        table.number(Some(point.run as f64))?;
        table.text(&point.when.to_string())?;
        table.text(point.night.as_deref().unwrap_or_default())?;
        table.text(&point.version)?;
        // All digits of it: beyond 2^53 a number has not as many.
        table.text(&point.seed.to_string())?;
        table.number(Some(point.trials as f64))?;
        for text in [&point.scenario_hash, figure.metric.key(), &figure.scope, &figure.period] {
            table.text(text)?;
        }
        let estimates = [point.mean, point.p10, point.p50, point.p90, point.change];
        for value in
            estimates.map(|estimate| estimate.value).into_iter().chain(estimates.map(|estimate| estimate.error))
        {
            table.number(value)?;
        }
        let target = point.target.as_ref();
        table.text(target.map_or("", |target| &target.name))?;
        table.number(target.map(|target| target.at_least))?;
        table.number(target.and_then(|target| target.chance.value))?;
        table.number(target.and_then(|target| target.chance.error))?;
        table.number(trend.actual.as_ref().map(|actual| actual.amount))?;
        table.text(&point.unlike.iter().map(|unlike| Discontinuity::words(*unlike)).collect::<Vec<_>>().join("; "))?;
        table.end()?;
    }
    table.finish()
}

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
        let estimates = ESTIMATES.iter().chain(&["sd"]);
        for name in
            ["series", "run", "at", "night", "version", "seed", "trials", "currency", "metric", "region", "period"]
        {
            table.text(name)?;
        }
        for name in estimates.clone() {
            table.text(name)?;
        }
        for name in estimates {
            table.text(&format!("se_{name}"))?;
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
        for text in [&band.currency, &band.figure.metric_key(), &band.figure.scope, &band.figure.period] {
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
