//! A region, the unit of selling, as it is written.

use indexmap::IndexMap;
use serde::Serialize;

use super::changes::Term;
use super::closing::Closing;
use super::quantity::Quantity;
use super::team::{LeadActivity, Team};
pub use crate::chance::{MoneyShape, TimeShape};

/// A region: a line of selling with its own leads, funnel, deal size and renewals.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Region {
    /// What it is called in texts; its key if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Groups it belongs to, such as segment = enterprise; each value gets its own sums.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub tags: IndexMap<String, String>,
    /// The leads: how many arrive, and how their number changes.
    pub leads: Leads,
    /// The share of leads that become customers. Not with `stages`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Quantity>,
    /// How long a lead takes until it is won or lost. Not with `stages`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cycle: Option<Cycle>,
    /// How long a lead that will be lost takes; `cycle` is then that of leads that will be won. Not with `stages`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_cycle: Option<Cycle>,
    /// Leads that are never decided. Not with `stages`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stalled: Option<Stalled>,
    /// When in a quarter deals are won, and the chances a day of being won or lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closing: Option<Closing>,
    /// How far the close dates of open deals are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_dates: Option<CloseDates>,
    /// What open deals are worth in the end, over what they are said to be worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub final_amount: Option<FinalAmount>,
    /// The stages that a lead goes through, in place of `conversion` and `cycle`.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 20)))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stages: Option<Vec<Stage>>,
    /// What a deal is worth.
    pub deal_size: DealSize,
    /// The currency that all amounts of the region are in; the scenario's if absent. Its rate stands in `rates`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[A-Z]{3}$")))]
    pub currency: Option<String>,
    /// Months until a contract of the region comes up for renewal; those of `contract` if absent. Not with `terms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 600)))]
    pub term_months: Option<usize>,
    /// The terms that contracts have, one of which is drawn for each deal won.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(min = 1, max = 12)))]
    pub terms: Vec<Term>,
    /// The share of customers who renew within a year.
    #[cfg_attr(feature = "schema", schemars(default = "Quantity::default"))]
    pub retention: Quantity,
    /// The yearly growth of a contract's value at renewal.
    #[cfg_attr(feature = "schema", schemars(default = "Quantity::default"))]
    pub expansion: Quantity,
    /// The share of revenue that is left after the cost of serving customers; in every region or in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gross_margin: Option<Quantity>,
    /// The people who work the leads; without them all leads start at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<Team>,
    /// A field that only tests know; see [`FieldId::MadeUp`](super::FieldId).
    #[cfg(test)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upsell: Option<Quantity>,
    /// How strongly the market factor moves this region.
    #[cfg_attr(feature = "schema", schemars(default = "Exposure::default"))]
    pub exposure: Exposure,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// The leads of a region: how many arrive, and how their number changes.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Leads {
    /// Expected leads a month, before growth, ramp and season. Not with `activities`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly: Option<Quantity>,
    /// What sales development does to bring leads, in place of `monthly`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(min = 1, max = 20)))]
    pub activities: Vec<LeadActivity>,
    /// The monthly rate of growth: one for all months, or phases.
    #[cfg_attr(feature = "schema", schemars(default = "Growth::default"))]
    pub growth: Growth,
    /// Factors of the first months; the last one holds from then on.
    #[cfg_attr(feature = "schema", schemars(default = "default_ramp", length(min = 1, max = 600)))]
    pub ramp: Vec<f64>,
    /// Twelve factors, January to December; only their proportions count.
    #[cfg_attr(feature = "schema", schemars(length(min = 12, max = 12)))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub season: Option<Vec<f64>>,
    /// The variance of a month's gamma factor on its leads: 0 is plain Poisson.
    #[cfg_attr(feature = "schema", schemars(default, range(min = 0, max = 100)))]
    pub overdispersion: f64,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// The growth of leads.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Growth {
    /// One monthly rate for all months.
    Steady(Quantity),
    /// A rate from each phase's first month on; 0 before the first.
    Phases(Vec<GrowthPhase>),
}

/// A phase of growth.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct GrowthPhase {
    /// The first month of the phase, counted from 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 600)))]
    pub from_month: usize,
    /// The monthly rate, from each month of the phase to the next month.
    pub rate: Quantity,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A time from day to day: the sales cycle, from a lead's arrival until it is won or lost, or how far a close date slips.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Cycle {
    /// Mean length in days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_days: Option<Quantity>,
    /// Days, ascending, by which the parts of `decided` are decided: in place of a mean.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(min = 2, max = 1000)))]
    pub days: Vec<f64>,
    /// The part decided by each of the days, from 0 to 1; straight between them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(min = 2, max = 1000)))]
    pub decided: Vec<f64>,
    /// A factor on all of the days; 1 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stretch: Option<Quantity>,
    /// Standard deviation over mean, from deal to deal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(default = "default_cycle_cv_schema", range(min = 0, max = 10)))]
    pub cv: Option<f64>,
    /// The shape of the lengths.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(default = "default_shape_schema"))]
    pub shape: Option<TimeShape>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A stage of the funnel.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Stage {
    /// The stage's name, unlike the others'.
    pub name: String,
    /// The share of leads that pass it.
    pub pass: Quantity,
    /// Mean time spent in it, in days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean_days: Option<Quantity>,
    /// Days, ascending, by which the parts of `decided` have left it: in place of a mean.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(min = 2, max = 1000)))]
    pub days: Vec<f64>,
    /// The part that has left it by each of the days, from 0 to 1; straight between them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(min = 2, max = 1000)))]
    pub decided: Vec<f64>,
    /// A factor on all of the days; 1 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stretch: Option<Quantity>,
    /// Standard deviation over mean, from lead to lead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(default = "default_cycle_cv_schema", range(min = 0, max = 10)))]
    pub cv: Option<f64>,
    /// The shape of the times.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(default = "default_shape_schema"))]
    pub shape: Option<TimeShape>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// What a deal is worth.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct DealSize {
    /// Mean value of a deal (not the median: that is lower). Not with the shape table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<Quantity>,
    /// Standard deviation over mean, from deal to deal. Not with the shape table.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(default = "default_size_cv_schema", range(min = 0, max = 10)))]
    pub cv: Option<f64>,
    /// The shape of the sizes.
    #[cfg_attr(feature = "schema", schemars(default = "MoneyShape::default"))]
    pub shape: MoneyShape,
    /// Whether these are amounts of a whole contract or of a year of it.
    #[serde(skip_serializing_if = "SizePer::is_contract")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub per: SizePer,
    /// The amounts of the shape table, one of which each deal has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(min = 1, max = 1000)))]
    pub values: Vec<f64>,
    /// How much each of these weighs; all the same if absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(min = 1, max = 1000)))]
    pub weights: Vec<Quantity>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// What a deal size is the amount of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum SizePer {
    /// A whole contract, whatever its term.
    #[default]
    Contract,
    /// A year: a contract of T months is worth T/12 of it.
    Year,
}

impl SizePer {
    fn is_contract(&self) -> bool {
        *self == SizePer::Contract
    }
}

/// How strongly the market factor moves a region: the exponents β.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Exposure {
    /// Of the leads: a factor exp(β x − β² v / 2).
    #[cfg_attr(feature = "schema", schemars(default, range(min = -10, max = 10)))]
    pub leads: f64,
    /// Of the odds of winning: a factor exp(β x).
    #[cfg_attr(feature = "schema", schemars(default, range(min = -10, max = 10)))]
    pub conversion: f64,
    /// Of the deal size: a factor exp(β x − β² v / 2).
    #[cfg_attr(feature = "schema", schemars(default, range(min = -10, max = 10)))]
    pub deal_size: f64,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Leads that are neither won nor lost.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Stalled {
    /// The share, of the leads that are not won, that is never decided.
    pub share: Quantity,
    /// Days after its arrival at which such a lead is closed as lost; never if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 36_525)))]
    pub closed_after_days: Option<f64>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// How far the close dates that open deals state are kept.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct CloseDates {
    /// The share of the won deals that close by their date and what it slips; the others close as deals without a date do.
    pub kept: Quantity,
    /// How long after their date these close; on the day itself if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slip: Option<Cycle>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// What open deals are worth in the end, over what they are said to be worth.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct FinalAmount {
    /// The mean of that ratio; 1 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<Quantity>,
    /// Standard deviation over mean, from deal to deal.
    #[cfg_attr(feature = "schema", schemars(default, range(min = 0, max = 10)))]
    pub cv: f64,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Region {
    /// The term that it says all its contracts have; none where it says nothing, or several.
    pub fn only_term(&self) -> Option<usize> {
        match self.terms.as_slice() {
            [] => self.term_months,
            [term] => Some(term.months),
            _ => None,
        }
    }

    /// What it says of closing, where leads and open deals are decided day by day.
    pub fn daily_closing(&self) -> Option<&Closing> {
        self.closing.as_ref().filter(|closing| closing.is_daily())
    }
}

impl Growth {
    /// The phases; none where one rate holds for all months.
    pub fn phases(&self) -> &[GrowthPhase] {
        match self {
            Growth::Steady(_) => &[],
            Growth::Phases(phases) => phases,
        }
    }
}

impl Default for Growth {
    fn default() -> Growth {
        Growth::Steady(Quantity::default())
    }
}

impl Default for Leads {
    fn default() -> Leads {
        Leads {
            monthly: Some(Quantity::default()),
            activities: Vec::new(),
            growth: Growth::default(),
            ramp: default_ramp(),
            season: None,
            overdispersion: 0.0,
            note: None,
            source: None,
        }
    }
}

impl Default for DealSize {
    fn default() -> DealSize {
        DealSize {
            mean: Some(Quantity::default()),
            cv: Some(default_size_cv()),
            shape: MoneyShape::default(),
            per: SizePer::default(),
            values: Vec::new(),
            weights: Vec::new(),
            note: None,
            source: None,
        }
    }
}

pub(super) fn default_ramp() -> Vec<f64> {
    vec![1.0]
}

pub(super) fn default_cycle_cv() -> f64 {
    0.5
}

#[cfg(feature = "schema")]
fn default_cycle_cv_schema() -> Option<f64> {
    Some(default_cycle_cv())
}

#[cfg(feature = "schema")]
fn default_shape_schema() -> Option<TimeShape> {
    Some(TimeShape::default())
}

#[cfg(feature = "schema")]
fn default_size_cv_schema() -> Option<f64> {
    Some(default_size_cv())
}

pub(super) fn default_size_cv() -> f64 {
    0.8
}
