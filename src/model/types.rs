//! What a model holds, the numbers of its regions aside.

use super::changes::{Change, Rate, product};
use super::closing::Closing;
use super::parameter_value::ParameterValue;
use super::region::Region;
use super::running::{AsOf, Running};
use crate::chance::{Copula, Distribution};
use crate::scenario::{Metric, Needs, event_of};
use crate::units::{Horizon, Period, Periods};
use std::ops::Range;

/// A scenario ready to be played.
#[derive(Clone, Debug)]
pub struct Model {
    /// The months that are forecast, with the fiscal year.
    pub horizon: Horizon,
    /// Whether fiscal quarters and years are reported.
    pub fiscal: bool,
    /// The day before which everything is known: the first one, where none is given.
    pub as_of: AsOf,
    /// The day of the last month that is the last one played, where that is not its last.
    pub until: Option<usize>,
    /// What is given of a business that is already running; `None` where it begins with nothing.
    pub running: Option<Running>,
    /// The number of trials.
    pub trials: usize,
    /// The metrics that are asked for, with those of the main figure, of targets and of calls; empty where that is all.
    pub asked: Vec<Metric>,
    /// The seed that all streams of random numbers start from.
    pub seed: u64,
    /// The term of a contract in months.
    pub term: usize,
    /// The uncertain inputs, in the order of their paths.
    pub inputs: Vec<Input>,
    /// The numbers that are drawn together, row by row of a table: trial t has row t, from the first on again after the last. A
    /// [`ParameterValue::Input`] past the inputs is one of these.
    pub columns: Vec<Input>,
    /// The dependence between the inputs.
    pub copula: Copula,
    /// The pairs of inputs that are correlated.
    pub correlated: Vec<(usize, usize)>,
    /// The market factor that all regions share.
    pub market: Market,
    /// The regions, in the order of the scenario file.
    pub regions: Vec<Region>,
    /// The scopes that sums are formed over: each region, each tag value, last the total.
    pub scopes: Vec<Scope>,
    /// The dated changes.
    pub changes: Vec<Change>,
    /// The currencies that regions sell in, besides the scenario's own.
    pub rates: Vec<Rate>,
    /// Whether what deals are worth over time follows from more than their bookings: one-off deals, terms of their own, sizes or retention that
    /// change, currencies. A model of some of the regions keeps what the whole has.
    pub valued: bool,
    /// Whether any region has people of its own. A model of some of the regions keeps what the whole has.
    pub has_team: bool,
    /// The periods that executives are counted over who reach their quota; none where nobody has one.
    pub quota_periods: Vec<Range<usize>>,
    /// The shares of their quota by which executives of a scenario are told apart, the highest first; none where nobody has a quota or all sell alike.
    pub classes: Vec<f64>,
    /// The amount invested in each month.
    pub investment: Vec<f64>,
    /// The targets, the first being that of the main figure.
    pub targets: Vec<Target>,
    /// The amounts that people have called.
    pub calls: Vec<Call>,
}

/// An uncertain input: a field of the scenario that has a law in place of a number.
#[derive(Clone, Debug)]
pub struct Input {
    /// The path of the field, which addresses its draws.
    pub path: String,
    /// The law of its draws.
    pub law: Distribution,
    /// Of whether an event happens: its chance in each trial, where that is uncertain. It is then 1 if Φ(z) is at least 1 − chance, else 0.
    pub chance: Option<ParameterValue>,
}

/// The market factor: x₀ ~ N(0, volatility²), xₘ = persistence·xₘ₋₁ + noise, with that same variance in every month.
#[derive(Clone, Copy, Debug)]
pub struct Market {
    /// The standard deviation of x in any month.
    pub volatility: f64,
    /// The share of x that is carried over to the next month, φ.
    pub persistence: f64,
}

/// The regions that a sum is formed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// A region's key, `tag=value`, or `total`.
    pub key: String,
    /// The label that people read.
    pub label: String,
    /// The kind of scope, which tells keys of regions and tags apart.
    pub kind: ScopeKind,
    /// Indices of its regions, in the order of their keys, so that sums do not depend on the order of the file.
    pub regions: Vec<usize>,
}

/// The kinds of scope that a sum can be formed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    /// The scope is a single region.
    Region,
    /// All regions that carry a tag value.
    Tag,
    /// All regions that carry several tags together, as a target or a call names them.
    Tags,
    /// All regions of the scenario.
    Total,
}

/// A target, its period found.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The name of the target.
    pub name: String,
    /// The metric that is to reach the level.
    pub metric: Metric,
    /// The period, or each of several that the target has to be met in.
    pub periods: Periods,
    /// The level to be reached.
    pub at_least: f64,
    /// The scope that it is measured over, as an index.
    pub scope: usize,
}

/// A call, its period found.
#[derive(Clone, Debug)]
pub struct Call {
    /// The metric that was called.
    pub metric: Metric,
    /// The period that the amount is for.
    pub period: Period,
    /// The amount, in the unit of the metric.
    pub amount: f64,
    /// The scope that it was called for, as an index.
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

    /// The metrics that are forecast of it, in the order of reports: those that are asked for, of those that it has.
    pub fn metrics(&self) -> impl Iterator<Item = Metric> + Clone + use<> {
        let asked = self.asked.clone();
        self.possible_metrics().filter(move |metric| asked.is_empty() || asked.contains(metric))
    }

    /// Whether a metric is forecast of it.
    pub fn has(&self, metric: Metric) -> bool {
        self.metrics().any(|has| has == metric)
    }

    /// The metrics that it has, asked for or not.
    fn possible_metrics(&self) -> impl Iterator<Item = Metric> + Clone + use<> {
        let running = self.running.is_some();
        let contracts = self.running.as_ref().is_some_and(|running| running.has_contracts);
        let (costs, margin, team) = (self.has_costs(), self.has_margin(), self.has_team);
        Metric::ALL.into_iter().filter(move |metric| match metric.spec().needs {
            Needs::Nothing => true,
            Needs::Running => running,
            Needs::Contracts => contracts,
            Needs::Costs => costs,
            Needs::Margin => margin,
            Needs::Team => team,
        })
    }

    /// What the scenario would have to give for a metric to exist; `None` where it does.
    pub(crate) fn lacking(&self, metric: Metric) -> Option<&'static str> {
        (!self.possible_metrics().any(|has| has == metric)).then(|| metric.spec().needs.fields())
    }

    /// Whether costs are told by region.
    pub fn has_costs(&self) -> bool {
        self.regions.iter().any(|region| region.investment.is_some())
    }

    /// Whether its regions have gross margins.
    pub fn has_margin(&self) -> bool {
        self.regions.iter().any(|region| region.gross_margin.is_some())
    }

    /// What is spent in a month on some regions: on items that name them, and on all regions together on all items.
    pub fn invested(&self, regions: &[usize], month: usize) -> f64 {
        if regions.len() == self.regions.len() {
            return self.investment[month];
        }
        let of = |r: &usize| self.regions[*r].investment.as_ref().map_or(0.0, |months| months[month]);
        regions.iter().map(of).sum()
    }

    /// Whether anything is spent on selling: on items, or on people.
    pub fn invests(&self) -> bool {
        let roles = self.regions.iter().flat_map(|region| &region.team).flat_map(|team| team.roles.iter().flatten());
        self.investment.iter().any(|x| *x != 0.0) || roles.into_iter().any(|role| role.cost > 0.0)
    }

    /// Whether an input is whether an event happens.
    pub fn is_event(&self, input: usize) -> bool {
        self.inputs.get(input).is_some_and(|input| event_of(&input.path).is_some())
    }

    /// Whether it is left to chance if some event happens.
    pub fn has_events(&self) -> bool {
        (0..self.inputs.len()).any(|input| self.is_event(input))
    }

    /// Whether a rate moves that a region sells in.
    pub fn rates_move(&self) -> bool {
        self.rates.iter().any(|rate| rate.volatility > 0.0)
    }

    /// Whether it is left to chance who is in a team, or how they sell.
    pub fn people_move(&self) -> bool {
        let roles = self.regions.iter().flat_map(|region| &region.team).flat_map(|team| team.roles.iter().flatten());
        roles.into_iter().any(|role| role.attrition != ParameterValue::Fixed(0.0) || role.differs())
    }

    /// The shortest term of a contract that any region signs.
    pub fn shortest_term(&self) -> usize {
        let terms = self.regions.iter().flat_map(|region| &region.terms);
        terms.map(|term| term.months).min().unwrap_or(self.term)
    }

    /// What an amount in a region's currency is worth in the scenario's in a month, with these inputs and no step of the rate.
    pub fn rate_in(&self, region: &Region, month: usize, inputs: &[f64]) -> f64 {
        region.rate.map_or(1.0, |rate| {
            let rate = &self.rates[rate];
            rate.rate.at(inputs) * product(&self.changes, &rate.changes, month, inputs)
        })
    }

    /// What deals of a month are worth over the mean size, in the scenario's currency, with these inputs and no step of the rate.
    pub fn size_in(&self, region: &Region, month: usize, inputs: &[f64]) -> f64 {
        product(&self.changes, &region.changes.deal_size, month, inputs) * self.rate_in(region, month, inputs)
    }

    /// The yearly share of customers who renew in a month, with these inputs.
    pub fn retention_in(&self, region: &Region, month: usize, inputs: &[f64]) -> f64 {
        let by = product(&self.changes, &region.changes.retention, month, inputs);
        (region.retention.at(inputs) * by).min(1.0)
    }

    /// Whether any deal is open on the as-of day.
    pub fn has_open_deals(&self) -> bool {
        self.regions.iter().any(|region| !region.open_deals.is_empty())
    }

    /// The same model with another number of trials.
    pub fn with_trials(&self, trials: usize) -> Model {
        Model { trials, ..self.clone() }
    }

    /// The value of every input and of every column of joint draws at its mean, in their order.
    pub fn mean_inputs(&self) -> Vec<f64> {
        self.inputs.iter().chain(&self.columns).map(|input| input.law.mean()).collect()
    }

    /// What [`ParameterValue::Input`] names: an input, or a column of joint draws.
    pub fn input(&self, i: usize) -> &Input {
        let found = self.inputs.get(i).or_else(|| self.columns.get(i - self.inputs.len()));
        found.expect("a parameter names an input or a column")
    }

    /// Whether anything about the business is not known: an input, or joint draws.
    pub fn has_ranges(&self) -> bool {
        !self.inputs.is_empty() || !self.columns.is_empty()
    }

    /// The index of the scope `total`.
    pub fn total(&self) -> usize {
        self.scopes.len() - 1
    }

    /// Whether the pace of closing takes steps in any region.
    pub fn pace_moves(&self) -> bool {
        self.regions.iter().filter_map(|region| region.funnel.closing()).any(Closing::walks)
    }

    /// Whether nothing but chance varies: no uncertain input, no market factor, no steps of the pace of closing.
    pub fn is_closed_form(&self) -> bool {
        !self.has_ranges() && self.market.volatility == 0.0 && !self.pace_moves() && !self.rates_move()
    }
}

impl Model {
    /// How many days of a month are played: from the as-of day on, up to the last day that is.
    pub fn days_played(&self, month: usize) -> usize {
        let days = self.horizon.month(month).days();
        let last = self.until.filter(|_| month + 1 == self.horizon.months).unwrap_or(days);
        match month.cmp(&self.as_of.month) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => {
                last - libm::round((self.as_of.position - month as f64) * days as f64) as usize
            }
            std::cmp::Ordering::Greater => last,
        }
    }

    /// Where the last day that is played ends, in months from the start.
    pub fn end(&self) -> f64 {
        let last = self.horizon.months - 1;
        let days = self.horizon.month(last).days() as f64;
        last as f64 + self.until.map_or(1.0, |day| day as f64 / days)
    }

    /// Where a month ends, or the last day of it that is played.
    pub fn end_of(&self, month: usize) -> f64 {
        if month + 1 == self.horizon.months { self.end() } else { (month + 1) as f64 }
    }
}

/// The share of customers that renew at the end of a contract of so many months, from a yearly share.
pub fn renewal_rate(retention: f64, term: usize) -> f64 {
    libm::pow(retention, term as f64 / 12.0)
}

/// The factor on the value of a contract of so many months when it is renewed, from a yearly growth.
pub fn renewal_growth(expansion: f64, term: usize) -> f64 {
    libm::pow((1.0 + expansion).max(0.0), term as f64 / 12.0)
}
