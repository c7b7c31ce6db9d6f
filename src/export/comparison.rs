//! `differences.csv` and `bridge.csv`: how scenarios differ.

use super::bands::{ESTIMATES, ordered};
use super::csv_table::CsvTable;
use super::{CsvStyle, ExportError};
use crate::analysis::{Comparison, Span};
use crate::documents::Document;
use crate::stats::Estimate;

/// The bands of each difference: scenario, metric, region (or `tag=value`, or total), period, mean, p5 … p95 and sd of the
/// scenario less the first one, future by future; the chances that it is higher, equal and lower; the standard errors of all of
/// these. Unknown cells are empty.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn differences_csv(comparison: &Document<Comparison>, style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let mut table = CsvTable::begin(style, Vec::new())?;
    let estimates = ESTIMATES.iter().chain(&["sd", "higher", "equal", "lower"]);
    for name in ["scenario", "metric", "region", "period"].iter().chain(estimates.clone()) {
        table.text(name)?;
    }
    for name in estimates {
        table.text(&format!("se_{name}"))?;
    }
    table.end()?;
    for difference in &comparison.differences {
        for found in &difference.metrics {
            for text in [&difference.label, found.metric.key(), &found.scope, &found.period] {
                table.text(text)?;
            }
            let beats = [found.beats.higher, found.beats.equal, found.beats.lower];
            let estimates = || ordered(&found.bands).into_iter().chain(beats);
            for value in estimates().map(|found| found.value).chain(estimates().map(|found| found.error)) {
                table.number(value)?;
            }
            table.end()?;
        }
    }
    table.finish()
}

/// The bridges: a row for the first scenario, one for each change (each of its fields has the path, what it was and what it is),
/// one for the other scenario, with mean, median and the chance of the target, and their standard errors. In each bridge the rows
/// before the last one add up to it, in every digit.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn bridge_csv(comparison: &Document<Comparison>, style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let mut table = CsvTable::begin(style, Vec::new())?;
    for name in
        ["scenario", "row", "label", "fields", "from", "to", "mean", "p50", "chance", "se_mean", "se_p50", "se_chance"]
    {
        table.text(name)?;
    }
    table.end()?;
    for difference in &comparison.differences {
        let bridge = &difference.bridge;
        let spans = [Some(&bridge.mean), Some(&bridge.p50), bridge.chance.as_ref()];
        let mut row = |texts: [&str; 5], of: &dyn Fn(&Span) -> Estimate| {
            table.text(&difference.label)?;
            for text in texts {
                table.text(text)?;
            }
            let found = spans.map(|span| span.map_or(Estimate::UNKNOWN, of));
            for value in found.map(|estimate| estimate.value).into_iter().chain(found.map(|estimate| estimate.error)) {
                table.number(value)?;
            }
            table.end()
        };
        let base = comparison.sides.first().map_or("", |side| side.label.as_str());
        row(["start", base, "", "", ""], &|span| span.from)?;
        for (i, change) in bridge.changes.iter().enumerate() {
            let joined = |texts: Vec<String>| texts.join("; ");
            let written =
                |value: &Option<serde_json::Value>| value.as_ref().map_or_else(String::new, ToString::to_string);
            let fields = joined(change.fields.iter().map(|field| field.path.clone()).collect());
            let from = joined(change.fields.iter().map(|field| written(&field.from)).collect());
            let to = joined(change.fields.iter().map(|field| written(&field.to)).collect());
            row(["change", &change.label, &fields, &from, &to], &|span| span.steps[i])?;
        }
        row(["end", &difference.label, "", "", ""], &|span| span.to)?;
    }
    table.finish()
}
