//! What events that may happen mean to a target.

use super::table::{Cell, Table};
use crate::forecast::{Forecast, TargetOutcome};
use crate::stats::Estimate;
use crate::units::format::chance;
use crate::units::plain;

/// The first target, where its chance is told with and without events that may happen.
pub fn target_of_events(forecast: &Forecast) -> Option<&TargetOutcome> {
    forecast.targets.first().filter(|target| !target.events.is_empty())
}

/// "With “Framework deal” “Year 1” is met in 71 in 100, without it in 44.", an event after the other, of the first target.
pub fn with_and_without(forecast: &Forecast) -> Vec<String> {
    let said = |share: Estimate| Some(chance(share.value?, share.error));
    let of_target = |target: &TargetOutcome| {
        let known = target.events.iter().filter_map(|event| {
            let (with, without) = (said(event.with)?, said(event.without)?);
            let (name, target) = (plain(&event.name), plain(&target.name));
            Some(format!("With “{name}” “{target}” is met in {with}, without it in {without}."))
        });
        known.collect()
    };
    target_of_events(forecast).map_or_else(Vec::new, of_target)
}

/// A row an event: how likely it is, and the chance of the first target with and without it.
pub fn events_table(forecast: &Forecast) -> Table {
    let mut table = Table::default();
    let events = target_of_events(forecast).map_or(&[][..], |target| &target.events);
    let said = |share: Estimate| Cell::number(share.value, |x| chance(x, share.error));
    table.column("event", "Event", events.iter().map(|event| Cell::text(&event.name)));
    table.column("happens", "happens", events.iter().map(|event| said(event.happens)));
    table.column("with", "with it", events.iter().map(|event| said(event.with)));
    table.column("without", "without", events.iter().map(|event| said(event.without)));
    table
}
