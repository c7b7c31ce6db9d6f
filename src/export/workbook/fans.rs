//! The main figure over time: its range, median and plan line, drawn from the columns of a sheet.

use rust_xlsxwriter::{
    Chart, ChartAxisDateUnitType, ChartAxisLabelPosition, ChartEmptyCells, ChartFont, ChartFormat, ChartLegendPosition,
    ChartLine, ChartLineDashType, ChartMarker, ChartMarkerType, ChartSeries, ChartSolidFill, ChartType,
};

use super::context::SheetContext;
use super::names;
use super::styles::{BAND, GRID, INK, MEDIAN, QUIET, TARGET};
use crate::forecast::Series;
use crate::units::Frequency;

/// The sheet that has them.
pub(super) const SHEET: &str = "Periods";

/// Where the columns of a fan stand, a row a month.
#[derive(Clone, Copy, Debug)]
pub(super) struct FanColumns {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) month: u16,
    pub(super) p10: u16,
    pub(super) p50: u16,
    pub(super) p90: u16,
    /// P90 − P10, for the shaded area.
    pub(super) width: u16,
    pub(super) plan: u16,
    pub(super) budget: Option<u16>,
    /// Levels of targets, and whether every month has one.
    pub(super) target: Option<(u16, bool)>,
}

/// The main figure by month, or added up from the start; `None` where there are too few months to draw.
pub(super) fn fan(context: &SheetContext, every: Frequency, title: &str, columns: &FanColumns) -> Option<Chart> {
    let main = &context.forecast.main;
    let series = context.forecast.series(main.metric, &main.scope, every)?;
    let months = context.forecast.months;
    if months < 2 {
        return None;
    }
    let is_area = stays_above_0(series);
    let mut lines = Chart::new(ChartType::Line);
    if !is_area {
        columns.add(&mut lines, columns.p90, "P90", line(BAND, 1.25, None));
        columns.add(&mut lines, columns.p10, "P10", line(BAND, 1.25, None));
    }
    columns.add(&mut lines, columns.p50, "median", line(MEDIAN, 2.75, None));
    columns.add(&mut lines, columns.plan, "plan line", line(INK, 1.5, Some(ChartLineDashType::Dash)));
    if let Some(budget) = columns.budget {
        columns.add(&mut lines, budget, "budget", line(QUIET, 2.0, Some(ChartLineDashType::RoundDot)));
    }
    if let Some((target, is_line)) = columns.target {
        let format = if is_line { line(TARGET, 1.75, None) } else { hidden() };
        let series = columns.add(&mut lines, target, "target", format);
        if !is_line {
            let mut fill = ChartFormat::new();
            fill.set_solid_fill(ChartSolidFill::new().set_color(TARGET));
            series.set_marker(ChartMarker::new().set_type(ChartMarkerType::Diamond).set_size(9).set_format(&mut fill));
        }
    }
    let mut chart = if is_area {
        let mut areas = Chart::new(ChartType::AreaStacked);
        let mut clear = ChartFormat::new();
        clear.set_no_fill().set_no_border();
        columns.add(&mut areas, columns.p10, "up to P10", clear).delete_from_legend(true);
        let mut filled = ChartFormat::new();
        filled.set_solid_fill(ChartSolidFill::new().set_color(BAND).set_transparency(35)).set_no_border();
        columns.add(&mut areas, columns.width, "8 futures in 10 (P10 to P90)", filled);
        areas.combine(&lines);
        areas
    } else {
        lines
    };
    chart.title().set_name(title).set_font(ChartFont::new().set_bold().set_size(11).set_color(INK));
    chart.show_empty_cells_as(ChartEmptyCells::Gaps);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    let (step, unit) = step(months);
    let axis = chart.x_axis();
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

impl FanColumns {
    /// Adds a column over the months.
    fn add<'c>(&self, chart: &'c mut Chart, column: u16, name: &str, mut format: ChartFormat) -> &'c mut ChartSeries {
        let range = |column: u16| (SHEET, self.first, column, self.last, column);
        chart
            .add_series()
            .set_values(range(column))
            .set_categories(range(self.month))
            .set_name(name)
            .set_format(&mut format)
    }
}

/// What the axis measures: "Total bookings, EUR".
fn measured(context: &SheetContext) -> String {
    let metric = context.forecast.main.metric;
    let name = names::metric(metric);
    if metric.is_money() { format!("{name}, {}", context.forecast.currency) } else { name }
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

fn hidden() -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_no_line();
    format
}

/// Whether an area from 0 shows the range as it is.
fn stays_above_0(series: &Series) -> bool {
    series.bands.p10.value.iter().all(|x| x.is_none_or(|x| x >= 0.0))
}

/// The distance of the months that are named.
fn step(months: usize) -> (f64, ChartAxisDateUnitType) {
    match months {
        0..=14 => (2.0, ChartAxisDateUnitType::Months),
        15..=40 => (6.0, ChartAxisDateUnitType::Months),
        41..=72 => (12.0, ChartAxisDateUnitType::Months),
        _ => ((months as f64 / 72.0).ceil(), ChartAxisDateUnitType::Years),
    }
}
