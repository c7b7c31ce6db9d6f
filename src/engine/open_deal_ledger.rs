//! Where what becomes of a region's open deals is put down.

use std::ops::Range;

use super::compiled::RegionPlan;
use super::open_deal_draw::{Deal, Part};
use super::scratch::{Columns, RunningColumns, Scratch, add};
use super::won_deal::WonDeal;
use crate::chance::DealSize;

/// Deals, values and weights by month and trial: as changes from month to month while deals are decided, summed up at the end.
pub(super) struct Ledger<'a, 'c> {
    plan: &'a RegionPlan<'a>,
    months: usize,
    term: usize,
    lanes: usize,
    mean_size: &'a [f64],
    ratio: Vec<f64>,
    /// One over the logarithm of the chance of a renewal.
    per_ln_renew: Vec<f64>,
    scratch: &'a Scratch,
    won: &'a mut [f64],
    lost: &'a mut [f64],
    renewals: &'a mut [f64],
    customers: &'a mut [f64],
    running: &'a mut RunningColumns<'c>,
    customers_change: Vec<f64>,
    weighted_change: Vec<f64>,
    /// What the deal is said to be worth in each trial.
    stated: Vec<f64>,
    won_deals: Option<&'a mut Vec<WonDeal>>,
}

impl<'a, 'c> Ledger<'a, 'c> {
    /// An empty one; none where there are no columns of a running business.
    pub(super) fn new(
        plan: &'a RegionPlan<'a>,
        term: usize,
        mean_size: &'a [f64],
        columns: &'a mut Columns<'c>,
        scratch: &'a Scratch,
        won_deals: Option<&'a mut Vec<WonDeal>>,
    ) -> Option<Ledger<'a, 'c>> {
        let lanes = scratch.lanes();
        let cells = plan.months * lanes;
        Some(Ledger {
            plan,
            months: plan.months,
            term,
            lanes,
            mean_size,
            ratio: scratch.filled(plan.region.final_amount.ratio),
            per_ln_renew: scratch.renew.iter().map(|renew| 1.0 / libm::log(*renew)).collect(),
            scratch,
            won: columns.won,
            lost: columns.lost,
            renewals: columns.renewals,
            customers: columns.customers,
            running: columns.running.as_mut()?,
            customers_change: vec![0.0; cells],
            weighted_change: vec![0.0; cells],
            stated: vec![0.0; lanes],
            won_deals,
        })
    }

    /// Whether the weighted pipeline is asked for.
    pub(super) fn weighs(&self) -> bool {
        !self.plan.won_deals_only
    }

    /// A deal that is open from the as-of day on, in all trials, until it is won or lost; worth a new deal's mean where nothing is said.
    pub(super) fn begin(&mut self, deal: &Deal) {
        match deal.row.amount {
            Some(amount) => self.stated.fill(amount),
            None => self.stated.copy_from_slice(self.mean_size),
        }
        let first = self.plan.as_of.month * self.lanes..(self.plan.as_of.month + 1) * self.lanes;
        self.running.open[first.clone()].iter_mut().for_each(|open| *open += 1.0);
        add(&mut self.running.open_value[first], &self.stated);
    }

    /// The deal is no longer open at the ends of months from this one on.
    #[inline]
    fn leave(&mut self, lane: usize, k: usize) {
        let i = k * self.lanes + lane;
        self.running.open[i] -= 1.0;
        self.running.open_value[i] -= self.stated[lane];
    }

    /// At the ends of these months its chance to be won later is this.
    #[inline]
    pub(super) fn weigh(&mut self, lane: usize, months: Range<usize>, chance: f64) {
        let value = self.stated[lane] * chance;
        self.weighted_change[months.start * self.lanes + lane] += value;
        if months.end < self.months {
            self.weighted_change[months.end * self.lanes + lane] -= value;
        }
    }

    /// The same at the end of one month.
    #[inline]
    pub(super) fn weigh_in(&mut self, lane: usize, k: usize, chance: f64) {
        self.running.open_weighted[k * self.lanes + lane] += self.stated[lane] * chance;
    }

    /// Deals of this value are open at the end of a month, weighted by their chance to be won later.
    #[inline]
    pub(super) fn weigh_value(&mut self, lane: usize, k: usize, weighted: f64) {
        self.running.open_weighted[k * self.lanes + lane] += weighted;
    }

    /// What the present deal is said to be worth in each trial.
    pub(super) fn stated(&self) -> &[f64] {
        &self.stated
    }

    /// Whether deals that are won are listed one by one.
    pub(super) fn lists(&self) -> bool {
        self.won_deals.is_some()
    }

    /// The deal is lost in a month of the horizon.
    #[inline]
    pub(super) fn lose(&mut self, lane: usize, k: usize) {
        self.lost[k * self.lanes + lane] += 1.0;
        self.leave(lane, k);
    }

    /// The deal is won in a month, or later than all: it becomes a customer like any other.
    #[inline]
    pub(super) fn win(&mut self, deal: &Deal, lane: usize, k: usize) {
        let value = if k < self.months { self.signed(deal, lane, k) } else { 0.0 };
        if let Some(won_deals) = &mut self.won_deals {
            won_deals.push(WonDeal { deal: deal.place, lane, month: k, value });
        }
    }

    /// A customer who signs in a month: what the contract is worth, with what becomes of it.
    fn signed(&mut self, deal: &Deal, lane: usize, k: usize) -> f64 {
        let (lanes, region) = (self.lanes, self.plan.region);
        let drawn = |law: &DealSize| if law.cv() == 0.0 { 1.0 } else { law.draw(deal.uniform(Part::Amount, lane)) };
        let mut value = match deal.row.amount {
            Some(amount) => amount * self.ratio[lane] * drawn(&region.final_amount.law),
            None => self.mean_size[lane] * drawn(&region.size),
        };
        if let Some(tilt) = self.plan.exposure_index[2] {
            value *= self.scratch.tilts[tilt][k * lanes + lane] * self.plan.mean_correction[2];
        }
        let signed = value;
        let at = k * lanes + lane;
        self.won[at] += 1.0;
        self.running.bookings_from_open[at] += value;
        self.leave(lane, k);
        self.customers_change[at] += 1.0;
        let most = (self.months - 1 - k) / self.term;
        if most == 0 {
            self.end(lane, k + self.term);
            return signed;
        }
        let renew = self.scratch.renew[lane];
        let renewals = match renew {
            _ if renew <= 0.0 => 0,
            _ if renew >= 1.0 => most,
            _ => ((libm::log(deal.uniform(Part::Renewals, lane)) * self.per_ln_renew[lane]) as usize).min(most),
        };
        self.end(lane, k + (renewals + 1) * self.term);
        for j in 1..=most {
            let at = (k + j * self.term) * lanes + lane;
            let arr = value * 12.0 / self.term as f64;
            if j > renewals {
                self.running.arr_churn[at] += arr;
                break;
            }
            value *= self.scratch.grow[lane];
            self.renewals[at] += value;
            let change = value * 12.0 / self.term as f64 - arr;
            self.running.arr_expansion[at] += change.max(0.0);
            self.running.arr_contraction[at] += (-change).max(0.0);
        }
        signed
    }

    /// A customer is one no longer from a month on.
    fn end(&mut self, lane: usize, k: usize) {
        if k < self.months {
            self.customers_change[k * self.lanes + lane] -= 1.0;
        }
    }

    /// Turns the changes from month to month into what there is at the end of each.
    pub(super) fn sum_up(self) {
        let first = (self.plan.as_of.month + 1) * self.lanes;
        let RunningColumns { open, open_value, open_weighted, .. } = self.running;
        let (mut customers, mut weighted) = (self.customers_change, self.weighted_change);
        for column in [&mut **open, open_value, &mut customers, &mut weighted] {
            for i in first..column.len() {
                column[i] += column[i - self.lanes];
            }
        }
        add(self.customers, &customers);
        add(open_weighted, &weighted);
        // Only rounding can leave value where no deal is left.
        for (i, _) in open.iter().enumerate().filter(|(_, open)| **open == 0.0) {
            (open_value[i], open_weighted[i]) = (0.0, 0.0);
        }
    }
}
