//! What is to be expected of people: how long leads are worked, what a queue of expected leads makes of them, over which periods executives are counted.

use std::ops::Range;

use super::changes::product;
use super::closing::{Cycle, DailyChances, held_to_one};
use super::region::{Funnel, Region};
use super::team::{Capacity, Team, let_through};
use super::types::Model;
use crate::scenario::RoleKind;
use crate::units::{DAYS_PER_MONTH, Frequency, Horizon, Periods};

impl Region {
    /// How many days a lead of a month is worked in the mean, with these inputs; changes count, market, performance and stalling do not.
    pub fn days_in_work(&self, model: &Model, month: usize, inputs: &[f64]) -> f64 {
        let of_cycle = |cycle: &Cycle| {
            let won = cycle.mean_days.at(inputs);
            let share = cycle.conversion.in_force(month).at(inputs);
            cycle.lost.as_ref().map_or(won, |lost| share * won + (1.0 - share) * lost.mean_days.at(inputs))
        };
        match self.funnel_in(&model.changes, month, inputs).as_ref() {
            Funnel::Cycle(cycle) => of_cycle(cycle),
            Funnel::Stages(stages) => {
                let mut reached = 1.0;
                let mut days = 0.0;
                for stage in stages {
                    days += reached * stage.mean_days.at(inputs);
                    reached *= stage.pass.at(inputs);
                }
                days
            }
            Funnel::Daily(closing) => match &closing.chances {
                DailyChances::Cycles(cycle) => of_cycle(cycle),
                DailyChances::Table { ages, daily } => {
                    let of = |o: usize| daily[o].iter().map(|chance| chance.at(inputs)).collect::<Vec<f64>>();
                    mean_age(ages, [of(0), of(1)])
                }
            },
        }
    }

    /// Whether what leads are decided by differs from trial to trial, or from month to month.
    pub fn is_worked_alike(&self) -> bool {
        let fixed = |cycle: &Cycle| {
            let lost = cycle
                .lost
                .as_ref()
                .is_none_or(|lost| lost.mean_days.is_fixed() && cycle.conversion.in_force(0).is_fixed());
            cycle.mean_days.is_fixed() && lost
        };
        !self.changes.moves_closing()
            && match &self.funnel {
                Funnel::Cycle(cycle) => fixed(cycle),
                Funnel::Stages(stages) => {
                    stages.iter().all(|stage| stage.mean_days.is_fixed() && stage.pass.is_fixed())
                }
                Funnel::Daily(closing) => match &closing.chances {
                    DailyChances::Cycles(cycle) => fixed(cycle),
                    DailyChances::Table { daily, .. } => daily.iter().flatten().all(|chance| chance.is_fixed()),
                },
            }
    }
}

/// The mean age at which leads are decided by a table of chances a day, counted to the middle of the day.
fn mean_age(ages: &[usize], daily: [Vec<f64>; 2]) -> f64 {
    let (mut open, mut decided, mut sum) = (1.0, 0.0, 0.0);
    for (cell, from) in ages.iter().enumerate() {
        let [won, lost] = held_to_one([daily[0][cell], daily[1][cell]]);
        let a_day = won + lost;
        let Some(end) = ages.get(cell + 1) else {
            if a_day > 0.0 {
                sum += open * (*from as f64 + 0.5 + (1.0 - a_day) / a_day);
                decided += open;
            }
            break;
        };
        for age in *from..*end {
            sum += open * a_day * (age as f64 + 0.5);
            decided += open * a_day;
            open *= 1.0 - a_day;
        }
    }
    // What nothing decides is worked without end.
    if decided > 0.0 { sum / decided } else { f64::INFINITY }
}

/// The periods that executives are counted over who reach their quota: all that figures may be of.
pub(super) fn quota_periods<'a>(
    horizon: &Horizon,
    asked: impl Iterator<Item = &'a Periods>,
    has_quota: bool,
) -> Vec<Range<usize>> {
    if !has_quota {
        return Vec::new();
    }
    // What does not add up has no sums from the start.
    let frequencies = Frequency::REPORTED.iter().filter(|every| **every != Frequency::Cumulative);
    let mut all: Vec<Range<usize>> =
        frequencies.flat_map(|every| horizon.every(*every)).map(|period| period.months).collect();
    for periods in asked {
        match periods {
            Periods::One(period) => all.push(period.months.clone()),
            Periods::Each(periods) => all.extend(periods.iter().map(|period| period.months.clone())),
        }
    }
    all.sort_unstable_by_key(|months| (months.start, months.end));
    all.dedup();
    all
}

/// The shares of their quota by which executives of some regions are told apart, the highest first; none where all of them sell alike.
pub(super) fn classes(regions: &[Region]) -> Vec<f64> {
    let executives = regions.iter().filter_map(|region| region.team.as_ref()?.executives());
    let with_quota = executives.filter(|role| role.quota.is_some());
    let mut all: Vec<f64> = with_quota.flat_map(|role| role.quota_shares.iter().copied()).collect();
    all.sort_by(|a, b| b.total_cmp(a));
    all.dedup();
    if all.len() > 1 { all } else { Vec::new() }
}

/// What people make of leads that are to be expected.
#[derive(Clone, Debug, Default)]
pub struct TeamExpected {
    /// People of each role, and the sum of their productivity, by month.
    pub heads: [Vec<f64>; 2],
    /// Leads that begin to be worked.
    pub started: Vec<f64>,
    /// Leads that wait at the month's end.
    pub waiting: Vec<f64>,
    /// Leads that expire.
    pub expired: Vec<f64>,
    /// Leads that go on from each role with a limit, and how many it could have let go on.
    pub used: [[Vec<f64>; 2]; 2],
    /// The quotas of all executives, in the region's currency.
    pub quota: Vec<f64>,
    /// What the people cost, in the region's currency.
    pub cost: Vec<f64>,
}

impl Team {
    /// What is to be expected with these leads by month, and these inputs: people at their means, a queue of expected leads.
    pub fn expect(&self, region: &Region, model: &Model, leads: &[f64], inputs: &[f64]) -> TeamExpected {
        let months = leads.len();
        let zeros = || vec![0.0; months];
        let mut all = TeamExpected {
            heads: [zeros(), zeros()],
            started: leads.to_vec(),
            waiting: zeros(),
            expired: zeros(),
            used: [[zeros(), zeros()], [zeros(), zeros()]],
            quota: zeros(),
            cost: zeros(),
        };
        for kind in [RoleKind::Development, RoleKind::Executives] {
            let Some(role) = &self.roles[kind as usize] else { continue };
            let (heads, strength) = role.expected(&self.months, inputs);
            let (mut waiting, mut sum) = (role.waiting, 0.0);
            for m in 0..months {
                let part = if m < self.months.start { 0.0 } else { model.as_of.part(m) };
                all.cost[m] += role.cost * heads[m] * part;
                all.quota[m] += role.quota.unwrap_or(0.0) / 12.0 * strength[m];
                if m < self.months.start {
                    continue;
                }
                let by = product(&model.changes, &role.changes, m, inputs);
                let most = match role.capacity {
                    Capacity::Unlimited => f64::INFINITY,
                    Capacity::PerMonth(leads) => strength[m] * leads.at(inputs) * by,
                    Capacity::AtATime(open) => {
                        strength[m] * open.at(inputs) * by * DAYS_PER_MONTH / region.days_in_work(model, m, inputs)
                    }
                };
                let queue = waiting + all.started[m];
                let mut on = queue;
                if most.is_finite() {
                    let through = let_through(sum, sum + most * part);
                    sum += most * part;
                    on = queue.min(through);
                    all.used[kind as usize][0][m] = on;
                    all.used[kind as usize][1][m] = through;
                }
                let expired = (queue - on) * role.expiry;
                waiting = queue - on - expired;
                all.started[m] = on;
                all.expired[m] += expired;
                all.waiting[m] += waiting;
            }
            all.heads[kind as usize] = heads;
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::resolve;
    use crate::scenario::load;

    fn model(region: &str) -> Model {
        let text = format!(
            r#"{{"name": "People", "start": "2027-01", "months": 6, "regions": {{"a": {{"leads": {{"monthly": 60}}, "deal_size": {{"mean": 1000}}, {region}}}}}}}"#
        );
        let scenario = load("people.json".as_ref(), &[], &|_| Ok(text.clone().into()));
        resolve(&scenario.unwrap_or_else(|faults| panic!("{faults}"))).expect("it is sound")
    }

    fn close(found: &[f64], wanted: &[f64]) {
        for (found, wanted) in found.iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
        }
        assert_eq!(found.len(), wanted.len());
    }

    #[test]
    fn vector_12_heads_and_strength_to_be_expected() {
        let model = model(
            r#""conversion": 0.3, "cycle": {"mean_days": 30},
            "team": {"account_executives": {"headcount": 5, "attrition": 0.3, "replaced_after_months": 1, "ramp": [0.5, 1]}}"#,
        );
        let team = model.regions[0].team.as_ref().unwrap();
        let (heads, strength) = team.executives().unwrap().expected(&team.months, &[]);
        close(&heads, &[5.0, 4.8535723481, 4.8578605596, 4.8577349770, 4.8577386548, 4.8577385471]);
        close(&strength, &[5.0, 4.8535723481, 4.7846467336, 4.7866652568, 4.7866061433, 4.7866078744]);
    }

    #[test]
    fn vector_12_capacity_by_littles_law_and_multipliers() {
        let model = model(
            r#""conversion": 0.35, "cycle": {"mean_days": 40}, "lost_cycle": {"mean_days": 25},
            "team": {"account_executives": {"headcount": 3, "open_opportunities": 12,
                "performance": [{"share": 0.2, "quota_share": 1.2}, {"share": 0.6, "quota_share": 0.8}, {"share": 0.2, "quota_share": 0.5}]}}"#,
        );
        let region = &model.regions[0];
        let days = region.days_in_work(&model, 0, &[]);
        close(&[3.0 * 12.0 * DAYS_PER_MONTH / days], &[36.2231404959]);
        let classes = &region.team.as_ref().unwrap().executives().unwrap().classes;
        close(
            &classes.iter().map(|(_, multiplier)| *multiplier).collect::<Vec<f64>>(),
            &[1.4634146341, 0.9756097561, 0.6097560976],
        );
        let variance: f64 =
            classes.iter().map(|(share, multiplier)| share * (multiplier - 1.0) * (multiplier - 1.0)).sum();
        close(&[variance], &[0.0737656157]);
    }

    #[test]
    fn the_time_in_work_of_a_table_is_the_mean_age_at_a_decision() {
        let model = model(
            r#""closing": {"table": {"ages": [0, 14, 75], "won": [0.002, 0.01, 0.004], "lost": [0.01, 0.008, 0.002]}},
            "team": {"account_executives": {"headcount": 1}}"#,
        );
        close(&[model.regions[0].days_in_work(&model, 0, &[])], &[90.3604144321]);
    }

    #[test]
    fn whole_leads_are_let_through() {
        let let_on: Vec<f64> = (0..4).map(|m| let_through(8.5 * f64::from(m), 8.5 * f64::from(m + 1))).collect();
        assert_eq!(let_on, [8.0, 9.0, 8.0, 9.0]);
        // Ten times a tenth is one, whatever rounding makes of it.
        let tenths: f64 = (0..10).map(|_| 0.1).sum();
        assert_eq!(let_through(0.0, tenths), 1.0);
    }
}
