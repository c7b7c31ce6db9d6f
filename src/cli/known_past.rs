//! What is known beside a plan: earlier runs of it, and what happened.

use jiff::civil::Date;

use super::exit::{Failure, refused};
use super::scenario_source::Plan;
use crate::analysis::Baseline;
use crate::documents::{KnownAmount, Manifest};
use crate::units::Faults;

/// Where earlier runs and actuals are looked up.
pub(super) trait KnownPast {
    /// What is known to have happened of a series, in the months and the scopes of a plan.
    ///
    /// # Errors
    /// [`Faults`] where the plan's own actuals say otherwise.
    fn actuals(&self, series: &str, plan: &Plan) -> Result<Vec<KnownAmount>, Faults>;

    /// The newest run of a series made on a day or before it.
    ///
    /// # Errors
    /// [`Failure`] where there is nothing to look in.
    fn baseline_at(&self, series: &str, day: Date) -> Result<Option<Baseline>, Failure>;

    /// When a run was made whose files were found, if that is known; `night` is that of the runs being made now.
    fn previous_run(&self, series: &str, manifest: &Manifest, night: Option<&str>) -> Option<String>;
}

/// No past at all.
pub(super) struct NoPast;

impl KnownPast for NoPast {
    fn actuals(&self, _: &str, _: &Plan) -> Result<Vec<KnownAmount>, Faults> {
        Ok(Vec::new())
    }

    fn baseline_at(&self, _: &str, day: Date) -> Result<Option<Baseline>, Failure> {
        Err(no_history(day))
    }

    fn previous_run(&self, _: &str, _: &Manifest, _: Option<&str>) -> Option<String> {
        None
    }
}

/// Where a day names a run, and there is no history to look it up in.
pub(super) fn no_history(day: Date) -> Failure {
    refused(
        &format!("--since {day}"),
        "no history to look in",
        "a day, where there is a history of runs",
        "name it with --history FILE, or give the forecast.json of an earlier run",
    )
}
