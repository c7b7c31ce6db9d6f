//! From won deals to bookings, renewals and customers.

use super::compiled::RegionPlan;
use super::effects::{Effects, factor};
use super::scratch::{Columns, Scratch, add, resize, row, row_mut};
use super::size_rows::SizeRows;
use crate::chance::{Address, Odds, TrialKey, binomial_quantiles};
use crate::model::{renewal_growth, renewal_rate};

/// Contracts of one term that are signed.
struct SignedTerm<'a> {
    /// Which of the region's terms it is, and its months.
    place: usize,
    term: usize,
    /// How many are signed: months × trials.
    won: &'a [f64],
}

impl RegionPlan<'_> {
    /// Bookings, renewals and customers of every month, from the deals won.
    pub(super) fn close_deals(&self, mean_size: &[f64], columns: &mut Columns, scratch: &mut Scratch) {
        let lanes = scratch.lanes();
        let [mut retention, mut expansion] = [&mut scratch.retention, &mut scratch.expansion].map(std::mem::take);
        resize(&mut retention, 1, lanes);
        resize(&mut expansion, 1, lanes);
        scratch.fill(self.region.retention, &mut retention);
        scratch.fill(self.region.expansion, &mut expansion);
        (scratch.retention, scratch.expansion) = (retention, expansion);
        for column in [&mut *columns.bookings, columns.renewals, columns.customers] {
            column.fill(0.0);
        }
        if let Some(valued) = &mut columns.valued {
            let years = self.region.mean_years();
            for (m, sizes) in valued.deal_size.chunks_exact_mut(lanes).enumerate() {
                sizes.iter_mut().zip(mean_size).for_each(|(size, mean)| *size = mean * years);
                Effects::on_times(&scratch.effects.deal_size, m, sizes);
            }
            for (m, shares) in valued.retention.chunks_exact_mut(lanes).enumerate() {
                shares.copy_from_slice(&scratch.retention);
                Effects::on_shares(&scratch.effects.retention, m, shares);
            }
        }
        let all = std::mem::take(&mut columns.won);
        let terms = &self.region.terms;
        if let [term] = terms.as_slice() {
            self.close_term(&SignedTerm { place: 0, term: term.months, won: all }, mean_size, columns, scratch);
        } else {
            // How many of those that are left have each term is binomial.
            let (mut left, mut rest) = (all.to_vec(), 1.0);
            for (place, term) in terms.iter().enumerate() {
                let share = if term.share < rest { (term.share / rest).clamp(0.0, 1.0) } else { 1.0 };
                let odds = vec![Odds::new(share); lanes];
                let mut won = vec![0.0; left.len()];
                for (k, won) in won.chunks_exact_mut(lanes).enumerate() {
                    self.streams.terms[k].part(place).uniforms(&scratch.trials, &mut scratch.uniforms);
                    binomial_quantiles(row(&left, k, lanes), &odds, &scratch.uniforms, won);
                }
                left.iter_mut().zip(&won).for_each(|(left, won)| *left -= won);
                rest -= term.share;
                self.close_term(&SignedTerm { place, term: term.months, won: &won }, mean_size, columns, scratch);
            }
        }
        columns.won = all;
    }

    /// The chance of a renewal in a month, for a contract of a term.
    #[inline]
    pub(super) fn renewal_in(&self, scratch: &Scratch, lane: usize, month: usize, term: usize) -> f64 {
        let by = factor(&scratch.effects.retention, month, scratch.lanes(), lane);
        renewal_rate((scratch.retention[lane] * by).min(1.0), term)
    }

    /// Bookings, renewals and customers of contracts of one term.
    ///
    /// Customers won in month k that renew exactly j times are told apart at closing time, so that the value of each class is
    /// a sum of its own deals' sizes: one draw a class.
    fn close_term(&self, signed: &SignedTerm, mean_size: &[f64], columns: &mut Columns, scratch: &mut Scratch) {
        /// Classes of the first term have the first parts of an address, and so on.
        const PARTS: usize = 1_000;
        let SignedTerm { place, term, won } = *signed;
        let lanes = scratch.lanes();
        let mut renew = std::mem::take(&mut scratch.renew);
        let mut grow = std::mem::take(&mut scratch.grow);
        let mut odds = Vec::new();
        let changes = !scratch.effects.retention.is_empty();
        if self.renewal_months > term {
            renew.copy_from_slice(&scratch.retention);
            grow.copy_from_slice(&scratch.expansion);
            each(&mut renew, |retention| renewal_rate(retention, term));
            each(&mut grow, |expansion| renewal_growth(expansion, term));
            odds.extend(renew.iter().map(|renew| Odds::new(*renew)));
        }
        let never = renew.iter().all(|renew| *renew == 0.0);
        resize(&mut scratch.signed, self.months, lanes);
        scratch.signed.copy_from_slice(won);
        let years = if self.region.per_year { term as f64 / 12.0 } else { 1.0 };
        let rates = !scratch.effects.rate.is_empty();
        let mut grown = Vec::new();
        let mut unit = std::mem::take(&mut scratch.extra);
        for k in 0..self.months {
            let renewals = if never { 0 } else { (self.renewal_months - 1 - k) / term };
            let won = row(won, k, lanes);
            self.units(k, years, mean_size, scratch, &mut unit);
            // How many of the class before this one renew; what is left of it is a class.
            scratch.counts.copy_from_slice(won);
            for j in 0..=renewals {
                scratch.means.fill(0.0);
                if j < renewals {
                    if changes {
                        let month = k + (j + 1) * term;
                        odds.clear();
                        odds.extend((0..lanes).map(|lane| Odds::new(self.renewal_in(scratch, lane, month, term))));
                    }
                    let address = self.streams.retention[k].part(PARTS * place + j);
                    address.uniforms(&scratch.trials, &mut scratch.uniforms);
                    binomial_quantiles(&scratch.counts, &odds, &scratch.uniforms, &mut scratch.means);
                }
                scratch.counts.iter_mut().zip(&scratch.means).for_each(|(count, next)| *count -= next);
                let part = PARTS * place + j;
                if self.tells_winners() {
                    let Scratch { counts, trials, sizes, people, values, below_zero, .. } = scratch;
                    self.sums_by_executive((k, part), counts, &unit, (trials, sizes), people, [values, below_zero]);
                } else {
                    self.sums(
                        self.streams.size[k].part(part),
                        &scratch.counts,
                        (&scratch.trials, &scratch.sizes),
                        &mut scratch.uniforms,
                        [&mut scratch.values, &mut scratch.below_zero],
                    );
                }
                multiply(&mut scratch.values, &unit);
                multiply(&mut scratch.below_zero, &unit);
                // Class j is booked, and renewed 1, 2, … j times.
                add(row_mut(columns.bookings, k, lanes), &scratch.values);
                if let Some(valued) = &mut columns.valued {
                    let arr = row_mut(valued.arr_new, k, lanes).iter_mut().zip(&scratch.values);
                    arr.for_each(|(arr, value)| *arr += value * 12.0 / term as f64);
                    valued.run_all(k, term, &scratch.values);
                }
                for month in (1..=j).map(|i| k + i * term).take_while(|month| *month < self.months) {
                    let grow = if rates {
                        let [now, before] = [month, month - term].map(|m| row(&scratch.effects.rate, m, lanes));
                        grown.clear();
                        grown.extend(grow.iter().zip(now.iter().zip(before)).map(|(grow, (a, b))| grow * (a / b)));
                        &grown
                    } else {
                        &grow
                    };
                    if let Some(running) = &mut columns.running {
                        let (at, parts) = (month * lanes, scratch.values.iter().zip(&scratch.below_zero));
                        running.change_arr(at, parts.map(|(all, below)| all - below), grow, term);
                        running.change_arr(at, scratch.below_zero.iter().copied(), grow, term);
                    }
                    multiply(&mut scratch.values, grow);
                    multiply(&mut scratch.below_zero, grow);
                    add(row_mut(columns.renewals, month, lanes), &scratch.values);
                    add(row_mut(&mut scratch.signed, month, lanes), &scratch.counts);
                    if let Some(valued) = &mut columns.valued {
                        valued.run_all(month, term, &scratch.values);
                    }
                }
                let missed = k + (j + 1) * term;
                if let Some(running) = &mut columns.running
                    && missed < self.months
                    && (j < renewals || never)
                {
                    churn(row_mut(running.arr_churn, missed, lanes), &scratch.values, term);
                }
                std::mem::swap(&mut scratch.counts, &mut scratch.means);
            }
        }
        scratch.renew = renew;
        scratch.grow = grow;
        scratch.extra = unit;
        // Contracts signed in the last `term` months.
        let mut active = vec![0.0; lanes];
        for m in 0..self.months {
            add(&mut active, row(&scratch.signed, m, lanes));
            if m >= term {
                active.iter_mut().zip(row(&scratch.signed, m - term, lanes)).for_each(|(now, ended)| *now -= ended);
            }
            add(row_mut(columns.customers, m, lanes), &active);
        }
    }
}

impl RegionPlan<'_> {
    /// What the sums of deals that are signed in a month count for, in each trial: the worth of one of mean size, over so many years, or of a unit of
    /// money where a table gives their amounts.
    pub(super) fn units(&self, k: usize, years: f64, mean_size: &[f64], scratch: &Scratch, units: &mut [f64]) {
        match scratch.sizes {
            Some(_) => units.fill(1.0),
            None => units.copy_from_slice(mean_size),
        }
        if let Some(tilt) = self.exposure_index[2] {
            let tilts = row(&scratch.tilts[tilt], k, units.len());
            units.iter_mut().zip(tilts).for_each(|(unit, tilt)| *unit *= tilt * self.mean_correction[2]);
        }
        if years != 1.0 || !scratch.effects.deal_size.is_empty() {
            units.iter_mut().for_each(|unit| *unit *= years);
            Effects::on_times(&scratch.effects.deal_size, k, units);
        }
    }

    /// What so many deals are worth together in each trial, and what those of them that are worth less than 0: in mean sizes, or in money where a
    /// table gives their amounts.
    pub(super) fn sums(
        &self,
        address: Address,
        counts: &[f64],
        (trials, sizes): (&[TrialKey], &Option<SizeRows>),
        uniforms: &mut [f64],
        [values, below_zero]: [&mut [f64]; 2],
    ) {
        if let Some(sizes) = sizes {
            for (lane, (value, below)) in values.iter_mut().zip(below_zero).enumerate() {
                let count = counts[lane];
                [*value, *below] =
                    if count > 0.0 { sizes.sum(lane, count, &mut address.stream_of(trials[lane])) } else { [0.0; 2] };
            }
            return;
        }
        below_zero.fill(0.0);
        address.uniforms(trials, uniforms);
        self.region.size.sums(counts, uniforms, values);
    }
}

/// The ARR of contracts of these values that are not renewed.
fn churn(churned: &mut [f64], values: &[f64], term: usize) {
    churned.iter_mut().zip(values).for_each(|(churned, value)| *churned += value * 12.0 / term as f64);
}

fn multiply(values: &mut [f64], factors: &[f64]) {
    values.iter_mut().zip(factors).for_each(|(value, factor)| *value *= factor);
}

/// Applies a function to each value, only once to values that repeat.
fn each(values: &mut [f64], function: impl Fn(f64) -> f64) {
    let (mut from, mut to) = (f64::NAN, 0.0);
    for value in values {
        if *value != from {
            (from, to) = (*value, function(*value));
        }
        *value = to;
    }
}
