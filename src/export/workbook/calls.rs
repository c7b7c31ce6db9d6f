//! What people have called, against the forecast.

use super::measure::Measure;
use super::page::Page;
use super::styles::Words;
use super::summary::Answer;
use super::{Material, names};
use crate::export::ExportError;
use crate::stats::Estimate;

const NAME: &str = "Calls";
/// The row of the columns' heads.
const HEAD: u32 = 3;
/// Calls that the summary has room for.
const MOST_OF_SUMMARY: usize = 12;

const REMARK: &str =
    "The percentile is the share of futures that stay below the call: at 37 % it is the forecast's P37.";

/// The sheet; `None` without calls.
pub(super) fn page<'a>(material: &'a Material) -> Result<Option<Page<'a>>, ExportError> {
    let calls = &material.forecast.calls;
    if calls.is_empty() {
        return Ok(None);
    }
    let mut page = Page::begin(NAME, NAME, REMARK, &material.styles)?;
    page.widths(&[24.0, 12.0, 16.0, 18.0, 18.0, 13.0, 15.0, 11.0, 14.0, 50.0, 40.0])?;
    page.heads(HEAD, 0, &["Who", "Date", "Kind", "Metric", "Region", "Period"])?;
    page.figure_heads(HEAD, 6, &["Amount", "Percentile", &names::error_of("Percentile")])?;
    page.remark_heads(HEAD, 9, calls.iter().map(|call| (call.note.as_deref(), call.source.as_deref())))?;
    for (call, row) in calls.iter().zip(HEAD + 1..) {
        page.text(row, 0, &call.who, Words::Cell)?;
        if let Some(date) = &call.date {
            page.day(row, 1, date)?;
        }
        page.text(row, 2, &call.name, Words::Cell)?;
        page.text(row, 3, &names::metric(call.metric), Words::Cell)?;
        page.text(row, 4, &material.names.scope(&call.scope), Words::Cell)?;
        page.text(row, 5, &call.period, Words::Cell)?;
        let amount = Measure::of(call.metric, call.amount.abs());
        page.number(row, 6, Some(call.amount), amount.estimate(Estimate::exact(call.amount)))?;
        page.estimate(row, 7, call.percentile, Measure::Share)?;
        page.remark(row, 9, call.note.as_deref())?;
        page.remark(row, 10, call.source.as_deref())?;
    }
    page.table(HEAD, 1, HEAD + calls.len() as u32)?;
    Ok(Some(page))
}

/// The calls, on the sheet of the answer.
pub(super) fn write(answer: &mut Answer, material: &Material) -> Result<(), ExportError> {
    let calls = &material.forecast.calls;
    if calls.is_empty() {
        return Ok(());
    }
    answer.part("Calls: the share of futures that stay below each")?;
    answer.heads(&["Who", "Kind", "Of", "Period", "Amount", "Percentile", &names::error_of("Percentile")], 3)?;
    for call in calls.iter().take(MOST_OF_SUMMARY) {
        let amount = Measure::of(call.metric, call.amount.abs());
        answer.words(&[&call.who, &call.name, &material.subject(call.metric, &call.scope), &call.period])?;
        answer.alone(4, Estimate::exact(call.amount), amount)?;
        answer.beside(5, call.percentile, Measure::Share)?;
    }
    if calls.len() > MOST_OF_SUMMARY {
        answer.sentence(&format!("All {} calls are in the sheet '{NAME}'.", calls.len()))?;
    }
    Ok(())
}
