//! What heads every analysis.

use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};

use super::response::Response;
use crate::forecast::{Forecast, Manifest};
use crate::model::Model;
use crate::scenario::{Metric, Scenario};
use crate::units::{Currency, Horizon, Month};

/// How to repeat an analysis, and what it is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Head {
    /// How to repeat it.
    pub manifest: Manifest,
    /// The scenario's name.
    pub name: String,
    /// Sentences that head every summary.
    pub assumptions: Vec<String>,
    /// Currency of all amounts.
    pub currency: Currency,
    /// The first month.
    pub start: Month,
    /// How many months.
    pub months: usize,
}

/// An analysis as it is written to a file of its own: what it is about first, then what it found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Headed<T> {
    /// How to repeat it, and what it is about: the scenario before anything that the analysis changed in it.
    #[serde(flatten)]
    pub head: Head,
    /// What it found.
    #[serde(flatten)]
    pub found: T,
}

/// A figure, as it is written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureEcho {
    /// What is measured.
    pub metric: Metric,
    /// The scope's key.
    pub scope: String,
    /// What people call the scope.
    pub label: String,
    /// When, as in targets.
    pub period: String,
    /// The target that it is the chance of.
    pub target: Option<String>,
    /// The level of that target.
    pub at_least: Option<f64>,
}

impl Head {
    /// The months that were played and the fiscal year they lie in.
    pub fn horizon(&self) -> Horizon {
        self.manifest.horizon(self.start, self.months)
    }

    /// Of an analysis of `scenario`, which means `model`. The manifest lists no files yet.
    pub fn new(scenario: &Scenario, model: &Model) -> Head {
        Head {
            manifest: Manifest::of(scenario, model),
            name: scenario.name.clone(),
            assumptions: scenario.assumptions.clone(),
            currency: scenario.currency.clone(),
            start: model.horizon.start,
            months: model.horizon.months,
        }
    }
}

impl<T> Deref for Headed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.found
    }
}

impl<T> DerefMut for Headed<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.found
    }
}

impl From<&Forecast> for Head {
    /// Of what is asked beside a forecast.
    fn from(forecast: &Forecast) -> Head {
        Head {
            manifest: forecast.manifest.clone(),
            name: forecast.name.clone(),
            assumptions: forecast.assumptions.clone(),
            currency: forecast.currency.clone(),
            start: forecast.start,
            months: forecast.months,
        }
    }
}

impl FigureEcho {
    /// A figure of `model`, written down.
    pub fn of(response: &Response, model: &Model) -> FigureEcho {
        let scope = &model.scopes[response.scope()];
        let period = match response {
            Response::Figure(figure) => &figure.period.label,
            Response::Target(target) => target.periods.label(),
        };
        FigureEcho {
            metric: response.metric(),
            scope: scope.key.clone(),
            label: scope.label.clone(),
            period: period.to_owned(),
            target: response.target().map(|target| target.name.clone()),
            at_least: response.target().map(|target| target.at_least),
        }
    }
}
