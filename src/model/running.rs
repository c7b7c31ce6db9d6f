//! A business that is already running: the as-of day, what is known of the time before it, and what was there on it.

use std::collections::BTreeMap;

use super::parameter_value::ParameterValue;
use crate::chance::{DealSize, SalesCycle};
use crate::scenario::{self, Due, Metric, Scenario};

/// The day before which everything is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AsOf {
    /// Where it lies, in months from the start (τ).
    pub position: f64,
    /// The month that it lies in, counted from 0 (m₀).
    pub month: usize,
}

/// What is given of a business that is already running.
#[derive(Clone, Debug, Default)]
pub struct Running {
    /// How many months have begun before the as-of day.
    pub known_months: usize,
    /// Whether contracts in force are given, so that ARR has a bridge from each period to the next.
    pub has_contracts: bool,
    /// The shortest term of any contract, in months.
    pub shortest_term: usize,
    /// What happened in the known months, by metric and region; none where nobody has said.
    actuals: BTreeMap<(Metric, usize), Vec<Option<f64>>>,
    /// The same of the months before the start, by metric, region and month: those of last year among them.
    pub earlier: BTreeMap<(Metric, usize, i64), f64>,
}

/// How long something takes.
#[derive(Clone, Debug)]
pub struct Duration {
    /// The mean in days.
    pub mean_days: ParameterValue,
    /// The shape, with mean 1.
    pub delay: SalesCycle,
}

/// Leads that are never decided.
#[derive(Clone, Debug)]
pub struct Stalled {
    /// The share of the leads that are not won.
    pub share: ParameterValue,
    /// The days after which they are closed as lost, if they are.
    pub closed_after_days: Option<f64>,
}

/// How stated close dates are kept.
#[derive(Clone, Debug)]
pub struct CloseDates {
    /// The share of won deals that close by their date and what it slips.
    pub kept: ParameterValue,
    /// How long after their date these close.
    pub slip: Option<Duration>,
}

/// What open deals are worth in the end, over what is stated.
#[derive(Clone, Debug)]
pub struct FinalAmount {
    /// The mean ratio.
    pub ratio: ParameterValue,
    /// The ratio's law, with mean 1.
    pub law: DealSize,
}

/// A deal that is open on the as-of day, or several alike.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenDeal {
    /// Its id, which addresses its draws.
    pub id: String,
    /// Days since it was created, or came into its stage.
    pub age: f64,
    /// The stage that it is in, counted from 0; of those that have factors where deals are decided day by day, their number where its own has none.
    pub stage: usize,
    /// What each of them is said to be worth.
    pub amount: Option<f64>,
    /// Where its close date lies, in months from the start, where that is not past.
    pub close: Option<f64>,
    /// Its own chance of being won.
    pub own_chance: Option<f64>,
    /// How many deals alike there are.
    pub count: usize,
}

/// A contract in force on the as-of day, or several alike.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractInForce {
    /// Its id, which addresses its draws.
    pub id: String,
    /// What each customer's is worth a year.
    pub annual_value: f64,
    /// Months between two renewals.
    pub term: usize,
    /// The months in which customers next come up, counted from 0, and how many do in each.
    pub due: Vec<(usize, usize)>,
}

impl AsOf {
    /// The as-of day of a scenario.
    pub(super) fn of(scenario: &Scenario) -> AsOf {
        let position = scenario.horizon().position(scenario.as_of_day());
        AsOf { position, month: position as usize }
    }

    /// The part of its month that is left (f).
    pub fn left(self) -> f64 {
        (self.month + 1) as f64 - self.position
    }

    /// The part of a month's leads that is still to come: none before the as-of day, some in its month.
    pub fn part(self, month: usize) -> f64 {
        match month.cmp(&self.month) {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal => self.left(),
            std::cmp::Ordering::Greater => 1.0,
        }
    }
}

impl Running {
    /// What a scenario gives; `None` where it begins with nothing.
    pub(super) fn of(scenario: &Scenario) -> Option<Running> {
        if !scenario.is_running() {
            return None;
        }
        let contracts = &scenario.contracts;
        let known_months = scenario.known_months();
        let (mut actuals, mut earlier) = (BTreeMap::new(), BTreeMap::new());
        for row in scenario.actuals.iter().flatten() {
            let Some(region) = scenario.regions.get_index_of(&row.region) else { continue };
            let month = row.month.since(scenario.start);
            match usize::try_from(month) {
                Ok(m) if m < known_months => {
                    actuals.entry((row.metric, region)).or_insert_with(|| vec![None; known_months])[m] =
                        Some(row.amount);
                }
                _ => drop(earlier.insert((row.metric, region, month), row.amount)),
            }
        }
        let shortest_term = scenario.shortest_term();
        Some(Running { known_months, has_contracts: contracts.is_some(), shortest_term, actuals, earlier })
    }

    /// What happened in a month, which may lie before the start; `None` where nobody has said.
    pub fn known(&self, metric: Metric, region: usize, month: i64) -> Option<f64> {
        match usize::try_from(month) {
            Ok(month) => self.actual(metric, region, month),
            Err(_) => self.earlier.get(&(metric, region, month)).copied(),
        }
    }

    /// What happened in a known month; `None` where nobody has said.
    pub fn actual(&self, metric: Metric, region: usize, month: usize) -> Option<f64> {
        self.actuals.get(&(metric, region))?.get(month).copied().flatten()
    }
}

/// The open deals of a region.
pub(super) fn open_deals(scenario: &Scenario, key: &str, region: &scenario::Region) -> Vec<OpenDeal> {
    let (as_of, horizon) = (scenario.as_of_day(), scenario.horizon());
    let of_region = scenario.pipeline.iter().flatten().filter(|deal| deal.region == key);
    let deal = |deal: &scenario::OpenDeal| {
        let since = deal.stage_since.filter(|_| region.stages.is_some()).unwrap_or(deal.created);
        let stages = region.stages.iter().flatten();
        OpenDeal {
            id: deal.id.clone(),
            age: f64::from(as_of.since(since).map_or(0, |span| span.get_days())).max(0.0),
            stage: match region.daily_closing() {
                // One of those that have factors; past them where its own has none.
                Some(closing) => deal
                    .stage
                    .as_ref()
                    .and_then(|stage| closing.by_stage.get_index_of(stage))
                    .unwrap_or(closing.by_stage.len()),
                None => stages.map(|stage| Some(&stage.name)).position(|name| name == deal.stage.as_ref()).unwrap_or(0),
            },
            amount: deal.amount.map(|amount| amount / deal.count as f64),
            close: deal.close_date.filter(|day| *day >= as_of).map(|day| horizon.position(day)),
            own_chance: deal.win_probability,
            count: deal.count,
        }
    };
    of_region.map(deal).collect()
}

/// The contracts in force of a region.
pub(super) fn contracts(scenario: &Scenario, key: &str) -> Vec<ContractInForce> {
    let as_of = AsOf::of(scenario);
    let of_region = scenario.contracts.iter().flatten().filter(|contract| contract.region == key);
    let own_term = scenario.regions.get(key).and_then(scenario::Region::only_term);
    let contract = |contract: &scenario::ContractInForce| {
        let term = contract.term_months.or(own_term).unwrap_or(scenario.contract.term_months);
        let due = match contract.renews {
            Due::In(month) => vec![(usize::try_from(month.since(scenario.start)).unwrap_or(0), contract.count)],
            Due::Evenly => {
                let month = |i: usize| as_of.position + (i as f64 + 0.5) * term as f64 / contract.count as f64;
                let mut due: Vec<(usize, usize)> = Vec::new();
                for m in (0..contract.count).map(|i| month(i) as usize) {
                    match due.last_mut() {
                        Some((last, count)) if *last == m => *count += 1,
                        _ => due.push((m, 1)),
                    }
                }
                due
            }
        };
        let annual_value = contract.annual_value / contract.count as f64;
        ContractInForce { id: contract.id.clone(), annual_value, term, due }
    };
    of_region.map(contract).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::resolve;
    use crate::scenario::load;

    /// Vector 11 of the law's second part: when contracts come up that are spread evenly.
    #[test]
    fn evenly_means_one_after_the_other() {
        let text = r#"{"name": "A", "start": "2027-01", "months": 12, "as_of": "2027-01-17", "pipeline": [],
            "contracts": [{"id": "c", "annual_value": 70, "renews": "evenly", "count": 7}],
            "actuals": [{"region": "a", "metric": "bookings", "month": "2027-01", "amount": 5}, {"region": "a", "metric": "renewals", "month": "2027-01", "amount": 0}],
            "regions": {"a": {"leads": {"monthly": 1}, "conversion": 0.5, "cycle": {"mean_days": 45}, "deal_size": {"mean": 1}}}}"#;
        let scenario = load("a".as_ref(), &[], &|_| Ok(text.into())).unwrap_or_else(|faults| panic!("{faults}"));
        let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
        let contract = &model.regions[0].contracts[0];
        assert_eq!(contract.due, [1, 3, 4, 6, 8, 9, 11].map(|m| (m, 1)));
        assert_eq!((contract.annual_value, contract.term), (10.0, 12));
        assert!((model.as_of.position - 16.0 / 31.0).abs() < 1e-12 && model.as_of.month == 0);
        let running = model.running.expect("it runs");
        assert_eq!((running.known_months, running.actual(Metric::Bookings, 0, 0)), (1, Some(5.0)));
        assert_eq!(running.actual(Metric::Leads, 0, 0), None);
    }
}
