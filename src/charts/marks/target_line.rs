//! Targets of the main metric and scope, as a chart shows them.

use super::callout::{Callout, line};
use super::end_labels;
use super::top_labels::TopLabel;
use crate::charts::canvas::drawing::{Point, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::canvas::text::fit;
use crate::charts::wording::figures::Figures;
use crate::charts::wording::words::{chance, period};
use crate::forecast::{Forecast, TargetOutcome};
use crate::units::{Currency, Horizon, Period};

/// Longest name of a target, in pixels of a slide.
const NAME_ROOM: f64 = 210.0;

/// A target at a place of a chart.
#[derive(Clone, Debug)]
pub(in crate::charts) struct TargetLine {
    /// The month at whose end it stands, counted from 0.
    pub(in crate::charts) month: usize,
    /// What is to be reached.
    pub(in crate::charts) level: f64,
    /// The chance of it, where it is told.
    pub(in crate::charts) probability: Option<f64>,
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
        let level = Figures::new(target.metric, currency).exact(target.at_least);
        let room = room(font::width(&format!(": {level}"), sheet.label, true));
        let name = fit(&target.name, sheet.label, true, room);
        TargetLine {
            month,
            level: target.at_least,
            probability: Some(target.probability.known()),
            name: format!("{name}: {level}"),
        }
    }

    /// Its label above a plot at x; one that is not `near` lies off the axis.
    pub(in crate::charts) fn flag(&self, sheet: &Sheet, x: f64, near: bool) -> TopLabel {
        let second = self
            .probability
            .map(chance)
            .map(|chance| if near { format!("{chance} futures") } else { format!("off the axis, {chance}") });
        TopLabel { x, lines: self.lines(sheet, second), ink: style::TARGET, leader: near.then_some(style::TARGET) }
    }

    /// Its label beside `point`: the name, the chance.
    pub(in crate::charts) fn callout(&self, sheet: &Sheet, point: Point, toward: Point) -> Callout {
        let chance = self.probability.map(|p| format!("{} futures", chance(p)));
        Callout { point, lines: self.lines(sheet, chance), ink: style::TARGET, leader: style::TARGET, toward }
    }

    fn lines(&self, sheet: &Sheet, second: Option<String>) -> Vec<Text> {
        let second = second.map(|text| line(&text, sheet));
        std::iter::once(line(&self.name, sheet).bold()).chain(second).collect()
    }
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
