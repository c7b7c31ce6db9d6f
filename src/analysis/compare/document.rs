//! What a comparison found, as it is written to `comparison.json`.

use serde::{Deserialize, Serialize};

use crate::analysis::FigureInfo;
use crate::documents::{Body, Kind, Manifest};
use crate::forecast::{Bands, Distribution, Series, TargetOutcome};
use crate::scenario::Metric;
use crate::stats::Estimate;

/// Scenarios beside each other, played on the same draws: the first one is what the others are compared with.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The figure asked about, which every bridge explains; the main figure of the first scenario where none is.
    pub figure: FigureInfo,
    /// The target whose chance every bridge explains beside it: the one asked about, else the first scenario's first; empty without targets.
    pub target: Option<String>,
    /// The scenarios, the first one first.
    pub sides: Vec<Side>,
    /// Each later scenario less the first.
    pub differences: Vec<Difference>,
}

impl Body for Comparison {
    const KIND: Kind = Kind::Comparison;
}

/// One of the scenarios by itself.
#[derive(Clone, Debug, Serialize)]
pub struct Side {
    /// What it is called, unlike the others: its name, or its file's stem where names are the same.
    pub label: String,
    /// How to repeat its run.
    pub manifest: Manifest,
    /// The sentences that head its own summary.
    pub assumptions: Vec<String>,
    /// Bands of the figure.
    pub bands: Bands<Estimate>,
    /// The figure's metric month by month, and cumulative where it adds up.
    pub series: Vec<Series>,
    /// The figure's whole distribution, where it is known.
    pub distribution: Option<Distribution>,
    /// The targets of the first scenario, as far as this one has their regions.
    pub targets: Vec<TargetOutcome>,
}

/// What changes from the first scenario to another.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// The label of the scenario that is compared with the first.
    pub label: String,
    /// The figure's chance to be higher, future by future.
    pub beats: Beats,
    /// Every metric of every scope that both have, by year and over the horizon.
    pub metrics: Vec<MetricDifference>,
    /// How the chance of each target of the first scenario changes.
    pub targets: Vec<TargetDifference>,
    /// What changed from one to the other, explained input by input.
    pub bridge: Bridge,
}

/// Of 1, futures in which the other is higher, equal, lower, on the same draws.
#[derive(Clone, Debug, Serialize)]
pub struct Beats {
    /// The other is higher.
    pub higher: Estimate,
    /// Both are the same.
    pub equal: Estimate,
    /// The other is lower.
    pub lower: Estimate,
}

/// How far a metric differs between two scenarios, in one period.
#[derive(Clone, Debug, Serialize)]
pub struct MetricDifference {
    /// The metric that is measured.
    pub metric: Metric,
    /// The key of the scope: a region, a tag's value, or `total`.
    pub scope: String,
    /// The label of the period that it is of.
    pub period: String,
    /// Bands of the difference, future by future on the same draws. The percentiles of a difference are not the difference of
    /// percentiles.
    pub bands: Bands<Estimate>,
    /// The chance that the other is higher.
    pub beats: Beats,
}

/// How the chance of a target changes.
#[derive(Clone, Debug, Serialize)]
pub struct TargetDifference {
    /// The name of the target, as in the scenario.
    pub name: String,
    /// Its chance in the other less its chance in the first, with the error that common draws leave; unknown where the other has not
    /// its regions.
    pub change: Estimate,
}

/// The way from one scenario to another, change by change.
#[derive(Clone, Debug, Serialize)]
pub struct Bridge {
    /// What changed; empty where nothing did.
    pub changes: Vec<Change>,
    /// How it was explained: each change's Shapley value, the mean of what it brings over all orders in which the changes can be made.
    pub orders: Orders,
    /// Of the figure's mean.
    pub mean: Span,
    /// The bridge of its median.
    pub p50: Span,
    /// Of the chance of the comparison's target; empty without targets.
    pub chance: Option<Span>,
}

/// How many of the orders in which changes can be made were looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Orders {
    /// All orders were played.
    #[default]
    All,
    /// So many, taken at random.
    Some(usize),
}

/// Changed fields that are explained together.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// What people call it.
    pub label: String,
    /// The fields that the change is made of.
    pub fields: Vec<ChangedField>,
}

impl Change {
    /// Whether it is what happened to a business that is running: time that passed, or what became of open deals.
    pub fn is_of_running(&self) -> bool {
        self.fields.first().is_some_and(|field| field.path == "as_of" || field.path.starts_with("pipeline["))
    }
}

/// A field that differs between two scenarios, with both of its values.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangedField {
    /// The path of the field in the scenario.
    pub path: String,
    /// What people call it.
    pub label: String,
    /// What it was; empty where it was absent.
    pub from: Option<serde_json::Value>,
    /// What it is; empty where it is absent.
    pub to: Option<serde_json::Value>,
    /// The number that it was, or the mean of the draws; empty where it is neither.
    pub mean_from: Option<f64>,
    /// The same of what it is.
    pub mean_to: Option<f64>,
}

/// From where to where, and what each change brings. All values are rounded to one place, that of the third digit of the largest
/// error, and so that they add up as shown: from + all steps = to. Each error keeps its own three digits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Span {
    /// In the first scenario.
    pub from: Estimate,
    /// What each of the bridge's changes brings, in their order.
    pub steps: Vec<Estimate>,
    /// The value in the other scenario.
    pub to: Estimate,
}
