//! A region whose leads are decided after one cycle: deals won in each month, drawn at once.
//!
//! The leads of a month are Poisson given their mean; each is marked independently with (won or lost, month decided). So the
//! deals won in a month, whenever they arrived, are Poisson too, independent from month to month and of the lost ones
//! (Kingman 1993, Poisson Processes, the colouring theorem): one draw a month gives exactly the law of following every lead.
//! When they arrived is told afterwards, and only where leads and open deals are asked for (see `arrivals`).

use super::compiled::{LagLaw, RegionPlan};
use super::effects::{Effects, factor};
use super::monitor::Monitor;
use super::scratch::{Columns, Lags, Scratch, resize, row, row_mut, zeros};
use crate::chance::{Address, Stream, binomial_quantile, poisson_quantiles};
use crate::model::{Cycle, ParameterSchedule, held};
use crate::stats::simd::vectorized;
use crate::stats::{non_negative, shifted};
use crate::units::DAYS_PER_MONTH;

/// Up to so many late deals of a month are placed one by one.
const ONE_BY_ONE: f64 = 32.0;

impl LagLaw {
    /// The mean cycle of a trial, in months, and its logarithm, from that without changes.
    #[inline]
    fn cycle(&self, (months, ln): (f64, f64), effects: &Effects, lane: usize, lanes: usize) -> (f64, f64) {
        match self.changed {
            None => (months, ln),
            Some(m) => {
                let by = factor(&effects.cycles[usize::from(self.lost)], m, lanes, lane);
                if by == 1.0 { (months, ln) } else { (months * by, ln + libm::log(by)) }
            }
        }
    }
}

impl RegionPlan<'_> {
    /// Leads, won, lost and weighted open deals of every month.
    pub(super) fn simulate_cycle(
        &self,
        cycle: &Cycle,
        columns: &mut Columns,
        scratch: &mut Scratch,
        monitor: &Monitor,
    ) {
        self.spread(cycle, scratch);
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
            vectorized!({
                for &m in &self.arrival_months[k] {
                    let decided = row(&scratch.lags[self.won_law[m]].decided, k - m, lanes);
                    let arrived = row(&scratch.rates, m, lanes).iter().zip(decided);
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
            let by_arrival = if self.weighed_by_age { self.months * self.months } else { 0 };
            zeros(&mut scratch.decided_from, by_arrival, lanes);
        }
        for m in 0..self.months {
            let law = self.won_law[m];
            let left = row(&scratch.lags[law].undecided, self.tail_start[m], lanes);
            let arrived = row(&scratch.rates, m, lanes).iter().zip(left);
            scratch.means.iter_mut().zip(arrived).for_each(|(mean, (rate, left))| *mean = rate * left);
            self.tail_deals(m, law, self.streams.won_tail[m], columns.won, &mut weights, scratch);
            if !self.won_deals_only {
                row_mut(columns.leads, m, lanes).copy_from_slice(&scratch.counts);
            }
        }
        scratch.weights = weights;
    }

    /// Chances q_j of being decided j months after the month of arrival, and what is left after j months, in each trial, by each law.
    pub(super) fn spread(&self, cycle: &Cycle, scratch: &mut Scratch) {
        let lanes = scratch.lanes();
        let lost = cycle.lost.as_ref().map_or(cycle.mean_days, |lost| lost.mean_days);
        for (which, mean_days) in [(0, cycle.mean_days), (1, lost)] {
            scratch.cycles[which].clear();
            if which == 1 && cycle.lost.is_none() {
                continue;
            }
            let mut days = std::mem::take(&mut scratch.values);
            scratch.fill(mean_days, &mut days);
            for (lane, days) in days.iter().enumerate() {
                if mean_days.is_fixed() && lane > 0 {
                    scratch.cycles[which].push(scratch.cycles[which][0]);
                    continue;
                }
                let months = days / DAYS_PER_MONTH;
                let ln = libm::log(months);
                scratch.cycles[which].push((months, ln));
            }
            scratch.values = days;
        }
        if let Some(held) = self.region.held {
            resize(&mut scratch.held, 1, lanes);
            let mut values = std::mem::take(&mut scratch.held);
            scratch.fill(held, &mut values);
            scratch.held = values;
        }
        scratch.lags.resize_with(scratch.lags.len().max(self.lag_laws.len()), Lags::default);
        for (i, law) in self.lag_laws.iter().enumerate() {
            let (before, rest) = scratch.lags.split_at_mut(i);
            let lags = &mut rest[0];
            resize(&mut lags.decided, self.max_lag, lanes);
            resize(&mut lags.undecided, self.max_lag + 1, lanes);
            match law.held {
                None => {
                    let (cycles, mean_days) = match law.lost {
                        false => (&scratch.cycles[0], cycle.mean_days),
                        true => (&scratch.cycles[1], lost),
                    };
                    match law.changed {
                        None => self.decide_by_lag(law, cycles, mean_days.is_fixed(), lags),
                        Some(_) => {
                            let cycles = cycles.iter().enumerate();
                            let changed = cycles.map(|(lane, cycle)| law.cycle(*cycle, &scratch.effects, lane, lanes));
                            self.decide_by_lag(law, &changed.collect::<Vec<_>>(), false, lags);
                        }
                    }
                }
                Some((base, place)) => self.hold(place, &before[base], &scratch.held, lags),
            }
        }
    }

    /// The chances by lag of a law without deals that are held.
    fn decide_by_lag(&self, law: &LagLaw, cycles: &[(f64, f64)], fixed: bool, lags: &mut Lags) {
        let lanes = cycles.len();
        row_mut(&mut lags.undecided, 0, lanes).fill(1.0);
        let mut excess = vec![1.0; lanes];
        for j in 0..self.max_lag {
            let ln = libm::log((j + 1) as f64);
            let (before, after) = lags.undecided.split_at_mut((j + 1) * lanes);
            let before = &before[j * lanes..];
            let decided = row_mut(&mut lags.decided, j, lanes);
            let mut left = |lane: usize| {
                let cycle = cycles[lane];
                if law.part < 1.0 {
                    return self.undecided(law, cycle, 0.0, j + 1);
                }
                let next = self.excess(law, cycle, j + 1, ln);
                let left = (excess[lane] - next) * cycle.0;
                excess[lane] = next;
                left
            };
            if fixed {
                let left = left(0);
                after[..lanes].fill(left);
                decided.fill(non_negative(before[0] - left));
                continue;
            }
            for lane in 0..lanes {
                let left = left(lane);
                after[lane] = left;
                decided[lane] = non_negative(before[lane] - left);
            }
        }
    }

    /// The chances by lag where a share of the deals won before the last month of a quarter is won in that month: at a month's end,
    /// what is left and that share of what was decided in the quarter so far.
    fn hold(&self, place: usize, base: &Lags, shares: &[f64], lags: &mut Lags) {
        let lanes = shares.len();
        lags.undecided.copy_from_slice(&base.undecided);
        for j in 0..self.max_lag {
            let of_quarter = (place + j) % 3;
            if of_quarter < 2 {
                let at_start = row(&base.undecided, j.saturating_sub(of_quarter), lanes);
                let left = row_mut(&mut lags.undecided, j + 1, lanes).iter_mut().zip(at_start.iter().zip(shares));
                left.for_each(|(left, (at_start, share))| *left = held(*share, *left, *at_start));
            }
            let (before, after) = lags.undecided.split_at((j + 1) * lanes);
            let decided = row_mut(&mut lags.decided, j, lanes).iter_mut().zip(before[j * lanes..].iter().zip(after));
            decided.for_each(|(decided, (before, after))| *decided = non_negative(before - after));
        }
    }

    #[inline]
    fn excess(&self, law: &LagLaw, (months, ln_months): (f64, f64), j: usize, ln_j: f64) -> f64 {
        let tables = self.cycle_tables.as_ref();
        tables.map_or(0.0, |tables| tables[usize::from(law.lost)].excess(j as f64 / months, ln_j - ln_months))
    }

    /// The part undecided after j months, for a trial's cycle and share of deals held to their quarter's end.
    fn undecided(&self, law: &LagLaw, cycle: (f64, f64), share: f64, j: usize) -> f64 {
        let tables = self.cycle_tables.as_ref();
        let left = |j: usize| tables.map_or(0.0, |tables| tables[usize::from(law.lost)].undecided(cycle, law.part, j));
        match law.held {
            Some((_, place)) if j > 0 && (place + j - 1) % 3 < 2 => {
                held(share, left(j), left((j - 1).saturating_sub((place + j - 1) % 3)))
            }
            _ => left(j),
        }
    }

    /// The win rate of each month's leads, whose odds the market factor of the month of arrival shifts by exp(β x), and how many
    /// leads are expected to be won.
    pub(super) fn shift(&self, conversion: &ParameterSchedule, scratch: &mut Scratch) {
        let lanes = scratch.lanes();
        resize(&mut scratch.rates, self.lookahead_months, lanes);
        resize(&mut scratch.win_rates, self.lookahead_months, lanes);
        let mut base = std::mem::take(&mut scratch.values);
        let changes = !scratch.effects.win_rate.is_empty() || !scratch.effects.performance.is_empty();
        vectorized!({
            for m in 0..self.lookahead_months {
                let starting = if changes { Some(conversion.in_force(m)) } else { conversion.starting(m) };
                if let Some(win_rate) = starting {
                    scratch.fill(win_rate, &mut base);
                }
                let Effects { win_rate, performance, .. } = &scratch.effects;
                Effects::on_shares_of([win_rate, performance], m, &mut base);
                let rates = row_mut(&mut scratch.rates, m, lanes).iter_mut().zip(row(&scratch.expected, m, lanes));
                if self.won_deals_only && self.team.is_none() && self.exposure_index[1].is_none() {
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
        law: usize,
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
                let law = &self.lag_laws[law];
                let cycle = scratch.cycles[usize::from(law.lost)][lane];
                let cycle = law.cycle(cycle, &scratch.effects, lane, lanes);
                let share = if law.held.is_some() { scratch.held[lane] } else { 0.0 };
                let left = |j: usize| self.undecided(law, cycle, share, j);
                self.place_tail_deals(count, left, m, &mut stream, |k, count| {
                    decided[k * lanes + lane] += count;
                    if self.weighed_by_age {
                        scratch.decided_from[(m * self.months + k) * lanes + lane] += count;
                    } else if !self.won_deals_only {
                        weights[k * lanes + lane] += count * scratch.win_rates[m * lanes + lane];
                    }
                });
            }
        }
    }

    /// Places late deals of month `m` in the months they are decided in; past the last month they stay open. `undecided` is the part that
    /// is left after so many months.
    fn place_tail_deals(
        &self,
        count: f64,
        undecided: impl Fn(usize) -> f64,
        m: usize,
        stream: &mut Stream,
        mut add: impl FnMut(usize, f64),
    ) {
        let first = m + self.tail_start[m];
        let all = undecided(first - m);
        if count <= ONE_BY_ONE {
            for _ in 0..count as u64 {
                // The part still undecided when it is decided.
                let left = all * stream.uniform();
                if let Some(k) = (first..self.months).find(|k| undecided(k + 1 - m) < left) {
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
            let after = undecided(k + 1 - m);
            let share = if left > 0.0 { ((left - after) / left).clamp(0.0, 1.0) } else { 1.0 };
            let here = binomial_quantile(rest, share, stream.uniform());
            add(k, here);
            rest -= here;
            left = after;
        }
    }
}
