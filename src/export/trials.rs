//! `trials.csv`: what came out of every trial.

use std::io::Write;

use super::csv_table::CsvTable;
use super::{CsvStyle, ExportError};
use crate::engine::Run;
use crate::model::Model;
use crate::outcomes::Grid;
use crate::scenario::Metric;

/// The metrics of a row, in the order of the columns: where the business is already running every flow and level of a region.
pub(super) fn columns(model: &Model) -> impl Iterator<Item = Metric> + Clone + use<> {
    let running = model.running.is_some();
    let added = move |metric: &Metric| running && metric.adds_up();
    model.metrics().filter(move |metric| metric.spec().in_trials || added(metric))
}

/// Trials whose columns are formed together.
pub(super) const PIECE: usize = 2_048;

/// Writes one row a trial × region × month. Trials are counted from 1, in the order in which they were played.
///
/// # Errors
/// [`ExportError`] when the writer fails, or the trials where they are played again for this.
pub fn write_trials(run: &Run, style: CsvStyle, out: impl Write) -> Result<(), ExportError> {
    let model = &*run.model;
    let mut table = CsvTable::begin(style, out)?;
    for name in ["trial", "region", "month"].into_iter().chain(columns(model).map(Metric::key)) {
        table.text(name)?;
    }
    table.end()?;
    let months: Vec<String> = (0..model.horizon.months).map(|m| model.horizon.month(m).to_string()).collect();
    let mut before = 0;
    run.each_chunk::<ExportError>(|chunk| {
        for piece in chunk.pieces(PIECE) {
            let grids = run.execution.workers.map(model.regions.len(), |r| {
                columns(model).map(|metric| Grid::new(model, &piece, metric, &[r])).collect::<Vec<Grid>>()
            });
            for trial in 0..piece.trials() {
                for (region, columns) in model.regions.iter().zip(&grids) {
                    for (m, month) in months.iter().enumerate() {
                        table.number(Some((before + trial + 1) as f64))?;
                        table.text(&region.key)?;
                        table.text(month)?;
                        for grid in columns {
                            table.number(Some(grid.month(m)[trial]).filter(|x| !x.is_nan()))?;
                        }
                        table.end()?;
                    }
                }
            }
            before += piece.trials();
        }
        Ok(())
    })?;
    table.finish()?.flush()?;
    Ok(())
}
