//! What changes while months are played: dated changes, one-off deals, currencies, terms of contracts.

use super::parameter_value::ParameterValue;
use crate::scenario::{ChangedField, FieldId, RoleKind, Scenario, happens_path};

/// A dated change: what it multiplies has its [`Factor`]s.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What it is called.
    pub name: String,
    /// The first month in which it is in force without delay, counted from 0; below 0 where that is before the start.
    pub from: i64,
    /// The first month after those in which it is in force without delay; none where it stays.
    pub end: Option<i64>,
    /// How many months later it begins and ends.
    pub delay: ParameterValue,
    /// Whether it happens: 1 or 0 in a trial; its chance on the plan line.
    pub happens: ParameterValue,
}

/// What a change multiplies something by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factor {
    /// The change, as an index.
    pub change: usize,
    /// The factor while it is in force.
    pub by: ParameterValue,
}

/// What changes multiply in a region; empty where none does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegionChanges {
    /// Leads, by the month in which they arrive.
    pub leads: Vec<Factor>,
    /// The win rate, by the month in which leads arrive.
    pub win_rate: Vec<Factor>,
    /// The length of the cycle, by the month in which leads arrive.
    pub cycle: Vec<Factor>,
    /// That of lost leads, where it is another.
    pub lost_cycle: Vec<Factor>,
    /// The share that passes each stage, and the time in it, by the month in which leads arrive.
    pub stages: Vec<[Vec<Factor>; 2]>,
    /// The deal size, by the month in which deals close.
    pub deal_size: Vec<Factor>,
    /// Retention, by the month of the renewal.
    pub retention: Vec<Factor>,
    /// The chances a day of being won and of being lost, by the month of the day.
    pub closing: [Vec<Factor>; 2],
    /// How much one of each role takes on, by the month of the capacity.
    pub capacity: [Vec<Factor>; 2],
}

/// A deal that is planned by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct OneOff {
    /// What it is called, which addresses its draws.
    pub name: String,
    /// The month in which it is won without delay, counted from 0.
    pub month: usize,
    /// What it is worth, in the region's currency.
    pub amount: ParameterValue,
    /// How many months later it is won.
    pub delay: ParameterValue,
    /// Whether it is won: 1 or 0 in a trial; its chance on the plan line.
    pub happens: ParameterValue,
    /// Whether it is a contract that comes up for renewal.
    pub renews: bool,
}

/// What a unit of a currency is worth in the scenario's.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    /// The code of the currency.
    pub code: String,
    /// The rate in the as-of day's month.
    pub rate: ParameterValue,
    /// The standard deviation of the logarithm of its change over a year.
    pub volatility: f64,
    /// What changes multiply it by, by the month in which it is used.
    pub changes: Vec<Factor>,
}

/// A term that a part of a region's contracts has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// Months until a contract comes up for renewal.
    pub months: usize,
    /// The share of the deals won that have it.
    pub share: f64,
}

/// A delay in whole months: ⌊delay + ½⌋.
#[inline]
pub fn whole_months(delay: f64) -> usize {
    (delay + 0.5) as usize
}

impl Change {
    /// Whether it is in force in a month if it happens, so many months late.
    pub fn is_in_force(&self, month: usize, late: usize) -> bool {
        let on_time = month as i64 - late as i64;
        self.from <= on_time && self.end.is_none_or(|end| on_time < end)
    }

    /// What it makes of a factor in a month of a trial with these inputs: 1 where it is not in force. Where it happens with a chance, as on the plan
    /// line, it is 1 + chance · (factor − 1).
    fn effect(&self, by: ParameterValue, month: usize, inputs: &[f64]) -> f64 {
        let happens = self.happens.at(inputs);
        if happens == 0.0 || !self.is_in_force(month, whole_months(self.delay.at(inputs))) {
            return 1.0;
        }
        let by = by.at(inputs);
        if happens == 1.0 { by } else { 1.0 + happens * (by - 1.0) }
    }
}

/// The product of what changes make of some factors in a month of a trial with these inputs.
pub fn product(changes: &[Change], factors: &[Factor], month: usize, inputs: &[f64]) -> f64 {
    factors.iter().map(|factor| changes[factor.change].effect(factor.by, month, inputs)).product()
}

impl RegionChanges {
    /// Those of a region, in the order of the changes.
    pub(super) fn of(
        scenario: &Scenario,
        key: &str,
        stages: usize,
        value: impl Fn(&str) -> ParameterValue,
    ) -> RegionChanges {
        let mut all = RegionChanges { stages: vec![Default::default(); stages], ..RegionChanges::default() };
        for (change, written) in scenario.changes.iter().enumerate() {
            for path in written.multiply.keys() {
                let Some((_, field)) = scenario.changed(path).find(|(region, _)| *region == key) else { continue };
                let list = match field {
                    ChangedField::Closing(side) => &mut all.closing[side],
                    ChangedField::Field(id) => match id {
                        FieldId::LeadsMonthly => &mut all.leads,
                        FieldId::Conversion => &mut all.win_rate,
                        FieldId::CycleMeanDays | FieldId::CycleStretch => &mut all.cycle,
                        FieldId::LostCycleMeanDays | FieldId::LostCycleStretch => &mut all.lost_cycle,
                        FieldId::StagePass(i) => &mut all.stages[i][0],
                        FieldId::StageMeanDays(i) | FieldId::StageStretch(i) => &mut all.stages[i][1],
                        FieldId::DealSizeMean => &mut all.deal_size,
                        FieldId::LeadsPerMonth => &mut all.capacity[RoleKind::Development as usize],
                        FieldId::OpportunitiesPerMonth | FieldId::OpenOpportunities => {
                            &mut all.capacity[RoleKind::Executives as usize]
                        }
                        _ => &mut all.retention,
                    },
                };
                list.push(Factor { change, by: value(&format!("changes[{}].multiply[{path}]", written.name)) });
            }
        }
        all
    }

    /// Whether any change multiplies what leads of a month of arrival are decided by.
    pub fn moves_closing(&self) -> bool {
        let by_arrival = [&self.win_rate, &self.cycle, &self.lost_cycle].into_iter();
        by_arrival.chain(self.stages.iter().flatten()).any(|factors| !factors.is_empty())
    }
}

/// What is fixed, or drawn, outside of regions: `value` gives it by its path where it is uncertain.
pub(super) struct Outside<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) value: &'a dyn Fn(&str) -> ParameterValue,
}

impl Outside<'_> {
    fn value(&self, path: &str) -> ParameterValue {
        (self.value)(path)
    }

    pub(super) fn changes(&self) -> Vec<Change> {
        let changes = self.scenario.changes.iter();
        let months = |month: crate::units::Month| month.since(self.scenario.start);
        let change = |change: &crate::scenario::Change| Change {
            name: change.name.clone(),
            from: months(change.from),
            end: change.until.map(|until| months(until) + 1),
            delay: self.value(&format!("changes[{}].delay_months", change.name)),
            happens: self.value(&happens_path("changes", &change.name)),
        };
        changes.map(change).collect()
    }

    pub(super) fn one_offs(&self, region: &str) -> Vec<OneOff> {
        let deals = self.scenario.one_offs.iter().filter(|deal| deal.region == region);
        let deal = |deal: &crate::scenario::OneOff| OneOff {
            name: deal.name.clone(),
            month: usize::try_from(deal.month.since(self.scenario.start)).unwrap_or(0),
            amount: self.value(&format!("one_offs[{}].amount", deal.name)),
            delay: self.value(&format!("one_offs[{}].delay_months", deal.name)),
            happens: self.value(&happens_path("one_offs", &deal.name)),
            renews: deal.renews,
        };
        deals.map(deal).collect()
    }

    pub(super) fn rates(&self) -> Vec<Rate> {
        let rate = |(code, rate): (&String, &crate::scenario::Rate)| {
            let path = format!("rates.{code}.rate");
            let changes = self.scenario.changes.iter().enumerate();
            let factor = |(change, written): (usize, &crate::scenario::Change)| {
                let by = written.multiply.contains_key(&path);
                let at = format!("changes[{}].multiply[{path}]", written.name);
                by.then(|| Factor { change, by: self.value(&at) })
            };
            Rate {
                code: code.clone(),
                rate: self.value(&path),
                volatility: rate.volatility,
                changes: changes.filter_map(factor).collect(),
            }
        };
        self.scenario.rates.iter().map(rate).collect()
    }
}
