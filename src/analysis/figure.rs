//! What an analysis is about: a metric of a period, or whether a target is met.

use crate::engine::{Execution, Resampling, RunError, SimulationScope, each_block};
use crate::model::{Level, Model, Target};
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::Metric;
use crate::units::{Every, Period, Periods};

/// A figure that every future has one value of.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What is measured.
    pub metric: Metric,
    /// Over which of the model's scopes (an index).
    pub scope: usize,
    /// When.
    pub period: Periods,
    /// The target that it is the chance of: then a future's value is 1 if it meets the target, else 0.
    pub target: Option<Goal>,
}

/// A level to be reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// The target's name.
    pub name: String,
    /// The level.
    pub at_least: f64,
}

impl Figure {
    /// The main figure: the first target's metric, period and scope, the horizon where that target is for each month or quarter;
    /// bookings of the horizon without targets.
    pub fn main(model: &Model) -> Figure {
        let horizon = Periods::One(model.horizon.every(Every::Total).remove(0));
        match model.targets.first() {
            None => Figure { metric: Metric::Bookings, scope: model.total(), period: horizon, target: None },
            Some(target) => {
                let period = match &target.periods {
                    one @ Periods::One(_) => one.clone(),
                    Periods::Each(_) => horizon,
                };
                Figure { metric: target.metric, scope: target.scope, period, target: None }
            }
        }
    }

    /// Whether a target is met; one for each month or quarter is where all of them are.
    pub fn of_target(target: &Target) -> Figure {
        Figure {
            metric: target.metric,
            scope: target.scope,
            period: target.periods.clone(),
            target: Some(Goal { name: target.name.clone(), at_least: target.at_least }),
        }
    }

    /// What of the model it needs to be played, for the very values that a run of the whole model gives: its months, but all months where
    /// anyone renews, since a renewal that comes to lie within the months played draws the values of earlier deals anew; without
    /// lost leads where money will do.
    pub fn part(&self, model: &Model) -> SimulationScope {
        let ends = |period: &Period| period.months.end;
        let months = match &self.period {
            Periods::One(period) => ends(period),
            Periods::Each(periods) => periods.iter().map(ends).max().unwrap_or(0),
        };
        let renewed = model.regions.iter().any(|region| region.retention != Level::Fixed(0.0));
        SimulationScope {
            months: if renewed { model.horizon.months } else { months },
            won_deals_only: self.metric.spec().won_deals_only,
        }
    }

    /// Its value in each trial. NaN stands for unknown: ROI while nothing is invested.
    pub fn values(&self, model: &Model, outcomes: &Outcomes) -> Vec<f64> {
        self.read(&self.grid(model, outcomes), outcomes.trials())
    }

    /// Its metric over its scope.
    pub(super) fn grid(&self, model: &Model, outcomes: &Outcomes) -> Grid {
        Grid::new(model, outcomes, self.metric, &model.scopes[self.scope].regions)
    }

    /// Its value in each of so many trials, read off its [`Figure::grid`], which figures of other periods may share.
    pub(super) fn read(&self, grid: &Grid, trials: usize) -> Vec<f64> {
        match (&self.period, &self.target) {
            (Periods::One(period), None) => grid.period(period.months.clone()),
            (Periods::One(period), Some(goal)) => met(grid, std::slice::from_ref(period), goal, trials),
            (Periods::Each(periods), Some(goal)) => met(grid, periods, goal, trials),
            // Without a level there is nothing that holds for each: the whole of them is meant.
            (Periods::Each(periods), None) => {
                let from = periods.first().map_or(0, |period| period.months.start);
                grid.period(from..periods.last().map_or(1, |period| period.months.end))
            }
        }
    }

    /// Its value in each of the model's trials.
    ///
    /// # Errors
    /// [`RunError`] when growth or expansion runs away in a trial, or when `monitor` was asked to stop.
    pub fn sample(&self, model: &Model, execution: &Execution) -> Result<Vec<f64>, RunError> {
        let see = |outcomes: &Outcomes| self.values(model, outcomes);
        Ok(each_block(model, Resampling::None, self.part(model), execution, see)?.concat())
    }
}

fn met(grid: &Grid, periods: &[Period], goal: &Goal, trials: usize) -> Vec<f64> {
    let mut met = vec![1.0; trials];
    for period in periods {
        let values = grid.period(period.months.clone());
        // What is unknown meets nothing.
        met.iter_mut().zip(values).for_each(|(met, x)| *met *= f64::from(u8::from(x >= goal.at_least)));
    }
    met
}
