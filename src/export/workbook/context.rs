//! What the sheets of one workbook share.

use super::names::{self, Names};
use super::styles::Styles;
use crate::forecast::Forecast;
use crate::scenario::Metric;

/// What the sheets of one workbook share: the forecast, the names of its scopes and the formats of cells.
#[derive(Debug)]
pub(super) struct SheetContext<'a> {
    pub(super) forecast: &'a Forecast,
    pub(super) names: Names,
    pub(super) styles: Styles,
}

impl SheetContext<'_> {
    /// What is measured, and where if not in total: "Bookings of Europe".
    pub(super) fn subject(&self, metric: Metric, scope: &str) -> String {
        let metric = names::metric(metric);
        if scope == "total" { metric } else { format!("{metric} of {}", self.names.scope(scope)) }
    }
}
