//! Targets of the main metric and scope, as a chart shows them.

use super::callout::{Callout, line};
use super::drawing::Point;
use super::figures::Figures;
use super::style;
use super::text::fit;
use super::words::{horizon, in_hundred, period};
use crate::forecast::{Forecast, TargetOutcome};
use crate::units::Period;

/// Most lines that a chart shows.
const MOST_LINES: usize = 8;
/// Longest name of a target, in pixels.
const NAME_ROOM: f64 = 210.0;

/// A target at a place of a chart.
#[derive(Clone, Debug)]
pub(super) struct Goal {
    /// The month at whose end it stands, counted from 0.
    pub(super) month: usize,
    /// What is to be reached.
    pub(super) level: f64,
    /// The chance of it.
    pub(super) probability: f64,
    /// "Year 1: €17.8M".
    pub(super) name: String,
}

impl Goal {
    fn new(forecast: &Forecast, target: &TargetOutcome, month: usize) -> Goal {
        let level = Figures::new(target.metric, &forecast.currency).exact(target.at_least);
        let name = fit(&target.name, style::LABEL, true, NAME_ROOM);
        Goal { month, level: target.at_least, probability: target.probability, name: format!("{name}: {level}") }
    }

    /// Its label beside `point`: the name, the chance.
    pub(super) fn callout(&self, point: Point, toward: Point) -> Callout {
        let chance = format!("{} futures", in_hundred(self.probability));
        Callout {
            point,
            lines: vec![line(&self.name).bold(), line(&chance)],
            ink: style::TARGET,
            leader: style::TARGET,
            toward,
        }
    }
}

/// The targets of the main metric and scope whose one period `shown` accepts.
pub(super) fn single(forecast: &Forecast, shown: impl Fn(&Period) -> bool) -> Vec<Goal> {
    let horizon = horizon(forecast);
    let mut goals: Vec<Goal> = of_main(forecast)
        .filter_map(|target| {
            let period = period(&horizon, &target.period).filter(&shown)?;
            Some(Goal::new(forecast, target, period.months.end.checked_sub(1)?))
        })
        .collect();
    // From left to right, so that the first ones leave room for the next.
    goals.sort_by(|a, b| a.month.cmp(&b.month).then(b.level.total_cmp(&a.level)));
    goals
}

/// The targets of the main metric and scope for each month, as many as there is room to name.
pub(super) fn each_month(forecast: &Forecast) -> Vec<Goal> {
    of_main(forecast)
        .filter(|target| target.period == "each-month")
        .take(MOST_LINES)
        .map(|target| Goal::new(forecast, target, 0))
        .collect()
}

fn of_main(forecast: &Forecast) -> impl Iterator<Item = &TargetOutcome> {
    let main = &forecast.main;
    forecast
        .targets
        .iter()
        .filter(move |target| target.metric == main.metric && target.scope == main.scope && target.at_least.is_finite())
}
