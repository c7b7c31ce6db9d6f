//! Deals that are planned one by one: whether they are won, when, and what becomes of their contracts.

use super::compiled::RegionPlan;
use super::contract_columns::{ContractColumns, Signed};
use super::effects::factor;
use super::scratch::{Columns, Scratch};
use crate::model::whole_months;

/// What a one-off deal draws: which term it has, and how often it is renewed.
const TERM: usize = 0;
const RENEWALS: usize = 1;

impl RegionPlan<'_> {
    /// Adds the region's one-off deals.
    pub(super) fn win_one_offs(&self, columns: &mut Columns, scratch: &Scratch) {
        let Columns { renewals, customers, running, valued, .. } = columns;
        let Some(valued) = valued else { return };
        let lanes = scratch.lanes();
        for (deal, address) in &self.one_offs {
            let [happens, amounts, delays] = [deal.happens, deal.amount, deal.delay].map(|value| scratch.filled(value));
            let grow = scratch.filled(self.region.expansion);
            for lane in 0..lanes {
                let k = deal.month + whole_months(delays[lane]);
                if happens[lane] == 0.0 || k >= self.months {
                    continue;
                }
                let (at, value) = (k * lanes + lane, amounts[lane] * factor(&scratch.effects.rate, k, lanes, lane));
                valued.won_from_one_offs[at] += 1.0;
                valued.bookings_from_one_offs[at] += value;
                if !deal.renews {
                    valued.revenue_at_once[at] += value;
                    continue;
                }
                let uniform = |part: usize| address.part(part).uniform_of(scratch.trials[lane]);
                let term = self.term_at(|| uniform(TERM));
                let most = (self.months - 1 - k) / term;
                let seen = self.renewals_seen(scratch, lane, k, term, || uniform(RENEWALS));
                let end = (k + (seen + 1) * term).min(self.months);
                (k..end).for_each(|m| customers[m * lanes + lane] += 1.0);
                let grow = crate::model::renewal_growth(grow[lane], term);
                let signed = Signed { value, month: k, term, lane };
                ContractColumns { renewals, running: running.as_mut(), valued: Some(&mut *valued) }
                    .live(signed, seen, most, grow, scratch);
            }
        }
    }

    /// The term of a contract, by a uniform number where there are several.
    #[inline]
    pub(super) fn term_at(&self, uniform: impl FnOnce() -> f64) -> usize {
        let terms = &self.region.terms;
        if let [term] = terms.as_slice() {
            return term.months;
        }
        let u = uniform();
        let mut below = 0.0;
        let found = terms.iter().find(|term| {
            below += term.share;
            u < below
        });
        found.or(terms.iter().rev().find(|term| term.share > 0.0)).map_or(1, |term| term.months)
    }

    /// How many renewals a contract of a term sees that is signed in a month, of those that the months played hold: as many as have a chance above
    /// the uniform number.
    #[inline]
    pub(super) fn renewals_seen(
        &self,
        scratch: &Scratch,
        lane: usize,
        month: usize,
        term: usize,
        uniform: impl FnOnce() -> f64,
    ) -> usize {
        let most = (self.months - 1 - month) / term;
        if most == 0 {
            return 0;
        }
        let (u, mut chance) = (uniform(), 1.0);
        let renews = |j: &usize| {
            chance *= self.renewal_in(scratch, lane, month + j * term, term);
            u < chance
        };
        (1..=most).take_while(renews).count()
    }
}
