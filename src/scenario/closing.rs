//! When deals close: held to the quarter's end, or decided day by day with chances by age.

use indexmap::IndexMap;
use serde::Serialize;

use super::quantity::Quantity;

/// When deals close. With `table`, `rhythm`, `volatility`, `now` or `by_stage` leads and open deals are decided day by day.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Closing {
    /// The share, of the deals won in the first two months of a quarter, that is won in its last month instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_to_quarter_end: Option<Quantity>,
    /// The chances a day of being won and lost, by age; in place of `conversion`, `cycle`, `lost_cycle` and `stalled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<ClosingTable>,
    /// Factors on these chances by the place of the month in its quarter, or by calendar month; only their proportions count.
    #[serde(skip_serializing_if = "Rhythm::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub rhythm: Rhythm,
    /// The standard deviation of the monthly steps of the logarithm of a factor on these chances.
    #[serde(skip_serializing_if = "PerOutcome::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub volatility: PerOutcome,
    /// The logarithm of that factor in the month of the as-of day.
    #[serde(skip_serializing_if = "PerOutcome::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub now: PerOutcome,
    /// Factors on the chances of open deals, by the stage that they are in.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub by_stage: IndexMap<String, PerOutcome>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Chances a day by age: each holds from its age to before the next one, the last for good.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct ClosingTable {
    /// Whole days, ascending from 0.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub ages: Vec<usize>,
    /// The chance of being won on a day, from each of the ages on.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub won: Vec<Quantity>,
    /// The chance of being lost on a day, from each of the ages on.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub lost: Vec<Quantity>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Factors by month: three by its place in the (fiscal, else calendar) quarter, or twelve, January to December.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Rhythm {
    /// On the chance of being won; all 1 if absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(min = 3, max = 12)))]
    pub won: Vec<Quantity>,
    /// On the chance of being lost; all 1 if absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(min = 3, max = 12)))]
    pub lost: Vec<Quantity>,
}

/// A quantity for each of the two outcomes.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct PerOutcome {
    /// That of being won.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub won: Option<Quantity>,
    /// That of being lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<Quantity>,
}

/// What holds for the closing of deals in all regions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct ClosingOfAll {
    /// Whether the steps of `volatility` are the same in all regions.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub shared: bool,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Rhythm {
    fn is_empty(&self) -> bool {
        self.won.is_empty() && self.lost.is_empty()
    }
}

impl PerOutcome {
    fn is_empty(&self) -> bool {
        self.won.is_none() && self.lost.is_none()
    }
}

impl Closing {
    /// Whether leads and open deals are decided day by day.
    pub fn is_daily(&self) -> bool {
        self.table.is_some()
            || !self.rhythm.is_empty()
            || !self.volatility.is_empty()
            || !self.now.is_empty()
            || !self.by_stage.is_empty()
    }
}
