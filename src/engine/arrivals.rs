//! When leads arrived, which are lost, and which are open.
//!
//! Given how many deals are won in a month, their months of arrival are multinomial, in proportion to the expected leads of
//! each month that are won in this one. Lost leads are split from their month of arrival on: one Poisson draw for each month
//! they may be decided in.

use super::compiled::RegionPlan;
use super::monitor::Monitor;
use super::scratch::{Columns, Scratch, row, row_mut};
use crate::chance::{Odds, binomial_quantiles, poisson_quantiles};
use crate::stats::simd::vectorized;

impl RegionPlan<'_> {
    /// Leads of each month, lost deals, and the weight of the open ones.
    pub(super) fn simulate_arrivals(&self, columns: &mut Columns, scratch: &mut Scratch, monitor: &Monitor) {
        self.arrivals_of_won(columns, scratch, monitor);
        self.lose(columns, scratch, monitor);
        // Whoever was stopped before has left no weights, or those of another region.
        if !monitor.stopped() {
            self.weigh(columns, scratch);
        }
    }

    /// Splits the deals won in each month over the months they arrived in, the oldest first: how many of those left arrived in
    /// a month is binomial.
    fn arrivals_of_won(&self, columns: &mut Columns, scratch: &mut Scratch, monitor: &Monitor) {
        let lanes = scratch.lanes();
        let (mut share, mut total) = (vec![0.0; lanes], vec![0.0; lanes]);
        let mut odds = Vec::new();
        for (k, arrival_months) in self.arrival_months.iter().enumerate() {
            if monitor.stopped() {
                return;
            }
            let expected = |total: &mut [f64], m: usize| {
                let arrived = row(&scratch.rates, m, lanes).iter().zip(row(&scratch.decided, k - m, lanes));
                total.iter_mut().zip(arrived).for_each(|(total, (rate, chance))| *total += rate * chance);
            };
            total.fill(0.0);
            vectorized(|| arrival_months.iter().for_each(|&m| expected(&mut total, m)));
            let left = row_mut(&mut scratch.won_in_window, k, lanes);
            for &m in arrival_months.iter().take_while(|m| **m < self.months) {
                share.fill(0.0);
                vectorized(|| {
                    expected(&mut share, m);
                    for (share, total) in share.iter_mut().zip(&mut total) {
                        let (part, rest) = (*share, *total);
                        // Rounding must not leave a deal without a month.
                        *share = if part < rest && m < k { part / rest } else { 1.0 };
                        *total = rest - part;
                    }
                });
                Odds::fill(&share, &mut odds);
                self.streams.arrival[k].part(k - m).uniforms(&scratch.trials, &mut scratch.uniforms);
                binomial_quantiles(left, &odds, &scratch.uniforms, &mut scratch.counts);
                vectorized(|| {
                    left.iter_mut().zip(&scratch.counts).for_each(|(left, count)| *left -= count);
                    let arrived = row_mut(columns.leads, m, lanes);
                    arrived.iter_mut().zip(&scratch.counts).for_each(|(arrived, count)| *arrived += count);
                    if k < self.months {
                        let weighed = scratch.counts.iter().zip(row(&scratch.win_rates, m, lanes));
                        let weights = row_mut(&mut scratch.weights, k, lanes);
                        weights.iter_mut().zip(weighed).for_each(|(weight, (count, rate))| *weight += count * rate);
                    }
                });
            }
        }
    }

    fn lose(&self, columns: &mut Columns, scratch: &mut Scratch, monitor: &Monitor) {
        let lanes = scratch.lanes();
        let mut losing = vec![0.0; lanes];
        columns.lost.fill(0.0);
        let mut weights = std::mem::take(&mut scratch.weights);
        for m in 0..self.months {
            if monitor.stopped() {
                break;
            }
            let expected = row(&scratch.expected, m, lanes).iter().zip(row(&scratch.win_rates, m, lanes));
            losing.iter_mut().zip(expected).for_each(|(lost, (leads, win_rate))| *lost = leads * (1.0 - win_rate));
            let arrived = row_mut(columns.leads, m, lanes);
            for j in 0..self.tail_start[m] {
                let chances = losing.iter().zip(row(&scratch.decided, j, lanes));
                scratch.means.iter_mut().zip(chances).for_each(|(mean, (lost, chance))| *mean = lost * chance);
                self.streams.lost[m].part(j).uniforms(&scratch.trials, &mut scratch.uniforms);
                poisson_quantiles(&scratch.means, &scratch.uniforms, &mut scratch.counts);
                arrived.iter_mut().zip(&scratch.counts).for_each(|(arrived, count)| *arrived += count);
                if m + j < self.months {
                    let lost = row_mut(columns.lost, m + j, lanes);
                    lost.iter_mut().zip(&scratch.counts).for_each(|(lost, count)| *lost += count);
                    let weighed = scratch.counts.iter().zip(row(&scratch.win_rates, m, lanes));
                    let weights = row_mut(&mut weights, m + j, lanes);
                    weights.iter_mut().zip(weighed).for_each(|(weight, (count, win_rate))| *weight += count * win_rate);
                }
            }
            let left = losing.iter().zip(row(&scratch.undecided, self.tail_start[m], lanes));
            scratch.means.iter_mut().zip(left).for_each(|(mean, (lost, left))| *mean = lost * left);
            self.tail_deals(m, self.streams.lost_tail[m], columns.lost, &mut weights, scratch);
            let arrived = row_mut(columns.leads, m, lanes);
            arrived.iter_mut().zip(&scratch.counts).for_each(|(arrived, count)| *arrived += count);
        }
        scratch.weights = weights;
    }

    /// Open deals at each month's end, weighted by the win rate of their month of arrival.
    fn weigh(&self, columns: &mut Columns, scratch: &mut Scratch) {
        let lanes = scratch.lanes();
        for lane in 0..lanes {
            let (mut open, mut weighted) = (0.0, 0.0);
            for i in (lane..self.months * lanes).step_by(lanes) {
                open += columns.leads[i] - columns.won[i] - columns.lost[i];
                weighted += columns.leads[i] * scratch.win_rates[i] - scratch.weights[i];
                // Only rounding can leave a weight where nothing is open.
                if open == 0.0 || weighted < 0.0 {
                    weighted = 0.0;
                }
                columns.weighted_open[i] = weighted;
            }
        }
    }
}
