//! Paths of what stands outside of regions: whether an event happens, and the numbers that its quantities may hold.

use super::quantity::Domain;

/// The numbers that a quantity outside of regions may hold; `None` of other paths.
pub(super) fn domain_outside_regions(path: &str) -> Option<Domain> {
    let of_event = |section: &str| path.strip_prefix(section)?.split_once("].").map(|(_, field)| field);
    match of_event("changes[").or_else(|| of_event("one_offs[")) {
        Some("chance") => Some(Domain::SHARE),
        Some("delay_months") => Some(Domain::DELAY),
        Some("amount") => Some(Domain::AMOUNT),
        Some(field) => (field.starts_with("multiply[") && field.ends_with(']')).then_some(Domain::FACTOR),
        None => (path.starts_with("rates.") && path.ends_with(".rate")).then_some(Domain::RATE),
    }
}

/// The path of whether a change or a one-off deal happens.
pub(crate) fn happens_path(section: &str, name: &str) -> String {
    format!("{section}[{name}].happens")
}

/// The name of the event that a path says the happening of.
pub(crate) fn event_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("changes[").or_else(|| path.strip_prefix("one_offs["))?;
    rest.strip_suffix("].happens")
}
