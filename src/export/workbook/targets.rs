//! What was asked for, and how likely it is.

use super::context::SheetContext;
use super::names;
use super::number_format::{NumberKind, typed};
use super::styles::{NumberStyle, TextStyle};
use super::worksheet::Sheet;
use crate::export::ExportError;
use crate::forecast::{EachOutcome, TargetOutcome};

/// The name of the sheet, as its tab shows it.
pub(super) const NAME: &str = "Targets";
/// The row of the columns' heads.
pub(super) const HEAD: u32 = 3;
/// The columns of a target's name, period and chance.
pub(super) const TARGET: u16 = 0;
pub(super) const PERIOD: u16 = 3;
pub(super) const CHANCE: u16 = 5;

const REMARK: &str = "The chance that each target is reached, if the assumptions hold. Expected shortfall: what is missing on average \
over all futures. Median miss: what is missing in the middle one of those that miss it. For each month or quarter, the chance is that \
every one reaches the level; below are the chances of each by itself.";

/// The sheet; `None` without targets.
pub(super) fn page<'a>(context: &'a SheetContext) -> Result<Option<Sheet<'a>>, ExportError> {
    let targets = &context.forecast.targets;
    if targets.is_empty() {
        return Ok(None);
    }
    let mut page = Sheet::begin(NAME, NAME, REMARK, &context.styles)?;
    page.widths(&[26.0, 18.0, 18.0, 13.0, 14.0, 10.0, 14.0, 14.0, 14.0, 14.0, 14.0])?;
    heads(&mut page, HEAD)?;
    with_errors(&mut page, 7, &["Expected shortfall", "Median miss"])?;
    let each = targets.iter().any(|target| target.each.is_some());
    if each {
        page.figure_heads(HEAD, 11, &["Periods"])?;
        with_errors(&mut page, 12, &["Hold on average", "Hold P10", "Hold P50", "Hold P90"])?;
        page.figure_heads(HEAD, 20, &["First reached P10", "First reached P50", "First reached P90"])?;
        with_errors(&mut page, 23, &["Never"])?;
        page.sheet().set_column_range_width(12, 24, 12.0)?;
    }
    for (target, row) in targets.iter().zip(HEAD + 1..) {
        whole(&mut page, context, target, row)?;
    }
    let last = HEAD + targets.len() as u32;
    let mut row = below(targets);
    for target in targets {
        if let Some(each) = &target.each {
            row = by_period(&mut page, context, target, each, row)?;
        }
    }
    page.table_on_paper(HEAD, 1, PERIOD + 1, last)?;
    Ok(Some(page))
}

/// The row at which the chances of single periods begin: with their heads, after an empty row.
fn below(targets: &[TargetOutcome]) -> u32 {
    HEAD + targets.len() as u32 + 2
}

/// The first target's chances by period, with their first and last row.
pub(super) fn first_by_period(targets: &[TargetOutcome]) -> Option<(&EachOutcome, u32, u32)> {
    let each = targets.iter().find_map(|target| target.each.as_ref())?;
    let heads = below(targets);
    Some((each, heads + 1, heads + each.periods.len() as u32))
}

/// Heads of the first columns.
fn heads(page: &mut Sheet, row: u32) -> Result<(), ExportError> {
    page.heads(row, 0, &["Target", "Metric", "Region", "Period"])?;
    page.figure_heads(row, 4, &["At least", "Chance", &names::error_of("Chance")])
}

/// Heads of estimates, each followed by that of its standard errors.
fn with_errors(page: &mut Sheet, from: u16, heads: &[&str]) -> Result<(), ExportError> {
    let mut columns = heads.iter().zip((from..).step_by(2));
    columns.try_for_each(|(head, column)| page.figure_heads(HEAD, column, &[head, &names::error_of(head)]))
}

/// Name, metric, region, and level of a target.
fn asked(page: &mut Sheet, context: &SheetContext, target: &TargetOutcome, row: u32) -> Result<(), ExportError> {
    page.text(row, 0, &target.name, TextStyle::Cell)?;
    page.text(row, 1, &names::metric(target.metric), TextStyle::Cell)?;
    page.text(row, 2, &context.names.scope(&target.scope), TextStyle::Cell)?;
    page.number(row, 4, Some(target.at_least), typed(target.metric, target.at_least))
}

fn whole(page: &mut Sheet, context: &SheetContext, target: &TargetOutcome, row: u32) -> Result<(), ExportError> {
    asked(page, context, target, row)?;
    page.text(row, 3, &names::period(&target.period), TextStyle::Cell)?;
    page.estimate(row, CHANCE, target.probability, NumberKind::Chance)?;
    let measure = NumberKind::of(target.metric, target.at_least.abs());
    page.estimate(row, 7, target.expected_shortfall, measure)?;
    page.estimate(row, 9, target.median_miss, measure)?;
    let Some(each) = &target.each else { return Ok(()) };
    page.number(row, 11, Some(each.periods.len() as f64), NumberStyle::Number(0))?;
    let held = [each.count.mean, each.count.p10, each.count.p50, each.count.p90];
    for (estimate, column) in held.into_iter().zip((12..).step_by(2)) {
        page.estimate(row, column, estimate, NumberKind::Count)?;
    }
    for (label, column) in [&each.first_p10, &each.first_p50, &each.first_p90].into_iter().zip(20..) {
        if let Some(label) = label {
            page.text(row, column, &names::period(label), TextStyle::Label)?;
        }
    }
    page.estimate(row, 23, each.never, NumberKind::Chance)
}

/// The chances of each period by itself, under the same heads; gives back the row after them.
fn by_period(
    page: &mut Sheet,
    context: &SheetContext,
    target: &TargetOutcome,
    each: &EachOutcome,
    row: u32,
) -> Result<u32, ExportError> {
    heads(page, row)?;
    let mut row = row + 1;
    for (label, chance) in each.periods.iter().zip(each.probabilities.iter()) {
        asked(page, context, target, row)?;
        page.text(row, 3, &names::period(label), TextStyle::Cell)?;
        page.estimate(row, CHANCE, chance, NumberKind::Chance)?;
        row += 1;
    }
    Ok(row + 1)
}
