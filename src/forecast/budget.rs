//! The budget against the forecast.

use super::bands::{Summary, kinds};
use super::document::{Bands, BudgetLine, Known, Spread};
use super::targets::below;
use crate::engine::Workers;
use crate::model::{Budget, Model};
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::Metric;
use crate::units::{Every, Period};

/// Attainment, variance and percentile of everything that is budgeted, for every kind of period.
pub fn against_budget(model: &Model, outcomes: &Outcomes, budget: &Budget, workers: &Workers) -> Vec<BudgetLine> {
    let lines: Vec<((Metric, usize), Vec<Known>)> = budget.lines(model).into_iter().collect();
    let summary = Summary::new(outcomes.trials());
    let found = workers.map(lines.len(), |i| {
        let ((metric, scope), amounts) = &lines[i];
        let mut summary = summary.clone();
        let grid = Grid::new(model, outcomes, *metric, &model.scopes[*scope].regions);
        let mut of = |every: Every| {
            let mut line = BudgetLine {
                metric: *metric,
                scope: model.scopes[*scope].key.clone(),
                every,
                amount: Vec::new(),
                percentile: Vec::new(),
                percentile_error: Vec::new(),
                attainment: Spread::default(),
                attainment_errors: Spread::default(),
                variance: Spread::default(),
                variance_errors: Spread::default(),
            };
            for period in model.horizon.every(every) {
                line.push(budgeted(*metric, amounts, &period), &mut summary, || grid.period(period.months.clone()));
            }
            line
        };
        let kinds = kinds(model).into_iter().filter(|every| metric.is_flow() || *every != Every::Cumulative);
        kinds.map(&mut of).filter(|line| line.amount.iter().any(Option::is_some)).collect::<Vec<BudgetLine>>()
    });
    found.into_iter().flatten().collect()
}

/// What is budgeted for a period: the sum of its months for flows, its last month for levels.
fn budgeted(metric: Metric, amounts: &[Known], period: &Period) -> Known {
    if metric.is_flow() { amounts[period.months.clone()].iter().copied().sum() } else { amounts[period.months.end - 1] }
}

impl BudgetLine {
    fn push(&mut self, amount: Known, summary: &mut Summary, sample: impl FnOnce() -> Vec<f64>) {
        let (mut percentile, mut attained, mut apart) = ((None, None), Default::default(), Default::default());
        if let Some(amount) = amount {
            let sample = sample();
            percentile = below(&sample, amount);
            if amount > 0.0 {
                attained = summary.bands(&sample.iter().map(|x| x / amount).collect::<Vec<f64>>());
            }
            apart = summary.bands(&sample.iter().map(|x| x - amount).collect::<Vec<f64>>());
        }
        self.amount.push(amount);
        self.percentile.push(percentile.0);
        self.percentile_error.push(percentile.1);
        self.attainment.push(&attained.0);
        self.attainment_errors.push(&attained.1);
        self.variance.push(&apart.0);
        self.variance_errors.push(&apart.1);
    }
}

impl Spread<Vec<Known>> {
    fn push(&mut self, bands: &Bands<Known>) {
        self.mean.push(bands.mean);
        self.p10.push(bands.p10);
        self.p50.push(bands.p50);
        self.p90.push(bands.p90);
    }
}
