//! When leads arrived, which are lost, and which are open.
//!
//! Given how many deals are won in a month, their months of arrival are multinomial, in proportion to the expected leads of
//! each month that are won in this one. Lost leads are split from their month of arrival on: one Poisson draw for each month
//! they may be decided in.

use super::desk::{Columns, Desk, row, row_mut};
use super::play::Monitor;
use super::player::Line;
use crate::chance::{Odds, binomial_quantiles, poisson_quantiles};
use crate::stats::wide::wide;

impl Line<'_> {
    /// Leads of each month, lost deals, and the weight of the open ones.
    pub(super) fn tell_arrivals(&self, columns: &mut Columns, desk: &mut Desk, monitor: &Monitor) {
        self.arrivals_of_won(columns, desk, monitor);
        self.lose(columns, desk, monitor);
        // Whoever was stopped before has left no weights, or those of another region.
        if !monitor.stopped() {
            self.weigh(columns, desk);
        }
    }

    /// Splits the deals won in each month over the months they arrived in, the oldest first: how many of those left arrived in
    /// a month is binomial.
    fn arrivals_of_won(&self, columns: &mut Columns, desk: &mut Desk, monitor: &Monitor) {
        let lanes = desk.lanes();
        let (mut share, mut total) = (vec![0.0; lanes], vec![0.0; lanes]);
        let mut odds = Vec::new();
        for (k, origins) in self.origins.iter().enumerate() {
            if monitor.stopped() {
                return;
            }
            let expected = |total: &mut [f64], m: usize| {
                let arrived = row(&desk.rates, m, lanes).iter().zip(row(&desk.decided, k - m, lanes));
                total.iter_mut().zip(arrived).for_each(|(total, (rate, chance))| *total += rate * chance);
            };
            total.fill(0.0);
            wide(|| origins.iter().for_each(|&m| expected(&mut total, m)));
            let left = row_mut(&mut desk.near, k, lanes);
            for &m in origins.iter().take_while(|m| **m < self.months) {
                share.fill(0.0);
                wide(|| {
                    expected(&mut share, m);
                    for (share, total) in share.iter_mut().zip(&mut total) {
                        let (part, rest) = (*share, *total);
                        // Rounding must not leave a deal without a month.
                        *share = if part < rest && m < k { part / rest } else { 1.0 };
                        *total = rest - part;
                    }
                });
                Odds::fill(&share, &mut odds);
                self.streams.arrival[k].part(k - m).uniforms(&desk.trials, &mut desk.uniforms);
                binomial_quantiles(left, &odds, &desk.uniforms, &mut desk.counts);
                wide(|| {
                    left.iter_mut().zip(&desk.counts).for_each(|(left, count)| *left -= count);
                    let arrived = row_mut(columns.leads, m, lanes);
                    arrived.iter_mut().zip(&desk.counts).for_each(|(arrived, count)| *arrived += count);
                    if k < self.months {
                        let weighed = desk.counts.iter().zip(row(&desk.win_rates, m, lanes));
                        let weights = row_mut(&mut desk.weights, k, lanes);
                        weights.iter_mut().zip(weighed).for_each(|(weight, (count, rate))| *weight += count * rate);
                    }
                });
            }
        }
    }

    fn lose(&self, columns: &mut Columns, desk: &mut Desk, monitor: &Monitor) {
        let lanes = desk.lanes();
        let mut losing = vec![0.0; lanes];
        columns.lost.fill(0.0);
        let mut weights = std::mem::take(&mut desk.weights);
        for m in 0..self.months {
            if monitor.stopped() {
                break;
            }
            let expected = row(&desk.expected, m, lanes).iter().zip(row(&desk.win_rates, m, lanes));
            losing.iter_mut().zip(expected).for_each(|(lost, (leads, win_rate))| *lost = leads * (1.0 - win_rate));
            let arrived = row_mut(columns.leads, m, lanes);
            for j in 0..self.reach[m] {
                let chances = losing.iter().zip(row(&desk.decided, j, lanes));
                desk.means.iter_mut().zip(chances).for_each(|(mean, (lost, chance))| *mean = lost * chance);
                self.streams.lost[m].part(j).uniforms(&desk.trials, &mut desk.uniforms);
                poisson_quantiles(&desk.means, &desk.uniforms, &mut desk.counts);
                arrived.iter_mut().zip(&desk.counts).for_each(|(arrived, count)| *arrived += count);
                if m + j < self.months {
                    let lost = row_mut(columns.lost, m + j, lanes);
                    lost.iter_mut().zip(&desk.counts).for_each(|(lost, count)| *lost += count);
                    let weighed = desk.counts.iter().zip(row(&desk.win_rates, m, lanes));
                    let weights = row_mut(&mut weights, m + j, lanes);
                    weights.iter_mut().zip(weighed).for_each(|(weight, (count, win_rate))| *weight += count * win_rate);
                }
            }
            let left = losing.iter().zip(row(&desk.left, self.reach[m], lanes));
            desk.means.iter_mut().zip(left).for_each(|(mean, (lost, left))| *mean = lost * left);
            self.late(m, self.streams.lost_late[m], columns.lost, &mut weights, desk);
            let arrived = row_mut(columns.leads, m, lanes);
            arrived.iter_mut().zip(&desk.counts).for_each(|(arrived, count)| *arrived += count);
        }
        desk.weights = weights;
    }

    /// Open deals at each month's end, weighted by the win rate of their month of arrival.
    fn weigh(&self, columns: &mut Columns, desk: &mut Desk) {
        let lanes = desk.lanes();
        for lane in 0..lanes {
            let (mut open, mut weighted) = (0.0, 0.0);
            for i in (lane..self.months * lanes).step_by(lanes) {
                open += columns.leads[i] - columns.won[i] - columns.lost[i];
                weighted += columns.leads[i] * desk.win_rates[i] - desk.weights[i];
                // Only rounding can leave a weight where nothing is open.
                if open == 0.0 || weighted < 0.0 {
                    weighted = 0.0;
                }
                columns.weighted_open[i] = weighted;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::desk::Desk;
    use crate::engine::player::Player;
    use crate::engine::{Monitor, Part, Pass, RunError};
    use crate::model::resolve;
    use crate::scenario::load;

    #[test]
    fn a_block_that_is_stopped_before_its_first_month_ends_quietly() {
        for funnel in [
            r#""conversion": 0.25, "cycle": {"mean_days": 45}"#,
            r#""stages": [{"name": "Only", "pass": 0.25, "mean_days": 45}]"#,
        ] {
            let text = format!(
                r#"{{"name": "Small", "start": "2027-01", "months": 3,
                "regions": {{"a": {{"leads": {{"monthly": 100}}, {funnel}, "deal_size": {{"mean": 1000}}}}}}}}"#
            );
            let scenario = load("small.json".as_ref(), &[], &|_| Ok(text.clone().into()));
            let model = resolve(&scenario.unwrap_or_else(|faults| panic!("{faults}"))).expect("it is sound");
            let player = Player::new(&model, Pass::Run, Part::whole(&model));
            let mut values = vec![0.0; player.layout.columns() * 2];
            let monitor = Monitor::default();
            monitor.stop();
            assert_eq!(player.block(0, &mut values, &mut Desk::default(), &monitor), Err(RunError::Stopped));
        }
    }
}
