//! A sweep, as it is written to `sweep.json`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::axis::How;
use crate::analysis::FigureInfo;
use crate::documents::{Body, Kind};
use crate::forecast::Bands;
use crate::shards::Portion;
use crate::stats::Estimate;

/// What a figure and targets come to in every combination of the values of some axes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sweep {
    /// The figure: the main figure of the scenario as it stands.
    pub figure: FigureInfo,
    /// The fields that are moved, an axis each.
    pub axes: Vec<AxisInfo>,
    /// Which of so many equal portions of the combinations these are; `None` for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portion: Option<Portion>,
    /// The combinations, the last axis running fastest.
    pub rows: Vec<SweepRow>,
}

impl Body for Sweep {
    const KIND: Kind = Kind::Sweep;
}

/// What is moved, and where to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AxisInfo {
    /// The path, in which * stands for all regions.
    pub path: String,
    /// What people call it.
    pub label: String,
    /// Whether values or factors.
    pub how: How,
    /// The values or factors.
    pub values: Vec<Value>,
}

/// A combination, and what comes of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SweepRow {
    /// What each axis gives.
    pub values: Vec<Value>,
    /// Bands of the figure.
    pub bands: Bands<Estimate>,
    /// How much more the mean is than that of the scenario as it stands, with the error of the difference on common draws.
    pub mean_change: Estimate,
    /// The chance of each target.
    pub targets: Vec<SweepTarget>,
}

/// How likely a target is in a combination.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SweepTarget {
    /// The name of the target, as in the scenario.
    pub name: String,
    /// The level that is to be reached in this combination.
    pub at_least: f64,
    /// The share of futures that reach it.
    pub probability: Estimate,
}
