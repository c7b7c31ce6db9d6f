//! Figures of a plan in the words in which they were stated, to be held against each other. They change no number of a
//! forecast.

mod read;
mod said;

use indexmap::IndexMap;
use serde::Serialize;

use super::metric::Metric;

pub(super) use read::{check, stated};
use said::Coarsest;
pub use said::{Bound, Said};

/// What a plan states, beside what is simulated. Every list may be left out.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
#[serde(default)]
pub struct Stated {
    /// Amounts and counts of a period: revenue, leads, pipeline.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<Figure>,
    /// Averages over all regions, or of one region where the region's own fields do not say it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub averages: Vec<Average>,
    /// How wins or leads are shared out among the regions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mix: Option<Mix>,
    /// Rates of growth.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub growth: Vec<Grows>,
    /// When selling starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launch: Option<Launch>,
    /// How many times the open pipeline covers a month's or a quarter's bookings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coverage: Vec<Coverage>,
    /// Returns on investment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub returns: Vec<Return>,
    /// Quota attainment of all, or of a region.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<Quota>,
    /// Classes of sellers with their share and their quota attainment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub performers: Vec<Performers>,
    /// What a seller does in a week, in the order in which one follows from another.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub activities: Vec<Activity>,
    /// How many customers one head serves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub staffing: Vec<Staffing>,
    /// The budget, line by line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub budget: Vec<BudgetLine>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Stated {
    /// Whether no figure is stated at all.
    pub fn is_empty(&self) -> bool {
        let lists = [
            self.figures.len(),
            self.averages.len(),
            self.growth.len(),
            self.coverage.len(),
            self.returns.len(),
            self.quotas.len(),
            self.performers.len(),
            self.activities.len(),
            self.staffing.len(),
            self.budget.len(),
        ];
        lists.iter().all(|entries| *entries == 0) && self.mix.is_none() && self.launch.is_none()
    }
}

/// A stated amount or count of a period.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Figure {
    /// The words it was stated in, such as "Annual revenue".
    pub name: String,
    /// What is measured.
    pub metric: Metric,
    /// As in targets, and also beyond the months played.
    pub period: String,
    /// How much.
    pub value: Said,
    /// A region's key, if it is of one region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// One or more tags with their values, if it is of the regions that carry all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<IndexMap<String, String>>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A stated average over deals, leads or customers.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Average {
    /// The words it was stated in.
    pub name: String,
    /// Of what.
    pub of: Averaged,
    /// How much: currency, a share, or days.
    pub value: Said,
    /// Which average it was said to be.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub kind: AverageKind,
    /// A region's key, if it is of one region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// What an average is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Averaged {
    /// The value of a deal, over deals won.
    DealSize,
    /// The share of leads won, over leads.
    WinRate,
    /// Days from lead to decision, over deals won or over leads.
    CycleDays,
    /// The yearly share of customers who renew, over customers.
    Retention,
}

/// Which average a figure was said to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AverageKind {
    /// A mean, nothing said about weights.
    #[default]
    Mean,
    /// A weighted mean.
    WeightedMean,
    /// A median.
    Median,
}

/// How wins or leads are shared out among the regions.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Mix {
    /// What is shared out.
    pub of: MixOf,
    /// Each region's share, by key.
    pub shares: IndexMap<String, Said>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// What a mix shares out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MixOf {
    /// Deals won.
    Wins,
    /// Leads.
    Leads,
}

/// A stated rate of growth.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Grows {
    /// The words it was stated in.
    pub name: String,
    /// What grows.
    pub metric: Metric,
    /// How much; 0.15 is 15 %.
    pub rate: Said,
    /// In what time.
    pub per: Per,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// The time that a rate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// A year.
    Year,
}

impl Per {
    /// How many months that is.
    pub fn months(self) -> usize {
        match self {
            Per::Month => 1,
            Per::Quarter => 3,
            Per::Year => 12,
        }
    }
}

/// When selling starts.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Launch {
    /// The first month of selling, counted from 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 600)))]
    pub month: usize,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// How many times the open pipeline covers the bookings that are due.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Coverage {
    /// The words it was stated in.
    pub name: String,
    /// Pipeline value over the bookings of the period.
    pub value: Said,
    /// Whose bookings.
    pub per: Per,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A stated return on investment, with what it was worked out from.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Return {
    /// The words it was stated in.
    pub name: String,
    /// The return; 4 is 400 %.
    pub roi: Said,
    /// What was invested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invested: Option<Said>,
    /// Over which period that is spent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invested_in: Option<String>,
    /// The revenue it brings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned: Option<Said>,
    /// In which period that comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned_in: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Stated quota attainment.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Quota {
    /// The words it was stated in.
    pub name: String,
    /// The share of the quota that is reached; 1.2 is 120 %.
    pub attainment: Said,
    /// A region's key, if it is of one region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A class of sellers.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Performers {
    /// What they are called, such as "top".
    pub name: String,
    /// Their share of all sellers.
    pub share: Said,
    /// The share of the quota that they reach; 1.2 is 120 %.
    pub attainment: Said,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Something that a seller does, so many times a week.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Activity {
    /// What it is, in the plural: "calls", "demos".
    pub name: String,
    /// How many a seller and week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_week: Option<Said>,
    /// The share of those it follows from that lead to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Said>,
    /// The activities it follows from, by name; the one before if absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub from: Vec<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// How many customers one head serves.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Staffing {
    /// The words it was stated in, such as "Enterprise AEs".
    pub name: String,
    /// The budget line that pays them, by name.
    pub role: String,
    /// Customers a head.
    pub customers_per_head: Said,
    /// A region's key, if it is of one region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A line of the budget.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BudgetLine {
    /// What the money is for.
    pub name: String,
    /// How much.
    pub amount: Said,
    /// For how many months; those of the line it is part of if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 600)))]
    pub months: Option<usize>,
    /// The line that it is part of, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// Its share of that line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<Said>,
    /// What a head of this role costs a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yearly_cost_per_head: Option<Said>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}
