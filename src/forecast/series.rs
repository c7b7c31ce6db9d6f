//! The series of every metric, scope and kind of period, and the distribution of a figure.

use std::ops::Range;

use super::bands::Bands;
use super::document::{Distribution, Histogram, Series};
use super::summaries::Summaries;
use super::summary_request::SummaryRequest;
use crate::engine::Workers;
use crate::model::{Figure, FigureKey, Model};
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::Metric;
use crate::stats::{Estimates, Order, to_digits};
use crate::units::{Frequency, Period};

/// The kinds of period that are reported.
pub(super) fn kinds(model: &Model) -> Vec<Frequency> {
    let is_fiscal = |every: &Frequency| matches!(every, Frequency::FiscalQuarter | Frequency::FiscalYear);
    Frequency::REPORTED.into_iter().filter(|every| model.fiscal || !is_fiscal(every)).collect()
}

/// The metrics and scopes that are reported.
fn reported(model: &Model) -> Vec<(Metric, usize)> {
    let of = |metric: Metric| Figure::scopes(model, metric).map(move |scope| (metric, scope));
    model.metrics().flat_map(of).collect()
}

/// The kinds of period that are reported of a metric.
pub(super) fn kinds_of(model: &Model, metric: Metric) -> impl Iterator<Item = Frequency> {
    kinds(model).into_iter().filter(move |every| metric.is_flow() || *every != Frequency::Cumulative)
}

/// Asks for all series.
pub(super) fn ask_series(model: &Model, request: &mut SummaryRequest) {
    let periods: Vec<(Frequency, Vec<Period>)> =
        kinds(model).into_iter().map(|every| (every, model.horizon.every(every))).collect();
    for (metric, scope) in reported(model) {
        for (_, periods) in periods.iter().filter(|(every, _)| metric.is_flow() || *every != Frequency::Cumulative) {
            periods.iter().for_each(|period| request.bands(metric, scope, &period.months));
        }
    }
}

/// Series of every metric, scope and kind of period; `plan` is an outcome of the single expected trial.
pub(super) fn all_series(summaries: &Summaries, plan: &Outcomes, workers: &Workers) -> Vec<Series> {
    let model = summaries.model();
    let reported = reported(model);
    let series = workers.map(reported.len(), |i| {
        let (metric, scope) = reported[i];
        let plan = Grid::new(model, plan, metric, &model.scopes[scope].regions);
        let of = |every| series(summaries, reported[i], (every, &model.horizon.every(every)), Some(&plan));
        kinds_of(model, metric).map(of).collect::<Vec<Series>>()
    });
    series.into_iter().flatten().collect()
}

/// The series of a metric and scope over periods of one kind; without a plan line where there is no plan.
pub(super) fn series(
    summaries: &Summaries,
    (metric, scope): (Metric, usize),
    (every, periods): (Frequency, &[Period]),
    plan: Option<&Grid>,
) -> Series {
    let mut columns: [Estimates; 9] = Default::default();
    for period in periods {
        let found = summaries.bands(metric, scope, &period.months);
        columns.iter_mut().zip(found.bands().columns()).for_each(|(column, estimate)| column.push(*estimate));
    }
    Series {
        metric,
        scope: summaries.model().scopes[scope].key.clone(),
        every,
        plan: periods.iter().map(|period| plan_value(plan?, &period.months)).collect(),
        bands: Bands::from_columns(columns),
    }
}

/// The plan line's value of a period.
pub(super) fn plan_value(plan: &Grid, months: &Range<usize>) -> Option<f64> {
    let value = plan.period(months.clone())[0];
    value.is_finite().then(|| to_digits(value, 9))
}

/// The whole distribution of a sample; `None` where values are unknown.
pub(crate) fn distribution(figure: &FigureKey, sample: &[f64]) -> Option<Distribution> {
    if sample.iter().any(|x| !x.is_finite()) {
        return None;
    }
    let order = Order::of(sample.to_vec());
    let quantiles: Vec<f64> = (1..200).map(|i| to_digits(order.quantile(f64::from(i) / 200.0), 7)).collect();
    Some(Distribution {
        metric: figure.metric,
        scope: figure.scope.clone(),
        period: figure.period.clone(),
        histogram: histogram(&order, &quantiles),
        quantiles,
    })
}

/// Forty bins between the 0.5 % and the 99.5 % quantile.
fn histogram(order: &Order, quantiles: &[f64]) -> Histogram {
    const BINS: usize = 40;
    let (low, high) = (quantiles[0], quantiles[quantiles.len() - 1]);
    let width = to_digits((high - low) / BINS as f64, 6);
    // A constant falls into one bin of some width, and so does what differs by less than numbers can tell apart.
    let width = if low + width > low { width } else { low.abs().max(1.0) / BINS as f64 };
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
