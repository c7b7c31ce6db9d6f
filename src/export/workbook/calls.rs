//! What people have called, against the forecast.

use super::context::SheetContext;
use super::names;
use super::number_format::{NumberKind, typed};
use super::styles::TextStyle;
use super::summary_sheet::SummarySheet;
use super::worksheet::Sheet;
use crate::export::ExportError;

const NAME: &str = "Calls";
/// The row of the columns' heads.
const HEAD: u32 = 3;
/// Calls that the summary has room for.
const MOST_OF_SUMMARY: usize = 12;

const REMARK: &str =
    "The percentile is the share of futures that stay below the call: at 37 % it is the forecast's P37.";

/// The sheet; `None` without calls.
pub(super) fn page<'a>(context: &'a SheetContext) -> Result<Option<Sheet<'a>>, ExportError> {
    let calls = &context.forecast.calls;
    if calls.is_empty() {
        return Ok(None);
    }
    let mut page = Sheet::begin(NAME, NAME, REMARK, &context.styles)?;
    page.widths(&[24.0, 12.0, 16.0, 18.0, 18.0, 13.0, 15.0, 11.0, 14.0, 50.0, 40.0])?;
    page.heads(HEAD, 0, &["Who", "Date", "Kind", "Metric", "Region", "Period"])?;
    page.figure_heads(HEAD, 6, &["Amount", "Percentile", &names::error_of("Percentile")])?;
    page.remark_heads(HEAD, 9, calls.iter().map(|call| (call.note.as_deref(), call.source.as_deref())))?;
    for (call, row) in calls.iter().zip(HEAD + 1..) {
        page.text(row, 0, &call.who, TextStyle::Cell)?;
        if let Some(date) = &call.date {
            page.day(row, 1, date)?;
        }
        page.text(row, 2, &call.name, TextStyle::Cell)?;
        page.text(row, 3, &names::metric(call.metric), TextStyle::Cell)?;
        page.text(row, 4, &context.names.scope(&call.scope), TextStyle::Cell)?;
        page.text(row, 5, &names::period(&call.period), TextStyle::Cell)?;
        page.number(row, 6, Some(call.amount), typed(call.metric, call.amount))?;
        page.estimate(row, 7, call.percentile, NumberKind::Chance)?;
        page.remark(row, 9, call.note.as_deref())?;
        page.remark(row, 10, call.source.as_deref())?;
    }
    page.table(HEAD, 1, HEAD + calls.len() as u32)?;
    Ok(Some(page))
}

/// The calls, on the sheet of the answer.
pub(super) fn write(answer: &mut SummarySheet, context: &SheetContext) -> Result<(), ExportError> {
    let calls = &context.forecast.calls;
    if calls.is_empty() {
        return Ok(());
    }
    answer.part("Calls: the share of futures that stay below each")?;
    answer.heads(&["Who", "Kind", "Of", "Period", "Amount", "Percentile", &names::error_of("Percentile")], 3)?;
    for call in calls.iter().take(MOST_OF_SUMMARY) {
        answer.words(&[
            &call.who,
            &call.name,
            &context.subject(call.metric, &call.scope),
            &names::period(&call.period),
        ])?;
        answer.typed(4, Some(call.amount), call.metric)?;
        answer.beside(5, call.percentile, NumberKind::Chance)?;
    }
    if calls.len() > MOST_OF_SUMMARY {
        answer.sentence(&format!("All {} calls are in the sheet '{NAME}'.", calls.len()))?;
    }
    Ok(())
}
