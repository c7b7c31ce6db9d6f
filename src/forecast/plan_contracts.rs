//! The plan line of contracts: those in force, those signed since, one-off deals; every input at its mean, customers at expectations.

use crate::model::{Model, Region, renewal_growth, renewal_rate, whole_months};

/// What is expected of a region's contracts, by month.
pub(super) struct ContractsExpected {
    pub(super) customers: Vec<f64>,
    /// Renewals of contracts in force on the as-of day, and of those signed since.
    pub(super) renewals: Vec<f64>,
    pub(super) renewals_of_signed: Vec<f64>,
    /// The ARR of contracts in force, of those signed since, and what is signed in the month.
    pub(super) arr: Vec<f64>,
    pub(super) arr_signed: Vec<f64>,
    pub(super) arr_new: Vec<f64>,
    pub(super) expansion: Vec<f64>,
    pub(super) contraction: Vec<f64>,
    pub(super) churn: Vec<f64>,
    /// One-off deals won, their value, and what of it is revenue at once.
    pub(super) one_offs: Vec<f64>,
    pub(super) bookings_of_one_offs: Vec<f64>,
    pub(super) at_once: Vec<f64>,
}

impl ContractsExpected {
    /// Of contracts in force and of one-off deals.
    pub(super) fn new(region: &Region, inputs: &[f64], model: &Model) -> ContractsExpected {
        let (months, first) = (model.horizon.months, model.as_of.month);
        let zeros = || vec![0.0; months];
        let mut all = ContractsExpected {
            customers: zeros(),
            renewals: zeros(),
            renewals_of_signed: zeros(),
            arr: zeros(),
            arr_signed: zeros(),
            arr_new: zeros(),
            expansion: zeros(),
            contraction: zeros(),
            churn: zeros(),
            one_offs: zeros(),
            bookings_of_one_offs: zeros(),
            at_once: zeros(),
        };
        for contract in &region.contracts {
            let term = contract.term;
            for (due, count) in &contract.due {
                let (mut customers, mut value) = (*count as f64, contract.annual_value);
                let mut rate = model.rate_in(region, first, inputs);
                for k in first..months {
                    if k >= *due && (k - due) % term == 0 {
                        let (renew, grow, now) = all.terms_of_renewal(region, inputs, model, k, term);
                        all.change(k, customers * value * rate, renew, grow * (now / rate));
                        customers *= renew;
                        value *= grow;
                        rate = now;
                        all.renewals[k] += customers * value * term as f64 / 12.0 * rate;
                    }
                    all.customers[k] += customers;
                    all.arr[k] += customers * value * rate;
                }
            }
        }
        for deal in &region.one_offs {
            let chance = deal.happens.at(inputs);
            let k = deal.month + whole_months(deal.delay.at(inputs));
            if k >= months {
                continue;
            }
            let value = chance * deal.amount.at(inputs) * model.rate_in(region, k, inputs);
            all.one_offs[k] += chance;
            all.bookings_of_one_offs[k] += value;
            if !deal.renews {
                all.at_once[k] += value;
                continue;
            }
            let (mut won, mut bookings) = (zeros(), zeros());
            (won[k], bookings[k]) = (chance, value);
            all.sign(region, inputs, model, &won, |_| bookings.clone());
        }
        all
    }

    /// The chance of a renewal in a month, the growth of the contract's value, and the exchange rate.
    fn terms_of_renewal(
        &self,
        region: &Region,
        inputs: &[f64],
        model: &Model,
        month: usize,
        term: usize,
    ) -> (f64, f64, f64) {
        let renew = renewal_rate(model.retention_in(region, month, inputs), term);
        (renew, renewal_growth(region.expansion.at(inputs), term), model.rate_in(region, month, inputs))
    }

    /// ARR comes up for renewal in a month.
    fn change(&mut self, month: usize, arr: f64, renew: f64, grow: f64) {
        self.expansion[month] += arr * renew * (grow - 1.0).max(0.0);
        self.contraction[month] += arr * renew * (1.0 - grow).max(0.0);
        self.churn[month] += arr * (1.0 - renew);
    }

    /// Adds contracts that are signed, so many in each month; `values` are those of all of them, had they all a term of so many months.
    pub(super) fn sign(
        &mut self,
        region: &Region,
        inputs: &[f64],
        model: &Model,
        won: &[f64],
        values: impl Fn(usize) -> Vec<f64>,
    ) {
        let months = won.len();
        for of in &region.terms {
            let (term, share) = (of.months, of.share);
            let values: Vec<f64> = values(term).into_iter().map(|value| value * share).collect();
            let mut signed: Vec<f64> = won.iter().map(|won| won * share).collect();
            let mut renewals = vec![0.0; months];
            for m in term..months {
                let (renew, grow, rate) = self.terms_of_renewal(region, inputs, model, m, term);
                let grow = grow * (rate / model.rate_in(region, m - term, inputs));
                signed[m] += signed[m - term] * renew;
                renewals[m] = (values[m - term] + renewals[m - term]) * renew * grow;
                self.change(m, (values[m - term] + renewals[m - term]) * 12.0 / term as f64, renew, grow);
            }
            for m in 0..months {
                let active = (m + 1).saturating_sub(term)..m + 1;
                self.customers[m] += signed[active.clone()].iter().sum::<f64>();
                self.renewals_of_signed[m] += renewals[m];
                let value: f64 = active.map(|k| values[k] + renewals[k]).sum();
                self.arr_signed[m] += value * 12.0 / term as f64;
                self.arr_new[m] += values[m] * 12.0 / term as f64;
            }
        }
    }
}
