//! Bands of a sample, and of every metric × scope × period.

use super::document::{Bands, Distribution, Histogram, Known, Series};
use super::precision::{rounded, to_digits};
use crate::engine::Workers;
use crate::model::Model;
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::Metric;
use crate::stats::{Moments, Order, QuantileRanks, Selection};
use crate::units::{Every, Period};

/// The probabilities of p5 … p95.
const PERCENTILES: [f64; 7] = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

/// What turns samples of a given size into bands, one after the other.
#[derive(Clone, Debug)]
pub(super) struct Summary {
    ranks: [QuantileRanks; 7],
    selection: Selection,
}

impl Summary {
    pub(super) fn new(trials: usize) -> Summary {
        let ranks = PERCENTILES.map(|p| QuantileRanks::new(trials, p));
        Summary { selection: Selection::new(trials, &PERCENTILES, &ranks), ranks }
    }

    /// Bands and their errors; all empty when any value is unknown (NaN). Infinite values (never) leave mean and sd empty.
    pub(super) fn bands(&mut self, sample: &[f64]) -> (Bands<Known>, Bands<Known>) {
        // A finite mean vouches for every value: an unknown or infinite one would show in it.
        let moments = Moments::of(sample).filter(|m| m.mean.is_finite());
        if sample.is_empty() || moments.is_none() && sample.iter().any(|x| x.is_nan()) {
            return Default::default();
        }
        self.selection.take(sample);
        let mut values = [None; 9];
        let mut errors = [None; 9];
        // One trial has a mean, but nothing is known of its error.
        let several = sample.len() > 1;
        if let Some(m) = moments {
            (values[0], errors[0]) = rounded(m.mean, several.then_some(m.mean_error));
            if several {
                (values[1], errors[1]) = rounded(m.sd, Some(m.sd_error));
            }
        }
        for (i, (p, ranks)) in PERCENTILES.iter().zip(&self.ranks).enumerate() {
            (values[i + 2], errors[i + 2]) = rounded(self.selection.quantile(*p), self.selection.error(ranks));
        }
        (Bands::from_columns(values), Bands::from_columns(errors))
    }
}

/// The kinds of period that are reported.
pub(super) fn kinds(model: &Model) -> Vec<Every> {
    let mut kinds = vec![Every::Month, Every::Quarter, Every::Year];
    if model.fiscal {
        kinds.extend([Every::FiscalQuarter, Every::FiscalYear]);
    }
    kinds.extend([Every::Total, Every::Cumulative]);
    kinds
}

/// Series of every metric, scope and kind of period; `plan` is an outcome of the single expected trial.
pub(super) fn all_series(model: &Model, outcomes: &Outcomes, plan: &Outcomes, workers: &Workers) -> Vec<Series> {
    let summary = Summary::new(outcomes.trials());
    let mut tasks = Vec::new();
    for metric in Metric::ALL {
        for scope in 0..model.scopes.len() {
            if !metric.total_only() || scope == model.total() {
                tasks.push((metric, scope));
            }
        }
    }
    let series = workers.map(tasks.len(), |i| {
        let (metric, scope) = tasks[i];
        let scope = &model.scopes[scope];
        let grid = Grid::new(model, outcomes, metric, &scope.regions);
        let plan = Grid::new(model, plan, metric, &scope.regions);
        let mut summary = summary.clone();
        let mut of_kind = Vec::new();
        for every in kinds(model) {
            if every == Every::Cumulative && !metric.is_flow() {
                continue;
            }
            of_kind.push(series(&mut summary, &scope.key, metric, every, &model.horizon.every(every), &grid, &plan));
        }
        of_kind
    });
    series.into_iter().flatten().collect()
}

fn series(
    summary: &mut Summary,
    scope: &str,
    metric: Metric,
    every: Every,
    periods: &[Period],
    grid: &Grid,
    plan: &Grid,
) -> Series {
    let mut columns: [Vec<Known>; 9] = Default::default();
    let mut errors: [Vec<Known>; 9] = Default::default();
    let mut sum = vec![0.0; grid.month(0).len()];
    for period in periods {
        let (bands, error) = summary.bands(if every == Every::Cumulative {
            // One month more than the last one.
            add(&mut sum, grid.month(period.months.end - 1));
            &sum
        } else if grid.is_flow() && period.months.len() > 1 {
            sum.copy_from_slice(grid.month(period.months.start));
            (period.months.start + 1..period.months.end).for_each(|m| add(&mut sum, grid.month(m)));
            &sum
        } else {
            grid.month(period.months.end - 1)
        });
        for (column, value) in columns.iter_mut().zip(bands.columns()) {
            column.push(*value);
        }
        for (column, value) in errors.iter_mut().zip(error.columns()) {
            column.push(*value);
        }
    }
    Series {
        metric,
        scope: scope.to_owned(),
        every,
        plan: periods.iter().map(|period| plan_value(plan, period)).collect(),
        bands: Bands::from_columns(columns),
        errors: Bands::from_columns(errors),
    }
}

fn add(sum: &mut [f64], month: &[f64]) {
    sum.iter_mut().zip(month).for_each(|(s, x)| *s += x);
}

/// The plan line's value of a period.
pub(super) fn plan_value(plan: &Grid, period: &Period) -> Known {
    let value = plan.period(period.months.clone())[0];
    value.is_finite().then(|| to_digits(value, 9))
}

/// The whole distribution of a sample; `None` where values are unknown.
pub(super) fn distribution(metric: Metric, scope: &str, period: &str, sample: Vec<f64>) -> Option<Distribution> {
    if sample.iter().any(|x| !x.is_finite()) {
        return None;
    }
    let order = Order::of(sample);
    let quantiles: Vec<f64> = (1..200).map(|i| to_digits(order.quantile(f64::from(i) / 200.0), 7)).collect();
    Some(Distribution {
        metric,
        scope: scope.to_owned(),
        period: period.to_owned(),
        histogram: histogram(&order, &quantiles),
        quantiles,
    })
}

/// Forty bins between the 0.5 % and the 99.5 % quantile.
fn histogram(order: &Order, quantiles: &[f64]) -> Histogram {
    const BINS: usize = 40;
    let (low, high) = (quantiles[0], quantiles[quantiles.len() - 1]);
    // A constant falls into one bin of some width.
    let width = if high > low { to_digits((high - low) / BINS as f64, 6) } else { low.abs().max(1.0) / BINS as f64 };
    let mut histogram = Histogram { from: low, width, counts: vec![0; BINS], below: 0, above: 0 };
    for x in order.values() {
        let bin = libm::floor((x - low) / width);
        if bin < 0.0 {
            histogram.below += 1;
        } else if bin >= BINS as f64 {
            histogram.above += 1;
        } else {
            histogram.counts[bin as usize] += 1;
        }
    }
    histogram
}
