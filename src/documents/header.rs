//! What heads every document: how to repeat what it tells, and what that is about.

use std::path::Path;

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::fixed::{CorrelationInfo, FixedField, correlations, fixed_fields};
use super::manifest::Manifest;
use crate::model::{Model, Scope, ScopeKind};
use crate::scenario::{BacktestRecord, DataFile, Quantity, Region, Scenario, event_of, happens_path, in_region};
use crate::stats::to_digits;
#[cfg(any(feature = "markup", feature = "xlsx"))]
use crate::units::format::{capitalize, plain};
use crate::units::{Currency, Horizon, Month, Periods};

/// The header of a document. Whoever shows a document finds here all that it needs to know of the scenario.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Header {
    /// What repeats the run.
    pub manifest: Manifest,
    /// The name of the scenario.
    pub name: String,
    /// The name of the scenario's file, without its folder; empty where none is known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The day that the document bears, where one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The day before which everything is known, where one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// How the bands of earlier forecasts held, where the scenario names a back-test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backtest: Option<BacktestRecord>,
    /// The sentences that head every summary.
    pub assumptions: Vec<String>,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The currencies of regions that have one of their own, by their keys.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub currencies: IndexMap<String, Currency>,
    /// The dated changes and one-off deals, in the order of the scenario.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventInfo>,
    /// The first month of the horizon.
    pub start: Month,
    /// The number of months.
    pub months: usize,
    /// The calendar month (1 to 12) in which the fiscal year begins.
    pub fiscal_first_month: u32,
    /// The regions, tag values and the total, of which figures are told; none where they may differ from run to run, as in a history.
    pub scopes: Vec<ScopeInfo>,
    /// The uncertain inputs that are drawn one by one, in the order of the scenario.
    pub inputs: Vec<InputInfo>,
    /// The inputs that are fixed numbers.
    pub fixed: Vec<FixedField>,
    /// The correlations between inputs, as they were entered.
    pub correlations: Vec<CorrelationInfo>,
    /// How many pairs of uncertain inputs those correlate.
    pub correlated_pairs: usize,
}

/// A dated change or a one-off deal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EventInfo {
    /// What it is called.
    pub name: String,
    /// The path of whether it happens.
    pub path: String,
    /// The month in which it begins, without delay.
    pub month: Month,
    /// The chance that it happens, in the mean.
    pub chance: f64,
}

/// What a sum is formed over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScopeInfo {
    /// A region's key, `tag=value`, or `total`.
    pub key: String,
    /// What people call the scope.
    pub label: String,
    /// What kind of scope it is.
    pub kind: ScopeKind,
    /// The keys of its regions.
    pub regions: Vec<String>,
    /// Of a region: the share of its leads that become customers, with every input at its mean.
    pub win_rate: Option<f64>,
}

/// An uncertain input as it was entered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InputInfo {
    /// The path of the input in the scenario.
    pub path: String,
    /// What people call it: "Europe's win rate".
    pub label: String,
    /// The name of its law.
    pub law: String,
    /// The mean of the law.
    pub mean: f64,
    /// The standard deviation of the law.
    pub sd: f64,
    /// The 10 % point of the law.
    pub p10: f64,
    /// The median of the law.
    pub p50: f64,
    /// The 90 % point of the law.
    pub p90: f64,
    /// Why it is believed.
    pub note: Option<String>,
    /// Where it was found.
    pub source: Option<String>,
}

impl Header {
    /// The header of whatever is made of `scenario`, which means `model`.
    pub fn new(scenario: &Scenario, model: &Model) -> Header {
        let (correlations, correlated_pairs) = correlations(scenario);
        Header {
            manifest: Manifest::of(scenario, model),
            name: scenario.name.clone(),
            file: file_name(&scenario.file),
            date: scenario.date.or(scenario.as_of),
            as_of: scenario.as_of,
            backtest: scenario.backtest.clone(),
            assumptions: scenario.assumptions.clone(),
            currency: scenario.currency.clone(),
            currencies: currencies(scenario),
            events: events(scenario),
            start: model.horizon.start,
            months: model.horizon.months,
            fiscal_first_month: model.horizon.fiscal_first_month,
            scopes: model.scopes.iter().map(|scope| ScopeInfo::new(model, scope)).collect(),
            inputs: inputs(scenario, model),
            fixed: fixed_fields(scenario),
            correlations,
            correlated_pairs,
        }
    }

    /// The months that were played and the fiscal year that they lie in.
    pub fn horizon(&self) -> Horizon {
        Horizon { start: self.start, months: self.months, fiscal_first_month: self.fiscal_first_month }
    }

    /// The currency of the amount at a path: that of its region, or of the scenario.
    pub fn currency_of(&self, path: &str) -> &Currency {
        in_region(path).and_then(|(key, _)| self.currencies.get(key)).unwrap_or(&self.currency)
    }

    /// The day that the document bears, as people read it: "2027-03-01", "as of 2027-06-10", "2027-07-01, as of 2027-06-10".
    pub(crate) fn dated(&self) -> Option<String> {
        let as_of = self.as_of.map(|day| format!("as of {day}"));
        match self.date.filter(|date| Some(*date) != self.as_of) {
            Some(date) => Some(as_of.map_or_else(|| date.to_string(), |as_of| format!("{date}, {as_of}"))),
            None => as_of,
        }
    }

    /// What the document says of its making beside its figures: "Dated 2027-03-01, from plan.json".
    #[cfg(any(feature = "markup", feature = "xlsx"))]
    pub(crate) fn origin(&self) -> Option<String> {
        let file = plain(&self.file);
        let dated =
            |dated: String| if dated.starts_with("as of") { capitalize(&dated) } else { format!("Dated {dated}") };
        match (self.dated().map(dated), file.is_empty()) {
            (Some(dated), true) => Some(dated),
            (Some(dated), false) => Some(format!("{dated}, from {file}")),
            (None, true) => None,
            (None, false) => Some(format!("From {file}")),
        }
    }

    /// How many months lie wholly before the as-of day: what is told of them is known.
    pub fn months_known(&self) -> usize {
        let before = |day: Date| usize::try_from(Month::of(day).since(self.start)).unwrap_or(0);
        self.as_of.map_or(0, before)
    }

    /// Whether a period lies wholly before the as-of day, by its label.
    pub fn is_over(&self, period: &str) -> bool {
        matches!(self.horizon().parse(period), Ok(Periods::One(period)) if period.months.end <= self.months_known())
    }

    /// The table of joint draws that gives some inputs their values, where there is one.
    pub fn joint_draws(&self) -> Option<&DataFile> {
        self.manifest.data.iter().find(|file| !file.columns.is_empty())
    }

    /// What the share of variance that inputs bring comes from: ranges that somebody entered, or inputs that are drawn together.
    pub(crate) fn ranges_named(&self) -> &'static str {
        if self.joint_draws().is_some() { "the inputs" } else { "the ranges entered" }
    }

    /// Whether any input is not a fixed number.
    pub fn has_ranges(&self) -> bool {
        !self.inputs.is_empty() || self.joint_draws().is_some()
    }

    /// A scope by its key.
    pub fn scope(&self, key: &str) -> Option<&ScopeInfo> {
        self.scopes.iter().find(|scope| scope.key == key)
    }

    /// A header of which no more is known than how to repeat the run, and its months.
    pub(crate) fn bare(manifest: Manifest, horizon: Horizon) -> Header {
        Header {
            manifest,
            name: String::new(),
            file: String::new(),
            date: None,
            as_of: None,
            backtest: None,
            assumptions: Vec::new(),
            currency: Currency::default(),
            currencies: IndexMap::new(),
            events: Vec::new(),
            start: horizon.start,
            months: horizon.months,
            fiscal_first_month: horizon.fiscal_first_month,
            scopes: Vec::new(),
            inputs: Vec::new(),
            fixed: Vec::new(),
            correlations: Vec::new(),
            correlated_pairs: 0,
        }
    }

    /// A header that says nothing, for a body that is read before its header is put to it.
    pub(crate) fn blank() -> Header {
        Header::bare(Manifest::default(), Horizon { start: Month::default(), months: 0, fiscal_first_month: 1 })
    }
}

fn currencies(scenario: &Scenario) -> IndexMap<String, Currency> {
    let own = |(key, region): (&String, &Region)| {
        let currency = region.currency.as_deref().and_then(Currency::new)?;
        (currency.code() != scenario.currency.code()).then(|| (key.clone(), currency))
    };
    scenario.regions.iter().filter_map(own).collect()
}

fn events(scenario: &Scenario) -> Vec<EventInfo> {
    let info = |section: &str, name: &str, month: Month, happens: &Quantity| EventInfo {
        name: name.to_owned(),
        path: happens_path(section, name),
        month,
        chance: to_digits(happens.law().mean(), 6),
    };
    let changes = scenario.changes.iter().map(|change| info("changes", &change.name, change.from, &change.happens));
    let deals = scenario.one_offs.iter().map(|deal| info("one_offs", &deal.name, deal.month, &deal.happens));
    changes.chain(deals).collect()
}

/// The name of a scenario's file, without its folder and what else is said of it.
pub(crate) fn file_name(file: &str) -> String {
    Path::new(file).file_name().unwrap_or_default().to_string_lossy().into_owned()
}

impl ScopeInfo {
    fn new(model: &Model, scope: &Scope) -> ScopeInfo {
        let win_rate = match (scope.kind, scope.regions.as_slice()) {
            // Where only open deals are won no lead is.
            (ScopeKind::Region, [r])
                if model.running.is_none() || model.regions[*r].monthly.at(&model.mean_inputs()) > 0.0 =>
            {
                Some(to_digits(model.regions[*r].funnel.win_rate(&model.mean_inputs()), 6))
            }
            _ => None,
        };
        ScopeInfo {
            key: scope.key.clone(),
            label: scope.label.clone(),
            kind: scope.kind,
            regions: scope.regions.iter().map(|r| model.regions[*r].key.clone()).collect(),
            win_rate,
        }
    }
}

fn inputs(scenario: &Scenario, model: &Model) -> Vec<InputInfo> {
    let quantities = scenario.quantities();
    model
        .inputs
        .iter()
        .map(|input| {
            // What is said of an event is said of its chance.
            let written = match event_of(&input.path) {
                Some(_) => input.path.replace("].happens", "].chance"),
                None => input.path.clone(),
            };
            let quantity = quantities.iter().find(|(path, _)| *path == written).map(|(_, quantity)| *quantity);
            let digits = |x: f64| to_digits(x, 6);
            InputInfo {
                path: input.path.clone(),
                label: scenario.label(&input.path),
                law: input.law.name().to_owned(),
                mean: digits(input.law.mean()),
                sd: digits(input.law.sd()),
                p10: digits(input.law.quantile(0.1)),
                p50: digits(input.law.quantile(0.5)),
                p90: digits(input.law.quantile(0.9)),
                note: quantity.and_then(|q| q.note()).map(str::to_owned),
                source: quantity.and_then(|q| q.source()).map(str::to_owned),
            }
        })
        .collect()
}
