//! A region whose leads are decided after one cycle: deals won in each month, drawn at once.
//!
//! The leads of a month are Poisson given their mean; each is marked independently with (won or lost, month decided). So the
//! deals won in a month, whenever they arrived, are Poisson too, independent from month to month and of the lost ones
//! (Kingman 1993, Poisson Processes, the colouring theorem): one draw a month gives exactly the law of following every lead.
//! When they arrived is told afterwards, and only where leads and open deals are asked for (see `arrivals`).

use super::compiled::RegionPlan;
use super::monitor::Monitor;
use super::scratch::{Columns, Scratch, resize, row, row_mut, zeros};
use crate::chance::{Address, Stream, binomial_quantile, poisson_quantiles};
use crate::model::{Cycle, ParameterSchedule, ParameterValue};
use crate::stats::non_negative;
use crate::stats::simd::vectorized;
use crate::units::DAYS_PER_MONTH;

/// Up to so many late deals of a month are placed one by one.
const ONE_BY_ONE: f64 = 32.0;

impl RegionPlan<'_> {
    /// Leads, won, lost and weighted open deals of every month.
    pub(super) fn simulate_cycle(
        &self,
        cycle: &Cycle,
        columns: &mut Columns,
        scratch: &mut Scratch,
        monitor: &Monitor,
    ) {
        self.spread(cycle.mean_days, scratch);
        self.shift(&cycle.conversion, scratch);
        self.win(columns, scratch, monitor);
        if !self.won_deals_only {
            self.simulate_arrivals(columns, scratch, monitor);
        }
    }

    /// Deals won in each month; leaves those that are not late in `scratch.won_in_window`.
    fn win(&self, columns: &mut Columns, scratch: &mut Scratch, monitor: &Monitor) {
        let lanes = scratch.lanes();
        resize(&mut scratch.won_in_window, if self.won_deals_only { 0 } else { self.lookahead_months }, lanes);
        for k in 0..self.lookahead_months {
            if monitor.stopped() {
                return;
            }
            scratch.means.fill(0.0);
            vectorized(|| {
                for &m in &self.arrival_months[k] {
                    let arrived = row(&scratch.rates, m, lanes).iter().zip(row(&scratch.decided, k - m, lanes));
                    scratch.means.iter_mut().zip(arrived).for_each(|(mean, (rate, chance))| *mean += rate * chance);
                }
            });
            self.streams.won[k].uniforms(&scratch.trials, &mut scratch.uniforms);
            let won = if self.won_deals_only { &mut *columns.won } else { &mut scratch.won_in_window };
            poisson_quantiles(&scratch.means, &scratch.uniforms, row_mut(won, k, lanes));
        }
        let mut weights = std::mem::take(&mut scratch.weights);
        if !self.won_deals_only {
            columns.won.copy_from_slice(&scratch.won_in_window[..self.months * lanes]);
            zeros(&mut weights, self.months, lanes);
        }
        for m in 0..self.months {
            let left = row(&scratch.undecided, self.tail_start[m], lanes);
            let arrived = row(&scratch.rates, m, lanes).iter().zip(left);
            scratch.means.iter_mut().zip(arrived).for_each(|(mean, (rate, left))| *mean = rate * left);
            self.tail_deals(m, self.streams.won_tail[m], columns.won, &mut weights, scratch);
            if !self.won_deals_only {
                row_mut(columns.leads, m, lanes).copy_from_slice(&scratch.counts);
            }
        }
        scratch.weights = weights;
    }

    /// Chances q_j of being decided j months after the month of arrival, and what is left after j months, in each trial.
    fn spread(&self, mean_days: ParameterValue, scratch: &mut Scratch) {
        let lanes = scratch.lanes();
        resize(&mut scratch.decided, self.max_lag, lanes);
        resize(&mut scratch.undecided, self.max_lag + 1, lanes);
        scratch.cycle.clear();
        let mut days = std::mem::take(&mut scratch.values);
        scratch.fill(mean_days, &mut days);
        let fixed = matches!(mean_days, ParameterValue::Fixed(_));
        for (lane, days) in days.iter().enumerate() {
            if fixed && lane > 0 {
                scratch.cycle.push(scratch.cycle[0]);
                continue;
            }
            let months = days / DAYS_PER_MONTH;
            let ln = libm::log(months);
            scratch.cycle.push((months, ln));
        }
        scratch.values = days;
        row_mut(&mut scratch.undecided, 0, lanes).fill(1.0);
        let mut excess = vec![1.0; lanes];
        for j in 0..self.max_lag {
            let ln = libm::log((j + 1) as f64);
            let (before, after) = scratch.undecided.split_at_mut((j + 1) * lanes);
            let before = &before[j * lanes..];
            let decided = row_mut(&mut scratch.decided, j, lanes);
            if fixed {
                let next = self.excess(scratch.cycle[0], j + 1, ln);
                let left = (excess[0] - next) * scratch.cycle[0].0;
                excess[0] = next;
                after[..lanes].fill(left);
                decided.fill(non_negative(before[0] - left));
                continue;
            }
            for lane in 0..lanes {
                let next = self.excess(scratch.cycle[lane], j + 1, ln);
                let left = (excess[lane] - next) * scratch.cycle[lane].0;
                excess[lane] = next;
                after[lane] = left;
                decided[lane] = non_negative(before[lane] - left);
            }
        }
    }

    #[inline]
    fn excess(&self, (months, ln_months): (f64, f64), j: usize, ln_j: f64) -> f64 {
        self.cycle_table.as_ref().map_or(0.0, |table| table.excess(j as f64 / months, ln_j - ln_months))
    }

    /// The part undecided after j months, for a trial's cycle.
    fn undecided(&self, cycle: (f64, f64), j: usize) -> f64 {
        self.cycle_table.as_ref().map_or(0.0, |table| table.undecided(cycle, j))
    }

    /// The win rate of each month's leads, whose odds the market factor of the month of arrival shifts by exp(β x), and how many
    /// leads are expected to be won.
    fn shift(&self, conversion: &ParameterSchedule, scratch: &mut Scratch) {
        let lanes = scratch.lanes();
        resize(&mut scratch.rates, self.lookahead_months, lanes);
        resize(&mut scratch.win_rates, self.lookahead_months, lanes);
        let mut base = std::mem::take(&mut scratch.values);
        vectorized(|| {
            for m in 0..self.lookahead_months {
                if let Some(win_rate) = conversion.starting(m) {
                    scratch.fill(win_rate, &mut base);
                }
                let rates = row_mut(&mut scratch.rates, m, lanes).iter_mut().zip(row(&scratch.expected, m, lanes));
                if self.won_deals_only && self.exposure_index[1].is_none() {
                    rates.zip(&base).for_each(|((rate, leads), win_rate)| *rate = leads * win_rate);
                    continue;
                }
                let win_rates = row_mut(&mut scratch.win_rates, m, lanes);
                match self.exposure_index[1] {
                    None => win_rates.copy_from_slice(&base),
                    Some(tilt) => {
                        let tilts = row(&scratch.tilts[tilt], m, lanes);
                        for ((win_rate, p), tilt) in win_rates.iter_mut().zip(&base).zip(tilts) {
                            *win_rate = shifted(*p, *tilt);
                        }
                    }
                }
                rates.zip(win_rates).for_each(|((rate, leads), win_rate)| *rate = leads * *win_rate);
            }
        });
        scratch.values = base;
    }

    /// Draws the late deals of month `m` from their means in `scratch.means`, leaves how many in `scratch.counts`, and adds them and
    /// their weight in the pipeline to the months they are decided in.
    pub(super) fn tail_deals(
        &self,
        m: usize,
        address: Address,
        decided: &mut [f64],
        weights: &mut [f64],
        scratch: &mut Scratch,
    ) {
        let lanes = scratch.lanes();
        address.uniforms(&scratch.trials, &mut scratch.uniforms);
        poisson_quantiles(&scratch.means, &scratch.uniforms, &mut scratch.counts);
        if m + self.tail_start[m] >= self.months {
            return;
        }
        for lane in 0..lanes {
            let count = scratch.counts[lane];
            if count > 0.0 {
                let mut stream = address.part(0).stream_of(scratch.trials[lane]);
                self.place_tail_deals(count, scratch.cycle[lane], m, &mut stream, |k, count| {
                    decided[k * lanes + lane] += count;
                    if !self.won_deals_only {
                        weights[k * lanes + lane] += count * scratch.win_rates[m * lanes + lane];
                    }
                });
            }
        }
    }

    /// Places late deals of month `m` in the months they are decided in; past the last month they stay open.
    fn place_tail_deals(
        &self,
        count: f64,
        cycle: (f64, f64),
        m: usize,
        stream: &mut Stream,
        mut add: impl FnMut(usize, f64),
    ) {
        let first = m + self.tail_start[m];
        let all = self.undecided(cycle, first - m);
        if count <= ONE_BY_ONE {
            for _ in 0..count as u64 {
                // The part still undecided when it is decided.
                let left = all * stream.uniform();
                if let Some(k) = (first..self.months).find(|k| self.undecided(cycle, k + 1 - m) < left) {
                    add(k, 1.0);
                }
            }
            return;
        }
        let (mut rest, mut left) = (count, all);
        for k in first..self.months {
            if rest == 0.0 {
                break;
            }
            let after = self.undecided(cycle, k + 1 - m);
            let share = if left > 0.0 { ((left - after) / left).clamp(0.0, 1.0) } else { 1.0 };
            let here = binomial_quantile(rest, share, stream.uniform());
            add(k, here);
            rest -= here;
            left = after;
        }
    }
}

/// The probability p, its odds multiplied by `tilt`.
#[inline(always)]
pub(super) fn shifted(p: f64, tilt: f64) -> f64 {
    let tilt = if tilt < 1e300 { tilt } else { 1e300 };
    let tilt = if tilt > 1e-300 { tilt } else { 1e-300 };
    p * tilt / (1.0 - p + p * tilt)
}
