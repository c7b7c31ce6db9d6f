//! Where what becomes of a region's open deals is put down.

use std::ops::Range;

use super::compiled::RegionPlan;
use super::open_deal_draw::{Deal, Part};
use super::scratch::{Columns, RunningColumns, Scratch, add, row};
use super::won_deal::WonDeal;
use crate::chance::DealSize;

/// Open deals as they are decided, by month and trial: what leaves in each month, summed up at the end. A deal that is open at the horizon's
/// end leaves in the month after it.
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
    columns: OpenDealColumns<'a, 'c>,
    /// Deals that there are, those won, and those won or lost where they are weighed.
    count: f64,
    won: Vec<f64>,
    gone: Vec<f64>,
    /// Customers won who are none any more.
    ended: Vec<f64>,
    /// The values of deals whose chance is the win rate, and of others.
    at_win_rate: Values,
    others: Values,
    /// How the weight of the others changes.
    weights: Vec<f64>,
    /// The deal that is decided: whether its chance is the win rate, and what it is said to be worth in each trial.
    is_at_win_rate: bool,
    stated: Vec<f64>,
    won_deals: Option<&'a mut Vec<WonDeal>>,
    /// How often a customer who signs in each month may renew.
    most_renewals: Vec<usize>,
}

/// Those columns of a region that open deals change.
struct OpenDealColumns<'a, 'c> {
    won: &'a mut [f64],
    lost: &'a mut [f64],
    renewals: &'a mut [f64],
    customers: &'a mut [f64],
    running: &'a mut RunningColumns<'c>,
}

/// The values of deals in each trial: of all, and of those that leave in each month.
struct Values {
    all: Vec<f64>,
    leaving: Vec<f64>,
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
        let zeros = || vec![0.0; (plan.months + 1) * lanes];
        let none = || Values { all: vec![0.0; lanes], leaving: zeros() };
        Some(Ledger {
            plan,
            months: plan.months,
            term,
            lanes,
            mean_size,
            ratio: scratch.filled(plan.region.final_amount.ratio),
            per_ln_renew: scratch.renew.iter().map(|renew| 1.0 / libm::log(*renew)).collect(),
            scratch,
            columns: OpenDealColumns {
                won: columns.won,
                lost: columns.lost,
                renewals: columns.renewals,
                customers: columns.customers,
                running: columns.running.as_mut()?,
            },
            count: 0.0,
            won: zeros(),
            gone: zeros(),
            ended: zeros(),
            at_win_rate: none(),
            others: none(),
            weights: zeros(),
            is_at_win_rate: false,
            stated: vec![0.0; lanes],
            won_deals,
            most_renewals: (0..plan.months).map(|k| (plan.months - 1 - k) / term).collect(),
        })
    }

    /// Whether deals that are lost and the pipeline of those still open are asked for.
    pub(super) fn weighs(&self) -> bool {
        !self.plan.won_deals_only
    }

    /// A deal that is open from the as-of day on, in all trials, until it is won or lost; worth a new deal's mean where nothing is said. Its
    /// chance is the win rate for as long as it is open, or it is weighed.
    pub(super) fn begin(&mut self, deal: &Deal, is_at_win_rate: bool) {
        match deal.row.amount {
            Some(amount) => self.stated.fill(amount),
            None => self.stated.copy_from_slice(self.mean_size),
        }
        self.is_at_win_rate = is_at_win_rate;
        self.count += 1.0;
        add(&mut if is_at_win_rate { &mut self.at_win_rate } else { &mut self.others }.all, &self.stated);
    }

    /// The deal is no longer open at the ends of months from this one on.
    #[inline(always)]
    fn leave(&mut self, lane: usize, k: usize) {
        let values = if self.is_at_win_rate { &mut self.at_win_rate } else { &mut self.others };
        self.gone[k * self.lanes + lane] += 1.0;
        values.leaving[k * self.lanes + lane] += self.stated[lane];
    }

    /// The deal is won or lost in each trial, in these months; [`Ledger::sign`] follows for those won.
    #[inline]
    pub(super) fn leave_all(&mut self, months: &[u32]) {
        let values = if self.is_at_win_rate { &mut self.at_win_rate } else { &mut self.others };
        for (lane, (k, stated)) in months.iter().zip(&self.stated).enumerate() {
            let at = *k as usize * self.lanes + lane;
            self.gone[at] += 1.0;
            values.leaving[at] += stated;
        }
    }

    /// At the ends of these months its chance to be won later is this.
    #[inline]
    pub(super) fn weigh(&mut self, lane: usize, months: Range<usize>, chance: f64) {
        let value = self.stated[lane] * chance;
        self.weights[months.start * self.lanes + lane] += value;
        self.weights[months.end * self.lanes + lane] -= value;
    }

    /// The same at the end of one month.
    #[inline]
    pub(super) fn weigh_in(&mut self, lane: usize, k: usize, chance: f64) {
        self.columns.running.open_weighted[k * self.lanes + lane] += self.stated[lane] * chance;
    }

    /// Deals of this value are open at the end of a month, weighted by their chance to be won later.
    #[inline]
    pub(super) fn weigh_value(&mut self, lane: usize, k: usize, weighted: f64) {
        self.columns.running.open_weighted[k * self.lanes + lane] += weighted;
    }

    /// What the present deal is said to be worth in each trial.
    pub(super) fn stated(&self) -> &[f64] {
        &self.stated
    }

    /// Whether deals that are won are listed one by one.
    pub(super) fn lists(&self) -> bool {
        self.won_deals.is_some()
    }

    /// The deal is lost in a month, or later than all.
    #[inline(always)]
    pub(super) fn lose(&mut self, lane: usize, k: usize) {
        if self.weighs() {
            self.leave(lane, k);
        }
    }

    /// The deal is won in a month, or later than all: it becomes a customer like any other.
    #[inline]
    pub(super) fn win(&mut self, deal: &Deal, lane: usize, k: usize) {
        if self.weighs() {
            self.leave(lane, k);
        }
        self.sign(deal, lane, k);
    }

    /// What [`Ledger::win`] puts down besides that the deal is no longer open.
    #[inline]
    pub(super) fn sign(&mut self, deal: &Deal, lane: usize, k: usize) {
        self.won[k * self.lanes + lane] += 1.0;
        let value = if k < self.months { self.signed(deal, lane, k) } else { 0.0 };
        if let Some(won_deals) = &mut self.won_deals {
            won_deals.push(WonDeal { deal: deal.place as u32, lane: lane as u16, month: k as u16, value });
        }
    }

    /// A customer who signs in a month: what the contract is worth, with what becomes of it.
    fn signed(&mut self, deal: &Deal, lane: usize, k: usize) -> f64 {
        let (lanes, region) = (self.lanes, self.plan.region);
        let drawn = |law: &DealSize| if law.cv() == 0.0 { 1.0 } else { law.draw(deal.amount(lane)) };
        let mut value = match deal.row.amount {
            Some(amount) => amount * self.ratio[lane] * drawn(&region.final_amount.law),
            None => match &self.scratch.sizes {
                Some(sizes) => sizes.draw(lane, deal.uniform(Part::Amount, lane)),
                None => self.mean_size[lane] * drawn(&region.size),
            },
        };
        if let Some(tilt) = self.plan.exposure_index[2] {
            value *= self.scratch.tilts[tilt][k * lanes + lane] * self.plan.mean_correction[2];
        }
        let signed = value;
        let at = k * lanes + lane;
        self.columns.running.bookings_from_open[at] += value;
        let most = self.most_renewals[k];
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
                self.columns.running.arr_churn[at] += arr;
                break;
            }
            value *= self.scratch.grow[lane];
            self.columns.renewals[at] += value;
            let change = value * 12.0 / self.term as f64 - arr;
            self.columns.running.arr_expansion[at] += change.max(0.0);
            self.columns.running.arr_contraction[at] += (-change).max(0.0);
        }
        signed
    }

    /// A customer is one no longer from a month on.
    fn end(&mut self, lane: usize, k: usize) {
        if k < self.months {
            self.ended[k * self.lanes + lane] += 1.0;
        }
    }

    /// Turns what leaves in each month into what there is at the end of each.
    pub(super) fn sum_up(self, win_rate: &[f64]) {
        let weighs = self.weighs();
        let Ledger { columns, lanes, mut at_win_rate, mut others, .. } = self;
        let OpenDealColumns { won, lost, customers, running, .. } = columns;
        let (mut open, mut active) = (vec![self.count; lanes], vec![0.0; lanes]);
        let mut weight = vec![0.0; lanes];
        for k in self.plan.as_of.month..self.months {
            let at = k * lanes..(k + 1) * lanes;
            add(&mut won[at.clone()], row(&self.won, k, lanes));
            if weighs {
                let of_month = row(&self.gone, k, lanes).iter().zip(row(&self.won, k, lanes));
                lost[at.clone()].iter_mut().zip(of_month).for_each(|(lost, (gone, won))| *lost += gone - won);
            }
            add(&mut weight, row(&self.weights, k, lanes));
            for (lane, i) in at.enumerate() {
                open[lane] -= self.gone[i];
                active[lane] += self.won[i] - self.ended[i];
                at_win_rate.all[lane] -= at_win_rate.leaving[i];
                others.all[lane] -= others.leaving[i];
                customers[i] += active[lane];
                running.open[i] = open[lane];
                running.open_value[i] = left(open[lane], at_win_rate.all[lane] + others.all[lane]);
                let by_rate = win_rate.get(lane).map_or(0.0, |rate| rate * at_win_rate.all[lane]);
                running.open_weighted[i] = left(open[lane], running.open_weighted[i] + weight[lane] + by_rate);
            }
        }
    }
}

/// What is left of a value once what leaves is taken away: only rounding can leave some where no deal is left, or less than nothing.
fn left(deals: f64, value: f64) -> f64 {
    if deals == 0.0 || value < 0.0 { 0.0 } else { value }
}
