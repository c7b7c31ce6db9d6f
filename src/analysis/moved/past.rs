//! An earlier run, as far as it takes to say what moved since.

use crate::forecast::{Bands, Forecast, Known, Manifest};
use crate::scenario::Metric;

/// An earlier run of a scenario.
#[derive(Clone, Debug)]
pub struct Past {
    /// When it ran (UTC), where that is known.
    pub ran: Option<String>,
    /// How to repeat it.
    pub manifest: Manifest,
    /// What its main figure measures.
    pub metric: Metric,
    /// That figure's scope, by key.
    pub scope: String,
    /// Its period.
    pub period: String,
    /// Its bands.
    pub bands: Bands<Known>,
    /// Their standard errors.
    pub errors: Bands<Known>,
    /// What its targets came to.
    pub targets: Vec<PastTarget>,
}

/// A target of an earlier run.
#[derive(Clone, Debug, PartialEq)]
pub struct PastTarget {
    /// Its name.
    pub name: String,
    /// What is measured.
    pub metric: Metric,
    /// The scope's key.
    pub scope: String,
    /// When.
    pub period: String,
    /// The level.
    pub at_least: f64,
    /// The chance that it is reached.
    pub probability: f64,
    /// Its standard error.
    pub probability_error: f64,
}

impl From<&Forecast> for Past {
    /// The run that made a forecast; when that was, it does not say.
    fn from(forecast: &Forecast) -> Past {
        let main = &forecast.main;
        let target = |target: &crate::forecast::TargetOutcome| PastTarget {
            name: target.name.clone(),
            metric: target.metric,
            scope: target.scope.clone(),
            period: target.period.clone(),
            at_least: target.at_least,
            probability: target.probability,
            probability_error: target.probability_error,
        };
        Past {
            ran: None,
            manifest: Manifest { files: Vec::new(), ..forecast.manifest.clone() },
            metric: main.metric,
            scope: main.scope.clone(),
            period: main.period.clone(),
            bands: main.bands.clone(),
            errors: main.errors.clone(),
            targets: forecast.targets.iter().map(target).collect(),
        }
    }
}
