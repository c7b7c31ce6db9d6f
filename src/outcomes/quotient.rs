//! One number over another, month by month and trial by trial, and what a gross margin makes of amounts.

use std::ops::Range;

use super::measure::Measure;
use super::store::{Outcomes, add};
use crate::model::Model;

/// What is divided and what it is divided by, months × trials.
#[derive(Clone, Debug)]
pub(super) struct Quotient {
    trials: usize,
    above: Vec<f64>,
    below: Vec<f64>,
    /// Whether what is divided by is a level, of which periods have the mean.
    over_mean: bool,
}

impl Quotient {
    pub(super) fn new(trials: usize, above: Vec<f64>, below: Vec<f64>, over_mean: bool) -> Quotient {
        Quotient { trials, above, below, over_mean }
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
        let mut below = sum(&self.below);
        if self.over_mean {
            below.iter_mut().for_each(|sum| *sum /= months.len() as f64);
        }
        divided(sum(&self.above), &below)
    }
}

/// Shares that are counted anew in each of some periods, trial by trial.
#[derive(Clone, Debug)]
pub(super) struct SharesOfPeriods {
    trials: usize,
    periods: Vec<(Range<usize>, Vec<f64>)>,
}

impl SharesOfPeriods {
    /// Of the executives of some regions who are there in all of a period with a quota in it, the share who reach it.
    pub(super) fn at_quota(model: &Model, outcomes: &Outcomes, regions: &[usize]) -> SharesOfPeriods {
        let (layout, trials) = (outcomes.layout(), outcomes.trials());
        let sum = |period: usize, i: usize| {
            let mut total = vec![0.0; trials];
            regions.iter().for_each(|r| add(&mut total, &outcomes.column(layout.at_quota(period, *r)[i])));
            total
        };
        // What was booked before the as-of day is nobody's.
        let known = model.running.as_ref().map_or(0, |running| running.known_months);
        let asked = model.quota_periods.iter().enumerate();
        let sound = asked.filter(|(_, months)| months.start >= known && months.end <= layout.months);
        let share = |(i, months): (usize, &Range<usize>)| (months.clone(), divided(sum(i, 1), &sum(i, 0)));
        SharesOfPeriods { trials, periods: sound.map(share).collect() }
    }

    /// The shares of a period; NaN where it is unknown.
    pub(super) fn period(&self, months: Range<usize>) -> Vec<f64> {
        let found = self.periods.iter().find(|(period, _)| *period == months);
        found.map_or_else(|| vec![f64::NAN; self.trials], |(_, shares)| shares.clone())
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
