//! What can only be checked of changes, one-off deals, currencies and terms when the whole scenario is known.

use std::collections::{BTreeSet, HashSet};

use super::fields::in_region;
use super::reader::Reading;
use super::types::Scenario;
use crate::units::closest;

/// The fields that a change may multiply, as messages say them.
const FIELDS: &str = "leads.monthly, conversion, cycle, lost_cycle or a stage's mean_days or stretch, a stage's pass, deal_size.mean, retention, \
    closing.won or closing.lost, what one of a team takes on (team.account_executives.open_opportunities and the like) of a region (or of all: regions.*), or rates.CODE.rate";

/// Notes the faults of what changes while months are played. What is faulty itself has been replaced or left out, so sections with faults of
/// their own are left alone where it matters.
pub(super) fn check(reading: &Reading, scenario: &Scenario, horizon_known: bool, regions_known: bool) {
    check_changes(reading, scenario, horizon_known, regions_known);
    check_one_offs(reading, scenario, horizon_known, regions_known);
    if regions_known && !reading.is_faulty("rates") {
        check_rates(reading, scenario);
    }
    if regions_known && !reading.is_faulty("contracts") {
        check_terms(reading, scenario);
    }
}

/// Notes names that are there twice.
fn check_names<'a>(reading: &Reading, section: &str, names: impl Iterator<Item = &'a str>) {
    let mut seen = HashSet::new();
    for (i, name) in names.enumerate() {
        if !seen.insert(name) {
            let found = format!("the name \"{name}\" twice");
            let (path, pointer) = (format!("{section}[{name}].name"), format!("/{section}/{i}/name"));
            reading.fault(&path, &pointer, found, "a name of its own", "");
        }
    }
}

fn check_changes(reading: &Reading, scenario: &Scenario, horizon_known: bool, regions_known: bool) {
    check_names(reading, "changes", scenario.changes.iter().map(|change| change.name.as_str()));
    let horizon = scenario.horizon();
    for (i, change) in scenario.changes.iter().enumerate() {
        let fault = |field: &str, found: String, allowed: String, hint: String| {
            let key = if field.starts_with("multiply") { "multiply" } else { field };
            let pointer = format!("/changes/{i}/{key}");
            reading.fault(&format!("changes[{}].{field}", change.name), &pointer, found, allowed, hint);
        };
        if horizon_known && change.from > horizon.last() {
            let allowed = format!("a month up to {}", horizon.last());
            fault("from", change.from.to_string(), allowed, "it would never be in force".to_owned());
        }
        if let Some(until) = change.until.filter(|until| horizon_known && *until < horizon.start) {
            let allowed = format!("a month from {} on", horizon.start);
            fault("until", until.to_string(), allowed, "it would be over before the first month".to_owned());
        }
        if let Some(until) = change.until.filter(|until| *until < change.from) {
            let allowed = format!("a month from {} on, in which it begins", change.from);
            fault("until", until.to_string(), allowed, "until is the last month in which it is in force".to_owned());
        }
        for path in change.multiply.keys() {
            let found = || fault_of_path(scenario, path);
            if let Some((found, hint)) = Some(()).filter(|()| regions_known).and_then(|()| found()) {
                fault(&format!("multiply[{path}]"), found, FIELDS.to_owned(), hint);
            }
        }
    }
}

/// What is wrong with a path that a change multiplies, and a hint.
fn fault_of_path(scenario: &Scenario, path: &str) -> Option<(String, String)> {
    if let Some(code) = path.strip_prefix("rates.").and_then(|rest| rest.strip_suffix(".rate")) {
        let known = scenario.rates.contains_key(code);
        return (!known).then(|| (format!("no rate of {code}"), closest(code, scenario.rates.keys())));
    }
    if scenario.changed(path).next().is_some() {
        return None;
    }
    match in_region(path).map(|(key, _)| key) {
        Some("*") => Some((format!("{path}, which no region has"), String::new())),
        Some(key) if !scenario.regions.contains_key(key) => {
            Some((format!("no region \"{key}\""), closest(key, scenario.regions.keys())))
        }
        Some(key) => Some((format!("{path}, which the region {key} does not have"), String::new())),
        None => Some((format!("\"{path}\""), String::new())),
    }
}

fn check_one_offs(reading: &Reading, scenario: &Scenario, horizon_known: bool, regions_known: bool) {
    check_names(reading, "one_offs", scenario.one_offs.iter().map(|deal| deal.name.as_str()));
    let events: HashSet<&str> = scenario.changes.iter().map(|change| change.name.as_str()).collect();
    let (first, last) = (scenario.start.plus(scenario.as_of_month()), scenario.horizon().last());
    for (i, deal) in scenario.one_offs.iter().enumerate() {
        let fault = |field: &str, found: String, allowed: String, hint: String| {
            let (path, pointer) = (format!("one_offs[{}].{field}", deal.name), format!("/one_offs/{i}/{field}"));
            reading.fault(&path, &pointer, found, allowed, hint);
        };
        if events.contains(deal.name.as_str()) {
            let hint = "people tell events by their names".to_owned();
            fault("name", format!("the name \"{}\" of a change", deal.name), "a name of its own".to_owned(), hint);
        }
        if regions_known && !scenario.regions.contains_key(&deal.region) {
            let hint = closest(&deal.region, scenario.regions.keys());
            fault("region", format!("no region \"{}\"", deal.region), "the key of a region".to_owned(), hint);
        }
        if horizon_known && !(first..=last).contains(&deal.month) {
            let allowed = format!("a month of {first} to {last}");
            fault("month", deal.month.to_string(), allowed, "what is won already belongs in the actuals".to_owned());
        }
    }
}

fn check_rates(reading: &Reading, scenario: &Scenario) {
    let own = scenario.currency.code();
    for (key, region) in &scenario.regions {
        let Some(code) = region.currency.as_deref().filter(|code| *code != own && !scenario.rates.contains_key(*code))
        else {
            continue;
        };
        let (path, pointer) = (format!("regions.{key}.currency"), format!("/regions/{key}/currency"));
        let found = format!("{code}, of which no rate is given");
        reading.fault(
            &path,
            &pointer,
            found,
            format!("{own}, or a currency of rates"),
            format!("rates: {{\"{code}\": {{\"rate\": …}}}} says what one {code} is worth in {own}"),
        );
    }
    let used: BTreeSet<&str> = scenario.regions.values().filter_map(|region| region.currency.as_deref()).collect();
    for code in scenario.rates.keys().filter(|code| code.as_str() == own || !used.contains(code.as_str())) {
        let found = if code == own { "the scenario's own currency" } else { "a rate that nobody uses" };
        let (path, pointer) = (format!("rates.{code}"), format!("/rates/{code}"));
        reading.fault(
            &path,
            &pointer,
            found.to_owned(),
            "a currency that a region has",
            "a region says it by \"currency\"",
        );
    }
}

/// Notes contracts whose term nobody can tell.
fn check_terms(reading: &Reading, scenario: &Scenario) {
    for (i, contract) in scenario.contracts.iter().flatten().enumerate() {
        let mixed = scenario.regions.get(&contract.region).is_some_and(|region| region.terms.len() > 1);
        if mixed && contract.term_months.is_none() {
            let found = format!("nothing, and {} has several terms", contract.region);
            let (path, pointer) = (format!("contracts[{i}].term_months"), format!("/contracts/{i}"));
            reading.fault(&path, &pointer, found, "the months of this contract's term", "");
        }
    }
}
