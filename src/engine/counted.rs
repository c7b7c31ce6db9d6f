//! A region whose leads begin to be worked in numbers that people's capacity bounds: given how many there are, they are decided after one cycle,
//! independently of each other, so that those won and lost in each month since are multinomial. They are split month after month.

use super::compiled::{Path, RegionPlan};
use super::monitor::Monitor;
use super::scratch::{Columns, Scratch, add, row, row_mut, zeros};
use crate::chance::{Address, Odds, binomial_quantiles};
use crate::model::Cycle;
use crate::stats::simd::vectorized;

impl RegionPlan<'_> {
    /// Won, lost and weighted open deals of every month, of as many leads as are started; `columns.leads` gets these.
    pub(super) fn simulate_counted(
        &self,
        cycle: &Cycle,
        columns: &mut Columns,
        scratch: &mut Scratch,
        monitor: &Monitor,
    ) {
        self.spread(cycle, scratch);
        self.shift(&cycle.conversion, scratch);
        let lanes = scratch.lanes();
        columns.won.fill(0.0);
        columns.leads.copy_from_slice(&scratch.people.started);
        if !self.won_deals_only {
            columns.lost.fill(0.0);
            zeros(&mut scratch.weights, self.months, lanes);
            let by_arrival = if self.weighed_by_age { self.months * self.months } else { 0 };
            zeros(&mut scratch.decided_from, by_arrival, lanes);
        }
        for m in self.as_of.month..self.months {
            if monitor.stopped() {
                return;
            }
            let mut won = vec![0.0; lanes];
            let mut odds = Vec::new();
            Odds::fill(row(&scratch.win_rates, m, lanes), &mut odds);
            self.streams.won[m].uniforms(&scratch.trials, &mut scratch.uniforms);
            let leads = row(columns.leads, m, lanes);
            binomial_quantiles(leads, &odds, &scratch.uniforms, &mut won);
            let mut losing: Vec<f64> = leads.iter().zip(&won).map(|(leads, won)| leads - won).collect();
            self.decide_counted(m, self.won_law[m], self.streams.won[m], won, columns.won, scratch);
            if self.won_deals_only {
                continue;
            }
            self.stall_counted(m, &mut losing, columns.lost, scratch);
            self.decide_counted(m, self.lost_law[m], self.streams.lost[m], losing, columns.lost, scratch);
        }
        if self.won_deals_only {
            return;
        }
        if self.weighed_by_age {
            self.weigh_by_age(columns, scratch);
        } else {
            self.weigh(columns, scratch);
        }
    }

    /// Decides leads of month `m` that are all to be won, or all to be lost, in the months from then on; what is left at the end is open.
    fn decide_counted(
        &self,
        m: usize,
        law: usize,
        address: Address,
        mut left: Vec<f64>,
        decided: &mut [f64],
        scratch: &mut Scratch,
    ) {
        let lanes = left.len();
        let (mut chances, mut odds) = (vec![0.0; lanes], Vec::new());
        for k in m..self.months {
            if left.iter().all(|left| *left == 0.0) {
                return;
            }
            let lags = &scratch.lags[law];
            let (now, before) = (row(&lags.decided, k - m, lanes), row(&lags.undecided, k - m, lanes));
            vectorized!({
                for (chance, (now, before)) in chances.iter_mut().zip(now.iter().zip(before)) {
                    *chance = if *now < *before { *now / *before } else { 1.0 };
                }
            });
            Odds::fill(&chances, &mut odds);
            address.part(k - m).uniforms(&scratch.trials, &mut scratch.uniforms);
            binomial_quantiles(&left, &odds, &scratch.uniforms, &mut scratch.counts);
            left.iter_mut().zip(&scratch.counts).for_each(|(left, count)| *left -= count);
            add(row_mut(decided, k, lanes), &scratch.counts);
            self.put_decided(m, k, scratch);
        }
    }

    /// Of leads that will not be won takes out those that are never decided; where they are closed after some days they are lost then.
    fn stall_counted(&self, m: usize, losing: &mut [f64], lost: &mut [f64], scratch: &mut Scratch) {
        let Path::Thinning(Cycle { stalled: Some(stalled), .. }) = self.path else { return };
        let lanes = losing.len();
        let shares = scratch.filled(stalled.share);
        let mut odds = Vec::new();
        Odds::fill(&shares, &mut odds);
        scratch.stalled = shares;
        let draw = |part: usize, of: &[f64], odds: &[Odds], scratch: &mut Scratch| {
            self.streams.stalled[m].part(part).uniforms(&scratch.trials, &mut scratch.uniforms);
            binomial_quantiles(of, odds, &scratch.uniforms, &mut scratch.counts);
        };
        draw(0, losing, &odds, scratch);
        let mut stalling = scratch.counts.clone();
        losing.iter_mut().zip(&stalling).for_each(|(lost, stalled)| *lost -= stalled);
        let closed = &self.stalled_closed[usize::from(m == self.as_of.month)];
        let mut before = 0.0;
        for (j, by) in closed.iter().enumerate().take(self.months - m) {
            let chance = if before < 1.0 { (by - before) / (1.0 - before) } else { 1.0 };
            before = *by;
            if chance <= 0.0 {
                continue;
            }
            let odds = vec![Odds::new(chance); lanes];
            draw(1 + j, &stalling, &odds, scratch);
            stalling.iter_mut().zip(&scratch.counts).for_each(|(left, count)| *left -= count);
            add(row_mut(lost, m + j, lanes), &scratch.counts);
            self.put_decided(m, m + j, scratch);
        }
    }

    /// Takes the counted leads of month `m`, which are decided in month `k`, out of what is open.
    fn put_decided(&self, m: usize, k: usize, scratch: &mut Scratch) {
        if self.won_deals_only {
            return;
        }
        let lanes = scratch.lanes();
        if self.weighed_by_age {
            add(row_mut(&mut scratch.decided_from, m * self.months + k, lanes), &scratch.counts);
            return;
        }
        let weighed = scratch.counts.iter().zip(row(&scratch.win_rates, m, lanes));
        let weights = row_mut(&mut scratch.weights, k, lanes);
        weights.iter_mut().zip(weighed).for_each(|(weight, (count, rate))| *weight += count * rate);
    }
}
