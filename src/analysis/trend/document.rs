//! What is known of the forecasts of a figure, as it is written to `history.json`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::analysis::FigureInfo;
use crate::documents::{Body, Kind};
use crate::forecast::Bands;
use crate::model::FigureKey;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::{Currency, Frequency};

/// The successive forecasts of one figure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trend {
    /// The series that its runs belong to.
    pub series: String,
    /// The figure that the runs forecast.
    pub figure: FigureInfo,
    /// A point a run, in the order in which the runs were written down, which is not that of their times where a clock went back.
    pub points: Vec<TrendPoint>,
    /// What happened; empty until it was given.
    pub actual: Option<Actual>,
    /// How forecasts of the figure's metric and scope held against what happened: one entry for each kind of period of which
    /// something is known, months before quarters.
    pub accuracy: Vec<Accuracy>,
}

impl Body for Trend {
    const KIND: Kind = Kind::History;
}

/// What one run said of the figure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrendPoint {
    /// The run's number in the history: the order of writing down.
    pub run: i64,
    /// When the run was made.
    pub when: Timestamp,
    /// The night that it belongs to, for nightly runs.
    pub night: Option<String>,
    /// The version of the program that wrote it.
    pub version: String,
    /// The seed that its draws came from.
    pub seed: u64,
    /// How many futures were played.
    pub trials: usize,
    /// SHA-256 of the scenario's meaning: the same hash, the same law and questions.
    pub scenario_hash: String,
    /// The mean; empty where the run does not know the figure.
    pub mean: Estimate,
    /// The value that 10 % of outcomes fall below.
    pub p10: Estimate,
    /// The value that half of the outcomes fall below.
    pub p50: Estimate,
    /// The value that 90 % of outcomes fall below.
    pub p90: Estimate,
    /// The median less that of the last run before that knew the figure; empty where the two are not of one kind. The error is that of
    /// independent draws: runs with one seed share their draws, and differ by less luck than that.
    pub change: Estimate,
    /// The first target of exactly this figure.
    pub target: Option<TrendTarget>,
    /// In what the run cannot be held against the one before.
    pub unlike: Vec<Discontinuity>,
}

/// A target of the figure, as a run had it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrendTarget {
    /// The name of the target.
    pub name: String,
    /// The level to be reached.
    pub at_least: f64,
    /// The chance that it is.
    pub chance: Estimate,
}

impl Discontinuity {
    /// In a word or two: "other seed".
    pub fn words(self) -> &'static str {
        match self {
            Discontinuity::Version => "other version",
            Discontinuity::Seed => "other seed",
            Discontinuity::Trials => "other number of futures",
            Discontinuity::Currency => "other currency",
            Discontinuity::Months => "other months",
            Discontinuity::ClockWentBack => "the clock went back",
        }
    }
}

/// In what a run differs from the one before it, beside the scenario itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discontinuity {
    /// Another version of the program, which may draw other numbers.
    Version,
    /// Another seed: a change may be luck.
    Seed,
    /// Another number of futures.
    Trials,
    /// Amounts in another currency.
    Currency,
    /// The period's name means other months.
    Months,
    /// The run's time lies before that of the run before it.
    ClockWentBack,
}

/// What a figure came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Actual {
    /// The metric that was measured.
    pub metric: Metric,
    /// The key of the scope: a region, a tag's value, or `total`.
    pub scope: String,
    /// The label of the period that it is of.
    pub period: String,
    /// How much it came to.
    pub amount: f64,
    /// When that was given.
    pub given: Timestamp,
    /// What a person noted beside it, word for word.
    pub note: Option<String>,
}

/// How forecasts of periods of one kind held against what happened: of each period the last run made before it began.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Accuracy {
    /// The kind of period.
    pub every: Frequency,
    /// The periods that were forecast before they began.
    pub checked: Vec<Backtest>,
    /// Periods of which something is known, but which no run forecast before they began.
    pub left_out: Vec<String>,
    /// The mean of median − actual: above 0, forecasts were too high. Its error is that of a mean of independent errors.
    pub mean_error: Estimate,
    /// The mean of |median − actual|.
    pub mean_absolute_error: Estimate,
    /// Σ |median − actual| / Σ |actual|.
    pub share_of_actuals: Option<f64>,
    /// How many of the periods share no month with each other: the facts among them, by which bands are judged.
    pub separate: usize,
    /// Of how many of those the actual lay from P10 to P90.
    pub inside: usize,
    /// From how many to how many of so many independent periods lie inside in 95 % of cases, if each does with a chance of 8 in 10.
    pub acceptance: Option<(usize, usize)>,
}

/// A period that was forecast, and what it came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// The label of the period that it is of.
    pub period: String,
    /// What it came to.
    pub actual: f64,
    /// The last run made before it began.
    pub run: i64,
    /// When that forecast was made.
    pub when: Timestamp,
    /// What that run gave as P10.
    pub p10: f64,
    /// The median that was forecast.
    pub p50: f64,
    /// The P90 that was forecast.
    pub p90: f64,
}

/// A run's bands of one figure, with what else a reader of a long table wants beside them.
#[derive(Clone, Debug)]
pub struct BaselineBand {
    /// The series that the run belongs to.
    pub series: String,
    /// The number of the run in the history.
    pub run: i64,
    /// When it was made, as text.
    pub at: String,
    /// The night that it belongs to.
    pub night: Option<String>,
    /// The version of the program that wrote it.
    pub version: String,
    /// The seed that its draws came from.
    pub seed: u64,
    /// How many trials were simulated.
    pub trials: usize,
    /// The currency of amounts.
    pub currency: String,
    /// The figure that the runs forecast.
    pub figure: FigureKey,
    /// The bands of the figure.
    pub bands: Bands<Estimate>,
    /// The level of the first target of exactly this figure.
    pub at_least: Option<f64>,
    /// The chance that the target is reached.
    pub probability: Estimate,
    /// What was booked in the end, where that is known.
    pub actual: Option<f64>,
}

/// A series as it stands.
#[derive(Clone, Debug, Serialize)]
pub struct SeriesNow {
    /// Its name: the stem of the scenario's file.
    pub series: String,
    /// What the scenario is called in its newest run.
    pub name: String,
    /// How many runs there are.
    pub runs: usize,
    /// When the first one was made.
    pub first: Timestamp,
    /// When the newest one was.
    pub last: Timestamp,
    /// The currency of its amounts.
    pub currency: Currency,
    /// The figure that heads the newest run's answer.
    pub figure: FigureKey,
    /// The median of the figure in that run.
    pub p50: Estimate,
}
