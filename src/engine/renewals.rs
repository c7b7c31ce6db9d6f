//! From won deals to bookings, renewals and customers.

use super::trial::{Desk, Scene};
use crate::chance::binomial_quantile;
use crate::outcomes::Measure;

impl Scene<'_> {
    /// Bookings, renewals and customers of every closing month.
    ///
    /// Customers won in month k that renew at least j times and those that renew more often are told apart at closing
    /// time, so that the value of each class is a sum of its own deals' sizes.
    pub(super) fn close_deals(&mut self, term: usize, desk: &mut Desk) {
        let horizon = self.layout.months;
        let mean_size = self.region.mean_size.at(&desk.inputs);
        let years = term as f64 / 12.0;
        let renew = libm::pow(self.region.retention.at(&desk.inputs), years);
        let grow = libm::pow((1.0 + self.region.expansion.at(&desk.inputs)).max(0.0), years);
        for k in 0..horizon {
            let won = self.months(Measure::Won)[k];
            if won == 0.0 {
                continue;
            }
            let unit = mean_size * self.factor(self.region.exposure[2], desk.market[k]);
            let renewals = if renew > 0.0 { (horizon - 1 - k) / term } else { 0 };
            self.draw_survivors(k, won, renewals, renew, desk);
            let customers = |scene: &mut Self, from: usize, count: f64| {
                scene.months(Measure::Customers)[from..].iter_mut().take(term).for_each(|c| *c += count);
            };
            self.months(Measure::Bookings)[k] = unit * desk.survivors[0].0;
            customers(self, k, won);
            let mut growth = 1.0;
            for j in 1..=renewals {
                growth *= grow;
                let (value, count) = desk.survivors[j];
                self.months(Measure::Renewals)[k + j * term] += unit * growth * value;
                customers(self, k + j * term, count);
            }
        }
    }

    /// Fills `desk.survivors[j]` with value (in mean deal sizes) and count of the deals of month `k` that renew j times or more.
    fn draw_survivors(&self, k: usize, won: f64, renewals: usize, renew: f64, desk: &mut Desk) {
        let mut sizes = self.streams.size[k].stream(self.trial);
        let survivors = &mut desk.survivors;
        survivors.clear();
        survivors.resize(renewals + 1, (0.0, 0.0));
        if renewals == 0 {
            survivors[0] = (self.value_of(won, &mut sizes), won);
            return;
        }
        let mut lives = self.streams.retention[k].stream(self.trial);
        survivors[0].1 = won;
        for j in 1..=renewals {
            survivors[j].1 = binomial_quantile(survivors[j - 1].1, renew, lives.uniform());
        }
        if won <= self.region.size.exact_up_to() {
            // Which deals renew does not depend on their sizes: let it be the first ones. So bookings are the sum in the
            // order of the deals whatever renews, and renewals within the horizon do not move their last bit.
            let mut value = 0.0;
            for j in (0..=renewals).rev() {
                let more = survivors.get(j + 1).map_or(0.0, |s| s.1);
                value = self.region.size.add_up(survivors[j].1 - more, value, &mut sizes);
                survivors[j].0 = value;
            }
            return;
        }
        // Class j renews exactly j times (the last one at least so often); values add up from the last class down.
        for j in 0..=renewals {
            let more = survivors.get(j + 1).map_or(0.0, |s| s.1);
            survivors[j].0 = self.value_of(survivors[j].1 - more, &mut sizes);
        }
        for j in (0..renewals).rev() {
            survivors[j].0 += survivors[j + 1].0;
        }
    }
}
