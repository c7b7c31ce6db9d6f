//! A month's leads, split at once into won and lost and by the months until they are decided.
//!
//! The leads of a month are Poisson given their mean; each is marked independently with (won or lost, months until decided).
//! So the counts of the marks are independent Poisson numbers (Kingman 1993, Poisson Processes, the colouring theorem): one
//! draw a cell gives exactly the law of following every lead. The cells in which a few leads are left are drawn together,
//! and the few leads in them are placed one by one.

use super::trial::{Desk, Scene};
use crate::chance::{Delay, Stream, poisson_quantile};
use crate::outcomes::Measure;
use crate::units::DAYS_PER_MONTH;

/// Chances that a lead which arrives in a month (evenly over it) is decided j months later:
/// q_j = G(j + 1) − 2 G(j) + G(j − 1), with G(x) = ∫₀ˣ P(D ≤ L t) dt.
#[derive(Debug, Default)]
pub(super) struct Delays {
    mean_days: f64,
    chances: Vec<f64>,
    /// 1 − q₀ − … − q_j.
    left: Vec<f64>,
    /// G(j) and G(j + 1) for the next j.
    last: (f64, f64),
}

impl Delays {
    pub(super) fn reset(&mut self, delay: &Delay, mean_days: f64) {
        self.mean_days = mean_days;
        self.chances.clear();
        self.left.clear();
        self.last = (0.0, 0.0);
        self.extend(delay);
    }

    fn extend(&mut self, delay: &Delay) {
        let j = self.chances.len() as f64;
        let next = delay.integrated_cdf(self.mean_days, DAYS_PER_MONTH * (j + 1.0)) / DAYS_PER_MONTH;
        let (before, now) = self.last;
        self.chances.push((next - 2.0 * now + before).max(0.0));
        // The part not decided after cell j, without adding up rounding errors: 1 − (G(j + 1) − G(j)).
        self.left.push((1.0 - (next - now)).max(0.0));
        self.last = (now, next);
    }

    /// Sees to it that at least `count` cells are there.
    #[inline]
    fn reach(&mut self, count: usize, delay: &Delay) {
        while self.chances.len() < count {
            self.extend(delay);
        }
    }

    /// q_j.
    #[inline]
    fn chance(&mut self, j: usize, delay: &Delay) -> f64 {
        self.reach(j + 1, delay);
        self.chances[j]
    }

    /// The part decided j or more months later.
    #[inline]
    fn left(&mut self, j: usize, delay: &Delay) -> f64 {
        if j == 0 {
            return 1.0;
        }
        self.chance(j - 1, delay);
        self.left[j - 1]
    }

    /// The first cell from which on, of `leads` leads, at most four are expected to be left: placing that many one by one
    /// costs about as much as one cell more. It rests on the trial's cycle
    /// alone and on expected leads that no horizon changes.
    fn tail(&mut self, leads: f64, delay: &Delay) -> usize {
        let mut j = 1;
        while leads * self.left(j, delay) > 4.0 && j < 600 {
            j += 1;
        }
        j
    }
}

impl Scene<'_> {
    /// Leads, won, lost and weighted open deals of every month of arrival.
    pub(super) fn split_leads(&mut self, conversion: f64, delay: &Delay, desk: &mut Desk) {
        for m in 0..self.layout.months {
            let mean = desk.expected[m];
            if mean == 0.0 {
                continue;
            }
            let tail = desk.delays.tail(self.region.expected_leads[m], delay);
            let p = self.shifted(conversion, desk.market[m]);
            let mut won = self.streams.won[m].stream(self.trial);
            let arrived_won = self.split(m, mean * p, tail, Measure::Won, delay, &mut won, desk);
            if self.part.money_only {
                continue;
            }
            let mut lost = self.streams.lost[m].stream(self.trial);
            let arrived_lost = self.split(m, mean * (1.0 - p), tail, Measure::Lost, delay, &mut lost, desk);
            let arrived = arrived_won + arrived_lost;
            self.months(Measure::Leads)[m] += arrived;
            let mut open = arrived;
            let weighted = self.months(Measure::WeightedOpen);
            for (decided, weighted) in desk.decided.iter_mut().zip(&mut weighted[m..]) {
                open -= std::mem::take(decided);
                if open <= 0.0 {
                    break;
                }
                *weighted += p * open;
            }
        }
    }

    /// Splits leads of mean `mean` that arrive in month `m` over the months they are decided in; returns how many arrive.
    #[allow(clippy::too_many_arguments)]
    fn split(
        &mut self,
        m: usize,
        mean: f64,
        tail: usize,
        outcome: Measure,
        delay: &Delay,
        stream: &mut Stream,
        desk: &mut Desk,
    ) -> f64 {
        let horizon = self.layout.months - m;
        let keep = !self.part.money_only;
        let mut arrived = 0.0;
        let decided_in = &mut self.months(outcome)[m..];
        desk.delays.reach(tail, delay);
        for (j, chance) in desk.delays.chances[..tail].iter().enumerate() {
            let count = poisson_quantile(mean * chance, stream.uniform());
            arrived += count;
            if j < horizon {
                decided_in[j] += count;
                if keep {
                    desk.decided[j] += count;
                }
            }
        }
        let left = desk.delays.left(tail, delay);
        let late = poisson_quantile(mean * left, stream.uniform());
        for _ in 0..late as u64 {
            // Where among the cells from `tail` on; past the horizon it stays open, wherever it is.
            let mut position = stream.uniform() * left;
            for (j, here) in decided_in.iter_mut().enumerate().skip(tail) {
                position -= desk.delays.chance(j, delay);
                if position <= 0.0 {
                    *here += 1.0;
                    if keep {
                        desk.decided[j] += 1.0;
                    }
                    break;
                }
            }
        }
        arrived + late
    }
}
