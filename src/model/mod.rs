//! What a scenario means: validated, immutable, units settled, tables ready. The one door is [`resolve`].

mod budget;
#[cfg(feature = "export")]
mod budget_sheet;
mod figure;
mod hash;
mod parameter_value;
mod region;
mod resolve;
mod schedule;

use crate::chance::{Copula, Distribution};
use crate::scenario::Metric;
use crate::units::{Horizon, Period, Periods};

pub use budget::Budget;
pub use figure::{Figure, FigureKey};
pub use hash::scenario_hash;
pub(crate) use hash::{canonical, digest, meaning};
pub use parameter_value::ParameterValue;
pub use region::{Cycle, Funnel, Region, Stage};
pub use resolve::resolve;
pub use schedule::{ExpectedLeads, ParameterSchedule, Schedule};

/// A scenario ready to be played.
#[derive(Clone, Debug)]
pub struct Model {
    /// The months played.
    pub horizon: Horizon,
    /// Whether fiscal quarters and years are reported.
    pub fiscal: bool,
    /// How many futures are played.
    pub trials: usize,
    /// The seed.
    pub seed: u64,
    /// Months of a contract.
    pub term: usize,
    /// The uncertain inputs, in the order of their paths.
    pub inputs: Vec<Input>,
    /// How they go together.
    pub copula: Copula,
    /// The pairs of inputs that are correlated.
    pub correlated: Vec<(usize, usize)>,
    /// The market factor.
    pub market: Market,
    /// The selling lines, in the file's order.
    pub regions: Vec<Region>,
    /// What sums are formed over: each region, each tag value, last the total.
    pub scopes: Vec<Scope>,
    /// Money spent in each month.
    pub investment: Vec<f64>,
    /// What is asked for.
    pub targets: Vec<Target>,
    /// What people have called.
    pub calls: Vec<Call>,
}

/// An uncertain input.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its path in the scenario.
    pub path: String,
    /// Its law.
    pub law: Distribution,
}

/// The market factor: x₀ ~ N(0, volatility²), xₘ = persistence·xₘ₋₁ + noise, with that same variance in every month.
#[derive(Clone, Copy, Debug)]
pub struct Market {
    /// Standard deviation of x in any month.
    pub volatility: f64,
    /// φ.
    pub persistence: f64,
}

/// What a sum is formed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// A region's key, `tag=value`, or `total`.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// What kind it is.
    pub kind: ScopeKind,
    /// Indices of its regions, in the order of their keys, so that sums do not depend on the order of the file.
    pub regions: Vec<usize>,
}

/// Kinds of scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    /// One region.
    Region,
    /// All regions that carry a tag value.
    Tag,
    /// All regions that carry several tags together, as a target or a call names them.
    Tags,
    /// Everything.
    Total,
}

/// A target, its period found.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// What is measured.
    pub metric: Metric,
    /// When.
    pub periods: Periods,
    /// The level to be reached.
    pub at_least: f64,
    /// Over which scope (an index).
    pub scope: usize,
}

/// A call, its period found.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is called.
    pub metric: Metric,
    /// For when.
    pub period: Period,
    /// How much.
    pub amount: f64,
    /// Over which scope (an index).
    pub scope: usize,
}

impl Market {
    /// exp(−β² v / 2), which makes the mean of the factor exp(β x) of an exposure β 1; v is the variance of x.
    pub fn mean_correction(&self, exposure: f64) -> f64 {
        libm::exp(-0.5 * exposure * exposure * (self.volatility * self.volatility))
    }
}

impl Model {
    /// Whether the market factor moves any region.
    pub fn market_moves(&self) -> bool {
        self.market.volatility > 0.0 && self.regions.iter().any(|region| region.exposure != [0.0; 3])
    }

    /// The same model with another number of trials.
    pub fn with_trials(&self, trials: usize) -> Model {
        Model { trials, ..self.clone() }
    }

    /// Every input at its mean.
    pub fn mean_inputs(&self) -> Vec<f64> {
        self.inputs.iter().map(|input| input.law.mean()).collect()
    }

    /// The share of customers that renew at the end of a contract, from a yearly share.
    pub fn renewal_rate(&self, retention: f64) -> f64 {
        libm::pow(retention, self.contract_years())
    }

    /// The factor on a contract's value when it is renewed, from a yearly growth.
    pub fn renewal_growth(&self, expansion: f64) -> f64 {
        libm::pow((1.0 + expansion).max(0.0), self.contract_years())
    }

    fn contract_years(&self) -> f64 {
        self.term as f64 / 12.0
    }

    /// The index of the scope `total`.
    pub fn total(&self) -> usize {
        self.scopes.len() - 1
    }

    /// Whether nothing but chance varies: no uncertain input and no market factor.
    pub fn is_closed_form(&self) -> bool {
        self.inputs.is_empty() && self.market.volatility == 0.0
    }
}
