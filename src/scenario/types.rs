//! What a scenario file holds, defaults filled in. `docs/scenario.md` has every field with unit and default.

use std::path::PathBuf;

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::Serialize;

use super::backtest_record::BacktestRecord;
use super::changes::{Change, OneOff, Rate};
use super::claims::Claims;
use super::closing::ClosingOfAll;
use super::lever::Lever;
use super::metric::Metric;
use super::needs::Needs;
use super::region::Region;
use super::running::{Actual, ContractInForce, DataFile, JointDraws, OpenDeal};
use crate::units::{Currency, Horizon, Month};

/// A whole scenario: how each region gets leads, wins them, how long that takes and what a deal is worth.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Scenario {
    /// The file it was read from, for messages.
    #[serde(skip)]
    pub file: String,
    /// The day that what is made of it bears, if any; it is no field of the file.
    #[serde(skip)]
    pub date: Option<Date>,
    /// What the scenario is called.
    pub name: String,
    /// Sentences that head every summary: what was assumed or solved for.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub assumptions: Vec<String>,
    /// Three capital letters, such as EUR.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema_types::currency"))]
    pub currency: Currency,
    /// The first month, such as 2027-01.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema_types::month"))]
    pub start: Month,
    /// The number of months that are forecast.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 600)))]
    pub months: usize,
    /// Where the fiscal year begins; fiscal quarters and years are reported when this is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fiscal_year: Option<FiscalYear>,
    /// The day, such as 2027-05-10, before which everything is known; the first day of `start` if absent.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_optional_text")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")))]
    pub as_of: Option<Date>,
    /// The last day that is played, of the last month; that month's last one if absent.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_optional_text")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")))]
    pub until: Option<Date>,
    /// The export that a batch fits onto this scenario before each run; other commands play the scenario as it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fitted_from: Option<FittedFrom>,
    /// How the bands of earlier forecasts held: the name of a file of `revcast backtest`, relative to this file. It changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema_types::backtest"))]
    pub backtest: Option<BacktestRecord>,
    /// What happened before the as-of day: rows, or the name of a CSV file with them, relative to this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema_types::actuals"))]
    pub actuals: Option<Vec<Actual>>,
    /// The deals that are open on the as-of day: rows, or the name of a CSV file with them, relative to this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema_types::pipeline"))]
    pub pipeline: Option<Vec<OpenDeal>>,
    /// The contracts in force on the as-of day: rows, or the name of a CSV file with them, relative to this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema_types::contracts"))]
    pub contracts: Option<Vec<ContractInForce>>,
    /// Joint draws of quantities, from a file: their rows take the place of these quantities' own laws.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draws: Option<JointDraws>,
    /// The files that rows were taken from.
    #[serde(skip)]
    pub data: Vec<DataFile>,
    /// How many futures are played, and from which seed.
    #[cfg_attr(feature = "schema", schemars(default = "Simulation::default"))]
    pub simulation: Simulation,
    /// Terms of a contract.
    #[cfg_attr(feature = "schema", schemars(default = "Contract::default"))]
    pub contract: Contract,
    /// The market factor that all regions share.
    #[cfg_attr(feature = "schema", schemars(default = "Market::default"))]
    pub market: Market,
    /// What holds for the closing of deals in all regions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closing: Option<ClosingOfAll>,
    /// The selling lines; keys are lower-case letters, digits and underscores.
    #[cfg_attr(feature = "schema", schemars(schema_with = "super::schema_types::regions"))]
    pub regions: IndexMap<String, Region>,
    /// What changes from a month on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(max = 100)))]
    pub changes: Vec<Change>,
    /// Deals that are planned one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(max = 1_000)))]
    pub one_offs: Vec<OneOff>,
    /// What a unit of each currency that regions sell in is worth.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub rates: IndexMap<String, Rate>,
    /// Correlations between uncertain inputs.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub correlations: Vec<Correlation>,
    /// Money spent on selling.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub investment: Vec<Investment>,
    /// What is asked for; the first one is the main figure.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub targets: Vec<Target>,
    /// Amounts that people have called, to be held against the forecast.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub calls: Vec<Call>,
    /// Things that one could do, with their cost; they change no forecast.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, length(max = 100)))]
    pub levers: Vec<Lever>,
    /// What the plan states, in its own words, for `revcast check` to hold against each other; it changes no forecast.
    #[serde(rename = "stated", skip_serializing_if = "Option::is_none")]
    pub claims: Option<Claims>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// The fiscal year, by which quarters and years may be reported beside those of the calendar.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct FiscalYear {
    /// The calendar month, 1 to 12, in which it begins. FY28 is the fiscal year that ends in 2028.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 12)))]
    pub first_month: u32,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// The export of a CRM that a batch fits onto a scenario, as `revcast fit --onto` does.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct FittedFrom {
    /// The export's file, relative to this file.
    pub export: String,
    /// Options of `revcast fit`, such as "--map region=Territory"; files in them are relative to this file, too.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub options: Vec<String>,
    /// The folder that they are relative to; it is no field of the file.
    #[serde(skip)]
    pub folder: PathBuf,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Size and seed of the simulation.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Simulation {
    /// The number of trials: futures that are simulated.
    #[cfg_attr(feature = "schema", schemars(default = "default_trials", range(min = 1, max = 100_000_000)))]
    pub trials: u64,
    /// The seed: the same seed gives the same forecast.
    #[cfg_attr(feature = "schema", schemars(default = "default_seed"))]
    pub seed: u64,
    /// The metrics that are played, stored and shown, with those that targets and calls are of; all where none are named.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub metrics: Vec<Metric>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Terms of a contract.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Contract {
    /// Months until a contract comes up for renewal.
    #[cfg_attr(feature = "schema", schemars(default = "default_term", range(min = 1, max = 600)))]
    pub term_months: usize,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// The market factor x: one a trial, x of a month = persistence · x of the month before + a new shock.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Market {
    /// Its standard deviation in any one month.
    #[cfg_attr(feature = "schema", schemars(default, range(min = 0, max = 5)))]
    pub volatility: f64,
    /// How much of a month's factor carries over to the next, 0 to below 1.
    #[cfg_attr(feature = "schema", schemars(default, range(min = 0, max = 0.9999)))]
    pub persistence: f64,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Two uncertain inputs that go together.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Correlation {
    /// The paths of the two inputs; * stands for all regions.
    pub between: [String; 2],
    /// The correlation of the standard normals behind them, −1 to 1.
    #[cfg_attr(feature = "schema", schemars(range(min = -1, max = 1)))]
    pub rho: f64,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// An item of investment, spread evenly over its months.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Investment {
    /// What the money is spent on.
    pub name: String,
    /// The amount over all of its months together.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub amount: f64,
    /// The first month it is spent in, counted from 1.
    #[cfg_attr(feature = "schema", schemars(default = "default_first_month", range(min = 1, max = 600)))]
    pub from_month: usize,
    /// The number of months that it is spread over.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 600)))]
    pub months: usize,
    /// A region's key, if the money is spent for one region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A target: a metric of a period, to be at least so much.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Target {
    /// The target's name, which no other target has.
    pub name: String,
    /// The metric that is to reach the level.
    pub metric: Metric,
    /// 2027-03, 2027-Q1, 2027, FY28-Q1, 2027..2028, to 2028-12, total, each-month or each-quarter.
    pub period: String,
    /// The level to be reached.
    pub at_least: f64,
    /// A region's key, if the target is for one region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// One or more tags with their values, if the target is for the regions that carry all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<IndexMap<String, String>>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// An amount that somebody has called.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Call {
    /// The person who called the amount.
    pub who: String,
    /// What kind of call it is, such as commit or best case.
    #[cfg_attr(feature = "schema", schemars(default = "default_call"))]
    pub name: String,
    /// The day on which it was called, such as 2027-01-15.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_optional_text")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")))]
    pub date: Option<Date>,
    /// What is called; the first target's metric if absent, bookings without targets.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Metric>"))]
    pub metric: Metric,
    /// The period that the amount is for, written as in targets; it is one period.
    pub period: String,
    /// The amount, in the unit of the metric.
    pub amount: f64,
    /// A region's key, if the call is for one region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// One or more tags with their values, if the call is for the regions that carry all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<IndexMap<String, String>>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Scenario {
    /// The months it plays and its fiscal year (from January where none is given).
    pub fn horizon(&self) -> Horizon {
        Horizon {
            start: self.start,
            months: self.months,
            fiscal_first_month: self.fiscal_year.as_ref().map_or(1, |f| f.first_month),
        }
    }

    /// The as-of day: the first day of `start` where none is given.
    pub fn as_of_day(&self) -> Date {
        let first = Date::new(self.start.year() as i16, self.start.number() as i8, 1);
        self.as_of.or(first.ok()).unwrap_or_default()
    }

    /// Whether the business is already running: an as-of day or what was there on it is given.
    pub fn is_running(&self) -> bool {
        self.as_of.is_some() || self.actuals.is_some() || self.pipeline.is_some() || self.contracts.is_some()
    }

    /// Whether costs are told by region: by a gross margin, a team, or an item of investment that names a region.
    pub fn has_costs(&self) -> bool {
        self.has_margin() || self.has_team() || self.investment.iter().any(|item| item.region.is_some())
    }

    /// Whether any region has people of its own.
    pub fn has_team(&self) -> bool {
        self.regions.values().any(|region| region.team.is_some())
    }

    /// Whether it has gross margins, in every region.
    pub fn has_margin(&self) -> bool {
        self.regions.values().any(|region| region.gross_margin.is_some())
    }

    /// What the scenario would have to give for a metric to exist; `None` where it does.
    pub(crate) fn lacking(&self, metric: Metric) -> Option<&'static str> {
        let needs = metric.spec().needs;
        let has = match needs {
            Needs::Nothing => true,
            Needs::Running => self.is_running(),
            Needs::Contracts => self.contracts.is_some(),
            Needs::Costs => self.has_costs(),
            Needs::Margin => self.has_margin(),
            Needs::Team => self.has_team(),
        };
        (!has).then(|| needs.fields())
    }

    /// The shortest term of a contract, in force or to be signed, in months.
    pub fn shortest_term(&self) -> usize {
        let in_force = self.contracts.iter().flatten().filter_map(|contract| contract.term_months);
        let of_regions = self.regions.values().flat_map(|region| match region.terms.as_slice() {
            [] => vec![region.term_months.unwrap_or(self.contract.term_months)],
            terms => terms.iter().map(|term| term.months).collect(),
        });
        in_force.chain(of_regions).min().unwrap_or(self.contract.term_months)
    }

    /// The month of the as-of day, counted from 0.
    pub fn as_of_month(&self) -> usize {
        self.horizon().position(self.as_of_day()).max(0.0) as usize
    }

    /// How many months have begun before the as-of day: those that actuals are known of.
    pub fn known_months(&self) -> usize {
        libm::ceil(self.horizon().position(self.as_of_day()).max(0.0)) as usize
    }
}

impl Default for Simulation {
    fn default() -> Simulation {
        Simulation { trials: default_trials(), seed: default_seed(), metrics: Vec::new(), note: None, source: None }
    }
}

impl Default for Contract {
    fn default() -> Contract {
        Contract { term_months: default_term(), note: None, source: None }
    }
}

pub(super) fn default_trials() -> u64 {
    10_000
}

pub(super) fn default_seed() -> u64 {
    1
}

pub(super) fn default_term() -> usize {
    12
}

pub(super) fn default_call() -> String {
    "call".to_owned()
}

pub(super) fn default_first_month() -> usize {
    1
}

fn as_text<T: std::fmt::Display, S: serde::Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn as_optional_text<T: std::fmt::Display, S: serde::Serializer>(
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}
