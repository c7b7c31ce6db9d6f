//! A region whose leads are decided after one cycle: deals won in each month, drawn at once.
//!
//! The leads of a month are Poisson given their mean; each is marked independently with (won or lost, month decided). So the
//! deals won in a month, whenever they arrived, are Poisson too, independent from month to month and of the lost ones
//! (Kingman 1993, Poisson Processes, the colouring theorem): one draw a month gives exactly the law of following every lead.
//! When they arrived is told afterwards, and only where leads and open deals are asked for (see `arrivals`).

use super::desk::{Columns, Desk, make_room, row, row_mut, zeros};
use super::play::Monitor;
use super::player::Line;
use crate::chance::{Address, Stream, binomial_quantile, poisson_quantiles};
use crate::model::Level;
use crate::stats::wide::wide;
use crate::units::DAYS_PER_MONTH;

/// Up to so many late deals of a month are placed one by one.
const ONE_BY_ONE: f64 = 32.0;

impl Line<'_> {
    /// Leads, won, lost and weighted open deals of every month.
    pub(super) fn play_cycle(
        &self,
        conversion: Level,
        mean_days: Level,
        columns: &mut Columns,
        desk: &mut Desk,
        monitor: &Monitor,
    ) {
        self.spread(mean_days, desk);
        self.shift(conversion, desk);
        self.win(columns, desk, monitor);
        if !self.money_only {
            self.tell_arrivals(columns, desk, monitor);
        }
    }

    /// Deals won in each month; leaves those that are not late in `desk.near`.
    fn win(&self, columns: &mut Columns, desk: &mut Desk, monitor: &Monitor) {
        let lanes = desk.lanes();
        make_room(&mut desk.near, if self.money_only { 0 } else { self.span }, lanes);
        for k in 0..self.span {
            if monitor.stopped() {
                return;
            }
            desk.means.fill(0.0);
            wide(|| {
                for &m in &self.origins[k] {
                    let arrived = row(&desk.rates, m, lanes).iter().zip(row(&desk.decided, k - m, lanes));
                    desk.means.iter_mut().zip(arrived).for_each(|(mean, (rate, chance))| *mean += rate * chance);
                }
            });
            self.streams.won[k].uniforms(&desk.trials, &mut desk.uniforms);
            let won = if self.money_only { &mut *columns.won } else { &mut desk.near };
            poisson_quantiles(&desk.means, &desk.uniforms, row_mut(won, k, lanes));
        }
        let mut weights = std::mem::take(&mut desk.weights);
        if !self.money_only {
            columns.won.copy_from_slice(&desk.near[..self.months * lanes]);
            zeros(&mut weights, self.months, lanes);
        }
        for m in 0..self.months {
            let left = row(&desk.left, self.reach[m], lanes);
            let arrived = row(&desk.rates, m, lanes).iter().zip(left);
            desk.means.iter_mut().zip(arrived).for_each(|(mean, (rate, left))| *mean = rate * left);
            self.late(m, self.streams.won_late[m], columns.won, &mut weights, desk);
            if !self.money_only {
                row_mut(columns.leads, m, lanes).copy_from_slice(&desk.counts);
            }
        }
        desk.weights = weights;
    }

    /// Chances q_j of being decided j months after the month of arrival, and what is left after j months, in each trial.
    fn spread(&self, mean_days: Level, desk: &mut Desk) {
        let lanes = desk.lanes();
        make_room(&mut desk.decided, self.cells, lanes);
        make_room(&mut desk.left, self.cells + 1, lanes);
        desk.cycle.clear();
        let mut days = std::mem::take(&mut desk.values);
        desk.fill(mean_days, &mut days);
        let fixed = matches!(mean_days, Level::Fixed(_));
        for (lane, days) in days.iter().enumerate() {
            if fixed && lane > 0 {
                desk.cycle.push(desk.cycle[0]);
                continue;
            }
            let months = days / DAYS_PER_MONTH;
            let ln = libm::log(months);
            desk.cycle.push((months, ln));
        }
        desk.values = days;
        row_mut(&mut desk.left, 0, lanes).fill(1.0);
        let mut excess = vec![1.0; lanes];
        for j in 0..self.cells {
            let ln = libm::log((j + 1) as f64);
            let (before, after) = desk.left.split_at_mut((j + 1) * lanes);
            let before = &before[j * lanes..];
            let decided = row_mut(&mut desk.decided, j, lanes);
            if fixed {
                let next = self.excess(desk.cycle[0], j + 1, ln);
                let left = (excess[0] - next) * desk.cycle[0].0;
                excess[0] = next;
                after[..lanes].fill(left);
                decided.fill((before[0] - left).max(0.0));
                continue;
            }
            for lane in 0..lanes {
                let next = self.excess(desk.cycle[lane], j + 1, ln);
                let left = (excess[lane] - next) * desk.cycle[lane].0;
                excess[lane] = next;
                after[lane] = left;
                decided[lane] = (before[lane] - left).max(0.0);
            }
        }
    }

    #[inline]
    fn excess(&self, (months, ln_months): (f64, f64), j: usize, ln_j: f64) -> f64 {
        self.delays.as_ref().map_or(0.0, |delays| delays.excess(j as f64 / months, ln_j - ln_months))
    }

    /// The part undecided after j months, for a trial's cycle.
    fn undecided(&self, cycle: (f64, f64), j: usize) -> f64 {
        self.delays.as_ref().map_or(0.0, |delays| delays.undecided(cycle, j))
    }

    /// The win rate of each month's leads, whose odds the market factor of the month of arrival shifts by exp(β x), and how many
    /// leads are expected to be won.
    fn shift(&self, conversion: Level, desk: &mut Desk) {
        let lanes = desk.lanes();
        make_room(&mut desk.rates, self.span, lanes);
        make_room(&mut desk.win_rates, self.span, lanes);
        let mut base = std::mem::take(&mut desk.values);
        desk.fill(conversion, &mut base);
        wide(|| {
            for m in 0..self.span {
                let rates = row_mut(&mut desk.rates, m, lanes).iter_mut().zip(row(&desk.expected, m, lanes));
                if self.money_only && self.tilts[1].is_none() {
                    rates.zip(&base).for_each(|((rate, leads), win_rate)| *rate = leads * win_rate);
                    continue;
                }
                let win_rates = row_mut(&mut desk.win_rates, m, lanes);
                match self.tilts[1] {
                    None => win_rates.copy_from_slice(&base),
                    Some(tilt) => {
                        let tilts = row(&desk.tilts[tilt], m, lanes);
                        for ((win_rate, p), tilt) in win_rates.iter_mut().zip(&base).zip(tilts) {
                            *win_rate = shifted(*p, *tilt);
                        }
                    }
                }
                rates.zip(win_rates).for_each(|((rate, leads), win_rate)| *rate = leads * *win_rate);
            }
        });
        desk.values = base;
    }

    /// Draws the late deals of month `m` from their means in `desk.means`, leaves how many in `desk.counts`, and adds them and
    /// their weight in the pipeline to the months they are decided in.
    pub(super) fn late(&self, m: usize, address: Address, decided: &mut [f64], weights: &mut [f64], desk: &mut Desk) {
        let lanes = desk.lanes();
        address.uniforms(&desk.trials, &mut desk.uniforms);
        poisson_quantiles(&desk.means, &desk.uniforms, &mut desk.counts);
        if m + self.reach[m] >= self.months {
            return;
        }
        for lane in 0..lanes {
            let count = desk.counts[lane];
            if count > 0.0 {
                let mut stream = address.part(0).stream_of(desk.trials[lane]);
                self.place(count, desk.cycle[lane], m, &mut stream, |k, count| {
                    decided[k * lanes + lane] += count;
                    if !self.money_only {
                        weights[k * lanes + lane] += count * desk.win_rates[m * lanes + lane];
                    }
                });
            }
        }
    }

    /// Places late deals of month `m` in the months they are decided in; past the last month they stay open.
    fn place(&self, count: f64, cycle: (f64, f64), m: usize, stream: &mut Stream, mut add: impl FnMut(usize, f64)) {
        let first = m + self.reach[m];
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
