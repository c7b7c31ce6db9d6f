//! Amounts of a table that deals have, trial by trial.

use crate::chance::{Stream, binomial_quantile};
use crate::model::{ParameterValue, SizeTable};

/// Up to so many deals for each amount are drawn one by one.
const ONE_BY_ONE: f64 = 4.0;

/// The amounts with the chances of each in a block of trials.
#[derive(Debug, Default)]
pub(super) struct SizeRows {
    values: Vec<f64>,
    /// The chance of an amount or one before it: trials × amounts, of one trial where all are alike.
    by: Vec<f64>,
    /// Where the search of an amount begins, for uniform numbers in each of as many equal parts as there are amounts: trials × amounts likewise (the
    /// guide table of Chen and Asau 1974).
    guide: Vec<u32>,
    /// The mean amount in each trial.
    pub(super) mean: Vec<f64>,
}

impl SizeRows {
    /// Those of a table in so many trials; `filled` gives a parameter's values in them.
    pub(super) fn new(table: &SizeTable, lanes: usize, filled: impl Fn(ParameterValue) -> Vec<f64>) -> SizeRows {
        let alike = table.weights.iter().all(|weight| weight.is_fixed());
        let weights: Vec<Vec<f64>> = table.weights.iter().map(|weight| filled(*weight)).collect();
        let worked_out = if alike { 1 } else { lanes };
        let parts = table.values.len();
        let (mut by, mut mean) = (Vec::with_capacity(worked_out * parts), Vec::with_capacity(lanes));
        let mut guide = Vec::with_capacity(worked_out * parts);
        for lane in 0..worked_out {
            let all: f64 = weights.iter().map(|weight| weight[lane]).sum();
            let (mut sum, mut amount) = (0.0, 0.0);
            for (weight, value) in weights.iter().zip(&table.values) {
                sum += weight[lane];
                amount += weight[lane] * value;
                by.push(sum / all);
            }
            mean.push(amount / all);
            let of_lane = &by[lane * parts..];
            let mut at = 0;
            guide.extend((0..parts).map(|part| {
                let from = part as f64 / parts as f64;
                while of_lane.get(at).is_some_and(|by| *by <= from) {
                    at += 1;
                }
                at as u32
            }));
        }
        mean.resize(lanes, mean[0]);
        SizeRows { values: table.values.clone(), by, guide, mean }
    }

    /// Where a trial's amounts begin.
    fn first(&self, lane: usize) -> usize {
        if self.by.len() == self.values.len() { 0 } else { lane * self.values.len() }
    }

    fn of(&self, lane: usize) -> &[f64] {
        let from = self.first(lane);
        &self.by[from..from + self.values.len()]
    }

    /// The amount of a deal, at a uniform number.
    #[inline]
    pub(super) fn draw(&self, lane: usize, u: f64) -> f64 {
        let (by, last) = (self.of(lane), self.values.len() - 1);
        let part = ((u * self.values.len() as f64) as usize).min(last);
        let mut at = self.guide[self.first(lane) + part] as usize;
        // Rounding must not leave a deal without an amount.
        while at < last && by[at] <= u {
            at += 1;
        }
        // A number just below a part may have been rounded into it.
        while at > 0 && by[at - 1] > u {
            at -= 1;
        }
        self.values[at.min(last)]
    }

    /// What so many deals are worth together, and what those of them that are worth less than 0.
    pub(super) fn sum(&self, lane: usize, count: f64, stream: &mut Stream) -> [f64; 2] {
        let mut sums = [0.0; 2];
        let mut add = |value: f64| {
            sums[0] += value;
            sums[1] += value.min(0.0);
        };
        if count <= ONE_BY_ONE * self.values.len() as f64 {
            (0..count as u64).for_each(|_| add(self.draw(lane, stream.uniform())));
            return sums;
        }
        let (mut left, mut before) = (count, 0.0);
        for (by, value) in self.of(lane).iter().zip(&self.values) {
            let chance = if before < 1.0 { ((by - before) / (1.0 - before)).min(1.0) } else { 1.0 };
            let here = binomial_quantile(left, chance, stream.uniform());
            add(here * value);
            left -= here;
            before = *by;
        }
        sums
    }
}
