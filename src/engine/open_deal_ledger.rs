//! Where what becomes of a region's open deals is put down.

use std::ops::Range;

use super::compiled::RegionPlan;
use super::contract_columns::{ContractColumns, Signed};
use super::effects::{Effects, factor};
use super::open_deal_draw::{Deal, Part, TERM};
use super::scratch::{Columns, RunningColumns, Scratch, ValuedColumns, add, row};
use super::won_deal::WonDeal;
use crate::chance::DealSize;
use crate::model::renewal_growth;

/// Open deals as they are decided, by month and trial: what leaves in each month, summed up at the end. A deal that is open at the horizon's
/// end leaves in the month after it.
pub(super) struct Ledger<'a, 'c> {
    plan: &'a RegionPlan<'a>,
    months: usize,
    lanes: usize,
    mean_size: &'a [f64],
    /// What a deal without an amount counts for in the pipeline, before the factors of months.
    new_deal: Vec<f64>,
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
    /// The values of deals whose chance is the win rate, and of others: of those with an amount, and of those worth what new deals are.
    at_win_rate: [Values; 2],
    others: [Values; 2],
    /// How the weight of the others changes, likewise.
    weights: [Vec<f64>; 2],
    /// The deal that is decided: whether its chance is the win rate, whether it is worth what new deals are, and what it is said to be worth in each
    /// trial.
    is_at_win_rate: bool,
    is_new: usize,
    stated: Vec<f64>,
    won_deals: Option<&'a mut Vec<WonDeal>>,
    /// Of contracts of the region's only term: how often a customer who signs in each month may renew. Empty where terms or retention differ.
    most_renewals: Vec<usize>,
}

/// Those columns of a region that open deals change.
struct OpenDealColumns<'a, 'c> {
    won: &'a mut [f64],
    lost: &'a mut [f64],
    renewals: &'a mut [f64],
    customers: &'a mut [f64],
    running: &'a mut RunningColumns<'c>,
    valued: Option<&'a mut ValuedColumns<'c>>,
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
        mean_size: &'a [f64],
        columns: &'a mut Columns<'c>,
        scratch: &'a Scratch,
        won_deals: Option<&'a mut Vec<WonDeal>>,
    ) -> Option<Ledger<'a, 'c>> {
        let lanes = scratch.lanes();
        let zeros = || vec![0.0; (plan.months + 1) * lanes];
        let none = || [(); 2].map(|()| Values { all: vec![0.0; lanes], leaving: zeros() });
        let of_one_term = match plan.region.terms.as_slice() {
            [term] if scratch.effects.retention.is_empty() => Some(term.months),
            _ => None,
        };
        let years = plan.region.mean_years();
        Some(Ledger {
            plan,
            months: plan.months,
            lanes,
            mean_size,
            new_deal: mean_size.iter().map(|size| size * years).collect(),
            ratio: scratch.filled(plan.region.final_amount.ratio),
            per_ln_renew: scratch.renew.iter().map(|renew| 1.0 / libm::log(*renew)).collect(),
            scratch,
            columns: OpenDealColumns {
                won: columns.won,
                lost: columns.lost,
                renewals: columns.renewals,
                customers: columns.customers,
                running: columns.running.as_mut()?,
                valued: columns.valued.as_mut(),
            },
            count: 0.0,
            won: zeros(),
            gone: zeros(),
            ended: zeros(),
            at_win_rate: none(),
            others: none(),
            weights: [zeros(), zeros()],
            is_at_win_rate: false,
            is_new: 0,
            stated: vec![0.0; lanes],
            won_deals,
            most_renewals: of_one_term
                .map_or_else(Vec::new, |term| (0..plan.months).map(|k| (plan.months - 1 - k) / term).collect()),
        })
    }

    /// Whether deals that are lost and the pipeline of those still open are asked for.
    pub(super) fn weighs(&self) -> bool {
        !self.plan.won_deals_only
    }

    /// A deal that is open from the as-of day on, in all trials, until it is won or lost; worth a new deal's mean where nothing is said. Its
    /// chance is the win rate for as long as it is open, or it is weighed.
    pub(super) fn begin(&mut self, deal: &Deal, is_at_win_rate: bool) {
        self.count += 1.0;
        self.is_new = usize::from(deal.row.amount.is_none());
        if !self.weighs() {
            return;
        }
        match deal.row.amount {
            Some(amount) => self.stated.fill(amount),
            None => self.stated.copy_from_slice(&self.new_deal),
        }
        self.is_at_win_rate = is_at_win_rate;
        let values = if is_at_win_rate { &mut self.at_win_rate } else { &mut self.others };
        add(&mut values[self.is_new].all, &self.stated);
    }

    /// What the value of a deal counts for in the pipeline of a month, in the scenario's currency: those that are worth what new deals are change with
    /// these.
    #[inline]
    fn counted(&self, is_new: usize, lane: usize, k: usize) -> f64 {
        let Effects { deal_size, rate, .. } = &self.scratch.effects;
        factor(if is_new == 1 { deal_size } else { rate }, k, self.lanes, lane)
    }

    /// The deal is no longer open at the ends of months from this one on.
    #[inline(always)]
    fn leave(&mut self, lane: usize, k: usize) {
        let values = if self.is_at_win_rate { &mut self.at_win_rate } else { &mut self.others };
        self.gone[k * self.lanes + lane] += 1.0;
        values[self.is_new].leaving[k * self.lanes + lane] += self.stated[lane];
    }

    /// The deal is won or lost in each trial, in these months; [`Ledger::sign`] follows for those won.
    #[inline]
    pub(super) fn leave_all(&mut self, months: &[u32]) {
        let values = &mut if self.is_at_win_rate { &mut self.at_win_rate } else { &mut self.others }[self.is_new];
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
        let weights = &mut self.weights[self.is_new];
        weights[months.start * self.lanes + lane] += value;
        weights[months.end * self.lanes + lane] -= value;
    }

    /// The same at the end of one month.
    #[inline]
    pub(super) fn weigh_in(&mut self, lane: usize, k: usize, chance: f64) {
        let value = self.stated[lane] * self.counted(self.is_new, lane, k);
        self.columns.running.open_weighted[k * self.lanes + lane] += value * chance;
    }

    /// Deals of this value, with amounts or worth what new deals are, are open at the end of a month, weighted by their chance to be won later.
    #[inline]
    pub(super) fn weigh_value(&mut self, is_new: usize, lane: usize, k: usize, weighted: f64) {
        self.columns.running.open_weighted[k * self.lanes + lane] += weighted * self.counted(is_new, lane, k);
    }

    /// What the present deal is said to be worth in each trial, and whether that is what new deals are.
    pub(super) fn stated(&self) -> (usize, &[f64]) {
        (self.is_new, &self.stated)
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
        let (lanes, region, scratch) = (self.lanes, self.plan.region, self.scratch);
        let term = self.plan.term_at(|| deal.uniform_of(TERM, lane));
        let drawn = |law: &DealSize| if law.cv() == 0.0 { 1.0 } else { law.draw(deal.amount(lane)) };
        let mut value = match deal.row.amount {
            Some(amount) => amount * self.ratio[lane] * drawn(&region.final_amount.law),
            None => {
                let size = match &scratch.sizes {
                    Some(sizes) => sizes.draw(lane, deal.uniform(Part::Amount, lane)),
                    None => self.mean_size[lane] * drawn(&region.size),
                };
                if region.per_year { size * (term as f64 / 12.0) } else { size }
            }
        };
        if let Some(tilt) = self.plan.exposure_index[2] {
            value *= scratch.tilts[tilt][k * lanes + lane] * self.plan.mean_correction[2];
        }
        if self.columns.valued.is_some() {
            value *= self.counted(self.is_new, lane, k);
        }
        self.columns.running.bookings_from_open[k * lanes + lane] += value;
        let most = (self.months - 1 - k) / term;
        let uniform = || deal.uniform(Part::Renewals, lane);
        let (renewals, grow) = if self.most_renewals.is_empty() {
            let seen = self.plan.renewals_seen(scratch, lane, k, term, uniform);
            (seen, renewal_growth(scratch.expansion[lane], term))
        } else {
            let renewals = match scratch.renew[lane] {
                _ if self.most_renewals[k] == 0 => 0,
                renew if renew <= 0.0 => 0,
                renew if renew >= 1.0 => most,
                _ => ((libm::log(uniform()) * self.per_ln_renew[lane]) as usize).min(most),
            };
            (renewals, scratch.grow[lane])
        };
        self.end(lane, k + (renewals + 1) * term);
        let OpenDealColumns { renewals: renewed, running, valued, .. } = &mut self.columns;
        ContractColumns { renewals: renewed, running: Some(running), valued: valued.as_deref_mut() }.live(
            Signed { value, month: k, term, lane },
            renewals,
            most,
            grow,
            scratch,
        );
        value
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
        let Effects { deal_size, rate, .. } = &self.scratch.effects;
        let (mut open, mut active) = (vec![self.count; lanes], vec![0.0; lanes]);
        let mut weight = [(); 2].map(|()| vec![0.0; lanes]);
        for k in self.plan.as_of.month..self.months {
            let at = k * lanes..(k + 1) * lanes;
            add(&mut won[at.clone()], row(&self.won, k, lanes));
            if weighs {
                let of_month = row(&self.gone, k, lanes).iter().zip(row(&self.won, k, lanes));
                lost[at.clone()].iter_mut().zip(of_month).for_each(|(lost, (gone, won))| *lost += gone - won);
            }
            weight.iter_mut().zip(&self.weights).for_each(|(weight, weights)| add(weight, row(weights, k, lanes)));
            for (lane, i) in at.enumerate() {
                open[lane] -= self.gone[i];
                active[lane] += self.won[i] - self.ended[i];
                customers[i] += active[lane];
                running.open[i] = open[lane];
                let (mut value, mut weighted) = (0.0, running.open_weighted[i]);
                for (is_new, counted) in [rate, deal_size].into_iter().enumerate() {
                    let (at_win_rate, others) = (&mut at_win_rate[is_new], &mut others[is_new]);
                    at_win_rate.all[lane] -= at_win_rate.leaving[i];
                    others.all[lane] -= others.leaving[i];
                    let counted = factor(counted, k, lanes, lane);
                    let by_rate = win_rate.get(lane).map_or(0.0, |rate| rate * at_win_rate.all[lane]);
                    value += (at_win_rate.all[lane] + others.all[lane]) * counted;
                    weighted += (weight[is_new][lane] + by_rate) * counted;
                }
                running.open_value[i] = left(open[lane], value);
                running.open_weighted[i] = left(open[lane], weighted);
            }
        }
    }
}

/// What is left of a value once what leaves is taken away: only rounding can leave some where no deal is left, or less than nothing.
fn left(deals: f64, value: f64) -> f64 {
    if deals == 0.0 || value < 0.0 { 0.0 } else { value }
}
