//! What is asked of a model: a metric of some business, over a scope and a period.

use serde::Serialize;

use super::types::{Model, Target};
use crate::scenario::Metric;
use crate::units::{Period, Periods};

/// A figure that every trial has one value of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The metric that is measured.
    pub metric: Metric,
    /// The scope, as an index into the scopes of the model.
    pub scope: usize,
    /// The period: a flow is summed over it, a stock is that of its last month.
    pub period: Period,
}

/// A figure by the names of its parts, as files have it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct FigureKey {
    /// The metric that is measured.
    pub metric: Metric,
    /// The key of the scope.
    pub scope: String,
    /// The period, as it is written.
    pub period: String,
}

impl Figure {
    /// A figure by its parts.
    pub fn new(metric: Metric, scope: usize, period: Period) -> Figure {
        Figure { metric, scope, period }
    }

    /// The main figure of a model: that of the first target. Without targets it is bookings: of the year under way where a business is already running
    /// and that year lies inside the horizon, else of the horizon.
    pub fn main(model: &Model) -> Figure {
        if let Some(target) = model.targets.first() {
            return Figure::of_target(model, target);
        }
        let horizon = &model.horizon;
        let years = model.running.iter().flat_map(|_| horizon.every(horizon.years()));
        let under_way = years.into_iter().find(|year| year.months.contains(&model.as_of.month));
        Figure::new(Metric::Bookings, model.total(), under_way.unwrap_or_else(|| horizon.total()))
    }

    /// The figure that a target is set for, over the horizon where the target is for each month or quarter.
    pub fn of_target(model: &Model, target: &Target) -> Figure {
        let period = match &target.periods {
            Periods::One(period) => period.clone(),
            Periods::Each(_) => model.horizon.total(),
        };
        Figure::new(target.metric, target.scope, period)
    }

    /// The figure by the names that it has in a model.
    pub fn key(&self, model: &Model) -> FigureKey {
        let scope = model.scopes[self.scope].key.clone();
        FigureKey { metric: self.metric, scope, period: self.period.label.clone() }
    }

    /// The scopes of a model that a metric is reported for: the total alone where no part has the metric.
    pub fn scopes(model: &Model, metric: Metric) -> std::ops::Range<usize> {
        if metric.total_only(model.has_costs()) { model.total()..model.scopes.len() } else { 0..model.scopes.len() }
    }
}

impl FigureKey {
    /// A key by its parts.
    pub fn new(metric: Metric, scope: impl Into<String>, period: impl Into<String>) -> FigureKey {
        FigureKey { metric, scope: scope.into(), period: period.into() }
    }
}
