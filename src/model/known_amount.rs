//! What a scenario's own actuals say of a period that was over before the as-of day.

use super::types::Model;
use crate::scenario::Metric;
use crate::units::Periods;

impl Model {
    /// What the actuals of the scenario say of a figure whose months were over before the as-of day: a flow added up over its months and
    /// regions, a level at its end. `None` where they do not tell all of it.
    pub fn known_amount(&self, metric: Metric, scope: &str, period: &str) -> Option<f64> {
        let running = self.running.as_ref()?;
        let scope = self.scopes.iter().find(|known| known.key == scope)?;
        let Ok(Periods::One(period)) = self.horizon.parse(period) else { return None };
        let parts: &[Metric] = match metric {
            Metric::TotalBookings => &[Metric::Bookings, Metric::Renewals],
            _ => &[metric],
        };
        let months = if metric.is_flow() { period.months.clone() } else { period.months.end - 1..period.months.end };
        if period.months.end > self.as_of.month {
            return None;
        }
        let of = |m: usize| {
            scope.regions.iter().flat_map(move |r| parts.iter().map(move |part| running.actual(*part, *r, m)))
        };
        months.flat_map(of).sum()
    }
}
