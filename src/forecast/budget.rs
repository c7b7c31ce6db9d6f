//! The budget against the forecast.

use super::bands::Bands;
use super::document::{BudgetLine, Spread};
use super::series::kinds_of;
use super::summaries::Summaries;
use super::summary_request::SummaryRequest;
use crate::model::{Budget, Model};
use crate::scenario::Metric;
use crate::stats::{Estimate, Estimates};
use crate::units::Period;

/// Asks about every period that is wholly budgeted.
pub(super) fn ask_budget(model: &Model, budget: &Budget, request: &mut SummaryRequest) {
    for ((metric, scope), amounts) in budget.lines(model) {
        for period in kinds_of(model, metric).flat_map(|every| model.horizon.every(every)) {
            if let Some(amount) = budgeted(metric, &amounts, &period) {
                request.below(metric, scope, &period.months, amount);
                request.bands(metric, scope, &period.months);
            }
        }
    }
}

/// Attainment, variance and percentile of everything that is budgeted, for every kind of period.
pub(super) fn against_budget(budget: &Budget, summaries: &Summaries) -> Vec<BudgetLine> {
    let model = summaries.model();
    let mut found = Vec::new();
    for ((metric, scope), amounts) in budget.lines(model) {
        for every in kinds_of(model, metric) {
            let mut line = BudgetLine {
                metric,
                scope: model.scopes[scope].key.clone(),
                every,
                amount: Vec::new(),
                percentile: Estimates::default(),
                equal: Estimates::default(),
                attainment: Spread::default(),
                variance: Spread::default(),
            };
            for period in model.horizon.every(every) {
                line.push(budgeted(metric, &amounts, &period), &period, scope, summaries);
            }
            if line.amount.iter().any(Option::is_some) {
                found.push(line);
            }
        }
    }
    found
}

/// What is budgeted for a period: the sum of its months for flows, its last month for levels; nothing where months do not give it.
fn budgeted(metric: Metric, amounts: &[Option<f64>], period: &Period) -> Option<f64> {
    if metric.spec().of_whole_period && period.months.len() > 1 {
        return None;
    }
    if metric.is_flow() { amounts[period.months.clone()].iter().copied().sum() } else { amounts[period.months.end - 1] }
}

impl BudgetLine {
    fn push(&mut self, amount: Option<f64>, period: &Period, scope: usize, summaries: &Summaries) {
        let ([mut percentile, mut equal], mut attained, mut variance) =
            ([Estimate::UNKNOWN; 2], Bands::default(), Bands::default());
        if let Some(amount) = amount {
            let measured = summaries.bands(self.metric, scope, &period.months);
            [percentile, equal] = summaries.position(self.metric, scope, &period.months, amount);
            if amount > 0.0 {
                attained = measured.over(amount).bands();
            }
            variance = measured.less(amount).bands();
        }
        self.amount.push(amount);
        self.percentile.push(percentile);
        self.equal.push(equal);
        self.attainment.push(&attained);
        self.variance.push(&variance);
    }
}

impl Spread<Estimates> {
    fn push(&mut self, bands: &Bands<Estimate>) {
        self.mean.push(bands.mean);
        self.p10.push(bands.p10);
        self.p50.push(bands.p50);
        self.p90.push(bands.p90);
    }
}
