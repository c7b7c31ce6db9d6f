//! Open deals: the chances of each month by age and stage, and what becomes of each deal.

use super::memory::DailyScratch;
use super::plan::{Base, DailyPlan, DealGroup};
use crate::engine::compiled::RegionPlan;
use crate::engine::monitor::Monitor;
use crate::engine::open_deal_draw::{Deal, Part};
use crate::engine::open_deal_ledger::Ledger;
use crate::engine::open_deal_plan::OpenDealPlan;
use crate::engine::open_deals::Terms;
use crate::engine::scratch::{Scratch, add, row, row_mut};
use crate::model::own_weight;
use crate::stats::shifted;

impl DailyPlan<'_> {
    /// The chances ever of the groups of a base as they are on the as-of day.
    pub(super) fn weigh_at_first(&self, base: &Base, variant: usize, daily: &mut DailyScratch, lanes: usize) {
        for series in &base.variants[variant].series {
            let Some(group) = series.group else { continue };
            let place = base.rows.place(series.age);
            for o in 0..2 {
                let at = group * (self.months + 1);
                row_mut(&mut daily.ever[o], at, lanes).copy_from_slice(row(&daily.chances.ever[o], place, lanes));
            }
            let stale = row_mut(&mut daily.stale, group, lanes);
            match daily.chances.stale.is_empty() {
                true => stale.fill(0.0),
                false => stale.copy_from_slice(row(&daily.chances.stale, place, lanes)),
            }
        }
    }

    /// What month `k` does to open deals, of which these parts are open before it.
    pub(super) fn decide_series(
        &self,
        base: &Base,
        variant: usize,
        k: usize,
        open: &mut [Vec<f64>],
        daily: &mut DailyScratch,
        lanes: usize,
    ) {
        let DailyScratch { sums, chances, decided: [won, lost], ever, .. } = daily;
        for (series, open) in base.variants[variant].series.iter().zip(open) {
            let at = series.place * self.months + k;
            for all in [&mut *won, &mut *lost] {
                match k > self.first {
                    true => all.copy_within((at - 1) * lanes..at * lanes, at * lanes),
                    false => row_mut(all, at, lanes).fill(0.0),
                }
            }
            let mut ages = series.age + self.before[k]..series.age + self.before[k + 1];
            let after = ages.end;
            if let Some(last) = self.last_age.filter(|last| ages.start > *last) {
                ages = last..last + self.days[k];
            }
            sums.stretch(ages).pass(open, row_mut(won, at, lanes), row_mut(lost, at, lanes));
            if let Some(group) = series.group {
                let (place, at) = (base.rows.place(after), group * (self.months + 1) + k + 1);
                for (found, of_age) in ever.iter_mut().zip(&chances.ever) {
                    row_mut(found, at, lanes).copy_from_slice(row(of_age, place, lanes));
                }
            }
        }
    }
}

impl RegionPlan<'_> {
    /// What becomes of the region's open deals.
    pub(in crate::engine) fn decide_daily_deals(
        &self,
        plan: &DailyPlan,
        terms: &Terms,
        ledger: &mut Ledger,
        scratch: &Scratch,
        monitor: &Monitor,
    ) {
        let lanes = scratch.lanes();
        // Of the deals of a group that go by age alone the stated value, and what of it is decided in each month: they are weighed together.
        let (mut value, mut decided) = (vec![0.0; lanes], vec![0.0; plan.months * lanes]);
        for (g, group) in plan.groups.iter().enumerate() {
            if monitor.stopped() {
                return;
            }
            value.fill(0.0);
            decided.fill(0.0);
            for OpenDealPlan { deal, place, address } in &self.open_deals[group.deals.clone()] {
                let by_fate = deal.own_chance.is_some() || self.stated(deal).is_some();
                for i in 0..deal.count {
                    let deal = Deal::new(deal, *place, address.part(i), scratch);
                    ledger.begin(&deal, false);
                    if by_fate {
                        self.decide_by_fate(plan, (g, group), terms, &deal, &scratch.daily, ledger);
                        continue;
                    }
                    add(&mut value, ledger.stated());
                    for (lane, u) in deal.uniforms(Part::Fate).into_iter().enumerate() {
                        match plan.decided(&scratch.daily, group.natural, lane, u) {
                            Some((k, is_won)) => {
                                decided[k * lanes + lane] += ledger.stated()[lane];
                                if is_won { ledger.win(&deal, lane, k) } else { ledger.lose(lane, k) }
                            }
                            None if ledger.lists() && plan.is_won_later(&scratch.daily, g, group, lane, u) => {
                                ledger.win(&deal, lane, plan.months);
                            }
                            None => {}
                        }
                    }
                }
            }
            if ledger.weighs() {
                for k in plan.first..plan.months {
                    for (lane, (value, decided)) in value.iter_mut().zip(row(&decided, k, lanes)).enumerate() {
                        *value -= decided;
                        ledger.weigh_value(lane, k, *value * plan.ever(&scratch.daily, g, k + 1, lane)[0]);
                    }
                }
            }
        }
    }

    /// A deal with a chance of its own or a stated close date.
    fn decide_by_fate(
        &self,
        plan: &DailyPlan,
        (g, group): (usize, &DealGroup),
        terms: &Terms,
        deal: &Deal,
        daily: &DailyScratch,
        ledger: &mut Ledger,
    ) {
        let (first, months) = (plan.first, plan.months);
        let stated = self.stated(deal.row);
        for (lane, fate) in deal.uniforms(Part::Fate).into_iter().enumerate() {
            let (ever, stale) = (plan.ever(daily, g, first, lane), plan.is_stale(daily, g, lane));
            let own = deal.row.own_chance.map(|chance| shifted(chance, terms.tilt[lane]));
            let kept = self.kept(stated, terms, deal, lane);
            let (end, is_won) = if own.is_none() && kept.is_none() {
                // By its age alone.
                let later = || (months, plan.is_won_later(daily, g, group, lane, fate));
                plan.decided(daily, group.natural, lane, fate).unwrap_or_else(later)
            } else {
                let chance = own.unwrap_or(ever[0]);
                let is_won = fate < chance;
                let other = usize::from(!is_won);
                let end = match (kept, group.given) {
                    (Some(end), _) if is_won => end,
                    (_, Some(given)) if own.is_some() || !stale => {
                        let from_start = stale || ever[other] == 0.0;
                        let time = if is_won { fate / chance } else { (fate - chance) / (1.0 - chance) };
                        let series = given[other][usize::from(from_start)];
                        plan.reached(daily, other, series, lane, time).unwrap_or(months)
                    }
                    _ => months,
                };
                (end, is_won)
            };
            if ledger.weighs() {
                for k in first..end {
                    let now = plan.ever(daily, g, k + 1, lane);
                    let weight = match (own, kept) {
                        (own, Some(_)) => own.unwrap_or(ever[0]),
                        (Some(own), None) => own_weight(own, ever, now, stale),
                        (None, None) => now[0],
                    };
                    ledger.weigh_in(lane, k, weight);
                }
            }
            if is_won {
                ledger.win(deal, lane, end);
            } else if end < months {
                ledger.lose(lane, end);
            }
        }
    }
}

impl DailyPlan<'_> {
    /// A number of a trial among those that were worked out.
    #[inline]
    fn at(all: &[f64], rows: usize, i: usize, lane: usize) -> f64 {
        let lanes = all.len() / rows;
        all[i * lanes + if lanes == 1 { 0 } else { lane }]
    }

    /// The month by whose end the chance of an outcome (0 won, 1 lost) of a series passes a number.
    #[inline]
    fn reached(&self, daily: &DailyScratch, outcome: usize, series: usize, lane: usize, u: f64) -> Option<usize> {
        let (all, rows) = (&daily.decided[outcome], self.series * self.months);
        let by = |k: usize| DailyPlan::at(all, rows, series * self.months + k, lane);
        if u >= by(self.months - 1) {
            return None;
        }
        (self.first..self.months).find(|k| u < by(*k))
    }

    /// In which month a deal of a series is decided, and whether it is won: low numbers are won, high ones lost, the sooner the farther out.
    #[inline]
    fn decided(&self, daily: &DailyScratch, series: usize, lane: usize, u: f64) -> Option<(usize, bool)> {
        let won = self.reached(daily, 0, series, lane, u).map(|k| (k, true));
        won.or_else(|| self.reached(daily, 1, series, lane, 1.0 - u).map(|k| (k, false)))
    }

    /// Whether a deal that is open at the end would be won after it if all factors were 1 from there on.
    fn is_won_later(&self, daily: &DailyScratch, g: usize, group: &DealGroup, lane: usize, u: f64) -> bool {
        let (rows, last) = (self.series * self.months, group.natural * self.months + self.months - 1);
        let [won, lost] = [0, 1].map(|o| DailyPlan::at(&daily.decided[o], rows, last, lane));
        u - won < self.ever(daily, g, self.months, lane)[0] * (1.0 - won - lost)
    }

    /// The chances of being won ever and not, as they are on the as-of day (`first`) or at the end of the month before.
    #[inline]
    fn ever(&self, daily: &DailyScratch, g: usize, month: usize, lane: usize) -> [f64; 2] {
        let rows = self.groups.len() * (self.months + 1);
        // On the as-of day they stand in the first place.
        let at = if month == self.first { 0 } else { month };
        [0, 1].map(|o| DailyPlan::at(&daily.ever[o], rows, g * (self.months + 1) + at, lane))
    }

    fn is_stale(&self, daily: &DailyScratch, g: usize, lane: usize) -> bool {
        DailyPlan::at(&daily.stale, self.groups.len(), g, lane) > 0.0
    }
}
