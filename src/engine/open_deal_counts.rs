//! Open deals of a row counted together: how many are won in each month, and what they are worth. For whoever asks for nothing else of them and has
//! very many: the deals of a row are alike, so that those won in a month are binomial among those not won before.

use super::compiled::{Path, RegionPlan};
use super::monitor::Monitor;
use super::open_deal_plan::OpenDealPlan;
use super::scratch::{Columns, Scratch, add, row, row_mut};
use crate::chance::{Address, Odds, TrialKey, binomial_quantiles};

/// The part of a month's address of sizes that the deals which were open have: past those of all classes of new customers.
const SIZES: usize = 1_000_000;

/// Deals won by month and trial, and the memory for one row of them.
struct Counts<'a> {
    trials: &'a [TrialKey],
    first: usize,
    won: Vec<f64>,
    left: Vec<f64>,
    /// The chance of being won by the end of the month before.
    before: Vec<f64>,
    chances: Vec<f64>,
    odds: Vec<Odds>,
    uniforms: Vec<f64>,
    here: Vec<f64>,
}

impl RegionPlan<'_> {
    /// Whether the open deals can be counted: only their age and the trial decide them, and nothing but their region what they are worth.
    pub(super) fn counts_open_deals(&self) -> bool {
        let plain = |deal: &OpenDealPlan| {
            let deal = deal.deal;
            deal.amount.is_none() && deal.own_chance.is_none() && self.stated(deal).is_none()
        };
        !matches!(self.path, Path::LeadByLead(_))
            && self.region.held.is_none()
            && self.region.terms.len() == 1
            && self.open_deals.iter().all(plain)
    }

    /// Adds how many of the region's open deals are won in each month, and what these are worth; all else is left out.
    pub(super) fn count_open_deals(
        &self,
        mean_size: &[f64],
        columns: &mut Columns,
        scratch: &mut Scratch,
        monitor: &Monitor,
    ) {
        if self.open_deals.is_empty() {
            return;
        }
        let won = self.count_won(scratch, monitor);
        let lanes = scratch.lanes();
        let Some(running) = &mut columns.running else { return };
        let mut units = vec![0.0; lanes];
        for k in self.as_of.month..self.months {
            let of_month = row(&won, k, lanes);
            self.sums(
                self.streams.size[k].part(SIZES),
                of_month,
                (&scratch.trials, &scratch.sizes),
                &mut scratch.uniforms,
                [&mut scratch.values, &mut scratch.below_zero],
            );
            self.units(k, self.region.mean_years(), mean_size, scratch, &mut units);
            let booked = row_mut(running.bookings_from_open, k, lanes).iter_mut().zip(&scratch.values);
            booked.zip(&units).for_each(|((booked, value), unit)| *booked += value * unit);
            add(row_mut(columns.won, k, lanes), of_month);
        }
    }

    /// How many are won: months × trials.
    fn count_won(&self, scratch: &Scratch, monitor: &Monitor) -> Vec<f64> {
        let mut counts = Counts::new(&scratch.trials, self.as_of.month, self.months);
        match self.path {
            Path::Thinning(cycle) => {
                let terms = self.terms(scratch);
                self.by_age(cycle, scratch, |aged| {
                    for deals in &self.open_deals {
                        if monitor.stopped() {
                            return;
                        }
                        aged.turn_to(deals.deal.age);
                        aged.work_out_outlooks(&terms);
                        (0..scratch.lanes()).for_each(|lane| aged.won.open_until(lane, self.months));
                        counts.count(deals, |k, chances| {
                            for (lane, chance) in chances.iter_mut().enumerate() {
                                *chance = aged.outlook[lane].won * (1.0 - aged.won.open_after(lane, k));
                            }
                        });
                    }
                });
            }
            Path::Daily | Path::LeadByLead(_) => {
                let Some(plan) = &self.daily else { return counts.won };
                for (deals, series) in plan.series_of(&self.open_deals) {
                    if monitor.stopped() {
                        break;
                    }
                    counts.count(deals, |k, chances| match plan.decided_by(&scratch.daily, 0, series, k) {
                        [chance] => chances.fill(*chance),
                        by => chances.copy_from_slice(by),
                    });
                }
            }
        }
        counts.won
    }
}

impl<'a> Counts<'a> {
    fn new(trials: &'a [TrialKey], first: usize, months: usize) -> Counts<'a> {
        let zeros = || vec![0.0; trials.len()];
        Counts {
            trials,
            first,
            won: vec![0.0; months * trials.len()],
            left: zeros(),
            before: zeros(),
            chances: zeros(),
            odds: Vec::new(),
            uniforms: zeros(),
            here: zeros(),
        }
    }

    /// Counts the deals of a row, of which `won_by` gives the chance of being won by the end of each month, trial by trial.
    fn count(&mut self, deals: &OpenDealPlan, mut won_by: impl FnMut(usize, &mut [f64])) {
        let lanes = self.trials.len();
        let address: Address = deals.address;
        self.left.fill(deals.deal.count as f64);
        self.before.fill(0.0);
        for k in self.first..self.won.len() / lanes {
            won_by(k, &mut self.chances);
            for (chance, before) in self.chances.iter_mut().zip(&mut self.before) {
                let by = *chance;
                *chance = if *before < 1.0 { (by - *before) / (1.0 - *before) } else { 0.0 };
                *before = by;
            }
            Odds::fill(&self.chances, &mut self.odds);
            address.part(k).uniforms(self.trials, &mut self.uniforms);
            binomial_quantiles(&self.left, &self.odds, &self.uniforms, &mut self.here);
            self.left.iter_mut().zip(&self.here).for_each(|(left, here)| *left -= here);
            add(row_mut(&mut self.won, k, lanes), &self.here);
        }
    }
}
