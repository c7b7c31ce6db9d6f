//! When leads arrived, which are lost, and which are open.
//!
//! Given how many deals are won in a month, their months of arrival are multinomial, in proportion to the expected leads of
//! each month that are won in this one. Lost leads are split from their month of arrival on: one Poisson draw for each month
//! they may be decided in.

use super::compiled::{Path, RegionPlan};
use super::monitor::Monitor;
use super::scratch::{Columns, Scratch, add, resize, row, row_mut};
use crate::chance::{Odds, binomial_quantiles, poisson_quantiles};
use crate::model::{Cycle, Outlook};
use crate::stats::simd::vectorized;

impl RegionPlan<'_> {
    /// Leads of each month, lost deals, and the weight of the open ones.
    pub(super) fn simulate_arrivals(&self, columns: &mut Columns, scratch: &mut Scratch, monitor: &Monitor) {
        self.arrivals_of_won(columns, scratch, monitor);
        self.lose(columns, scratch, monitor);
        // Whoever was stopped before has left no weights, or those of another region.
        if monitor.stopped() {
            return;
        }
        if self.weighed_by_age {
            self.weigh_by_age(columns, scratch);
        } else {
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
                let decided = row(&scratch.lags[self.won_law[m]].decided, k - m, lanes);
                let arrived = row(&scratch.rates, m, lanes).iter().zip(decided);
                total.iter_mut().zip(arrived).for_each(|(total, (rate, chance))| *total += rate * chance);
            };
            total.fill(0.0);
            vectorized!(arrival_months.iter().for_each(|&m| expected(&mut total, m)));
            let left = row_mut(&mut scratch.won_in_window, k, lanes);
            for &m in arrival_months.iter().take_while(|m| **m < self.months) {
                share.fill(0.0);
                vectorized!({
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
                vectorized!({
                    left.iter_mut().zip(&scratch.counts).for_each(|(left, count)| *left -= count);
                    let arrived = row_mut(columns.leads, m, lanes);
                    arrived.iter_mut().zip(&scratch.counts).for_each(|(arrived, count)| *arrived += count);
                    if k < self.months && self.weighed_by_age {
                        add(row_mut(&mut scratch.decided_from, m * self.months + k, lanes), &scratch.counts);
                    } else if k < self.months {
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
        for m in self.as_of.month..self.months {
            if monitor.stopped() {
                break;
            }
            let expected = row(&scratch.expected, m, lanes).iter().zip(row(&scratch.win_rates, m, lanes));
            losing.iter_mut().zip(expected).for_each(|(lost, (leads, win_rate))| *lost = leads * (1.0 - win_rate));
            self.stall(m, &mut losing, columns, scratch);
            let law = self.lost_law[m];
            let arrived = row_mut(columns.leads, m, lanes);
            for j in 0..self.tail_start[m] {
                let chances = losing.iter().zip(row(&scratch.lags[law].decided, j, lanes));
                scratch.means.iter_mut().zip(chances).for_each(|(mean, (lost, chance))| *mean = lost * chance);
                self.streams.lost[m].part(j).uniforms(&scratch.trials, &mut scratch.uniforms);
                poisson_quantiles(&scratch.means, &scratch.uniforms, &mut scratch.counts);
                arrived.iter_mut().zip(&scratch.counts).for_each(|(arrived, count)| *arrived += count);
                if m + j < self.months {
                    let lost = row_mut(columns.lost, m + j, lanes);
                    lost.iter_mut().zip(&scratch.counts).for_each(|(lost, count)| *lost += count);
                    if self.weighed_by_age {
                        add(row_mut(&mut scratch.decided_from, m * self.months + m + j, lanes), &scratch.counts);
                        continue;
                    }
                    let weighed = scratch.counts.iter().zip(row(&scratch.win_rates, m, lanes));
                    let weights = row_mut(&mut weights, m + j, lanes);
                    weights.iter_mut().zip(weighed).for_each(|(weight, (count, win_rate))| *weight += count * win_rate);
                }
            }
            let left = losing.iter().zip(row(&scratch.lags[law].undecided, self.tail_start[m], lanes));
            scratch.means.iter_mut().zip(left).for_each(|(mean, (lost, left))| *mean = lost * left);
            self.tail_deals(m, law, self.streams.lost_tail[m], columns.lost, &mut weights, scratch);
            let arrived = row_mut(columns.leads, m, lanes);
            arrived.iter_mut().zip(&scratch.counts).for_each(|(arrived, count)| *arrived += count);
        }
        scratch.weights = weights;
    }

    /// Of the leads of month `m` that will not be won, takes out those that are never decided. They arrive, and where they are closed
    /// after some days they are lost then.
    fn stall(&self, m: usize, losing: &mut [f64], columns: &mut Columns, scratch: &mut Scratch) {
        let Path::Thinning(Cycle { stalled: Some(stalled), .. }) = self.path else { return };
        let lanes = losing.len();
        let mut shares = std::mem::take(&mut scratch.stalled);
        resize(&mut shares, 1, lanes);
        scratch.fill(stalled.share, &mut shares);
        let stalling: Vec<f64> = losing.iter().zip(&shares).map(|(lost, share)| lost * share).collect();
        losing.iter_mut().zip(&stalling).for_each(|(lost, stalled)| *lost -= stalled);
        scratch.stalled = shares;
        // In which month they are closed, with the chance; without such a day they never are.
        let closed = &self.stalled_closed[usize::from(m == self.as_of.month)];
        let before = [0.0].iter().chain(closed);
        let steps = closed.iter().zip(before).enumerate().map(|(j, (by, before))| (m + j, by - before));
        let never = closed.is_empty().then_some((self.months, 1.0));
        for (part, (k, chance)) in steps.filter(|(_, chance)| *chance > 0.0).chain(never).enumerate() {
            scratch.means.iter_mut().zip(&stalling).for_each(|(mean, stalling)| *mean = stalling * chance);
            self.streams.stalled[m].part(part).uniforms(&scratch.trials, &mut scratch.uniforms);
            poisson_quantiles(&scratch.means, &scratch.uniforms, &mut scratch.counts);
            add(row_mut(columns.leads, m, lanes), &scratch.counts);
            if k < self.months {
                add(row_mut(columns.lost, k, lanes), &scratch.counts);
                add(row_mut(&mut scratch.decided_from, m * self.months + k, lanes), &scratch.counts);
            }
        }
    }

    /// Open deals at each month's end, each with its chance of being won later: by its month of arrival, and its age.
    pub(super) fn weigh_by_age(&self, columns: &mut Columns, scratch: &mut Scratch) {
        let lanes = scratch.lanes();
        columns.weighted_open.fill(0.0);
        let stalls = matches!(self.path, Path::Thinning(Cycle { stalled: Some(_), .. }));
        let mut open = vec![0.0; lanes];
        for m in self.as_of.month..self.months {
            open.copy_from_slice(row(columns.leads, m, lanes));
            let win_rates = row(&scratch.win_rates, m, lanes);
            let closed = &self.stalled_closed[usize::from(m == self.as_of.month)];
            for k in m..self.months {
                let decided = row(&scratch.decided_from, m * self.months + k, lanes);
                open.iter_mut().zip(decided).for_each(|(open, decided)| *open -= decided);
                let won = row(&scratch.lags[self.won_law[m]].undecided, k - m + 1, lanes);
                let lost = row(&scratch.lags[self.lost_law[m]].undecided, k - m + 1, lanes);
                let not_closed = 1.0 - closed.get(k - m).or(closed.last()).copied().unwrap_or(0.0);
                let weighted = row_mut(columns.weighted_open, k, lanes);
                for lane in 0..lanes {
                    if open[lane] <= 0.0 {
                        continue;
                    }
                    let all =
                        Outlook::of_age(win_rates[lane], if stalls { scratch.stalled[lane] } else { 0.0 }, 1.0, 1.0);
                    weighted[lane] += open[lane] * all.chance_later(won[lane], lost[lane], not_closed);
                }
            }
        }
    }

    /// Open deals at each month's end, weighted by the win rate of their month of arrival.
    pub(super) fn weigh(&self, columns: &mut Columns, scratch: &mut Scratch) {
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
