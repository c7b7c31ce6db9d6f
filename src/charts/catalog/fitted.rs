//! What the charts of a fit have in common: the export as their foot names it, and the words of ranges.

use crate::charts::marks::frame::Provenance;
use crate::charts::wording::figures::Figures;
use crate::documents::FitFound;
use crate::fit::{RegionFit, Spread};
use crate::units::format::thousands;

/// How a chart of a fit tells its ranges.
pub(super) const RANGES: &str = "from P10, the value that the chance of a lower one is 10\u{A0}% of, to P90";

/// The export, as the foot of a chart says it.
pub(super) fn provenance(found: &FitFound) -> Provenance<'_> {
    let fit = &found.fit;
    let [won, lost, open] = [|r: &RegionFit| r.won, |r: &RegionFit| r.lost, |r: &RegionFit| r.open]
        .map(|of| thousands(fit.regions.iter().map(of).sum::<u64>() as f64));
    let made = format!("As of {}: {won} won and {lost} lost since {}, {open} open", fit.as_of, fit.from);
    Provenance::new(found.data.file.rsplit(['/', '\\']).next().unwrap_or_default(), made)
}

/// A fitted figure with its range: "1.8× (1.4× to 2.2×)"; the figure alone where both ends read the same.
pub(super) fn with_range(figures: &Figures<'_>, spread: &Spread) -> String {
    let error = Some(spread.sd);
    let mean = figures.about(spread.mean, error);
    match figures.range((spread.p10, error), (spread.p90, error)) {
        Some(range) => format!("{mean} ({range})"),
        None => mean,
    }
}
