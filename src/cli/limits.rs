//! Limits of a run: how much memory it may take, and how long it may take without a warning.

use super::exit::Failure;
use super::progress::note;
use crate::engine::Workers;
use crate::model::Model;
use crate::units::few_digits;

/// Runs that need more memory than this are refused before they fill the machine.
pub(super) const MAX_BYTES: f64 = 4.0 * GIB;
/// The bytes of a gibibyte.
pub(super) const GIB: f64 = 1024.0 * 1024.0 * 1024.0;
/// A run that will take more seconds than this warns first.
const LONG_SECONDS: f64 = 60.0;

/// Refuses what would fill the machine; `needs` gives the bytes that so many trials of the model take.
pub(super) fn check_size(model: &Model, max_bytes: f64, needs: impl Fn(usize) -> f64) -> Result<(), Failure> {
    let bytes = needs(model.trials);
    if bytes <= max_bytes {
        return Ok(());
    }
    let (mut most, mut too_many) = (0, model.trials);
    while too_many - most > 1 + most / 100 {
        let between = most.midpoint(too_many);
        *if needs(between) <= max_bytes { &mut most } else { &mut too_many } = between;
    }
    Err(Failure::Option {
        option: "the size of the run".to_owned(),
        found: format!(
            "{} trials of {} regions over {} months, which need {:.1} GiB of memory",
            model.trials,
            model.regions.len(),
            model.horizon.months,
            bytes / GIB
        ),
        allowed: format!("at most {} GiB", few_digits(max_bytes / GIB)),
        hint: if most > 0 {
            format!("--trials {most} would fit; so would fewer months or regions")
        } else {
            "fewer months or regions".to_owned()
        },
    })
}

/// Warns before work that takes about so many `seconds` on one core, if that is long.
pub(super) fn warn_if_long(model: &Model, seconds: f64, workers: &Workers, quiet: bool) {
    let seconds = seconds / workers.threads() as f64;
    if seconds > LONG_SECONDS && !quiet {
        let minutes = (seconds / 60.0).round().max(1.0);
        let fewer = (model.trials as f64 * LONG_SECONDS / seconds) as u64;
        // Where hardly fewer would do, or next to none would be left, that is no advice.
        let advice = if seconds > 1.5 * LONG_SECONDS && fewer >= 100 {
            format!("; --trials {fewer} would take about one")
        } else {
            String::new()
        };
        let unit = if minutes == 1.0 { "a minute".to_owned() } else { format!("{minutes} minutes") };
        note(&format!("warning: this run will take about {unit}{advice}"));
    }
}
