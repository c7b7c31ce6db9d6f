//! What the forecast's own numbers mean to a reader.

use super::document::Forecast;
use crate::scenario::Metric;

impl Forecast {
    /// A value of a metric, rounded to what its error supports: €17.8M, 1,240, 14 %.
    pub(crate) fn said(&self, metric: Metric, value: f64, error: Option<f64>) -> String {
        metric.said(&self.currency, value, error)
    }
}
