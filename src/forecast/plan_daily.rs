//! The plan line of leads and open deals that are decided day by day: the pace of closing where it is expected to be, without steps.

use crate::model::{
    AgeChances, Closing, Fate, Funnel, Model, OpenDeal, Region, StatedClose, TeamExpected, own_weight, product,
};
use crate::units::DAYS_PER_MONTH;

/// What is expected of a region's new leads, by month.
pub(super) struct DailyExpected {
    pub(super) leads: Vec<f64>,
    /// What people make of them, where there are some.
    pub(super) people: Option<TeamExpected>,
    pub(super) won: Vec<f64>,
    pub(super) lost: Vec<f64>,
    pub(super) weighted_open: Vec<f64>,
}

impl DailyExpected {
    pub(super) fn new(region: &Region, closing: &Closing, inputs: &[f64], model: &Model) -> DailyExpected {
        let (months, first) = (model.horizon.months, model.as_of.month);
        let days: Vec<usize> = (0..months).map(|m| model.days_played(m)).collect();
        let correction = model.market.mean_correction(region.exposure[0]);
        let of_month = |m: usize| model.horizon.month(m).days() as f64;
        let on_leads = |m: usize| product(&model.changes, &region.changes.leads, m, inputs);
        let a_day: Vec<f64> = region
            .expected(inputs)
            .take(months)
            .enumerate()
            .map(|(m, leads)| leads * on_leads(m) * correction / of_month(m))
            .collect();
        let total: usize = days.iter().sum();
        let factors = factors(region, closing, model, inputs);
        let leads: Vec<f64> = a_day.iter().zip(&days).map(|(a_day, days)| a_day * *days as f64).collect();
        let people = region.team.as_ref().map(|team| team.expect(region, model, &leads, inputs));
        let a_day = match &people {
            None => a_day,
            // Those that are started come evenly on the days played.
            Some(people) => people.started.iter().zip(&days).map(|(all, days)| all / (*days).max(1) as f64).collect(),
        };
        let zeros = || vec![0.0; months];
        let mut all = DailyExpected { leads, people, won: zeros(), lost: zeros(), weighted_open: zeros() };
        // Leads of months in which the same changes are in force have the same chances.
        let kinds: Vec<Vec<f64>> = (0..months).map(|m| region.on_closing(&model.changes, m, inputs)).collect();
        for m in first..months {
            if kinds[first..m].contains(&kinds[m]) {
                continue;
            }
            let a_day: Vec<f64> =
                a_day.iter().zip(&kinds).map(|(a_day, kind)| if *kind == kinds[m] { *a_day } else { 0.0 }).collect();
            let funnel = region.funnel_in(&model.changes, m, inputs);
            let Funnel::Daily(closing) = funnel.as_ref() else { continue };
            let chances =
                closing.chances(inputs, first, 1.0, [1.0; 2], [1.0; 3], std::slice::from_ref(&(0..total + 1)));
            let [won, lost, _, weighted_open] = chances.follow_new(&a_day, &factors, &days);
            for (sum, more) in [(&mut all.won, won), (&mut all.lost, lost), (&mut all.weighted_open, weighted_open)] {
                sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
            }
        }
        all
    }
}

/// The factors of each month, with those of changes.
fn factors(region: &Region, closing: &Closing, model: &Model, inputs: &[f64]) -> Vec<[f64; 2]> {
    let mut factors = closing.mean_factors(&model.horizon, inputs);
    for (m, factors) in factors.iter_mut().enumerate() {
        for (factor, changes) in factors.iter_mut().zip(&region.changes.closing) {
            *factor *= product(&model.changes, changes, m, inputs);
        }
    }
    factors
}

/// What is expected of one open deal, by month.
pub(super) struct DealExpected {
    pub(super) won: Vec<f64>,
    pub(super) lost: Vec<f64>,
    pub(super) open: Vec<f64>,
    /// The chance that it is open and is won later.
    pub(super) weighted: Vec<f64>,
}

impl DealExpected {
    pub(super) fn nothing(months: usize) -> DealExpected {
        let zeros = || vec![0.0; months];
        DealExpected { won: zeros(), lost: zeros(), open: zeros(), weighted: zeros() }
    }
}

/// What is expected of open deals, by month; those of one age and stage share what is worked out for them.
pub(super) struct DailyDeals<'a> {
    closing: &'a Closing,
    inputs: &'a [f64],
    model: &'a Model,
    days: Vec<usize>,
    factors: Vec<[f64; 2]>,
    /// The deal before: its age and stage, its chances, and what becomes of it by itself.
    last: Option<(usize, usize, AgeChances, Fate)>,
}

impl<'a> DailyDeals<'a> {
    pub(super) fn new(region: &Region, closing: &'a Closing, inputs: &'a [f64], model: &'a Model) -> DailyDeals<'a> {
        let first = model.as_of.month;
        let factors = factors(region, closing, model, inputs).split_off(first);
        let days = (first..model.horizon.months).map(|m| model.days_played(m)).collect();
        DailyDeals { closing, inputs, model, days, factors, last: None }
    }

    fn known(&mut self, age: usize, stage: usize) -> (&AgeChances, &Fate) {
        if self.last.as_ref().is_none_or(|last| (last.0, last.1) != (age, stage)) {
            let total: usize = self.days.iter().sum();
            let factors = self.closing.of_stage(stage, self.inputs);
            let ages = [0..total + 1, age..age + total + 1];
            let chances = self.closing.chances(self.inputs, self.model.as_of.month, 1.0, factors, [1.0; 3], &ages);
            let fate = chances.follow(age, &self.factors, &self.days);
            self.last = Some((age, stage, chances, fate));
        }
        let (_, _, chances, fate) = self.last.as_ref().expect("it was made above");
        (chances, fate)
    }

    pub(super) fn expect(&mut self, deal: &OpenDeal, stated: Option<StatedClose>) -> DealExpected {
        let (first, months) = (self.model.as_of.month, self.model.horizon.months);
        let age = deal.age as usize;
        let mut expected = DealExpected::nothing(months);
        let (factors, days) = (self.factors.clone(), self.days.clone());
        let ends: Vec<f64> = (0..months).map(|k| self.model.end_of(k)).collect();
        let (chances, natural) = self.known(age, deal.stage);
        let (ever, stale) = (chances.ever(age), chances.is_stale(age));
        let natural = natural.clone();
        let given = |won: bool| chances.given(won).follow(chances.age_given(won, age), &factors, &days);
        let kept = stated.map_or(0.0, |stated| stated.kept);
        let to_win = deal.own_chance.unwrap_or(ever[0]);
        let open_to_the_end = || Fate {
            won: vec![0.0; months - first],
            lost: vec![0.0; months - first],
            open: vec![1.0; months - first],
        };
        let lost = (kept > 0.0 || deal.own_chance.is_some()).then(|| match deal.own_chance {
            None if stale => open_to_the_end(),
            _ => given(false),
        });
        let won = deal.own_chance.map(|_| given(true));
        let mut days_past = 0;
        let mut before = 1.0;
        for (k, end) in ends.iter().enumerate().skip(first) {
            let i = k - first;
            days_past += days[i];
            let now = chances.ever(age + days_past);
            let mut add = |share: f64, fate: &Fate, weight: f64| {
                expected.won[k] += share * fate.won[i];
                expected.lost[k] += share * fate.lost[i];
                expected.open[k] += share * fate.open[i];
                expected.weighted[k] += share * fate.open[i] * weight;
            };
            match (deal.own_chance, &won, &lost) {
                (Some(own), Some(won), Some(lost)) => {
                    let weight = own_weight(own, ever, now, stale);
                    add((1.0 - kept) * own, won, weight);
                    add((1.0 - kept) * (1.0 - own), lost, weight);
                }
                _ => add(1.0 - kept, &natural, now[0]),
            }
            if let (Some(stated), Some(lost)) = (stated, &lost) {
                add(kept * (1.0 - to_win), lost, to_win);
                let left = left_at(&stated, *end);
                expected.won[k] += kept * to_win * (before - left);
                expected.open[k] += kept * to_win * left;
                expected.weighted[k] += kept * to_win * left * to_win;
                before = left;
            }
        }
        expected
    }
}

/// The part of deals that close by their stated date which is still open at a time.
fn left_at(stated: &StatedClose, end: f64) -> f64 {
    let late = (end - stated.close) * DAYS_PER_MONTH;
    match stated.slip {
        None => f64::from(late <= 0.0),
        Some((delay, mean)) => delay.survival(mean, late),
    }
}
