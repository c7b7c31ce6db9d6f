//! What the forecast's own numbers mean to a reader.

use super::document::{Forecast, Known};
use crate::scenario::Metric;
use crate::units::{Horizon, thousands};

impl Forecast {
    /// A value of a metric, rounded to what its error supports: €17.8M, 1,240, 14 %.
    pub(crate) fn said(&self, metric: Metric, value: f64, error: Known) -> String {
        if metric.is_money() {
            self.currency.within(value, error)
        } else if metric == Metric::Roi {
            format!("{} %", thousands(100.0 * value))
        } else {
            thousands(value)
        }
    }

    /// The months that were played and the fiscal year they lie in.
    pub fn horizon(&self) -> Horizon {
        let fiscal = self.manifest.scenario.pointer("/fiscal_year/first_month").and_then(serde_json::Value::as_u64);
        Horizon { start: self.start, months: self.months, fiscal_first_month: fiscal.unwrap_or(1).clamp(1, 12) as u32 }
    }
}
