//! What a row of a sheet of bands holds.

use crate::forecast::{Bands, TargetOutcome};
use crate::stats::Estimates;

/// What a row of a sheet of bands holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Statistic<'a> {
    /// One of the bands' columns, with its name.
    Band(&'static str, fn(&Bands<Estimates>) -> &Estimates),
    /// Average inputs, no luck.
    Plan,
    /// The amount that is budgeted.
    Budget,
    /// The level of a target.
    Target(&'a TargetOutcome),
}

impl Statistic<'_> {
    /// What is shown of the bands.
    pub(super) const BANDS: [Statistic<'static>; 4] = [
        Statistic::Band("P10", |bands| &bands.p10),
        Statistic::Band("P50", |bands| &bands.p50),
        Statistic::Band("P90", |bands| &bands.p90),
        Statistic::Band("Mean", |bands| &bands.mean),
    ];

    /// The name of the statistic, as it heads a row.
    pub(super) fn name(&self) -> String {
        match self {
            Statistic::Band(name, _) => (*name).to_owned(),
            Statistic::Plan => "Plan".to_owned(),
            Statistic::Budget => "Budget".to_owned(),
            Statistic::Target(target) => format!("Target {}", target.name),
        }
    }
}
