//! Targets of the main metric and scope, as a chart shows them.

use super::callout::{Callout, line};
use super::end_labels;
use super::top_labels::TopLabel;
use crate::charts::canvas::drawing::{Drawing, Point, Rect, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::canvas::text::fit;
use crate::charts::wording::figures::Figures;
use crate::charts::wording::words::period;
use crate::forecast::{Forecast, TargetOutcome};
use crate::stats::Estimate;
use crate::units::{Currency, Horizon, Period};

/// Longest name of a target, in pixels of a slide.
const NAME_ROOM: f64 = 210.0;
/// A target farther than so many widths of what is shown beside it is named, but the axis does not reach out to it.
const REACH: f64 = 1.5;

/// A target at a place of a chart.
#[derive(Clone, Debug)]
pub(in crate::charts) struct TargetLine {
    /// The month at whose end it stands, counted from 0.
    pub(in crate::charts) month: usize,
    /// What is to be reached.
    pub(in crate::charts) level: f64,
    /// The chance of it, where it is told.
    pub(in crate::charts) probability: Option<Estimate>,
    /// The label: "Year 1: €17.8M".
    pub(in crate::charts) name: String,
}

impl TargetLine {
    /// A target whose name takes at most what `room` leaves beside the level.
    fn new(
        currency: &Currency,
        sheet: &Sheet,
        target: &TargetOutcome,
        month: usize,
        room: impl Fn(f64) -> f64,
    ) -> TargetLine {
        let level = Figures::Of(target.metric, currency).exact(target.at_least);
        let room = room(font::width(&format!(": {level}"), sheet.label, true));
        let name = fit(&target.name, sheet.label, true, room);
        TargetLine {
            month,
            level: target.at_least,
            probability: Some(target.probability),
            name: format!("{name}: {level}"),
        }
    }

    /// Its label above a plot at x.
    pub(in crate::charts) fn flag(&self, sheet: &Sheet, x: f64, on_axis: bool) -> TopLabel {
        let leader = on_axis.then_some(style::TARGET);
        TopLabel { x, lines: self.lines(sheet, on_axis), ink: style::TARGET, leader }
    }

    /// Its label beside where it is marked: the name, the chance.
    pub(in crate::charts) fn callout(&self, sheet: &Sheet, plot: &Rect, place: Point, toward: Point) -> Callout {
        let (point, lines) = (plot.nearest(place), self.lines(sheet, holds(plot, place)));
        Callout { point, lines, ink: style::TARGET, leader: style::TARGET, toward }
    }

    fn lines(&self, sheet: &Sheet, on_axis: bool) -> Vec<Text> {
        let name = &self.name;
        let (first, second) = match (on_axis, self.probability.map(Estimate::chance)) {
            (true, found) => (name.clone(), found.map(|found| format!("{found} futures"))),
            (false, Some(found)) => (name.clone(), Some(format!("off the axis, {found}"))),
            (false, None) => (format!("{name}, off the axis"), None),
        };
        std::iter::once(line(&first, sheet).bold()).chain(second.map(|text| line(&text, sheet))).collect()
    }
}

/// From `low` to `high`, or as far out as those of `goals` that are not far from there.
pub(in crate::charts) fn extent<'a>(
    (low, high): (f64, f64),
    goals: impl IntoIterator<Item = &'a TargetLine>,
) -> (f64, f64) {
    let reach = match REACH * (high - low) {
        // What is certain has no width of its own.
        0.0 if low == 0.0 => f64::INFINITY,
        0.0 => low.abs(),
        reach => reach,
    };
    let levels = goals.into_iter().map(|goal| goal.level);
    let near = levels.filter(|level| (low - reach..=high + reach).contains(level));
    near.fold((low, high), |(low, high), level| (low.min(level), high.max(level)))
}

/// Draws an arrow at the edge of `plot` toward a place beyond it; false where the place lies in the plot.
pub(in crate::charts) fn arrow_beyond(drawing: &mut Drawing, plot: &Rect, place: Point) -> bool {
    if holds(plot, place) {
        return false;
    }
    let (x, y) = plot.nearest(place);
    let toward = |from: f64, to: f64| if (to - from).abs() < 0.5 { 0.0 } else { (to - from).signum() };
    let (dx, dy) = (toward(x, place.0), toward(y, place.1));
    let size = 12.0 * drawing.sheet.weight;
    let corner = |side: f64| (x - size * (dx + 0.6 * side * dy), y - size * (dy - 0.6 * side * dx));
    drawing.area(vec![(x, y), corner(1.0), corner(-1.0)], style::TARGET);
    true
}

/// Whether `place` lies in the plot, to half a pixel.
pub(in crate::charts) fn holds(plot: &Rect, place: Point) -> bool {
    let (x, y) = plot.nearest(place);
    (x - place.0).abs() < 0.5 && (y - place.1).abs() < 0.5
}

/// The targets of the main metric and scope whose one period `shown` accepts.
pub(in crate::charts) fn single(
    forecast: &Forecast,
    sheet: &Sheet,
    shown: impl Fn(&Period) -> bool,
) -> Vec<TargetLine> {
    let mut goals = of_one_period(of_main(forecast), &forecast.horizon(), &forecast.currency, sheet, shown);
    // From left to right, so that the first ones leave room for the next.
    goals.sort_by(|a, b| a.month.cmp(&b.month).then(b.level.total_cmp(&a.level)));
    goals
}

/// The targets of the main metric, scope and period, in the order of the file.
pub(in crate::charts) fn in_order(forecast: &Forecast, sheet: &Sheet, label: &str) -> Vec<TargetLine> {
    of_one_period(of_main(forecast), &forecast.horizon(), &forecast.currency, sheet, |period| period.label == label)
}

/// Those of `targets` whose one period `shown` accepts, in their order.
pub(in crate::charts) fn of_one_period<'a>(
    targets: impl Iterator<Item = &'a TargetOutcome>,
    horizon: &Horizon,
    currency: &Currency,
    sheet: &Sheet,
    shown: impl Fn(&Period) -> bool,
) -> Vec<TargetLine> {
    targets
        .filter_map(|target| {
            let period = period(horizon, &target.period).filter(&shown)?;
            Some(TargetLine::new(currency, sheet, target, period.months.end.checked_sub(1)?, |_| {
                sheet.scaled(NAME_ROOM)
            }))
        })
        .collect()
}

/// The targets of the main metric and scope for each month, as many as there is room to name.
pub(in crate::charts) fn each_month(forecast: &Forecast, sheet: &Sheet) -> Vec<TargetLine> {
    let most = if sheet.size == Size::Slide { 8 } else { 4 };
    // EndLabel a fan a slide has the level on the name's own line, a page below it.
    let colon = font::width(":", sheet.label, true);
    let room = |level: f64| end_labels::room(sheet) - if sheet.size == Size::Slide { level } else { colon };
    of_main(forecast)
        .filter(|target| target.period == "each-month")
        .take(most)
        .map(|target| TargetLine::new(&forecast.currency, sheet, target, 0, room))
        .collect()
}

fn of_main(forecast: &Forecast) -> impl Iterator<Item = &TargetOutcome> {
    let main = &forecast.main;
    forecast
        .targets
        .iter()
        .filter(move |target| target.metric == main.metric && target.scope == main.scope && target.at_least.is_finite())
}
