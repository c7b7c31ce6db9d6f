//! Money first: the main metric by year and quarter, region by region, the medians of every metric, then month by month.

use super::cell::Cell;
use super::context::SheetContext;
use super::fans::{FanColumns, SHEET};
use super::flow::FlowSheet;
use super::names;
use super::number_format::NumberKind;
use super::period_table::{Extent, PeriodTable, labels};
use super::styles::TextStyle;
use super::worksheet::Sheet;
use crate::export::ExportError;
use crate::forecast::{Forecast, TargetOutcome};
use crate::model::ScopeKind;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::Frequency;
use crate::units::format::count;

/// Regions that have a row of their own.
const MOST_REGIONS: usize = 30;
/// Years that stand beside each other.
const MOST_YEARS: usize = 8;

const REMARK: &str = "Percentiles never add up: each total is formed inside each future first, so take it from its own row. A budget that is \
typed into an empty cell is held against the forecast beside it. Standard errors are in the sheet 'Data'.";
/// What is said of means that add up.
const ADDING: &str = "their sums are live, and agree with the mean of the whole to within the simulation's error.";

/// The sheet, and the columns of the fans by month and added up from the start.
pub(super) fn page<'a>(
    context: &'a SheetContext<'a>,
) -> Result<(Sheet<'a>, Vec<(Frequency, FanColumns)>), ExportError> {
    let forecast = context.forecast;
    let main = &forecast.main;
    let mut kinds = kinds(forecast);
    kinds.retain(|every| forecast.series(main.metric, &main.scope, *every).is_some());
    let table = PeriodTable::new(context, main.metric, &main.scope, &kinds, Extent::Whole);
    let width = context.figure_width();
    let columns = table.columns.len().max(MOST_YEARS) as u16 + 1;
    let added = PeriodTable::new(context, main.metric, &main.scope, &[Frequency::Cumulative], Extent::Whole);
    let beyond = added.columns.len() + 2;
    let widths: Vec<f64> = [30.0].into_iter().chain([width].repeat(usize::from(columns) - 1 + beyond)).collect();
    let subject = context.subject(main.metric, &main.scope);
    let mut flow = FlowSheet::begin(SHEET, &subject, &widths, &context.styles)?.over(columns);
    flow.remark(&match main.metric {
        metric if metric.is_flow() => format!("Means add up, over periods and regions: {ADDING} {REMARK}"),
        metric if metric.adds_up() => format!("Means add up over regions: {ADDING} {REMARK}"),
        _ => REMARK.to_owned(),
    })?;
    let (months, others): (Vec<Frequency>, Vec<Frequency>) =
        kinds.into_iter().partition(|every| *every == Frequency::Month);
    for (every, i) in others.into_iter().zip(0..) {
        // The whole stands with the years.
        if every != Frequency::Total || i == 0 {
            flow.space(1);
            table.heads(&mut flow, if every == Frequency::Total { "Period" } else { names::every(every) })?;
        }
        let rows = table.rows(&mut flow, every)?;
        if let Some(rows) = rows.filter(|_| matches!(every, Frequency::Quarter | Frequency::FiscalQuarter)) {
            table.sums(&mut flow, every, rows)?;
        }
    }
    regions(&mut flow, context)?;
    metrics(&mut flow, context)?;
    each(&mut flow, context)?;
    let mut by_month = None;
    if !months.is_empty() {
        flow.space(1);
        table.heads(&mut flow, names::every(Frequency::Month))?;
        // Pages that go on with the months begin with their heads.
        let head = flow.next() - 1;
        flow.page().sheet().set_repeat_rows(head, head)?;
        by_month = table.rows(&mut flow, Frequency::Month)?;
        if let Some(rows) = by_month {
            table.sums(&mut flow, Frequency::Month, rows)?;
        }
    }
    let last = flow.next() - 1;
    let mut fans = Vec::new();
    if let Some(rows) = by_month {
        // The months added up from the start stand beside them, for the chart, and are not printed.
        fans.push((Frequency::Month, table.fan(Frequency::Month, rows, 0)));
        let left = columns + 1;
        flow.go_to(rows.first, left);
        if added.rows(&mut flow, Frequency::Cumulative)?.is_some() {
            flow.go_to(rows.first - 1, left);
            added.heads(&mut flow, "From the start to")?;
            fans.push((Frequency::Cumulative, added.fan(Frequency::Cumulative, rows, left)));
        }
    }
    let mut page = flow.finish();
    page.print(last, columns - 1)?;
    page.sheet().set_freeze_panes(0, 1)?;
    Ok((page, fans))
}

/// The kinds of period, long ones first; fiscal ones where there is a fiscal year. What is one with the whole is not told twice.
pub(super) fn kinds(forecast: &Forecast) -> Vec<Frequency> {
    let horizon = forecast.horizon();
    let is_whole = |every| horizon.every(every).first().is_some_and(|period| period.months.len() == forecast.months);
    let [years, quarters] = [Frequency::Year, Frequency::Quarter].map(|every| forecast.fiscal(every));
    let is_shown = |every: &Frequency| match every {
        Frequency::Total => !is_whole(years),
        every if *every == years => true,
        every => !is_whole(*every),
    };
    [years, Frequency::Total, quarters, Frequency::Month]
        .into_iter()
        .filter(|every| !labels(forecast, *every).is_empty() && is_shown(every))
        .collect()
}

/// The years that stand beside each other, and all months.
fn years(forecast: &Forecast) -> Vec<(Frequency, usize, String)> {
    let years = forecast.fiscal(Frequency::Year);
    let whole = (Frequency::Total, 0, names::months_said(forecast));
    let whole = Some(whole).filter(|_| kinds(forecast).contains(&Frequency::Total));
    labels(forecast, years)
        .iter()
        .enumerate()
        .take(MOST_YEARS - 1)
        .map(|(at, label)| (years, at, names::period(label)))
        .chain(whole)
        .collect()
}

/// The means of the regions, which add up.
fn regions(flow: &mut FlowSheet, context: &SheetContext) -> Result<(), ExportError> {
    let forecast = context.forecast;
    let main = &forecast.main;
    let regions: Vec<&str> = forecast
        .scopes
        .iter()
        .filter(|scope| scope.kind == ScopeKind::Region)
        .map(|scope| scope.key.as_str())
        .collect();
    if main.scope != "total" || regions.len() < 2 || !main.metric.adds_up() {
        return Ok(());
    }
    let years = years(forecast);
    let mean = |scope: &str, every: Frequency, at: usize| {
        forecast.series(main.metric, scope, every).and_then(|series| series.bands.mean.at(at).value)
    };
    let mut shown: Vec<&str> = regions.clone();
    let size = |scope: &str| mean(scope, Frequency::Total, 0).unwrap_or(0.0);
    if shown.len() > MOST_REGIONS {
        shown.sort_by(|a, b| size(b).total_cmp(&size(a)));
    }
    let others = shown.split_off(shown.len().min(MOST_REGIONS));
    flow.part(&format!("Mean of {} by region", main.metric.name()))?;
    let heads: Vec<&str> = years.iter().map(|(_, _, name)| name.as_str()).collect();
    flow.heads(&["Region"], &heads)?;
    let first = flow.next();
    let most = size("total");
    let kind = NumberKind::of(main.metric, most);
    let mut columns: Vec<Vec<Option<f64>>> = vec![Vec::new(); years.len()];
    let mut row = |flow: &mut FlowSheet, name: String, of: &dyn Fn(Frequency, usize) -> Option<f64>| {
        let values: Vec<Option<f64>> = years.iter().map(|(every, at, _)| of(*every, *at)).collect();
        columns.iter_mut().zip(&values).for_each(|(column, value)| column.push(*value));
        flow.row([Cell::words(name)].into_iter().chain(values.into_iter().map(|value| Cell::exact(value, kind))))
    };
    for region in &shown {
        row(flow, context.names.scope(region), &|every, at| mean(region, every, at))?;
    }
    if !others.is_empty() {
        let sum = |every, at| others.iter().map(|region| mean(region, every, at)).sum();
        row(flow, count(others.len(), "other region"), &sum)?;
    }
    let sums = columns.iter().zip(1..).map(|(values, column)| Cell::sum(column, first, values, kind));
    flow.row([Cell::total()].into_iter().chain(sums.collect::<Vec<Cell>>())).map(|_| ())
}

/// The median of every metric.
fn metrics(flow: &mut FlowSheet, context: &SheetContext) -> Result<(), ExportError> {
    let forecast = context.forecast;
    let scope = forecast.main.scope.as_str();
    let years = years(forecast);
    let of = |metric: Metric| {
        let series = |every| forecast.series(metric, scope, every);
        let known = years.iter().any(|(every, ..)| series(*every).is_some());
        let found =
            years.iter().map(|(every, at, _)| series(*every).map_or(Estimate::UNKNOWN, |s| s.bands.p50.at(*at)));
        let found: Vec<Estimate> = found.collect();
        let largest = found.iter().fold(0.0, |most: f64, x| most.max(x.known().abs()));
        let kind = NumberKind::of(metric, largest);
        known.then(|| found.into_iter().map(move |found| Cell::estimate(found, kind)))
    };
    let place = if scope == "total" { String::new() } else { format!(" of {}", context.names.scope(scope)) };
    flow.part(&format!("Every metric{place}: P50"))?;
    let heads: Vec<&str> = years.iter().map(|(_, _, name)| name.as_str()).collect();
    flow.heads(&["Metric"], &heads)?;
    let (money, others): (Vec<Metric>, Vec<Metric>) = Metric::ALL.into_iter().partition(|metric| metric.is_money());
    for metric in money.into_iter().chain(others) {
        let Some(cells) = of(metric) else { continue };
        let at = if metric.is_of_period() { "" } else { " at the end" };
        flow.row([Cell::words(format!("{}{at}", names::metric(metric)))].into_iter().chain(cells))?;
    }
    Ok(())
}

/// Targets for every month or quarter: in how many they are held, and when they are first reached.
fn each(flow: &mut FlowSheet, context: &SheetContext) -> Result<(), ExportError> {
    let targets: Vec<&TargetOutcome> = context.forecast.targets.iter().filter(|target| target.each.is_some()).collect();
    if targets.is_empty() {
        return Ok(());
    }
    flow.part("Targets for every month or quarter")?;
    flow.heads(
        &["Target"],
        &[
            "Level",
            "Periods",
            "Held, on average",
            "Held, P10",
            "Held, P90",
            "First reached, P10",
            "First reached, P50",
            "First reached, P90",
        ],
    )?;
    for target in targets {
        let Some(each) = &target.each else { continue };
        let held =
            [each.count.mean, each.count.p10, each.count.p90].map(|found| Cell::estimate(found, NumberKind::Count));
        let reached = [&each.first_p10, &each.first_p50, &each.first_p90].map(|label| {
            label.as_ref().map_or(Cell::Empty, |label| Cell::Text(names::period(label), TextStyle::Label))
        });
        let periods = Cell::exact(Some(each.periods.len() as f64), NumberKind::Whole);
        let level = [Cell::words(target.name.as_str()), Cell::typed(Some(target.at_least), target.metric), periods];
        flow.row(level.into_iter().chain(held).chain(reached))?;
    }
    Ok(())
}
