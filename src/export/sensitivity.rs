//! `drivers.csv` and `shifts.csv`: the causes of a figure's variance, and what was different where a condition held.

use super::csv_table::CsvTable;
use super::{CsvStyle, ExportError};
use crate::analysis::{Sensitivity, Stress};
use crate::stats::Estimate;

/// One row a cause: what it is, the bar of its tornado, its shares of variance with their errors and 95 % intervals, what it is
/// worth knowing. Unknown cells are empty.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn drivers_csv(sensitivity: &Sensitivity, style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let mut table = CsvTable::begin(style, Vec::new())?;
    for name in ["cause", "label", "kind", "basis", "input_p10", "input_p90"] {
        table.text(name)?;
    }
    for name in ["figure_at_p10", "figure_at_p90", "swing", "first_order", "total_order", "shapley", "worth"] {
        table.text(name)?;
        table.text(&format!("se_{name}"))?;
        if ["first_order", "total_order", "shapley"].contains(&name) {
            table.text(&format!("{name}_low"))?;
            table.text(&format!("{name}_high"))?;
        }
    }
    table.end()?;
    for cause in &sensitivity.causes {
        table.text(&cause.key)?;
        table.text(&cause.label)?;
        table.text(cause.kind.key())?;
        table.text(cause.basis.map_or("", |basis| basis.key()))?;
        let bar = cause.bar.as_ref();
        table.number(bar.map(|bar| bar.low_input))?;
        table.number(bar.map(|bar| bar.high_input))?;
        for estimate in [bar.map(|bar| bar.low), bar.map(|bar| bar.high), bar.map(|bar| bar.swing)] {
            put(&mut table, estimate)?;
        }
        for (estimate, interval) in [
            (Some(cause.first), cause.first_interval),
            (Some(cause.total), cause.total_interval),
            (cause.shapley, cause.shapley_interval),
        ] {
            put(&mut table, estimate)?;
            table.number(interval.map(|[low, _]| low))?;
            table.number(interval.map(|[_, high]| high))?;
        }
        put(&mut table, cause.worth)?;
        table.end()?;
    }
    table.finish()
}

/// One row an input, market factor or month: its mean where the condition held and over all futures, and how far it moved in its own
/// standard deviations.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn shifts_csv(stress: &Stress, style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let mut table = CsvTable::begin(style, Vec::new())?;
    for name in ["what", "label", "kind", "mean", "se_mean", "usual", "se_usual", "shift", "se_shift"] {
        table.text(name)?;
    }
    table.end()?;
    for shift in &stress.shifts {
        table.text(&shift.key)?;
        table.text(&shift.label)?;
        table.text(shift.kind.key())?;
        for estimate in [shift.mean, shift.usual, shift.shift] {
            put(&mut table, Some(estimate))?;
        }
        table.end()?;
    }
    table.finish()
}

fn put(table: &mut CsvTable<Vec<u8>>, estimate: Option<Estimate>) -> Result<(), ExportError> {
    let estimate = estimate.unwrap_or_default();
    table.number(estimate.value)?;
    table.number(estimate.error)
}
