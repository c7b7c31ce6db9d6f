//! What the forecast document says of a business that is already running: where its bookings come from, what targets still lack, and what is
//! known.

use serde::{Deserialize, Serialize};

use super::bands::Bands;
use super::percentile::At;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::Frequency;

/// What the bookings of a quarter or a year come from, at their P10, P50 and P90.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SourceStack {
    /// The kind of period.
    pub every: Frequency,
    /// The label of the period, such as `2027` or `2027-Q2`.
    pub period: String,
    /// What each source brings; at a percentile they add up to it.
    pub sources: Vec<SourceContribution>,
}

/// What a source brings at a percentile of all bookings: its mean over the 5 % of trials nearest in rank, scaled so that the sources add up to
/// the percentile.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SourceContribution {
    /// The percentile of all bookings.
    pub at: At,
    /// The metric of the source, such as `bookings_from_open`.
    pub metric: Metric,
    /// What it brings there.
    pub amount: Estimate,
}

/// What a target of bookings still lacks on the as-of day, and what can bring it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Gap {
    /// What is closed in its period.
    pub closed: f64,
    /// Its level less what is closed, at least 0.
    pub missing: f64,
    /// How many deals are open in its scope.
    pub open_deals: usize,
    /// What they are said to be worth; a deal of which nothing is said counts with the mean of a new one, inputs at their means.
    pub open_value: f64,
    /// Pipeline coverage: open value / missing; empty where nothing is missing.
    pub coverage: Option<f64>,
    /// What each other source brings in its period. Percentiles do not add up.
    pub sources: Vec<SourceBands>,
}

/// The bands of a source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SourceBands {
    /// The metric of the source, such as `bookings_from_open`.
    pub metric: Metric,
    /// What it brings.
    pub bands: Bands<Estimate>,
}

/// What is known of a flow and a scope, period by period, beside the forecast, which holds it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ActualLine {
    /// The metric that is measured.
    pub metric: Metric,
    /// The key of the scope: a region, a tag's value, or `total`.
    pub scope: String,
    /// The kind of period; `periods` lists them.
    pub every: Frequency,
    /// What has come before the as-of day; empty where the period begins later, and where a month or a region of it is not known.
    pub to_date: Vec<Option<f64>>,
    /// The same months a year earlier, where all of them are known.
    pub last_year: Vec<Option<f64>>,
}
