//! What the sheets of one workbook share.

use super::names::{self, Names};
use super::styles::Styles;
use crate::analysis::{Answer, WhatIf};
use crate::forecast::Forecast;
use crate::scenario::Metric;

/// What the sheets of one workbook share: the answer, the names of its scopes and the formats of cells.
#[derive(Debug)]
pub(super) struct SheetContext<'a> {
    pub(super) answer: &'a Answer,
    pub(super) forecast: &'a Forecast,
    pub(super) names: Names,
    pub(super) styles: Styles,
}

impl<'a> SheetContext<'a> {
    pub(super) fn new(answer: &'a Answer) -> SheetContext<'a> {
        let forecast = &answer.forecast;
        SheetContext { answer, forecast, names: Names::of(forecast), styles: Styles::new(&forecast.currency) }
    }

    /// What was asked with `--deep`.
    pub(super) fn deep(&self) -> Option<&'a WhatIf> {
        self.answer.deep.as_ref()
    }

    /// What is measured, and where if not in total: "Bookings of Europe".
    pub(super) fn subject(&self, metric: Metric, scope: &str) -> String {
        let metric = names::metric(metric);
        if scope == "total" { metric } else { format!("{metric} of {}", self.names.scope(scope)) }
    }

    /// A column wide enough for the largest amount of money of the total, in letters.
    pub(super) fn figure_width(&self) -> f64 {
        let money = self.forecast.series.iter().filter(|series| series.scope == "total" && series.metric.is_money());
        let largest = money
            .flat_map(|series| series.bands.p90.value.iter().flatten())
            .fold(1.0, |most: f64, x| most.max(x.abs()));
        let digits = libm::floor(libm::log10(largest)) + 1.0;
        (digits * 4.0 / 3.0 + 2.0 + self.forecast.currency.symbol().chars().count() as f64).clamp(12.0, 40.0)
    }
}
