//! The main figure over time: its range, median and plan line, drawn from the rows of a sheet.

use rust_xlsxwriter::{
    Chart, ChartAxisDateUnitType, ChartAxisLabelPosition, ChartEmptyCells, ChartFormat, ChartLegendPosition, ChartLine,
    ChartLineDashType, ChartMarker, ChartMarkerType, ChartSeries, ChartSolidFill, ChartType,
};

use super::context::SheetContext;
use super::names;
use super::styles::{BAND, GRID, INK, MEDIAN, QUIET, TARGET};
use super::wide_table::{FIRST, HEAD, WideTable};
use crate::forecast::Series;
use crate::units::Frequency;

/// Targets that a fan shows at most.
const MOST_TARGETS: usize = 6;

/// Where the width of the range stands month by month, for the shaded area: a sheet, and the first row and the column there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Widths {
    pub(super) sheet: &'static str,
    pub(super) row: u32,
    pub(super) column: u16,
}

/// The main metric over the columns of `sheet`, which are months; `None` where there are too few to draw.
pub(super) fn fan(
    context: &SheetContext,
    sheet: &WideTable,
    every: Frequency,
    title: &str,
    widths: Widths,
) -> Option<Chart> {
    let main = &context.forecast.main;
    let series = context.forecast.series(main.metric, &main.scope, every)?;
    let row = |statistic| sheet.row(main.metric, &main.scope, statistic);
    let (p10, p50, p90) = (row("P10")?, row("P50")?, row("P90")?);
    if sheet.last_column() == FIRST {
        return None;
    }
    let months = context.forecast.months;
    let mut lines = Chart::new(ChartType::Line);
    add_row(&mut lines, sheet, p90, "P90", line(BAND, 1.25, None));
    add_row(&mut lines, sheet, p50, "P50, as likely above as below", line(MEDIAN, 2.75, None));
    add_row(&mut lines, sheet, p10, "P10", line(BAND, 1.25, None));
    if let Some(plan) = row("Plan") {
        add_row(&mut lines, sheet, plan, "Plan line", line(INK, 1.5, Some(ChartLineDashType::Dash)));
    }
    if let Some(budget) = row("Budget") {
        add_row(&mut lines, sheet, budget, "Budget", line(QUIET, 2.0, Some(ChartLineDashType::RoundDot)));
    }
    for (row, asked) in sheet.targets(main.metric, &main.scope).into_iter().take(MOST_TARGETS) {
        target(&mut lines, sheet, row, asked.period == "each-month");
    }
    let mut chart = if stays_above_0(series) {
        let mut areas = Chart::new(ChartType::AreaStacked);
        let mut clear = ChartFormat::new();
        clear.set_no_fill().set_no_border();
        add_row(&mut areas, sheet, p10, "up to P10", clear).delete_from_legend(true);
        let mut filled = ChartFormat::new();
        filled.set_solid_fill(ChartSolidFill::new().set_color(BAND).set_transparency(35)).set_no_border();
        let range = add_row(&mut areas, sheet, p10, "P10 to P90, 8 chances in 10", filled);
        range.set_values((widths.sheet, widths.row, widths.column, widths.row + months as u32 - 1, widths.column));
        areas.combine(&lines);
        areas
    } else {
        lines
    };
    chart.title().set_name(title);
    chart.show_empty_cells_as(ChartEmptyCells::Gaps);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    let (step, unit) = step(months);
    let axis = chart.x_axis();
    axis.set_name(if every == Frequency::Cumulative { "To the end of" } else { "Month" });
    axis.set_date_axis(true)
        .set_num_format("mmm yyyy")
        .set_position_between_ticks(false)
        .set_label_position(ChartAxisLabelPosition::Low);
    axis.set_major_unit(step).set_major_unit_date_type(unit);
    let most = series.bands.p90.value.iter().flatten().fold(0.0, |most: f64, x| most.max(x.abs()));
    let axis = chart.y_axis();
    axis.set_name(&measured(context)).set_num_format(context.styles.axis(main.metric, most));
    axis.set_major_gridlines_line(ChartLine::new().set_color(GRID));
    Some(chart)
}

/// What the axis measures: "Total bookings, EUR".
fn measured(context: &SheetContext) -> String {
    let metric = context.forecast.main.metric;
    let name = names::metric(metric);
    if metric.is_money() { format!("{name}, {}", context.forecast.currency) } else { name }
}

/// A row of the sheet over its months.
fn add_row<'c>(
    chart: &'c mut Chart,
    sheet: &WideTable,
    row: u32,
    name: &str,
    mut format: ChartFormat,
) -> &'c mut ChartSeries {
    let series = chart.add_series();
    series.set_values((sheet.name, row, FIRST, row, sheet.last_column()));
    series.set_categories((sheet.name, HEAD, FIRST, HEAD, sheet.last_column()));
    series.set_name(name).set_format(&mut format)
}

/// A target: a line where it is for every month, else a point. Its name is read from the sheet, as text.
fn target(chart: &mut Chart, sheet: &WideTable, row: u32, every_month: bool) {
    let series = add_row(chart, sheet, row, "", line(TARGET, 1.75, None));
    series.set_name((sheet.name, row, FIRST - 1));
    if !every_month {
        let mut fill = ChartFormat::new();
        fill.set_solid_fill(ChartSolidFill::new().set_color(TARGET));
        series.set_marker(ChartMarker::new().set_type(ChartMarkerType::Diamond).set_size(9).set_format(&mut fill));
        series.set_format(ChartFormat::new().set_no_line());
    }
}

fn line(color: u32, width: f64, dash: Option<ChartLineDashType>) -> ChartFormat {
    let mut line = ChartLine::new();
    line.set_color(color).set_width(width);
    if let Some(dash) = dash {
        line.set_dash_type(dash);
    }
    let mut format = ChartFormat::new();
    format.set_line(&line);
    format
}

/// Whether an area from 0 shows the range as it is.
fn stays_above_0(series: &Series) -> bool {
    series.bands.p10.value.iter().all(|x| x.is_none_or(|x| x >= 0.0))
}

/// The distance of the months that are named.
fn step(months: usize) -> (f64, ChartAxisDateUnitType) {
    match months {
        0..=14 => (1.0, ChartAxisDateUnitType::Months),
        15..=40 => (3.0, ChartAxisDateUnitType::Months),
        41..=72 => (6.0, ChartAxisDateUnitType::Months),
        _ => ((months as f64 / 144.0).ceil(), ChartAxisDateUnitType::Years),
    }
}
