//! Simulated means against exact ones, where exact ones are known: fixed inputs, no market factor, one cycle a region.

use serde::Serialize;

use crate::model::{Funnel, Model};
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::Metric;
use crate::stats::Moments;

/// How far simulated means are from exact ones, in standard errors.
#[derive(Clone, Debug, Serialize)]
pub struct ClosedForm {
    /// Each region's won deals and bookings over the horizon.
    pub totals: Vec<Comparison>,
    /// How many monthly means were compared besides.
    pub monthly_means: usize,
    /// The largest deviation among them, in standard errors.
    pub largest_monthly_deviation: f64,
}

/// One comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// What was compared.
    pub metric: Metric,
    /// Where.
    pub scope: String,
    /// The exact mean.
    pub exact: f64,
    /// The simulated mean.
    pub simulated: f64,
    /// (simulated − exact) / standard error.
    pub deviation: f64,
}

/// Compares; `None` where the exact means are not known. `plan` is then the exact expectation.
pub(super) fn closed_form(model: &Model, outcomes: &Outcomes, plan: &Outcomes) -> Option<ClosedForm> {
    let one_cycle = model.regions.iter().all(|region| matches!(region.funnel, Funnel::Cycle { .. }));
    if !model.is_closed_form() || !one_cycle || outcomes.trials() < 2 {
        return None;
    }
    let mut totals = Vec::new();
    let (mut monthly_means, mut largest) = (0, 0.0_f64);
    for scope in &model.scopes[..model.regions.len()] {
        for metric in [Metric::WonDeals, Metric::Bookings] {
            let (simulated, exact) =
                (Grid::new(model, outcomes, metric, &scope.regions), Grid::new(model, plan, metric, &scope.regions));
            let deviation = |sample: &[f64], exact: f64| {
                let m = Moments::of(sample)?;
                // A month in which nothing is expected to close has no error to measure by.
                (m.mean_error > 0.0).then(|| (m.mean, (m.mean - exact) / m.mean_error))
            };
            let horizon = 0..outcomes.layout().months;
            let expected = exact.period(horizon.clone())[0];
            if let Some((mean, deviation)) = deviation(&simulated.period(horizon.clone()), expected) {
                totals.push(Comparison {
                    metric,
                    scope: scope.key.clone(),
                    exact: expected,
                    simulated: mean,
                    deviation,
                });
            }
            for m in horizon {
                // The mean of a few events is far from normal.
                let expected = exact.month(m)[0];
                let events =
                    Grid::new(model, plan, Metric::WonDeals, &scope.regions).month(m)[0] * outcomes.trials() as f64;
                if let Some((_, deviation)) = deviation(simulated.month(m), expected).filter(|_| events > 1_000.0) {
                    monthly_means += 1;
                    largest = if deviation.abs() > largest.abs() { deviation } else { largest };
                }
            }
        }
    }
    Some(ClosedForm { totals, monthly_means, largest_monthly_deviation: largest })
}
