//! Where in a forecast a figure stands: which series, and which place in it.

use crate::forecast::{Forecast, Known, Series};
use crate::scenario::Metric;
use crate::units::Every;

/// A period of a series.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    series: &'a Series,
    at: usize,
}

/// Kinds of period that have series, the shortest labels first.
const KINDS: [Every; 7] = [
    Every::Month,
    Every::Quarter,
    Every::Year,
    Every::FiscalQuarter,
    Every::FiscalYear,
    Every::Total,
    Every::Cumulative,
];

/// Finds the period of a label in the series of a metric and scope; `None` for a span that has no series.
pub(super) fn find<'a>(forecast: &'a Forecast, metric: Metric, scope: &str, label: &str) -> Option<Place<'a>> {
    KINDS.into_iter().find_map(|every| {
        let at = forecast.periods(every)?.labels.iter().position(|known| known == label)?;
        Some(Place { series: forecast.series(metric, scope, every)?, at })
    })
}

impl Place<'_> {
    /// P10 with its error.
    pub(super) fn p10(&self) -> (Known, Known) {
        self.of(|bands| &bands.p10)
    }

    /// The median with its error.
    pub(super) fn p50(&self) -> (Known, Known) {
        self.of(|bands| &bands.p50)
    }

    /// P90 with its error.
    pub(super) fn p90(&self) -> (Known, Known) {
        self.of(|bands| &bands.p90)
    }

    fn of(&self, column: impl Fn(&crate::forecast::Bands<Vec<Known>>) -> &Vec<Known>) -> (Known, Known) {
        let read = |column: &Vec<Known>| column.get(self.at).copied().flatten();
        (read(column(&self.series.bands)), read(column(&self.series.errors)))
    }

    /// Average inputs, no luck.
    pub(super) fn plan(&self) -> Known {
        self.series.plan.get(self.at).copied().flatten()
    }
}

impl<'a> Place<'a> {
    /// The place of an index in a series.
    pub(super) fn new(series: &'a Series, at: usize) -> Place<'a> {
        Place { series, at }
    }
}
