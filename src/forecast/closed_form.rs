//! Simulated means against exact ones, where exact ones are known: fixed inputs, no market factor, one cycle a region.

use serde::{Deserialize, Serialize};

use super::summaries::Summaries;
use crate::model::Funnel;
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::Metric;
use crate::stats::Moments;

/// How far simulated means are from exact ones, in standard errors.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClosedForm {
    /// Each region's won deals and bookings over the horizon.
    pub totals: Vec<Comparison>,
    /// How many monthly means were compared besides.
    pub monthly_means: usize,
    /// The largest deviation among them, in standard errors.
    pub largest_monthly_deviation: f64,
}

/// A simulated mean beside the exact one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparison {
    /// The metric whose mean is compared.
    pub metric: Metric,
    /// The key of the scope, such as `total`.
    pub scope: String,
    /// The exact mean over the whole horizon.
    pub exact: f64,
    /// The mean over all trials.
    pub simulated: f64,
    /// (simulated − exact) / standard error.
    pub deviation: f64,
}

/// Compares; `None` where the exact means are not known. `plan` is then the exact expectation.
pub(super) fn closed_form(summaries: &Summaries, plan: &Outcomes) -> Option<ClosedForm> {
    let model = summaries.model();
    let one_cycle = model.regions.iter().all(|region| matches!(region.funnel, Funnel::Cycle(_)));
    if !model.is_closed_form() || !one_cycle || model.trials < 2 {
        return None;
    }
    let deviation = |moments: Option<Moments>, exact: f64| {
        let m = moments?;
        // A month in which nothing is expected to close has no error to measure by.
        (m.mean_error > 0.0).then(|| (m.mean, (m.mean - exact) / m.mean_error))
    };
    let horizon = 0..model.horizon.months;
    let mut totals = Vec::new();
    let (mut monthly_means, mut largest) = (0, 0.0_f64);
    for (index, scope) in model.scopes[..model.regions.len()].iter().enumerate() {
        let won = Grid::new(model, plan, Metric::WonDeals, &scope.regions);
        for metric in [Metric::WonDeals, Metric::Bookings] {
            let exact = Grid::new(model, plan, metric, &scope.regions);
            let simulated = |months| summaries.bands(metric, index, &months).moments;
            let expected = exact.period(horizon.clone())[0];
            if let Some((mean, deviation)) = deviation(simulated(horizon.clone()), expected) {
                totals.push(Comparison {
                    metric,
                    scope: scope.key.clone(),
                    exact: expected,
                    simulated: mean,
                    deviation,
                });
            }
            for m in horizon.clone() {
                // The mean of a few events is far from normal.
                let events = won.month(m)[0] * model.trials as f64;
                let found = deviation(simulated(m..m + 1), exact.month(m)[0]).filter(|_| events > 1_000.0);
                if let Some((_, deviation)) = found {
                    monthly_means += 1;
                    largest = if deviation.abs() > largest.abs() { deviation } else { largest };
                }
            }
        }
    }
    Some(ClosedForm { totals, monthly_means, largest_monthly_deviation: largest })
}
