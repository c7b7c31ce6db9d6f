//! The answer on one printed page: the main figure, the targets, where the years stand, and how to repeat it.

use rust_xlsxwriter::Chart;

use super::cell::{Cell, Held};
use super::context::SheetContext;
use super::fans::{FanColumns, fan};
use super::flow::FlowSheet;
use super::names;
use super::number_format::NumberKind;
use super::period_table::{Extent, PeriodTable, labels};
use super::periods::kinds;
use super::styles::NumberStyle;
use super::worksheet::Sheet;
use crate::export::ExportError;
use crate::findings::attribution_sentences;
use crate::forecast::{Forecast, Range, TargetOutcome, find};
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::format::{capitalize, fiscal_year, futures, months_from};
use crate::units::{Frequency, Month};

const NAME: &str = "Summary";
/// Targets, calls and years that a page has room for.
const MOST_TARGETS: usize = 12;
const MOST_CALLS: usize = 8;
const MOST_YEARS: usize = 8;
/// The size of a chart in pixels, and how many rows lie under it.
const HEIGHT: u32 = 360;
const ROWS: u32 = 19;
/// The least columns of figures, and the width of the first column in letters.
const FIGURES: usize = 6;
const FIRST: f64 = 26.0;

/// The sheet; `sheets` are those that come after it.
pub(super) fn page<'a>(
    context: &'a SheetContext<'a>,
    fans: &[(Frequency, FanColumns)],
    sheets: &str,
) -> Result<Sheet<'a>, ExportError> {
    let forecast = context.forecast;
    let width = context.figure_width();
    let years = years(context);
    let figures = years.as_ref().map_or(0, |(table, _)| table.columns.len()).max(FIGURES);
    let widths: Vec<f64> = [FIRST].into_iter().chain([width].repeat(figures)).collect();
    let mut flow = FlowSheet::begin(NAME, &forecast.name, &widths, &context.styles)?;
    let origin = forecast.origin().map_or_else(String::new, |origin| format!("{origin}. "));
    let fiscal = fiscal_year(&forecast.horizon()).map_or_else(String::new, |year| format!(" Fiscal years: {year}."));
    flow.remark(&format!("{origin}All amounts in {}.{fiscal}", forecast.currency))?;
    main_figure(&mut flow, context)?;
    if let Some(moved) = &context.answer.moved {
        attribution_sentences(forecast, moved).iter().try_for_each(|text| flow.sentence(text))?;
    }
    targets(&mut flow, context)?;
    if let Some((table, kinds)) = &years {
        standing(&mut flow, context, table, kinds)?;
    }
    calls(&mut flow, context)?;
    charts(&mut flow, context, fans, widths.iter().map(|letters| 7.0 * letters + 5.0).sum())?;
    payback(&mut flow, context)?;
    if !forecast.assumptions.is_empty() {
        flow.part("Assumed")?;
    }
    forecast.assumptions.iter().try_for_each(|assumption| flow.sentence(assumption))?;
    flow.space(1);
    flow.remark(sheets)?;
    let manifest = &forecast.manifest;
    flow.remark(&format!(
        "{} of {}; revcast {}, seed {}, scenario SHA-256 {}. The same scenario, seed and number of futures give the same files to the byte.",
        futures(manifest.trials, forecast.currency.locale()),
        months_from(&forecast.horizon()),
        manifest.version,
        manifest.seed,
        manifest.scenario_hash
    ))?;
    let mut page = flow.finish();
    page.on_one_page();
    page.sheet().set_screen_gridlines(false);
    Ok(page)
}

/// The range and the plan line.
fn main_figure(flow: &mut FlowSheet, context: &SheetContext) -> Result<(), ExportError> {
    let forecast = context.forecast;
    let main = &forecast.main;
    let period = if main.period == "total" { "all months".to_owned() } else { names::period(&main.period) };
    flow.part(&format!("{}, {period}", context.subject(main.metric, &main.scope)))?;
    match forecast.range() {
        None => return flow.sentence(&format!("Unknown: {}.", main.metric.why_unknown())),
        Some(Range::Same(same)) => flow.sentence(&format!("{}.", capitalize(&same)))?,
        Some(Range::Wide(spread)) => flow.sentence(&format!("{}; {}.", spread.between, spread.median))?,
    }
    let bands = &main.bands;
    let largest =
        [bands.p90, bands.mean].iter().fold(main.plan.unwrap_or(0.0).abs(), |most, x| most.max(x.known().abs()));
    let kind = NumberKind::of(main.metric, largest);
    let found = [
        ("P10", bands.p10),
        ("P50", bands.p50),
        ("P90", bands.p90),
        ("Mean", bands.mean),
        ("Plan line", Estimate::exact(main.plan)),
    ];
    let heads: Vec<&str> = found.iter().map(|(name, _)| *name).chain(["At or below the plan line"]).collect();
    flow.heads(&[""], &heads)?;
    let cells = found.iter().map(|(_, estimate)| Cell::estimate(*estimate, kind));
    let below = main.plan_percentile.map_or(Estimate::UNKNOWN, |share| forecast.share(share));
    let row = flow
        .row([Cell::words("Estimate")].into_iter().chain(cells).chain([Cell::estimate(below, NumberKind::Chance)]))?;
    for (name, column) in ["main_p10", "main_p50", "main_p90", "main_mean", "main_plan"].into_iter().zip(1..) {
        flow.page().name(name, row, column);
    }
    flow.remark("P10 is the value that 10 % of outcomes fall below; the plan line is average inputs and no luck.")
}

/// The targets, with how far the median is from each.
fn targets(flow: &mut FlowSheet, context: &SheetContext) -> Result<(), ExportError> {
    let targets = &context.forecast.targets;
    if targets.is_empty() {
        return Ok(());
    }
    flow.part("Targets, if these assumptions hold")?;
    flow.heads(&["Target", "Of", "Period"], &["Level", "P50", "P50 − level", "Chance"])?;
    for (target, number) in targets.iter().take(MOST_TARGETS).zip(1..) {
        let row = flow.next();
        let median = median(context.forecast, target);
        let [level, middle] =
            [(3, Some(target.at_least)), (4, median.value)].map(|(column, value)| Held::new(row, column, value));
        let kind = NumberKind::of(target.metric, target.at_least.abs().max(median.known().abs()));
        flow.row([
            Cell::wrapped(target.name.clone()),
            Cell::wrapped(context.subject(target.metric, &target.scope)),
            Cell::wrapped(names::brief(context.forecast, &target.period)),
            Cell::typed(Some(target.at_least), target.metric),
            Cell::estimate(median, kind),
            Cell::less(middle, level, kind),
            Cell::estimate(target.probability, NumberKind::Chance),
        ])?;
        for (name, column) in [("level", 3), ("p50", 4), ("distance", 5), ("chance", 6)] {
            flow.page().name(&format!("target_{number}_{name}"), row, column);
        }
    }
    if targets.len() > MOST_TARGETS {
        flow.sentence(&format!("The chances of all {} targets are in the sheet 'Data'.", targets.len()))?;
    }
    Ok(())
}

/// The median of what a target asks of; unknown where it asks of each month or quarter.
fn median(forecast: &Forecast, target: &TargetOutcome) -> Estimate {
    let main = &forecast.main;
    if (main.metric, &main.scope, &main.period) == (target.metric, &target.scope, &target.period) {
        return main.bands.p50;
    }
    let of_series = find(forecast, target.metric, &target.scope, &target.period).map(|place| place.p50());
    of_series.unwrap_or_else(|| {
        let whole = forecast.distribution(target.metric, &target.scope, &target.period);
        // The quantiles stand at 0.5 %, 1 %, …
        Estimate::exact(whole.and_then(|whole| whole.quantiles.get(whole.quantiles.len() / 2).copied()))
    })
}

/// Where the years stand: what is known, the latest estimate, budget and last year.
fn years<'a>(context: &'a SheetContext<'a>) -> Option<(PeriodTable<'a>, Vec<Frequency>)> {
    let forecast = context.forecast;
    let main = &forecast.main;
    let mut kinds = kinds(forecast);
    kinds.retain(|every| matches!(every, Frequency::Year | Frequency::FiscalYear | Frequency::Total));
    let is_known = |metric: Metric, scope: &str| {
        let known = kinds.iter().filter_map(|every| forecast.known(metric, scope, *every));
        known.flat_map(|line| &line.to_date).any(Option::is_some)
    };
    // Of a level nothing adds up to a date: then what was booked is told.
    let of_bookings = !is_known(main.metric, &main.scope) && is_known(Metric::Bookings, "total");
    let (metric, scope) = if of_bookings { (Metric::Bookings, "total") } else { (main.metric, main.scope.as_str()) };
    let kinds: Vec<Frequency> = kinds
        .into_iter()
        .filter(|every| {
            forecast.series(metric, scope, *every).is_some()
                && (1..=MOST_YEARS).contains(&labels(forecast, *every).len())
        })
        .collect();
    let table = PeriodTable::new(context, metric, scope, &kinds, Extent::Brief);
    (!kinds.is_empty()).then_some((table, kinds))
}

fn standing(
    flow: &mut FlowSheet,
    context: &SheetContext,
    table: &PeriodTable,
    kinds: &[Frequency],
) -> Result<(), ExportError> {
    let (metric, scope) = (table.metric, table.scope);
    flow.part(&match known_months(context.forecast) {
        Some(known) => format!("{}: {known}", context.subject(metric, scope)),
        None if *kinds == [Frequency::Total] => context.subject(metric, scope),
        None => format!("{} by year", context.subject(metric, scope)),
    })?;
    table.heads(flow, "Period")?;
    kinds.iter().try_for_each(|every| table.rows(flow, *every).map(|_| ()))
}

/// "January 2027 to May 2027 are known, June 2027 in part".
fn known_months(forecast: &Forecast) -> Option<String> {
    let as_of = forecast.as_of?;
    let month = |at: usize| forecast.start.plus(at).name();
    let whole = match forecast.months_known().min(forecast.months) {
        0 => String::new(),
        1 => format!("{} is known", month(0)),
        known => format!("{} to {} are known", month(0), month(known - 1)),
    };
    let part = Some(Month::of(as_of).name()).filter(|_| as_of.day() > 1 && forecast.months_known() < forecast.months);
    Some(match (whole.is_empty(), part) {
        (true, part) => format!("{} is known in part", part?),
        (false, None) => whole,
        (false, Some(part)) => format!("{whole}, {part} in part"),
    })
}

/// What people have called, against the forecast.
fn calls(flow: &mut FlowSheet, context: &SheetContext) -> Result<(), ExportError> {
    let calls = &context.forecast.calls;
    if calls.is_empty() {
        return Ok(());
    }
    flow.part("Calls")?;
    flow.heads(&["Who", "Of", "Period", "Kind", "Date"], &["Amount", "Futures below it"])?;
    for call in calls.iter().take(MOST_CALLS) {
        flow.row([
            Cell::wrapped(call.who.clone()),
            Cell::wrapped(context.subject(call.metric, &call.scope)),
            Cell::wrapped(names::brief(context.forecast, &call.period)),
            Cell::wrapped(call.name.clone()),
            call.date.as_ref().map_or(Cell::Empty, |date| Cell::Day(date.clone())),
            Cell::typed(Some(call.amount), call.metric),
            Cell::estimate(call.percentile, NumberKind::Chance),
        ])?;
    }
    if calls.len() > MOST_CALLS {
        flow.sentence(&format!("All {} calls are in the sheet 'Data'.", calls.len()))?;
    }
    Ok(())
}

/// The fans by month and added up, side by side.
fn charts(
    flow: &mut FlowSheet,
    context: &SheetContext,
    fans: &[(Frequency, FanColumns)],
    width: f64,
) -> Result<(), ExportError> {
    let main = &context.forecast.main;
    // A title is not cut off by the spreadsheet.
    let subject: String = context.subject(main.metric, &main.scope).chars().take(60).collect();
    let drawn = fans.iter().filter_map(|(every, columns)| {
        let how = if *every == Frequency::Month { " by month" } else { ", added up from the start" };
        fan(context, *every, &format!("{subject}{how}"), columns)
    });
    let drawn: Vec<Chart> = drawn.collect();
    if drawn.is_empty() {
        return Ok(());
    }
    // In pixels.
    let each = (width / drawn.len() as f64) as u32;
    flow.space(1);
    let row = flow.next();
    for (mut chart, i) in drawn.into_iter().zip(0..) {
        chart.set_width(each - 10).set_height(HEIGHT);
        flow.page().sheet().insert_chart_with_offset(row, 0, &chart, i * each, 0)?;
    }
    flow.space(ROWS);
    Ok(())
}

/// From when on bookings reach what was invested so far.
fn payback(flow: &mut FlowSheet, context: &SheetContext) -> Result<(), ExportError> {
    let forecast = context.forecast;
    let Some(payback) = &forecast.payback else { return Ok(()) };
    flow.part("When total bookings have reached what was invested up to then, to stay so; bookings are not profit")?;
    flow.heads(&[""], &["P10", "P50", "P90", "Chance by the end"])?;
    let month = &payback.month;
    // Between two months, the later one.
    let months = [month.p10, month.p50, month.p90].map(|estimate| {
        let number = estimate.value.map(f64::ceil).filter(|number| *number >= 1.0);
        number.map_or(Cell::Empty, |number| Cell::Month(forecast.start.plus(number as usize - 1), NumberStyle::Month))
    });
    let chance = Cell::estimate(payback.probability, NumberKind::Chance);
    flow.row([Cell::words("Month")].into_iter().chain(months).chain([chance])).map(|_| ())
}
