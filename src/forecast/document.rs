//! The forecast document, as it is written to `forecast.json`.
//!
//! Unknown is `None`, written as null. Every estimate has its Monte Carlo standard error beside it and is rounded to
//! the place of that error's third digit.

use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};

use super::bands::Bands;
use super::by_source::{ActualLine, Gap, SourceStack};
use super::executive_classes::ExecutiveClass;
use super::percentile::At;
use crate::documents::Header;
use crate::scenario::Metric;
use crate::stats::{Estimate, Estimates};
use crate::units::{Frequency, Month};

/// A forecast: what a run found, with the header of the document that it stands in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Forecast {
    /// What heads the document; it is written before the forecast, not in it.
    #[serde(skip, default = "Header::blank")]
    pub header: Header,
    /// The precision that was asked for, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// The figure that heads everything.
    pub main: MainFigure,
    /// What was asked for, and how likely it is.
    pub targets: Vec<TargetOutcome>,
    /// Amounts that people have called, against the forecast.
    pub calls: Vec<CallOutcome>,
    /// The budget against the forecast; empty without one.
    pub budget: Vec<BudgetLine>,
    /// When bookings have paid the investment back; `None` without investment.
    pub payback: Option<Payback>,
    /// Whole distributions of the main figure, each year's total of its metric, and each target.
    pub distributions: Vec<Distribution>,
    /// The periods that each kind of series runs over.
    pub periods: Vec<PeriodList>,
    /// What is known of flows before the as-of day, and a year earlier; nothing where the business does not run yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actuals: Vec<ActualLine>,
    /// What the bookings of each quarter and year come from; nothing where the business does not run yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source_stacks: Vec<SourceStack>,
    /// What executives reach of their quota, by the classes that they are told apart by, in the main figure's scope and period.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub executive_classes: Vec<ExecutiveClass>,
    /// Bands of every metric × scope × kind of period.
    pub series: Vec<Series>,
    /// Simulated means against exact ones, where exact ones are known.
    pub closed_form: Option<super::ClosedForm>,
}

/// Bands of one metric and scope over all periods of one kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Series {
    /// The metric that is measured.
    pub metric: Metric,
    /// The key of the scope: a region, a tag's value, or `total`.
    pub scope: String,
    /// The kind of period; `periods` lists them.
    pub every: Frequency,
    /// Average inputs, no luck.
    pub plan: Vec<Option<f64>>,
    /// The bands, one value a period.
    pub bands: Bands<Estimates>,
}

/// The periods of one kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PeriodList {
    /// The kind of period that is listed.
    pub every: Frequency,
    /// The labels of the periods, in order of time.
    pub labels: Vec<String>,
    /// The first month of each.
    pub starts: Vec<Month>,
}

/// The figure that heads everything: the first target's metric and period, else bookings of the horizon.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MainFigure {
    /// The metric that is measured.
    pub metric: Metric,
    /// The key of the scope: a region, a tag's value, or `total`.
    pub scope: String,
    /// The label of the period, such as `2027` or `2027-Q2`.
    pub period: String,
    /// The mean and the percentiles of the figure.
    pub bands: Bands<Estimate>,
    /// How many futures stay below its P10, P50 and P90, and how many are just that; empty where the figure is unknown in some futures.
    pub positions: Vec<Position>,
    /// The plan line: average inputs, no luck.
    pub plan: Option<f64>,
    /// The share of futures that stay at or below the plan line.
    pub plan_percentile: Option<f64>,
    /// Where its variance comes from.
    pub variance: Option<VarianceShares>,
    /// What each region contributes at its P10, P50 and P90; these add up.
    pub contributions: Vec<Contribution>,
    /// How much narrower the whole is than the sum of its regions; `None` where it has not several.
    pub diversification: Option<Diversification>,
    /// What share of its variance each uncertain input brings, the largest first: by itself, Var E[Y | X] / Var Y, as this run's trials
    /// tell it. Where the sensitivity was analysed too, what it found stands here and in `variance`, so that a run tells one split and one
    /// ranking. Empty where the figure never varies, is unknown in some futures, or where there are too few futures to tell.
    pub input_shares: Vec<InputShare>,
    /// How each uncertain input goes with it, strongest first.
    pub rank_correlations: Vec<RankCorrelation>,
    /// Its mean in the tenth of futures in which it is lowest, E[Y | Y ≤ P10]: what finance calls the expected shortfall of the tail. Its
    /// error is unknown below 100 trials; `None` where the figure is unknown in some futures.
    pub worst_tenth: Option<Estimate>,
    /// How often all months together stay inside their own bands: over the figure's period, and over the horizon where that is
    /// longer. Nothing where fewer than two months are known.
    pub months_inside: Vec<MonthsInside>,
}

/// How the futures lie about a percentile. Of a figure that takes few values, such as a handful of large deals, many are just it: then far
/// fewer than half lie below the median, and as many above.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Position {
    /// The percentile.
    pub at: At,
    /// The share of futures below its value.
    pub below: Estimate,
    /// The share of futures that are just that value, to nine digits.
    pub equal: Estimate,
}

/// The chance that every month of a period has its metric between that month's own P10 and P90.
///
/// Each month by itself is inside with a chance of 8 in 10; all of them are far less often.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MonthsInside {
    /// The label of the period, such as `2027` or `2027-Q2`.
    pub period: String,
    /// How many months it has.
    pub months: usize,
    /// The share of futures.
    pub probability: Estimate,
}

/// Shares of the main figure's variance, which are always known and add up to 1. A small one may come out below 0 by its error; the error
/// of one that is known exactly is 0.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VarianceShares {
    /// From whether events happen that have a chance, where there are some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Estimate>,
    /// From what else we do not know about the business.
    pub inputs: Estimate,
    /// From the market factor.
    pub market: Estimate,
    /// From the steps of the pace of closing, where it takes some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<Estimate>,
    /// From where exchange rates go, where they move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rates: Option<Estimate>,
    /// From who comes and goes in teams and how they sell, where that is left to chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<Estimate>,
    /// From which of the deals that are open on the as-of day are won, where there are some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_deals: Option<Estimate>,
    /// From what would vary even if we knew everything.
    pub chance: Estimate,
}

impl VarianceShares {
    /// The shares with the names given to events, inputs, market, pace of closing, currencies, people, open deals and chance; there is none of what the scenario
    /// does not have.
    pub(crate) fn told<'n>(
        &self,
        [events, inputs, market, pace, rates, people, open_deals, chance]: [&'n str; 8],
    ) -> Vec<(&'n str, Estimate)> {
        let mut told = vec![(inputs, self.inputs)];
        told.extend(self.events.map(|share| (events, share)));
        told.push((market, self.market));
        let further = [(pace, self.pace), (rates, self.rates), (people, self.people), (open_deals, self.open_deals)];
        told.extend(further.into_iter().filter_map(|(name, share)| Some((name, share?))));
        told.push((chance, self.chance));
        told
    }
}

/// Percentiles do not add: what the regions' own percentiles would add up to, and what the band would be without what the
/// regions share.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Diversification {
    /// The sum of the regions' own P10s.
    pub sum_of_p10: f64,
    /// The sum of the regions' own P90s.
    pub sum_of_p90: f64,
    /// The diversification gap: P10 of the main figure − sum of the regions' P10s. Regions are seldom bad all at once.
    pub gap: Estimate,
    /// The bands of the main figure if its regions were independent, each region's own futures put together at random; `None` where they are.
    pub independent: Option<Bands<Estimate>>,
}

/// The share of the main figure's variance that an input brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputShare {
    /// The input's path.
    pub path: String,
    /// The share, which is always known. A small one may come out below 0 by its error.
    pub share: Estimate,
}

/// Spearman's correlation of an input with the main figure.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RankCorrelation {
    /// The path of the input in the scenario.
    pub path: String,
    /// The correlation, which is always known.
    pub rho: Estimate,
}

/// How likely a target is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TargetOutcome {
    /// The name of the target, as in the scenario.
    pub name: String,
    /// The metric that is measured.
    pub metric: Metric,
    /// The key of the scope: a region, a tag's value, or `total`.
    pub scope: String,
    /// The label of the period in which the level is to be reached.
    pub period: String,
    /// The level to be reached.
    pub at_least: f64,
    /// The chance that it is reached; for each-month and each-quarter that every one is.
    pub probability: Estimate,
    /// E[max(0, level − value)]; not for each-month and each-quarter.
    pub expected_shortfall: Estimate,
    /// The median of level − value among the futures that miss it; empty if none does.
    pub median_miss: Estimate,
    /// What it lacks on the as-of day; `None` where the business does not run yet, and of metrics that have no sources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
    /// Its chance with each event that may happen, and without it, from the run's own futures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventOutcome>,
    /// Month by month or quarter by quarter.
    pub each: Option<EachOutcome>,
}

/// What an event means to a target.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EventOutcome {
    /// What the event is called.
    pub name: String,
    /// The share of futures in which it happens.
    pub happens: Estimate,
    /// The chance of the target in these; unknown where there are none.
    pub with: Estimate,
    /// Its chance in the others.
    pub without: Estimate,
}

/// An amount that somebody has called, against the forecast.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CallOutcome {
    /// The person who called the amount.
    pub who: String,
    /// What kind of call it is: commit, best case.
    pub name: String,
    /// When it was called.
    pub date: Option<String>,
    /// The metric that is measured.
    pub metric: Metric,
    /// The key of the scope: a region, a tag's value, or `total`.
    pub scope: String,
    /// The label of the period that the call is for.
    pub period: String,
    /// The amount called, in the unit of the metric.
    pub amount: f64,
    /// The share of futures that stay below it: 0.37 says that the call is at P37.
    pub percentile: Estimate,
    /// The share of futures that come to just it.
    pub equal: Estimate,
    /// What a person noted beside it, word for word.
    pub note: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
}

/// What one metric and scope has budgeted, period by period, against the forecast.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BudgetLine {
    /// The metric that is measured.
    pub metric: Metric,
    /// The key of the scope: a region, a tag's value, or `total`.
    pub scope: String,
    /// The kind of period; `periods` lists them.
    pub every: Frequency,
    /// The budget; empty where not all of the period is budgeted.
    pub amount: Vec<Option<f64>>,
    /// The share of futures that stay below it.
    pub percentile: Estimates,
    /// The share of futures that come to just it.
    pub equal: Estimates,
    /// Attainment: forecast / budget. Empty where the budget is 0 or less.
    pub attainment: Spread<Estimates>,
    /// Variance against budget: forecast − budget.
    pub variance: Spread<Estimates>,
}

/// A mean and three percentiles.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Spread<T> {
    /// The arithmetic mean of all trials.
    pub mean: T,
    /// The value that 10 % of outcomes fall below.
    pub p10: T,
    /// The value that half of the outcomes fall below.
    pub p50: T,
    /// The value that 90 % of outcomes fall below.
    pub p90: T,
}

/// A level asked of every month or quarter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EachOutcome {
    /// The labels of the periods, in order of time.
    pub periods: Vec<String>,
    /// The chance of each one by itself.
    pub probabilities: Estimates,
    /// How many periods reach the level: bands of the count.
    pub count: Bands<Estimate>,
    /// The period that first reaches it in one future of ten, in the middle one, in nine of ten; empty where it is never.
    pub first_p10: Option<String>,
    /// The period in which the middle trial reaches it.
    pub first_p50: Option<String>,
    /// Nine of ten futures have reached it by then.
    pub first_p90: Option<String>,
    /// The chance that none reaches it.
    pub never: Estimate,
}

/// When the cumulative total bookings first reach the cumulative investment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Payback {
    /// The chance that this happens within the horizon.
    pub probability: Estimate,
    /// Bands of the first month, counted from 1, from which return on investment is 0 or more to the horizon's end; empty where it is not
    /// at the end. Mean and sd are empty unless every future pays back.
    pub month: Bands<Estimate>,
}

/// The whole distribution of a figure: its quantiles, and counts of trials in bins.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Distribution {
    /// The metric that is measured.
    pub metric: Metric,
    /// The key of the scope: a region, a tag's value, or `total`.
    pub scope: String,
    /// The label of the period, such as `2027` or `2027-Q2`.
    pub period: String,
    /// The quantiles at 0.5 %, 1 %, …, 99.5 %.
    pub quantiles: Vec<f64>,
    /// How many futures fall where.
    pub histogram: Histogram,
}

/// Counts of futures in bins of equal width.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Histogram {
    /// Where the first bin begins.
    pub from: f64,
    /// Width of each bin.
    pub width: f64,
    /// Futures in each bin.
    pub counts: Vec<u64>,
    /// Futures below the first bin.
    pub below: u64,
    /// Futures at or above the end of the last.
    pub above: u64,
}

impl Deref for Forecast {
    type Target = Header;

    fn deref(&self) -> &Header {
        &self.header
    }
}

impl DerefMut for Forecast {
    fn deref_mut(&mut self) -> &mut Header {
        &mut self.header
    }
}

impl Forecast {
    /// The bands of a metric and scope over a kind of period.
    pub fn series(&self, metric: Metric, scope: &str, every: Frequency) -> Option<&Series> {
        self.series.iter().find(|series| series.metric == metric && series.scope == scope && series.every == every)
    }

    /// The periods of a kind.
    pub fn periods(&self, every: Frequency) -> Option<&PeriodList> {
        self.periods.iter().find(|list| list.every == every)
    }

    /// The kind of period that is shown where another was asked for: fiscal quarters and years where the scenario has a fiscal year.
    pub(crate) fn fiscal(&self, every: Frequency) -> Frequency {
        let fiscal = match every {
            Frequency::Quarter => Frequency::FiscalQuarter,
            Frequency::Year => Frequency::FiscalYear,
            other => other,
        };
        if self.periods(fiscal).is_some_and(|list| !list.labels.is_empty()) { fiscal } else { every }
    }

    /// The budget of a metric and scope over a kind of period.
    pub fn budgeted(&self, metric: Metric, scope: &str, every: Frequency) -> Option<&BudgetLine> {
        self.budget.iter().find(|line| line.metric == metric && line.scope == scope && line.every == every)
    }

    /// What is known of a flow and scope over a kind of period.
    pub fn known(&self, metric: Metric, scope: &str, every: Frequency) -> Option<&ActualLine> {
        self.actuals.iter().find(|line| line.metric == metric && line.scope == scope && line.every == every)
    }

    /// The whole distribution of the main figure.
    pub fn main_distribution(&self) -> Option<&Distribution> {
        self.distribution(self.main.metric, &self.main.scope, &self.main.period)
    }

    /// The whole distribution of a metric, scope and period, where it is kept.
    pub fn distribution(&self, metric: Metric, scope: &str, period: &str) -> Option<&Distribution> {
        self.distributions.iter().find(|d| d.metric == metric && d.scope == scope && d.period == period)
    }
}

/// The precision that was asked of a run, and what became of it.
///
/// Precision is the largest standard error of P10, P50 and P90 of the main figure, as a share of |P50|.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Precision {
    /// What was asked for, such as 0.005.
    pub wanted: f64,
    /// What was reached; unknown where the median is 0, or where there are too few futures to tell.
    pub reached: Option<f64>,
    /// Whether that is enough. If not, no more futures were allowed.
    pub met: bool,
    /// How many futures were allowed.
    pub most: usize,
}

/// What a region contributes to the main figure at one of its percentiles: the mean over the 5 % of trials nearest in rank,
/// scaled so that the regions add up to the percentile.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Contribution {
    /// The percentile of the main figure.
    pub at: At,
    /// The key of the region in the scenario.
    pub region: String,
    /// What the region brings there.
    pub value: f64,
    /// The part's standard error.
    pub error: f64,
}
