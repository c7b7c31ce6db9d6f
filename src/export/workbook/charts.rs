//! The charts, drawn by the spreadsheet from the cells of the other sheets.

use rust_xlsxwriter::{
    Chart, ChartAxis, ChartAxisLabelPosition, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine,
    ChartSeries, ChartSolidFill, ChartType,
};

use super::cell_text::cell_text;
use super::context::SheetContext;
use super::fans::{Widths, fan};
use super::inputs::{self, Drivers};
use super::names;
use super::number_format::NumberKind;
use super::styles::{GRID, INK, MEDIAN, NumberStyle};
use super::targets::{self, CHANCE, TARGET};
use super::wide_table::WideTable;
use super::worksheet::Sheet;
use crate::export::ExportError;
use crate::stats::Estimate;
use crate::units::Frequency;

/// The name of the sheet, as its tab shows it.
const NAME: &str = "Charts";
/// Sizes in pixels, and how many rows and columns of cells lie under a chart.
const WIDTH: u32 = 800;
const HEIGHT: u32 = 440;
const ROWS: u32 = 23;
const COLUMNS: u16 = 13;
/// The row and column, beside the charts, at which the widths of the ranges begin.
const WIDTHS: u32 = 3;
const FROM: u16 = 2 * COLUMNS + 1;
/// Bars that a chart has room to name.
const MOST_BARS: usize = 15;
/// Periods that an axis has room to name.
const MOST_LABELS: usize = 14;

/// The sheet; `None` where there is nothing to draw.
pub(super) fn page<'a>(
    context: &'a SheetContext,
    across: &[WideTable],
    drivers: &Drivers,
) -> Result<Option<Sheet<'a>>, ExportError> {
    let remark = "Drawn by the spreadsheet from the cells of the other sheets.";
    let mut page = Sheet::begin(NAME, NAME, remark, &context.styles)?;
    let subject = subject(context);
    let fans = [
        ("Months", Frequency::Month, format!("{subject} by month: 8 chances in 10")),
        ("Cumulative", Frequency::Cumulative, format!("{subject}, added up from the start: 8 chances in 10")),
    ];
    let mut charts: Vec<Chart> = Vec::new();
    for ((name, every, title), column) in fans.into_iter().zip(FROM + 1..) {
        let Some(sheet) = across.iter().find(|sheet| sheet.name == name) else { continue };
        if let Some(chart) = fan(context, sheet, every, &title, Widths { sheet: NAME, row: WIDTHS + 1, column }) {
            widths(&mut page, context, every, column)?;
            charts.push(chart);
        }
    }
    charts.extend(chances(context));
    charts.extend(chances_by_period(context));
    charts.extend(strengths(drivers));
    if charts.is_empty() {
        return Ok(None);
    }
    for (i, chart) in charts.iter_mut().enumerate() {
        chart.set_width(WIDTH).set_height(HEIGHT);
        chart.title().set_font(ChartFont::new().set_bold().set_size(13).set_color(INK));
        page.sheet().insert_chart(3 + ROWS * (i as u32 / 2), COLUMNS * (i as u16 % 2), chart)?;
    }
    page.sheet().set_screen_gridlines(false);
    page.sheet().set_column_range_width(FROM, FROM + 2, 24)?;
    page.on_one_page(3 + ROWS * (charts.len() as u32).div_ceil(2), FROM - 1)?;
    Ok(Some(page))
}

/// How wide the range is in each month, for the shaded area of a fan.
fn widths(page: &mut Sheet, context: &SheetContext, every: Frequency, column: u16) -> Result<(), ExportError> {
    let (main, start) = (&context.forecast.main, context.forecast.start);
    let Some(series) = context.forecast.series(main.metric, &main.scope, every) else { return Ok(()) };
    let added = every == Frequency::Cumulative;
    page.figure_heads(WIDTHS, FROM, &["Month"])?;
    page.figure_heads(WIDTHS, column, &[if added { "P90 − P10, added up" } else { "P90 − P10, by month" }])?;
    let range = series.bands.p90.value.iter().zip(&series.bands.p10.value).map(|(high, low)| Some((*high)? - (*low)?));
    for (m, (width, row)) in range.zip(WIDTHS + 1..).enumerate() {
        page.month(row, FROM, start.plus(m), NumberStyle::Month)?;
        page.number(row, column, width, NumberKind::of(main.metric, f64::INFINITY).estimate(Estimate::exact(width)))?;
    }
    Ok(())
}

/// The main metric and its scope.
fn subject(context: &SheetContext) -> String {
    let main = &context.forecast.main;
    let metric = names::metric(main.metric);
    // A title is not cut off by the spreadsheet.
    let place: String = cell_text(&context.names.scope(&main.scope)).chars().take(60).collect();
    if main.scope == "total" { metric } else { format!("{metric} of {place}") }
}

/// The chance of each target.
fn chances(context: &SheetContext) -> Option<Chart> {
    let count = context.forecast.targets.len().min(MOST_BARS) as u32;
    let rows = (targets::HEAD + 1, targets::HEAD.checked_add(count)?);
    let mut chart = Chart::new(ChartType::Bar);
    bars(&mut chart, targets::NAME, rows, TARGET, CHANCE)?
        .set_data_label(ChartDataLabel::new().show_value().set_num_format("0%"));
    chart.title().set_name("Chance that each target is reached, if the assumptions hold");
    chart.legend().set_hidden();
    chart.y_axis().set_name("Target").set_reverse();
    share_axis(chart.x_axis()).set_label_position(ChartAxisLabelPosition::High);
    Some(chart)
}

/// The chance of each month or quarter by itself, of the first target that asks for each.
fn chances_by_period(context: &SheetContext) -> Option<Chart> {
    let (each, first, last) = targets::first_by_period(&context.forecast.targets)?;
    let mut chart = Chart::new(ChartType::Column);
    let series = bars(&mut chart, targets::NAME, (first, last), targets::PERIOD, CHANCE)?;
    series.set_name((targets::NAME, first, TARGET));
    chart.title().set_name("Chance of each period by itself");
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.x_axis().set_name("Period").set_label_interval(each.periods.len().div_ceil(MOST_LABELS) as u16);
    share_axis(chart.y_axis());
    Some(chart)
}

/// The rank correlations of the strongest inputs.
fn strengths(drivers: &Drivers) -> Option<Chart> {
    let rows = (inputs::HEAD + 1, inputs::HEAD + drivers.known().min(MOST_BARS) as u32);
    let mut chart = Chart::new(ChartType::Bar);
    bars(&mut chart, inputs::NAME, rows, inputs::LABEL, inputs::RHO)?;
    chart.title().set_name("What moves the main figure: rank correlation of each range entered");
    chart.legend().set_hidden();
    chart.y_axis().set_name("Input").set_reverse().set_label_position(ChartAxisLabelPosition::Low);
    let axis = chart.x_axis();
    axis.set_name("Rank correlation, −1 to 1").set_num_format("0.0").set_label_position(ChartAxisLabelPosition::High);
    axis.set_major_gridlines(true).set_major_gridlines_line(ChartLine::new().set_color(GRID));
    Some(chart)
}

/// Bars of the rows from the first to the last; `None` without rows.
fn bars<'c>(
    chart: &'c mut Chart,
    sheet: &str,
    (first, last): (u32, u32),
    names: u16,
    values: u16,
) -> Option<&'c mut ChartSeries> {
    if last < first {
        return None;
    }
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(MEDIAN));
    let series = chart.add_series();
    series.set_categories((sheet, first, names, last, names)).set_values((sheet, first, values, last, values));
    Some(series.set_format(&mut format).set_gap(60))
}

/// An axis from 0 to 100 %.
fn share_axis(axis: &mut ChartAxis) -> &mut ChartAxis {
    axis.set_name("Chance").set_min(0).set_max(1).set_major_unit(0.2).set_num_format("0%");
    axis.set_major_gridlines(true).set_major_gridlines_line(ChartLine::new().set_color(GRID))
}
