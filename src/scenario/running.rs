//! A business that is already running: what happened before the as-of day, the deals that are open on it, the contracts in force.

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::metric::Metric;
use crate::units::Month;

/// A figure of a month that is over: the same in every trial.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Actual {
    /// The key of a region.
    pub region: String,
    /// bookings, renewals, leads, won_deals, lost_deals, revenue, customers or arr.
    pub metric: Metric,
    /// The month, such as 2027-03.
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema_types::month"))]
    pub month: Month,
    /// The amount, in the scenario's currency where it is money.
    pub amount: f64,
}

/// A deal that is open on the as-of day, or several that are alike.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct OpenDeal {
    /// What no other row is called: it addresses the deal's draws.
    pub id: String,
    /// The key of its region; may be left out where there is one.
    pub region: String,
    /// The day on which it was created.
    #[cfg_attr(feature = "schema", schemars(with = "String", regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")))]
    pub created: Date,
    /// The stage that it is in, where the region has stages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// The day on which it came into its stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")))]
    pub stage_since: Option<Date>,
    /// What it is worth over the whole term, all of them together; that of a new deal if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub amount: Option<f64>,
    /// The day on which it is expected to close.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")))]
    pub close_date: Option<Date>,
    /// Its own chance of being won, in place of that by its age.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1)))]
    pub win_probability: Option<f64>,
    /// How many deals alike the row stands for.
    #[serde(skip_serializing_if = "is_one")]
    #[cfg_attr(feature = "schema", schemars(default = "one", range(min = 1, max = 1_000_000)))]
    pub count: usize,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// A contract in force on the as-of day, or several that are alike.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct ContractInForce {
    /// What no other row is called: it addresses the contract's draws.
    pub id: String,
    /// The key of its region; may be left out where there is one.
    pub region: String,
    /// What it is worth a year, all of them together.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub annual_value: f64,
    /// The month in which it next comes up for renewal, such as 2027-09, or `evenly`: customers one after the other over a term.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub renews: Due,
    /// How many customers alike the row stands for.
    #[serde(skip_serializing_if = "is_one")]
    #[cfg_attr(feature = "schema", schemars(default = "one", range(min = 1, max = 1_000_000)))]
    pub count: usize,
    /// Months between two renewals; the contract's term if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 600)))]
    pub term_months: Option<usize>,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// When contracts next come up for renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// All of them in one month.
    In(Month),
    /// One customer after the other, spread over a term.
    Evenly,
}

/// A table of joint draws of quantities: trial t takes row t, from the first row on again after the last.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct JointDraws {
    /// The name of a Parquet or CSV file, relative to this one, whose columns are called by the paths of quantities.
    pub file: String,
    /// The number of its rows.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1_000_000)))]
    pub rows: usize,
    /// The SHA-256 of its bytes, which is held against them where it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A table that the scenario names: where its rows came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataFile {
    /// The section of the scenario that it fills: actuals, pipeline, contracts or draws.
    pub section: String,
    /// The name of the file, as the scenario has it.
    pub file: String,
    /// The number of rows taken from it.
    pub rows: usize,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// What its rows have besides the fields of the section, such as an owner or a forecast category.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<OtherColumn>,
    /// Of joint draws: the values of each column, by the path of its quantity, row by row.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub columns: IndexMap<String, Vec<f64>>,
}

/// A column of a table that is no field of its section: each of its texts once, and which of them a row has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherColumn {
    /// What the table calls it.
    pub name: String,
    /// The texts that stand in it, in the order in which they first do; an empty one where nothing stands.
    pub texts: Vec<String>,
    /// For each row, in the order of the section's rows, the place of its text in `texts`, from 0.
    pub rows: Vec<u32>,
}

impl OtherColumn {
    /// A column of these cells, one a row.
    #[cfg(feature = "export")]
    pub(super) fn of<'a>(name: &str, cells: impl Iterator<Item = &'a str>) -> OtherColumn {
        let mut texts: indexmap::IndexSet<&str> = indexmap::IndexSet::new();
        let rows = cells.map(|cell| texts.insert_full(cell).0 as u32).collect();
        OtherColumn { name: name.to_owned(), texts: texts.into_iter().map(str::to_owned).collect(), rows }
    }

    /// The text of a row, counted from 0; empty where nothing stands.
    pub fn text(&self, row: usize) -> &str {
        let place = self.rows.get(row).and_then(|place| self.texts.get(*place as usize));
        place.map_or("", String::as_str)
    }
}

impl Serialize for Due {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Due::In(month) => serializer.collect_str(month),
            Due::Evenly => serializer.serialize_str("evenly"),
        }
    }
}

/// The metrics that actuals may be given of.
pub(super) const OF_ACTUALS: [Metric; 8] = [
    Metric::Bookings,
    Metric::Renewals,
    Metric::Leads,
    Metric::WonDeals,
    Metric::LostDeals,
    Metric::Revenue,
    Metric::Customers,
    Metric::Arr,
];

fn is_one(count: &usize) -> bool {
    *count == 1
}

#[cfg(feature = "schema")]
fn one() -> usize {
    1
}
