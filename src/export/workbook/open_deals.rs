//! The open deals that move most.

use super::context::SheetContext;
use super::names;
use super::number_format::{NumberKind, typed};
use super::styles::{NumberStyle, TextStyle};
use super::worksheet::Sheet;
use crate::analysis::{DealOutlook, Pipeline};
use crate::export::ExportError;
use crate::findings::{groups_said, pipeline_sentences};
use crate::scenario::Metric;

const NAME: &str = "Open deals";
/// The row of the columns' heads.
const HEAD: u32 = 3;
/// The columns that sentences below the table lie over.
const SENTENCE: u16 = 10;

const REMARK: &str = "The open deals that move the target most, then those with the highest expected value; revcast pipeline lists all of them. Moves: the chance of \
the target where the deal is won in time, less that where it is not.";

/// The sheet; `None` where no deal is open.
pub(super) fn page<'a>(
    context: &'a SheetContext,
    pipeline: Option<&Pipeline>,
) -> Result<Option<Sheet<'a>>, ExportError> {
    let Some(pipeline) = pipeline.filter(|pipeline| !pipeline.deals.is_empty()) else { return Ok(None) };
    let mut page = Sheet::begin(NAME, NAME, REMARK, &context.styles)?;
    page.widths(&[22.0, 16.0, 14.0, 9.0, 11.0, 13.0, 10.0, 9.0, 13.0, 13.0, 9.0, 9.0, 10.0, 24.0])?;
    page.heads(HEAD, 0, &["Deal", "Region", "Stage"])?;
    page.figure_heads(HEAD, 3, &["Age (days)", "Close date", "Amount"])?;
    let errors = ["Won", "Expected", "Moves"];
    for (head, column) in errors.into_iter().zip([6, 8, 10]) {
        page.figure_heads(HEAD, column, &[head, &names::error_of(head)])?;
    }
    page.figure_heads(HEAD, 12, &["Closes"])?;
    page.heads(HEAD, 13, &["To look at"])?;
    for (deal, row) in pipeline.deals.iter().zip(HEAD + 1..) {
        write(&mut page, context, deal, row)?;
    }
    let last = HEAD + pipeline.deals.len() as u32;
    let head = &context.forecast.header;
    let groups = groups_said(pipeline, head);
    let said =
        |rows: Vec<(String, String)>| rows.iter().map(|(name, said)| format!("{name}: {said}")).collect::<Vec<_>>();
    let groups = groups.map(|(what, rows)| format!("{what} {}.", said(rows).join(". ")));
    for (text, row) in pipeline_sentences(pipeline, head).into_iter().chain(groups).zip(last + 2..) {
        page.spread(row, SENTENCE, &text, TextStyle::Sentence)?;
    }
    page.table(HEAD, 1, last)?;
    Ok(Some(page))
}

fn write(page: &mut Sheet, context: &SheetContext, deal: &DealOutlook, row: u32) -> Result<(), ExportError> {
    page.text(row, 0, deal.label.as_deref().unwrap_or(&deal.id), TextStyle::Cell)?;
    page.text(row, 1, &context.names.scope(&deal.region), TextStyle::Cell)?;
    page.remark(row, 2, deal.stage.as_deref())?;
    page.number(row, 3, Some(deal.age_days), NumberStyle::Number(0))?;
    if let Some(day) = deal.close_date {
        page.day(row, 4, &day.to_string())?;
    }
    page.number(row, 5, deal.amount, typed(Metric::Bookings, deal.amount.unwrap_or_default()))?;
    page.estimate(row, 6, deal.chance_in_period, NumberKind::Chance)?;
    page.estimate(row, 8, deal.expected_value, NumberKind::Money)?;
    page.estimate(row, 10, deal.moves, NumberKind::Share)?;
    if let Some(month) = deal.closes_p50 {
        page.month(row, 12, month, NumberStyle::Month)?;
    }
    let flags: Vec<&str> = deal.flags.iter().map(|flag| flag.name()).collect();
    page.remark(row, 13, (!flags.is_empty()).then(|| flags.join(", ")).as_deref())
}
