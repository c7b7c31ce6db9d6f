//! Where in a forecast a figure stands: which series, and which place in it.

use super::document::{Forecast, Series};
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::Frequency;

/// A period of a series.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    series: &'a Series,
    at: usize,
}

/// Finds the period of a label in the series of a metric and scope; `None` for a span that has no series.
pub(crate) fn find<'a>(forecast: &'a Forecast, metric: Metric, scope: &str, label: &str) -> Option<Place<'a>> {
    Frequency::REPORTED.into_iter().find_map(|every| {
        let at = forecast.periods(every)?.labels.iter().position(|known| known == label)?;
        Some(Place { series: forecast.series(metric, scope, every)?, at })
    })
}

impl Place<'_> {
    /// P10 with its error.
    pub(crate) fn p10(&self) -> Estimate {
        self.series.bands.p10.at(self.at)
    }

    /// The median with its error.
    pub(crate) fn p50(&self) -> Estimate {
        self.series.bands.p50.at(self.at)
    }

    /// P90 with its error.
    pub(crate) fn p90(&self) -> Estimate {
        self.series.bands.p90.at(self.at)
    }

    /// Average inputs, no luck.
    pub(crate) fn plan(&self) -> Option<f64> {
        self.series.plan.get(self.at).copied().flatten()
    }
}

impl<'a> Place<'a> {
    /// The place of an index in a series.
    pub(crate) fn new(series: &'a Series, at: usize) -> Place<'a> {
        Place { series, at }
    }
}
