//! What an analysis is about: the value of a figure, or whether a target is met.

use crate::engine::{Execution, Resampling, RunError, SimulationScope, each_block};
use crate::model::{Figure, Model, Target};
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::Metric;
use crate::units::{Period, Periods};

/// What an analysis is about; every trial has one value of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// The value of a figure.
    Figure(Figure),
    /// Whether a target is met: 1 in a trial that meets it, else 0. One for each month or quarter is met where all of them are.
    Target(Target),
}

impl Response {
    /// The main figure of a model.
    pub fn main(model: &Model) -> Response {
        Response::Figure(Figure::main(model))
    }

    /// Whether a target is met.
    pub fn of_target(target: &Target) -> Response {
        Response::Target(target.clone())
    }

    /// The metric that is measured.
    pub fn metric(&self) -> Metric {
        match self {
            Response::Figure(figure) => figure.metric,
            Response::Target(target) => target.metric,
        }
    }

    /// The scope, as an index into the scopes of the model.
    pub fn scope(&self) -> usize {
        match self {
            Response::Figure(figure) => figure.scope,
            Response::Target(target) => target.scope,
        }
    }

    /// The target that may be met.
    pub fn target(&self) -> Option<&Target> {
        match self {
            Response::Figure(_) => None,
            Response::Target(target) => Some(target),
        }
    }

    /// The figure itself, also where the question is whether a target for it is met.
    pub fn figure(&self, model: &Model) -> Figure {
        match self {
            Response::Figure(figure) => figure.clone(),
            Response::Target(target) => Figure::of_target(model, target),
        }
    }

    /// The same of another scope.
    pub(super) fn in_scope(&self, scope: usize) -> Response {
        match self {
            Response::Figure(figure) => Response::Figure(Figure { scope, ..figure.clone() }),
            Response::Target(target) => Response::Target(Target { scope, ..target.clone() }),
        }
    }

    /// The part of the model that has to be played, for the very values that a run of the whole model gives: the months needed, without lost leads
    /// where money will do.
    pub fn part(&self) -> SimulationScope {
        let months = match self {
            Response::Figure(figure) => figure.period.months.end,
            Response::Target(target) => target.periods.end(),
        };
        SimulationScope::new(months, self.metric().spec().won_deals_only)
    }

    /// The value in each trial. NaN stands for unknown: ROI while nothing is invested.
    pub fn values(&self, model: &Model, outcomes: &Outcomes) -> Vec<f64> {
        self.read(&self.grid(model, outcomes), outcomes.trials())
    }

    /// The metric over the scope, month by month.
    pub(super) fn grid(&self, model: &Model, outcomes: &Outcomes) -> Grid {
        Grid::new(model, outcomes, self.metric(), &model.scopes[self.scope()].regions)
    }

    /// The value in each of so many trials, read off the [`Response::grid`], which others of other periods may share.
    pub(super) fn read(&self, grid: &Grid, trials: usize) -> Vec<f64> {
        match self {
            Response::Figure(figure) => grid.period(figure.period.months.clone()),
            Response::Target(target) => match &target.periods {
                Periods::One(period) => met(grid, std::slice::from_ref(period), target.at_least, trials),
                Periods::Each(periods) => met(grid, periods, target.at_least, trials),
            },
        }
    }

    /// The value in each of the model's trials.
    ///
    /// # Errors
    /// [`RunError`] when growth or expansion runs away in a trial, or when the monitor was asked to stop.
    pub fn sample(&self, model: &Model, execution: &Execution) -> Result<Vec<f64>, RunError> {
        let see = |outcomes: &Outcomes| self.values(model, outcomes);
        Ok(each_block(model, Resampling::None, self.part(), execution, see)?.concat())
    }
}

/// 1 in each trial that reaches a level in all of some periods, else 0.
fn met(grid: &Grid, periods: &[Period], level: f64, trials: usize) -> Vec<f64> {
    let mut met = vec![1.0; trials];
    for period in periods {
        let values = grid.period(period.months.clone());
        // What is unknown meets nothing.
        met.iter_mut().zip(values).for_each(|(met, x)| *met *= f64::from(u8::from(x >= level)));
    }
    met
}
