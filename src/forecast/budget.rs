//! The budget against the forecast.

use super::bands::{Summary, kinds};
use super::document::{Bands, BudgetLine, Known, Spread};
use super::precision::rounded;
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
        let (mut percentile, mut bands, mut errors) = ((None, None), Bands::default(), Bands::default());
        if let Some(amount) = amount {
            let sample = sample();
            percentile = below(&sample, amount);
            (bands, errors) = summary.bands(&sample);
        }
        self.amount.push(amount);
        self.percentile.push(percentile.0);
        self.percentile_error.push(percentile.1);
        let budget = amount.unwrap_or(f64::NAN);
        let quotient = (budget != 0.0).then_some(budget.abs());
        for (i, (value, error)) in quartet(&bands).into_iter().zip(quartet(&errors)).enumerate() {
            let share = value.zip(quotient).map_or((None, None), |(x, by)| rounded(x / budget, error.map(|e| e / by)));
            let apart = value.map_or((None, None), |x| rounded(x - budget, error));
            self.attainment.column(i).push(share.0);
            self.attainment_errors.column(i).push(share.1);
            self.variance.column(i).push(apart.0);
            self.variance_errors.column(i).push(apart.1);
        }
    }
}

/// Mean, p10, p50 and p90.
fn quartet(bands: &Bands<Known>) -> [Known; 4] {
    [bands.mean, bands.p10, bands.p50, bands.p90]
}

impl<T> Spread<T> {
    fn column(&mut self, i: usize) -> &mut T {
        match i {
            0 => &mut self.mean,
            1 => &mut self.p10,
            2 => &mut self.p50,
            _ => &mut self.p90,
        }
    }
}
