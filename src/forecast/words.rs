//! What the forecast's own numbers mean to a reader.

use super::document::{Forecast, Manifest};
use crate::scenario::Metric;
use crate::units::{Horizon, Month};

impl Forecast {
    /// A value of a metric, rounded to what its error supports: €17.8M, 1,240, 14 %.
    pub(crate) fn said(&self, metric: Metric, value: f64, error: Option<f64>) -> String {
        metric.said(&self.currency, value, error)
    }

    /// The months that were played and the fiscal year they lie in.
    pub fn horizon(&self) -> Horizon {
        self.manifest.horizon(self.start, self.months)
    }
}

impl Manifest {
    /// So many months from `start` on, and the fiscal year of the scenario that was played.
    pub fn horizon(&self, start: Month, months: usize) -> Horizon {
        let fiscal = self.scenario.pointer("/fiscal_year/first_month").and_then(serde_json::Value::as_u64);
        Horizon { start, months, fiscal_first_month: fiscal.unwrap_or(1).clamp(1, 12) as u32 }
    }
}
