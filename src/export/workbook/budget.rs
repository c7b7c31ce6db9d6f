//! The budget against the forecast.

use super::context::SheetContext;
use super::names;
use super::number_format::{NumberKind, typed};
use super::styles::{NumberStyle, TextStyle};
use super::summary_sheet::SummarySheet;
use super::worksheet::{MOST_ROWS, Sheet};
use crate::export::ExportError;
use crate::forecast::{BudgetLine, Forecast, Spread};
use crate::units::Frequency;

const NAME: &str = "Budget";
/// The row of the columns' heads.
const HEAD: u32 = 3;

/// Long periods before short ones.
const ORDER: [Frequency; 8] = [
    Frequency::Total,
    Frequency::Year,
    Frequency::FiscalYear,
    Frequency::Quarter,
    Frequency::FiscalQuarter,
    Frequency::Month,
    Frequency::Cumulative,
    Frequency::Span,
];
/// Periods that the summary shows.
const LONG: [Frequency; 3] = [Frequency::Total, Frequency::Year, Frequency::FiscalYear];

const REMARK: &str = "Attainment is forecast / budget, variance forecast − budget. 'Futures below it' is the share of futures that \
stay below the budget. Budgets add up over periods and regions; percentiles do not.";

/// The sheet; `None` without a budget.
pub(super) fn page<'a>(context: &'a SheetContext) -> Result<Option<Sheet<'a>>, ExportError> {
    let forecast = context.forecast;
    if forecast.budget.is_empty() {
        return Ok(None);
    }
    let mut page = Sheet::begin(NAME, NAME, REMARK, &context.styles)?;
    page.widths(&[20.0, 22.0, 15.0, 13.0, 12.0, 15.0, 12.0, 14.0])?;
    page.heads(HEAD, 0, &["Metric", "Region", "Kind", "Period"])?;
    page.figure_heads(HEAD, 4, &["First month", "Budget", "Futures below it", &names::error_of("Futures below it")])?;
    for (what, from) in [("Attainment", 8), ("Variance", 16)] {
        for (name, column) in ["mean", "P10", "P50", "P90"].into_iter().zip((from..).step_by(2)) {
            let head = format!("{what}, {name}");
            page.figure_heads(HEAD, column, &[&head, &names::error_of(&head)])?;
            page.sheet().set_column_range_width(column, column + 1, 14.0)?;
        }
    }
    let mut row = HEAD + 1;
    for line in in_order_of_report(forecast) {
        for (i, label) in known(forecast, line) {
            if row >= MOST_ROWS {
                break;
            }
            page.text(row, 0, &names::metric(line.metric), TextStyle::Cell)?;
            page.text(row, 1, &context.names.scope(&line.scope), TextStyle::Cell)?;
            page.text(row, 2, names::every(line.every), TextStyle::Cell)?;
            page.text(row, 3, &names::period(label), TextStyle::Cell)?;
            if let Some(start) = forecast.periods(line.every).and_then(|list| list.starts.get(i)) {
                page.month(row, 4, *start, NumberStyle::Month)?;
            }
            figures(&mut page, line, i, row)?;
            row += 1;
        }
    }
    page.table(HEAD, 4, row - 1)?;
    Ok(Some(page))
}

/// The main figure's budget over years and the whole, else that of the first line, on the sheet of the answer.
pub(super) fn write(answer: &mut SummarySheet, context: &SheetContext) -> Result<(), ExportError> {
    let forecast = context.forecast;
    let lines = in_order_of_report(forecast);
    let Some(first) = lines.first() else { return Ok(()) };
    let main = (forecast.main.metric, forecast.main.scope.as_str());
    let of = |line: &BudgetLine, (metric, scope)| line.metric == metric && line.scope == scope;
    let shown = if lines.iter().any(|line| of(line, main)) { main } else { (first.metric, first.scope.as_str()) };
    answer.part(&format!("{} against the budget", context.subject(shown.0, shown.1)))?;
    let error = names::error_of("Futures below it");
    let heads =
        ["Budgeted", "Budget", "Futures below it", &error, "Attainment, P10", "Attainment, P50", "Attainment, P90"];
    let mut rows = 0;
    for line in lines.iter().filter(|line| of(line, shown) && LONG.contains(&line.every)) {
        for (i, label) in known(forecast, line) {
            if rows == 0 {
                answer.heads(&heads, 6)?;
            }
            rows += 1;
            let amount = at(&line.amount, i);
            answer.words(&[&if line.every == Frequency::Total {
                "All months".to_owned()
            } else {
                names::period(label)
            }])?;
            answer.typed(1, amount, line.metric)?;
            answer.beside(2, line.percentile.at(i), NumberKind::Chance)?;
            let attained = [&line.attainment.p10, &line.attainment.p50, &line.attainment.p90];
            for (attained, column) in attained.into_iter().zip(4..) {
                answer.alone(column, attained.at(i), NumberKind::Share)?;
            }
        }
    }
    answer.sentence(if rows == 0 {
        "No whole year is budgeted; months and quarters are in the sheet 'Budget'."
    } else {
        "Every budgeted period, with standard errors and the variance in amounts, is in the sheet 'Budget'."
    })
}

/// The total before the regions, then as metrics and regions come in reports, long periods before short ones.
fn in_order_of_report(forecast: &Forecast) -> Vec<&BudgetLine> {
    let mut lines: Vec<&BudgetLine> = forecast.budget.iter().collect();
    let scope = |line: &BudgetLine| forecast.scopes.iter().position(|scope| scope.key == line.scope);
    let kind = |line: &BudgetLine| ORDER.iter().position(|every| *every == line.every);
    lines.sort_by_cached_key(|line| (line.scope != "total", line.metric, scope(line), kind(line)));
    lines
}

/// The periods of a line that are budgeted, with their labels.
fn known<'a>(forecast: &'a Forecast, line: &BudgetLine) -> impl Iterator<Item = (usize, &'a str)> {
    let labels = forecast.periods(line.every).into_iter().flat_map(|list| list.labels.iter());
    let known: Vec<bool> = line.amount.iter().map(Option::is_some).collect();
    labels.enumerate().filter(move |(i, _)| known.get(*i) == Some(&true)).map(|(i, label)| (i, label.as_str()))
}

fn figures(page: &mut Sheet, line: &BudgetLine, i: usize, row: u32) -> Result<(), ExportError> {
    let amount = at(&line.amount, i);
    let money = NumberKind::of(line.metric, amount.unwrap_or(0.0).abs());
    page.number(row, 5, amount, typed(line.metric, amount.unwrap_or(0.0)))?;
    page.estimate(row, 6, line.percentile.at(i), NumberKind::Chance)?;
    for (spread, measure, from) in [(&line.attainment, NumberKind::Share, 8), (&line.variance, money, 16)] {
        for (estimates, column) in in_order(spread).into_iter().zip((from..).step_by(2)) {
            page.estimate(row, column, estimates.at(i), measure)?;
        }
    }
    Ok(())
}

fn at(column: &[Option<f64>], i: usize) -> Option<f64> {
    column.get(i).copied().flatten()
}

fn in_order<T>(spread: &Spread<T>) -> [&T; 4] {
    [&spread.mean, &spread.p10, &spread.p50, &spread.p90]
}
