//! What people have called, against the forecast.

use super::page::Page;
use super::styles::{Figure, Words};
use super::{Material, names};
use crate::export::ExportError;

const NAME: &str = "Calls";
/// The row of the columns' heads.
const HEAD: u32 = 3;

const REMARK: &str =
    "The percentile is the share of futures that stay below the call: at 37 % it is the forecast's P37.";

/// The sheet; `None` without calls.
pub(super) fn page<'a>(material: &'a Material) -> Result<Option<Page<'a>>, ExportError> {
    let calls = &material.forecast.calls;
    if calls.is_empty() {
        return Ok(None);
    }
    let mut page = Page::begin(NAME, NAME, REMARK, &material.styles)?;
    page.widths(&[24.0, 12.0, 16.0, 18.0, 18.0, 13.0, 15.0, 11.0, 11.0, 50.0, 40.0])?;
    page.heads(HEAD, 0, &["Who", "Date", "Kind", "Metric", "Region", "Period"])?;
    page.figure_heads(HEAD, 6, &["Amount", "Percentile", "Standard error"])?;
    page.heads(HEAD, 9, &["Note", "Source"])?;
    for (call, row) in calls.iter().zip(HEAD + 1..) {
        page.text(row, 0, &call.who, Words::Cell)?;
        if let Some(date) = &call.date {
            page.day(row, 1, date)?;
        }
        page.text(row, 2, &call.name, Words::Cell)?;
        page.text(row, 3, &names::metric(call.metric), Words::Cell)?;
        page.text(row, 4, &material.names.scope(&call.scope), Words::Cell)?;
        page.period(row, 5, &call.period)?;
        page.number(row, 6, Some(call.amount), Figure::of(call.metric, call.amount.abs()))?;
        page.number(row, 7, call.percentile, Figure::Share)?;
        page.number(row, 8, call.percentile_error, Figure::Share)?;
        page.remark(row, 9, call.note.as_deref())?;
        page.remark(row, 10, call.source.as_deref())?;
    }
    page.table(HEAD, 1, HEAD + calls.len() as u32)?;
    Ok(Some(page))
}
