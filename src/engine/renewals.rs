//! From won deals to bookings, renewals and customers.

use super::compiled::RegionPlan;
use super::scratch::{Columns, Scratch, add, resize, row, row_mut};
use super::size_rows::SizeRows;
use crate::chance::{Address, Odds, TrialKey, binomial_quantiles};
use crate::model::Model;

impl RegionPlan<'_> {
    /// Bookings, renewals and customers of every month.
    ///
    /// Customers won in month k that renew exactly j times are told apart at closing time, so that the value of each class is
    /// a sum of its own deals' sizes: one draw a class.
    pub(super) fn close_deals(&self, model: &Model, mean_size: &[f64], columns: &mut Columns, scratch: &mut Scratch) {
        let lanes = scratch.lanes();
        let term = model.term;
        let mut renew = std::mem::take(&mut scratch.renew);
        let mut grow = std::mem::take(&mut scratch.grow);
        let mut odds = Vec::new();
        if self.months > term {
            scratch.fill(self.region.retention, &mut renew);
            scratch.fill(self.region.expansion, &mut grow);
            each(&mut renew, |retention| model.renewal_rate(retention));
            each(&mut grow, |expansion| model.renewal_growth(expansion));
            odds.extend(renew.iter().map(|renew| Odds::new(*renew)));
        }
        let never = renew.iter().all(|renew| *renew == 0.0);
        columns.renewals.fill(0.0);
        resize(&mut scratch.signed, self.months, lanes);
        scratch.signed.copy_from_slice(columns.won);
        // What a deal is worth is a number of mean size, or an amount of its own.
        let ones = vec![1.0; if scratch.sizes.is_some() { lanes } else { 0 }];
        let mean_size = if scratch.sizes.is_some() { &ones } else { mean_size };
        for k in 0..self.months {
            let renewals = if never { 0 } else { (self.months - 1 - k) / term };
            let won = row(columns.won, k, lanes);
            // The value of a deal of mean size.
            let unit = match self.exposure_index[2] {
                None => mean_size,
                Some(tilt) => {
                    let tilts = row(&scratch.tilts[tilt], k, lanes).iter().zip(mean_size);
                    let unit = scratch.extra.iter_mut().zip(tilts);
                    unit.for_each(|(unit, (tilt, size))| *unit = size * (tilt * self.mean_correction[2]));
                    &scratch.extra
                }
            };
            let booked = row_mut(columns.bookings, k, lanes);
            if renewals == 0 {
                self.sums(
                    self.streams.size[k].part(0),
                    won,
                    (&scratch.trials, &scratch.sizes),
                    &mut scratch.uniforms,
                    [booked, &mut scratch.below_zero],
                );
                multiply(booked, unit);
                if let Some(running) = &mut columns.running
                    && k + term < self.months
                {
                    // Nobody renews.
                    churn(row_mut(running.arr_churn, k + term, lanes), booked, term);
                }
                continue;
            }
            booked.fill(0.0);
            // How many of the class before this one renew; what is left of it is a class.
            scratch.counts.copy_from_slice(won);
            for j in 0..=renewals {
                scratch.means.fill(0.0);
                if j < renewals {
                    self.streams.retention[k].part(j).uniforms(&scratch.trials, &mut scratch.uniforms);
                    binomial_quantiles(&scratch.counts, &odds, &scratch.uniforms, &mut scratch.means);
                }
                scratch.counts.iter_mut().zip(&scratch.means).for_each(|(count, next)| *count -= next);
                self.sums(
                    self.streams.size[k].part(j),
                    &scratch.counts,
                    (&scratch.trials, &scratch.sizes),
                    &mut scratch.uniforms,
                    [&mut scratch.values, &mut scratch.below_zero],
                );
                multiply(&mut scratch.values, unit);
                multiply(&mut scratch.below_zero, unit);
                // Class j is booked, and renewed 1, 2, … j times.
                add(row_mut(columns.bookings, k, lanes), &scratch.values);
                for i in 1..=j {
                    if let Some(running) = &mut columns.running {
                        let (at, parts) = ((k + i * term) * lanes, scratch.values.iter().zip(&scratch.below_zero));
                        running.change_arr(at, parts.map(|(all, below)| all - below), &grow, term);
                        running.change_arr(at, scratch.below_zero.iter().copied(), &grow, term);
                    }
                    multiply(&mut scratch.values, &grow);
                    multiply(&mut scratch.below_zero, &grow);
                    add(row_mut(columns.renewals, k + i * term, lanes), &scratch.values);
                    add(row_mut(&mut scratch.signed, k + i * term, lanes), &scratch.counts);
                }
                if let Some(running) = &mut columns.running
                    && j < renewals
                {
                    churn(row_mut(running.arr_churn, k + (j + 1) * term, lanes), &scratch.values, term);
                }
                std::mem::swap(&mut scratch.counts, &mut scratch.means);
            }
        }
        scratch.renew = renew;
        scratch.grow = grow;
        // Contracts signed in the last `term` months.
        for m in 0..self.months {
            let (before, now) = columns.customers.split_at_mut(m * lanes);
            let now = &mut now[..lanes];
            now.copy_from_slice(row(&scratch.signed, m, lanes));
            if m > 0 {
                add(now, row(before, m - 1, lanes));
            }
            if m >= term {
                now.iter_mut().zip(row(&scratch.signed, m - term, lanes)).for_each(|(now, ended)| *now -= ended);
            }
        }
    }
}

impl RegionPlan<'_> {
    /// What so many deals are worth together in each trial, and what those of them that are worth less than 0: in mean sizes, or in money where a
    /// table gives their amounts.
    fn sums(
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
