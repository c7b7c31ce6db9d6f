//! What an analysis is about, as it is written down.

use serde::{Deserialize, Serialize};

use super::response::Response;
use crate::model::Model;
use crate::scenario::Metric;

/// A figure, as it is written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureInfo {
    /// The metric that is measured.
    pub metric: Metric,
    /// The key of the scope: a region, a tag's value, or `total`.
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

impl FigureInfo {
    /// A figure of `model`, written down.
    pub fn of(response: &Response, model: &Model) -> FigureInfo {
        let scope = &model.scopes[response.scope()];
        let period = match response {
            Response::Figure(figure) => &figure.period.label,
            Response::Target(target) => target.periods.label(),
        };
        FigureInfo {
            metric: response.metric(),
            scope: scope.key.clone(),
            label: scope.label.clone(),
            period: period.to_owned(),
            target: response.target().map(|target| target.name.clone()),
            at_least: response.target().map(|target| target.at_least),
        }
    }
}
