//! What the charts of a back-test have in common: what was replayed, as their foot names it.

use crate::backtest::BacktestFound;
use crate::charts::marks::frame::Provenance;
use crate::units::format::{count, thousands};

/// The export and the origins, as the foot of a chart says them.
pub(super) fn provenance<'a>(found: &BacktestFound, export: &'a str) -> Provenance<'a> {
    let origins = count(found.origins.len(), "origin");
    let trials = thousands(found.trials as f64);
    let made =
        format!("{origins}, {trials} futures each; closings from {} to the day before {}", found.from, found.until);
    Provenance::new(export.rsplit(['/', '\\']).next().unwrap_or_default(), made)
}
