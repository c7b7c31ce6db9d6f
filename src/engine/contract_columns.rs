//! What becomes of a single contract once it is signed: its renewals, and what it does to ARR.

use super::effects::factor;
use super::scratch::{RunningColumns, Scratch, ValuedColumns};

/// Those columns of a region that a contract changes.
pub(super) struct ContractColumns<'a, 'c> {
    pub(super) renewals: &'a mut [f64],
    pub(super) running: Option<&'a mut RunningColumns<'c>>,
    pub(super) valued: Option<&'a mut ValuedColumns<'c>>,
}

/// A contract of a term, signed in a month of a trial for a value in the scenario's currency.
#[derive(Clone, Copy)]
pub(super) struct Signed {
    pub(super) value: f64,
    pub(super) month: usize,
    pub(super) term: usize,
    pub(super) lane: usize,
}

impl ContractColumns<'_, '_> {
    /// The contract is renewed so many times, of at most as many as the months played hold, each time for what it was worth times `grow`.
    pub(super) fn live(&mut self, signed: Signed, renewals: usize, most: usize, grow: f64, scratch: &Scratch) {
        let Signed { mut value, month, term, lane } = signed;
        let lanes = scratch.lanes();
        let per_year = |value: f64| value * 12.0 / term as f64;
        if let Some(valued) = &mut self.valued {
            valued.arr_new[month * lanes + lane] += per_year(value);
            valued.run(month, term, lanes, lane, per_year(value));
        }
        let rates = &scratch.effects.rate;
        for j in 1..=most {
            let k = month + j * term;
            let at = k * lanes + lane;
            let arr = per_year(value);
            if j > renewals {
                if let Some(running) = &mut self.running {
                    running.arr_churn[at] += arr;
                }
                break;
            }
            value *= grow;
            if !rates.is_empty() {
                value *= factor(rates, k, lanes, lane) / factor(rates, k - term, lanes, lane);
            }
            self.renewals[at] += value;
            if let Some(running) = &mut self.running {
                let change = per_year(value) - arr;
                running.arr_expansion[at] += change.max(0.0);
                running.arr_contraction[at] += (-change).max(0.0);
            }
            if let Some(valued) = &mut self.valued {
                valued.run(k, term, lanes, lane, per_year(value));
            }
        }
    }
}

impl ValuedColumns<'_> {
    /// A contract is in force for a term from a month on, at this ARR.
    fn run(&mut self, month: usize, term: usize, lanes: usize, lane: usize, arr: f64) {
        let end = (month + term).min(self.arr_signed.len() / lanes);
        (month..end).for_each(|m| self.arr_signed[m * lanes + lane] += arr);
    }

    /// Contracts of these values are in force for a term from a month on, trial by trial.
    pub(super) fn run_all(&mut self, month: usize, term: usize, values: &[f64]) {
        let lanes = values.len();
        let end = (month + term).min(self.arr_signed.len() / lanes);
        for arr in self.arr_signed[month * lanes..end * lanes].chunks_exact_mut(lanes) {
            arr.iter_mut().zip(values).for_each(|(arr, value)| *arr += value * 12.0 / term as f64);
        }
    }
}
