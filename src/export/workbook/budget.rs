//! The budget against the forecast.

use super::page::{MOST_ROWS, Page};
use super::styles::{Figure, Words};
use super::{Material, names};
use crate::export::ExportError;
use crate::forecast::{BudgetLine, Known, Spread};

const NAME: &str = "Budget";
/// The row of the columns' heads.
const HEAD: u32 = 3;

const REMARK: &str = "Attainment is forecast / budget, variance forecast − budget. 'Futures below it' is the share of futures that \
stay below the budget. Budgets add up over periods and regions; percentiles do not.";

/// The sheet; `None` without a budget.
pub(super) fn page<'a>(material: &'a Material) -> Result<Option<Page<'a>>, ExportError> {
    let forecast = material.forecast;
    if forecast.budget.is_empty() {
        return Ok(None);
    }
    let mut page = Page::begin(NAME, NAME, REMARK, &material.styles)?;
    page.widths(&[20.0, 22.0, 15.0, 13.0, 12.0, 15.0, 12.0, 11.0])?;
    page.heads(HEAD, 0, &["Metric", "Region", "Kind", "Period"])?;
    page.figure_heads(HEAD, 4, &["First month", "Budget", "Futures below it", "Standard error"])?;
    for (what, from) in [("Attainment", 8), ("Variance", 16)] {
        for (name, column) in ["mean", "P10", "P50", "P90"].into_iter().zip((from..).step_by(2)) {
            page.figure_heads(HEAD, column, &[&format!("{what}, {name}"), "Standard error"])?;
            page.sheet().set_column_range_width(column, column + 1, 14.0)?;
        }
    }
    let mut row = HEAD + 1;
    for line in &forecast.budget {
        let Some(periods) = forecast.periods(line.every) else { continue };
        for (i, (label, start)) in periods.labels.iter().zip(&periods.starts).enumerate() {
            if line.amount.get(i).copied().flatten().is_none() || row >= MOST_ROWS {
                continue;
            }
            page.text(row, 0, &names::metric(line.metric), Words::Cell)?;
            page.text(row, 1, &material.names.scope(&line.scope), Words::Cell)?;
            page.text(row, 2, names::every(line.every), Words::Cell)?;
            page.period(row, 3, label)?;
            page.month(row, 4, *start, Figure::Month)?;
            figures(&mut page, line, i, row)?;
            row += 1;
        }
    }
    page.table(HEAD, 4, row - 1)?;
    Ok(Some(page))
}

fn figures(page: &mut Page, line: &BudgetLine, i: usize, row: u32) -> Result<(), ExportError> {
    let at = |column: &Vec<Known>| column.get(i).copied().flatten();
    let money = Figure::of(line.metric, at(&line.amount).unwrap_or(0.0).abs());
    page.number(row, 5, at(&line.amount), money)?;
    page.number(row, 6, at(&line.percentile), Figure::Share)?;
    page.number(row, 7, at(&line.percentile_error), Figure::Share)?;
    let pairs = [
        (&line.attainment, &line.attainment_errors, Figure::Share, 8),
        (&line.variance, &line.variance_errors, money, 16),
    ];
    for (values, errors, figure, from) in pairs {
        for ((value, error), column) in in_order(values).into_iter().zip(in_order(errors)).zip((from..).step_by(2)) {
            page.number(row, column, at(value), figure)?;
            page.number(row, column + 1, at(error), figure)?;
        }
    }
    Ok(())
}

fn in_order<T>(spread: &Spread<T>) -> [&T; 4] {
    [&spread.mean, &spread.p10, &spread.p50, &spread.p90]
}
