//! What changes while months are played: dated changes of fields, deals that are planned one by one, currencies, terms of contracts.

use indexmap::IndexMap;
use serde::Serialize;

use super::quantity::Quantity;
use crate::units::Month;

/// A change of some fields from a month on: each is multiplied by a factor for as long as the change is in force.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Change {
    /// What it is called, unlike the others.
    pub name: String,
    /// The first month in which it is in force, such as 2027-07.
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema_types::month"))]
    pub from: Month,
    /// The last month in which it is in force; the last one played if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", regex(pattern = "^[0-9]{4}-[0-9]{2}$")))]
    pub until: Option<Month>,
    /// How many months later it begins and ends, rounded half up; 0 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_months: Option<Quantity>,
    /// The chance that it happens at all; 1 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<Quantity>,
    /// The paths of fields with the factor on each; * stands for all regions that have the field.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub multiply: IndexMap<String, Quantity>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Whether it happens: 1 with its chance, else 0.
    #[serde(skip)]
    pub happens: Quantity,
}

/// A deal that is planned by itself: won, if it is, in a given month.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct OneOff {
    /// What it is called, unlike the others.
    pub name: String,
    /// The key of a region.
    pub region: String,
    /// The month in which it is won, such as 2027-09.
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema_types::month"))]
    pub month: Month,
    /// What it is worth over its whole term.
    pub amount: Quantity,
    /// The chance that it is won; 1 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<Quantity>,
    /// How many months later it is won, rounded half up; 0 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_months: Option<Quantity>,
    /// Whether it is a contract that comes up for renewal; if not, its amount is revenue of the month.
    #[serde(skip_serializing_if = "is_true")]
    #[cfg_attr(feature = "schema", schemars(default = "yes"))]
    pub renews: bool,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Whether it is won: 1 with its chance, else 0.
    #[serde(skip)]
    pub happens: Quantity,
}

/// What a unit of a currency is worth in the scenario's.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Rate {
    /// The rate in the month of the as-of day.
    pub rate: Quantity,
    /// The standard deviation of the logarithm of its change over a year.
    #[cfg_attr(feature = "schema", schemars(default, range(min = 0, max = 5)))]
    pub volatility: f64,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A term that a part of the contracts has.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Term {
    /// Months until a contract comes up for renewal.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 600)))]
    pub months: usize,
    /// The share of the deals won that have it; the shares add up to 1.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub share: f64,
}

fn is_true(renews: &bool) -> bool {
    *renews
}

#[cfg(feature = "schema")]
fn yes() -> bool {
    true
}

/// 1 with a chance, which may itself be uncertain, else 0.
pub(super) fn happens(chance: Option<&Quantity>) -> Quantity {
    Quantity::event(chance.map_or(1.0, |chance| chance.law().mean()))
}
