//! By which days of arrival leads are counted: few leads day by day, more of them in runs of days.

use std::ops::Range;

use crate::model::{Closing, Model, Region, held_to_one};

/// Months with so many expected leads at most are counted day by day; with twice as many in runs of two days, and so on up to eight.
const DAY_BY_DAY: f64 = 128.0;
const LONGEST: usize = 8;
/// How far the chances ever of leads of one run may scatter: variance over squared mean.
const SCATTER: f64 = 5e-4;
/// So many days are looked ahead for that.
const AHEAD: usize = 730;

/// For each month the runs of its days, counted from the first one played. They rest on inputs at their means, and on no horizon.
pub(super) fn classes(
    region: &Region,
    closing: &Closing,
    model: &Model,
    means: &[f64],
    days: &[usize],
) -> Vec<Vec<Range<usize>>> {
    let chances =
        closing.chances(means, model.as_of.month, 1.0, [1.0; 2], [1.0; 3], std::slice::from_ref(&(0..AHEAD + 1)));
    // The part that is open at each age, and its chance ever.
    let mut open = 1.0;
    let by_age: Vec<(f64, f64)> = (0..AHEAD)
        .map(|age| {
            let here = (open, chances.ever(age)[0]);
            let [won, lost] = held_to_one(chances.daily(age));
            open *= 1.0 - won - lost;
            here
        })
        .collect();
    let leads = region.expected(means);
    leads
        .zip(days)
        .map(|(leads, days)| {
            let mut longest = 1;
            while longest < LONGEST && leads > DAY_BY_DAY * longest as f64 {
                longest *= 2;
            }
            let mut runs = Vec::new();
            for from in (0..*days).step_by(longest) {
                split(from..(from + longest).min(*days), *days, &by_age, &mut runs);
            }
            runs
        })
        .collect()
}

/// Halves a run of days until the chances ever of those open at the ends of months hardly differ.
fn split(run: Range<usize>, days: usize, by_age: &[(f64, f64)], runs: &mut Vec<Range<usize>>) {
    let differs = |end: usize| {
        let (mut all, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for day in run.clone() {
            let (open, chance) = by_age[end - day];
            all += open;
            sum += open * chance;
            squares += open * chance * chance;
        }
        let mean = sum / all;
        all > 1e-3 * run.len() as f64 && squares / all - mean * mean > SCATTER * mean * mean
    };
    let ends = (days..AHEAD).step_by(15);
    if run.len() < 2 || !ends.clone().any(differs) {
        runs.push(run);
        return;
    }
    let middle = run.start + run.len() / 2;
    split(run.start..middle, days, by_age, runs);
    split(middle..run.end, days, by_age, runs);
}
