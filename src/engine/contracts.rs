//! The contracts that are in force on the as-of day: which of them renew, and for how much.

use super::compiled::{ContractPlan, RegionPlan};
use super::effects::{Effects, factor};
use super::scratch::{Columns, Scratch, add, row, row_mut};
use crate::chance::{Odds, binomial_quantiles};
use crate::model::{renewal_growth, renewal_rate};

/// What contracts of one term do in each trial.
struct Renewal {
    term: usize,
    odds: Vec<Odds>,
    grow: Vec<f64>,
}

impl RegionPlan<'_> {
    /// Renewals, ARR and customers of the contracts in force. Of customers alike, how many renew is binomial: one draw for all of
    /// them that come up in a month.
    pub(super) fn renew_contracts(&self, columns: &mut Columns, scratch: &mut Scratch) {
        let Some(running) = &mut columns.running else { return };
        if self.contracts.is_empty() {
            return;
        }
        let lanes = scratch.lanes();
        let first = self.as_of.month;
        // How customers and ARR change in each month; summed up at the end.
        let mut customers = vec![0.0; self.months * lanes];
        let mut renewals: Vec<Renewal> = Vec::new();
        let (mut left, mut kept) = (vec![0.0; lanes], vec![0.0; lanes]);
        let (mut before, mut after) = (vec![0.0; lanes], vec![0.0; lanes]);
        for ContractPlan { contract, addresses } in &self.contracts {
            let term = contract.term;
            let known = renewals.iter().position(|renewal| renewal.term == term);
            let at = known.unwrap_or_else(|| {
                renewals.push(self.renewal(term, scratch));
                renewals.len() - 1
            });
            let Renewal { odds, grow, .. } = &renewals[at];
            let rates = &scratch.effects.rate;
            let changes = !scratch.effects.retention.is_empty();
            for ((due, count), address) in contract.due.iter().zip(addresses) {
                let count = *count as f64;
                left.fill(count);
                before.fill(contract.annual_value);
                if first < self.months {
                    Effects::on_times(rates, first, &mut before);
                    let arr = row_mut(running.arr_from_contracts, first, lanes);
                    arr.iter_mut().zip(&before).for_each(|(arr, value)| *arr += count * value);
                    row_mut(&mut customers, first, lanes).iter_mut().for_each(|customers| *customers += count);
                }
                for (j, m) in (*due..self.months).step_by(term).enumerate() {
                    address.part(j).uniforms(&scratch.trials, &mut scratch.uniforms);
                    if changes {
                        let odds: Vec<Odds> =
                            (0..lanes).map(|lane| Odds::new(self.renewal_in(scratch, lane, m, term))).collect();
                        binomial_quantiles(&left, &odds, &scratch.uniforms, &mut kept);
                    } else {
                        binomial_quantiles(&left, odds, &scratch.uniforms, &mut kept);
                    }
                    after
                        .iter_mut()
                        .zip(before.iter().zip(grow))
                        .for_each(|(after, (before, grow))| *after = before * grow);
                    // From the rate at which it was last signed to that of this month.
                    let signed = if j == 0 { first } else { m - term };
                    for (lane, after) in after.iter_mut().enumerate().filter(|_| !rates.is_empty()) {
                        *after *= factor(rates, m, lanes, lane) / factor(rates, signed, lanes, lane);
                    }
                    let at = m * lanes..(m + 1) * lanes;
                    for (lane, i) in at.enumerate() {
                        let (kept, lost) = (kept[lane], left[lane] - kept[lane]);
                        running.renewals_from_contracts[i] += kept * (after[lane] * term as f64 / 12.0);
                        running.arr_from_contracts[i] += kept * after[lane] - left[lane] * before[lane];
                        customers[i] -= lost;
                        running.arr_churn[i] += lost * before[lane];
                        let change = kept * (after[lane] - before[lane]);
                        running.arr_expansion[i] += change.max(0.0);
                        running.arr_contraction[i] += (-change).max(0.0);
                    }
                    std::mem::swap(&mut left, &mut kept);
                    std::mem::swap(&mut before, &mut after);
                }
            }
        }
        for m in first..self.months {
            if m > first {
                let at = m * lanes;
                let (earlier, now) = customers.split_at_mut(at);
                add(&mut now[..lanes], &earlier[at - lanes..]);
                let (earlier, now) = running.arr_from_contracts.split_at_mut(at);
                add(&mut now[..lanes], &earlier[at - lanes..]);
            }
            let now = row(&customers, m, lanes);
            // Only rounding can leave value where no customer is left.
            let arr = row_mut(running.arr_from_contracts, m, lanes);
            arr.iter_mut().zip(now).filter(|(_, left)| **left == 0.0).for_each(|(arr, _)| *arr = 0.0);
            add(row_mut(columns.customers, m, lanes), now);
        }
    }

    fn renewal(&self, term: usize, scratch: &Scratch) -> Renewal {
        let mut grow = vec![0.0; scratch.lanes()];
        scratch.fill(self.region.retention, &mut grow);
        let odds = grow.iter().map(|retention| Odds::new(renewal_rate(*retention, term))).collect();
        scratch.fill(self.region.expansion, &mut grow);
        grow.iter_mut().for_each(|expansion| *expansion = renewal_growth(*expansion, term));
        Renewal { term, odds, grow }
    }
}
