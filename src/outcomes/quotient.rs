//! One number over another, month by month and trial by trial, and what a gross margin makes of amounts.

use std::ops::Range;

use super::measure::Measure;
use super::store::{Outcomes, add};

/// What is divided and what it is divided by, months × trials.
#[derive(Clone, Debug)]
pub(super) struct Quotient {
    trials: usize,
    above: Vec<f64>,
    below: Vec<f64>,
}

impl Quotient {
    pub(super) fn new(trials: usize, above: Vec<f64>, below: Vec<f64>) -> Quotient {
        Quotient { trials, above, below }
    }

    /// The quotient of each month.
    pub(super) fn values(&self) -> Vec<f64> {
        divided(self.above.clone(), &self.below)
    }

    /// Of a period: what its months add up to, divided. NaN stands for unknown.
    pub(super) fn period(&self, months: Range<usize>) -> Vec<f64> {
        let month = |values: &[f64], m: usize| values[m * self.trials..(m + 1) * self.trials].to_vec();
        let sum = |values: &[f64]| {
            let mut total = month(values, months.start);
            months.clone().skip(1).for_each(|m| add(&mut total, &month(values, m)));
            total
        };
        divided(sum(&self.above), &sum(&self.below))
    }
}

/// What is divided by 0, or comes to more than all numbers, is unknown.
fn divided(mut above: Vec<f64>, below: &[f64]) -> Vec<f64> {
    for (above, below) in above.iter_mut().zip(below) {
        let quotient = *above / *below;
        *above = if quotient.is_finite() { quotient } else { f64::NAN };
    }
    above
}

/// Multiplies values of a region, months × trials, by what is made of its gross margin and its yearly retention.
pub(super) fn margin_over(outcomes: &Outcomes, region: usize, values: &mut [f64], factor: &dyn Fn([f64; 2]) -> f64) {
    let trials = outcomes.trials().max(1);
    for (m, month) in values.chunks_exact_mut(trials).enumerate() {
        let drawn = margin_and_retention(outcomes, region, m);
        for (value, (margin, retention)) in month.iter_mut().zip(drawn[0].iter().zip(&drawn[1])) {
            *value *= factor([*margin, *retention]);
        }
    }
}

/// A region's gross margin and its yearly retention in a month, trial by trial; retention differs by month only where changes may move it. Unknown
/// where runs do not have them.
fn margin_and_retention(outcomes: &Outcomes, region: usize, month: usize) -> [Vec<f64>; 2] {
    if !outcomes.layout().margin {
        return [vec![f64::NAN; outcomes.trials()], vec![f64::NAN; outcomes.trials()]];
    }
    let layout = outcomes.layout();
    let [margin, retention] = layout.margin(region);
    let retention = if layout.valued { layout.column(Measure::Retention, region) + month } else { retention };
    [margin, retention].map(|column| outcomes.column(column))
}
