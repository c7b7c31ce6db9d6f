//! Open deals: the chances of each month by age and stage, and what becomes of each deal.

use super::memory::{DailyScratch, Decisions};
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
use crate::stats::simd::vectorized;

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
        // Those with amounts, and those that are worth what new deals are.
        let mut value = [(); 2].map(|()| vec![0.0; lanes]);
        let mut decided = [(); 2].map(|()| vec![0.0; (plan.months + 1) * lanes]);
        let mut decisions = Decisions::new(lanes);
        for (g, group) in plan.groups.iter().enumerate() {
            if monitor.stopped() {
                return;
            }
            value.iter_mut().chain(&mut decided).for_each(|all| all.fill(0.0));
            for OpenDealPlan { deal, place, address } in &self.open_deals[group.deals.clone()] {
                let by_fate = deal.own_chance.is_some() || self.stated(deal).is_some();
                for i in 0..deal.count {
                    let deal = Deal::new(deal, *place, address.part(i), scratch);
                    ledger.begin(&deal, false);
                    if by_fate {
                        self.decide_by_fate(plan, (g, group), terms, &deal, &scratch.daily, ledger);
                        continue;
                    }
                    deal.fill_uniforms(Part::Fate, &mut decisions.fates);
                    plan.decide_by_age(&scratch.daily, (g, group), ledger, &mut decisions);
                    if ledger.weighs() {
                        ledger.leave_all(&decisions.leaving);
                        let (is_new, stated) = ledger.stated();
                        add(&mut value[is_new], stated);
                        for (lane, (k, stated)) in decisions.leaving.iter().zip(stated).enumerate() {
                            decided[is_new][*k as usize * lanes + lane] += stated;
                        }
                    }
                    for lane in decisions.winners.iter().map(|lane| *lane as usize) {
                        ledger.sign(&deal, lane, decisions.won[lane] as usize);
                    }
                }
            }
            if ledger.weighs() {
                for k in plan.first..plan.months {
                    let ever = DailyPlan::row(&scratch.daily.ever[0], plan.ever_rows(), plan.ever_row(g, k + 1));
                    for (is_new, (value, decided)) in value.iter_mut().zip(&decided).enumerate() {
                        for (lane, (value, decided)) in value.iter_mut().zip(row(decided, k, lanes)).enumerate() {
                            *value -= decided;
                            let ever = ever[if ever.len() == 1 { 0 } else { lane }];
                            ledger.weigh_value(is_new, lane, k, *value * ever);
                        }
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

impl Decisions {
    fn new(lanes: usize) -> Decisions {
        let zeros = || vec![0.0; lanes];
        Decisions {
            fates: zeros(),
            from_one: zeros(),
            won: zeros(),
            lost: zeros(),
            is_winner: vec![false; lanes],
            leaving: vec![0; lanes],
            winners: Vec::with_capacity(lanes),
        }
    }
}

impl DailyPlan<'_> {
    /// When a deal is decided that goes by its age alone, by its fates: low numbers are won, high ones lost, the sooner the farther out. Found in
    /// all trials at once, without branches.
    fn decide_by_age(
        &self,
        daily: &DailyScratch,
        (g, group): (usize, &DealGroup),
        ledger: &Ledger,
        decisions: &mut Decisions,
    ) {
        let Decisions { fates, from_one, won, lost, is_winner, leaving, winners } = decisions;
        let (lanes, last) = (fates.len(), self.months as f64);
        self.months_of(daily, 0, group.natural, fates, won);
        if ledger.weighs() || ledger.lists() {
            let (from_one, fates) = (&mut from_one[..lanes], &fates[..lanes]);
            vectorized!((0..lanes).for_each(|lane| from_one[lane] = 1.0 - fates[lane]));
            self.months_of(daily, 1, group.natural, from_one, lost);
            let (leaving, won, lost) = (&mut leaving[..lanes], &won[..lanes], &lost[..lanes]);
            vectorized!({
                for lane in 0..lanes {
                    leaving[lane] = won[lane].min(lost[lane]) as u32;
                }
            });
        }
        let is_winner = &mut is_winner[..lanes];
        if ledger.lists() {
            let at_end = |o: usize| self.decided_by(daily, o, group.natural, self.months - 1);
            let ever = DailyPlan::row(&daily.ever[0], self.ever_rows(), self.ever_row(g, self.months));
            let (to_win, to_lose, one) = (at_end(0), at_end(1), ever.len() == 1);
            for lane in 0..lanes {
                let i = if one { 0 } else { lane };
                let later = lost[lane] >= last && is_won_later(fates[lane], [to_win[i], to_lose[i]], ever[i]);
                is_winner[lane] = won[lane] < last || later;
            }
        } else {
            is_winner.iter_mut().zip(&*won).for_each(|(is_winner, won)| *is_winner = *won < last);
        }
        winners.resize(lanes, 0);
        let mut count = 0;
        for (lane, is_winner) in is_winner.iter().enumerate() {
            winners[count] = lane as u32;
            count += usize::from(*is_winner);
        }
        winners.truncate(count);
    }

    /// The months by whose ends the chances of an outcome of a series pass these numbers, in each trial; that after the last where they do not.
    fn months_of(&self, daily: &DailyScratch, outcome: usize, series: usize, numbers: &[f64], months: &mut [f64]) {
        months.fill(self.first as f64);
        for k in self.first..self.months {
            let by = self.decided_by(daily, outcome, series, k);
            let lanes = months.len().min(numbers.len());
            let (months, numbers) = (&mut months[..lanes], &numbers[..lanes]);
            if let [by] = by {
                vectorized!((0..lanes).for_each(|lane| months[lane] += if numbers[lane] >= *by { 1.0 } else { 0.0 }));
            } else {
                let by = &by[..lanes];
                vectorized!(
                    (0..lanes).for_each(|lane| months[lane] += if numbers[lane] >= by[lane] { 1.0 } else { 0.0 })
                );
            }
        }
    }

    /// Each row of open deals with the series of months that decides it by its age alone.
    pub(in crate::engine) fn series_of<'d>(
        &'d self,
        deals: &'d [OpenDealPlan<'d>],
    ) -> impl Iterator<Item = (&'d OpenDealPlan<'d>, usize)> {
        self.groups.iter().flat_map(|group| deals[group.deals.clone()].iter().map(|deal| (deal, group.natural)))
    }

    /// The chances that a series has come to an outcome by the end of a month, in each trial that is worked out.
    pub(in crate::engine) fn decided_by<'d>(
        &self,
        daily: &'d DailyScratch,
        outcome: usize,
        series: usize,
        k: usize,
    ) -> &'d [f64] {
        DailyPlan::row(&daily.decided[outcome], self.series * self.months, series * self.months + k)
    }

    /// One of so many rows of trials that are worked out.
    #[inline]
    fn row(all: &[f64], rows: usize, i: usize) -> &[f64] {
        row(all, i, all.len() / rows)
    }

    /// A number of a trial among those that were worked out.
    #[inline]
    fn at(all: &[f64], rows: usize, i: usize, lane: usize) -> f64 {
        let row = DailyPlan::row(all, rows, i);
        row[if row.len() == 1 { 0 } else { lane }]
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
        let decided = [0, 1].map(|o| DailyPlan::at(&daily.decided[o], rows, last, lane));
        is_won_later(u, decided, self.ever(daily, g, self.months, lane)[0])
    }

    /// The chances of being won ever and not, as they are on the as-of day (`first`) or at the end of the month before.
    #[inline]
    fn ever(&self, daily: &DailyScratch, g: usize, month: usize, lane: usize) -> [f64; 2] {
        [0, 1].map(|o| DailyPlan::at(&daily.ever[o], self.ever_rows(), self.ever_row(g, month), lane))
    }

    fn ever_rows(&self) -> usize {
        self.groups.len() * (self.months + 1)
    }

    /// Which of these rows a group has on the as-of day, which is the first, or at the end of the month before.
    fn ever_row(&self, g: usize, month: usize) -> usize {
        g * (self.months + 1) + if month == self.first { 0 } else { month }
    }

    fn is_stale(&self, daily: &DailyScratch, g: usize, lane: usize) -> bool {
        DailyPlan::at(&daily.stale, self.groups.len(), g, lane) > 0.0
    }
}

/// Whether a deal that is open once these parts are decided is won later, with this chance.
#[inline(always)]
fn is_won_later(u: f64, [won, lost]: [f64; 2], ever: f64) -> bool {
    u - won < ever * (1.0 - won - lost)
}
