//! An earlier run, as far as it takes to say what moved since.

use crate::documents::Manifest;
use crate::forecast::{Bands, Forecast, TargetOutcome};
use crate::model::FigureKey;
use crate::stats::Estimate;

/// An earlier run of a scenario.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// When it ran (UTC), where that is known.
    pub ran: Option<String>,
    /// How to repeat it.
    pub manifest: Manifest,
    /// The figure that headed its answer.
    pub figure: FigureKey,
    /// The bands of that figure.
    pub bands: Bands<Estimate>,
    /// What its targets came to.
    pub targets: Vec<BaselineTarget>,
}

/// A target of an earlier run.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineTarget {
    /// The name of the target, as in the earlier scenario.
    pub name: String,
    /// What it asks of; the period may be each-month or each-quarter.
    pub figure: FigureKey,
    /// The level that is to be reached, in the unit of the metric.
    pub at_least: f64,
    /// The chance that it is reached.
    pub probability: Estimate,
}

impl From<&Forecast> for Baseline {
    /// The run that made a forecast; when that was, it does not say.
    fn from(forecast: &Forecast) -> Baseline {
        let main = &forecast.main;
        let target = |target: &TargetOutcome| BaselineTarget {
            name: target.name.clone(),
            figure: asked(target),
            at_least: target.at_least,
            probability: target.probability,
        };
        Baseline {
            ran: None,
            manifest: Manifest { files: Vec::new(), ..forecast.manifest.clone() },
            figure: FigureKey::new(main.metric, &main.scope, &main.period),
            bands: main.bands.clone(),
            targets: forecast.targets.iter().map(target).collect(),
        }
    }
}

/// What a target asks of.
pub(super) fn asked(target: &TargetOutcome) -> FigureKey {
    FigureKey::new(target.metric, &target.scope, &target.period)
}
