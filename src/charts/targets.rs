//! Targets of the main metric and scope, as a chart shows them.

use super::beside;
use super::callout::{Callout, line};
use super::drawing::{Point, Text};
use super::figures::Figures;
use super::flags::Flag;
use super::font;
use super::size::{Sheet, Size};
use super::style;
use super::text::fit;
use super::words::{in_hundred, period};
use crate::forecast::{Forecast, TargetOutcome};
use crate::units::{Currency, Horizon, Period};

/// Longest name of a target, in pixels of a slide.
const NAME_ROOM: f64 = 210.0;

/// A target at a place of a chart.
#[derive(Clone, Debug)]
pub(super) struct Goal {
    /// The month at whose end it stands, counted from 0.
    pub(super) month: usize,
    /// What is to be reached.
    pub(super) level: f64,
    /// The chance of it, where it is told.
    pub(super) probability: Option<f64>,
    /// "Year 1: €17.8M".
    pub(super) name: String,
}

impl Goal {
    /// A target whose name takes at most what `room` leaves beside the level.
    fn new(
        currency: &Currency,
        sheet: &Sheet,
        target: &TargetOutcome,
        month: usize,
        room: impl Fn(f64) -> f64,
    ) -> Goal {
        let level = Figures::new(target.metric, currency).exact(target.at_least);
        let room = room(font::width(&format!(": {level}"), sheet.label, true));
        let name = fit(&target.name, sheet.label, true, room);
        Goal { month, level: target.at_least, probability: Some(target.probability), name: format!("{name}: {level}") }
    }

    /// Its label above a plot at x; one that is not `near` lies off the axis.
    pub(super) fn flag(&self, sheet: &Sheet, x: f64, near: bool) -> Flag {
        let second = self
            .probability
            .map(in_hundred)
            .map(|chance| if near { format!("{chance} futures") } else { format!("off the axis, {chance}") });
        Flag { x, lines: self.lines(sheet, second), ink: style::TARGET, leader: near.then_some(style::TARGET) }
    }

    /// Its label beside `point`: the name, the chance.
    pub(super) fn callout(&self, sheet: &Sheet, point: Point, toward: Point) -> Callout {
        let chance = self.probability.map(|chance| format!("{} futures", in_hundred(chance)));
        Callout { point, lines: self.lines(sheet, chance), ink: style::TARGET, leader: style::TARGET, toward }
    }

    fn lines(&self, sheet: &Sheet, second: Option<String>) -> Vec<Text> {
        let second = second.map(|text| line(&text, sheet));
        std::iter::once(line(&self.name, sheet).bold()).chain(second).collect()
    }
}

/// The targets of the main metric and scope whose one period `shown` accepts.
pub(super) fn single(forecast: &Forecast, sheet: &Sheet, shown: impl Fn(&Period) -> bool) -> Vec<Goal> {
    let mut goals = of_one_period(of_main(forecast), &forecast.horizon(), &forecast.currency, sheet, shown);
    // From left to right, so that the first ones leave room for the next.
    goals.sort_by(|a, b| a.month.cmp(&b.month).then(b.level.total_cmp(&a.level)));
    goals
}

/// The targets of the main metric, scope and period, in the order of the file.
pub(super) fn in_order(forecast: &Forecast, sheet: &Sheet, label: &str) -> Vec<Goal> {
    of_one_period(of_main(forecast), &forecast.horizon(), &forecast.currency, sheet, |period| period.label == label)
}

/// Those of `targets` whose one period `shown` accepts, in their order.
pub(super) fn of_one_period<'a>(
    targets: impl Iterator<Item = &'a TargetOutcome>,
    horizon: &Horizon,
    currency: &Currency,
    sheet: &Sheet,
    shown: impl Fn(&Period) -> bool,
) -> Vec<Goal> {
    targets
        .filter_map(|target| {
            let period = period(horizon, &target.period).filter(&shown)?;
            Some(Goal::new(currency, sheet, target, period.months.end.checked_sub(1)?, |_| sheet.scaled(NAME_ROOM)))
        })
        .collect()
}

/// The targets of the main metric and scope for each month, as many as there is room to name.
pub(super) fn each_month(forecast: &Forecast, sheet: &Sheet) -> Vec<Goal> {
    let most = if sheet.size == Size::Slide { 8 } else { 4 };
    // Beside a fan a slide has the level on the name's own line, a page below it.
    let colon = font::width(":", sheet.label, true);
    let room = |level: f64| beside::room(sheet) - if sheet.size == Size::Slide { level } else { colon };
    of_main(forecast)
        .filter(|target| target.period == "each-month")
        .take(most)
        .map(|target| Goal::new(&forecast.currency, sheet, target, 0, room))
        .collect()
}

fn of_main(forecast: &Forecast) -> impl Iterator<Item = &TargetOutcome> {
    let main = &forecast.main;
    forecast
        .targets
        .iter()
        .filter(move |target| target.metric == main.metric && target.scope == main.scope && target.at_least.is_finite())
}
