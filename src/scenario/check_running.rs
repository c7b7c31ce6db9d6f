//! What can only be checked of a running business when the whole scenario is known: days, months, regions, stages, ids.

use std::collections::BTreeSet;

use super::metric::Metric;
use super::needs::Needs;
use super::read_running::MOST_DEALS;
use super::reader::Reading;
use super::running::Due;
use super::types::Scenario;
use crate::units::{Month, closest};

/// What to do about a deal that is not open.
const LEAVE_OUT: &str = "leave out what is won or lost";

impl Scenario {
    /// Why a metric over some regions is unknown in some months, where it is: it needs a month before the as-of day that nobody has
    /// given actuals of.
    pub(super) fn unknown(
        &self,
        metric: Metric,
        of_regions: &dyn Fn(&str) -> bool,
        months: std::ops::Range<usize>,
    ) -> Option<String> {
        let (known, first) = (self.known_months(), self.as_of_month());
        let shortest = self.shortest_term();
        if metric.compares_periods() && months.len() > shortest {
            return Some(format!("it is that of at most a contract's term, {shortest} months"));
        }
        let formed_of = metric.spec().formed_of.iter();
        if let Some(why) = formed_of.copied().find_map(|of| self.unknown(of, of_regions, months.clone())) {
            return Some(why);
        }
        let told = |m: usize, key: &str| {
            let month = self.start.plus(m);
            let mut rows = self.actuals.iter().flatten();
            rows.any(|row| row.metric == metric && row.month == month && row.region == *key)
        };
        let needed = match metric {
            Metric::Leads | Metric::WonDeals | Metric::LostDeals => months.start..months.end.min(known),
            Metric::Revenue => months.start..months.end.min(first),
            _ if metric.spec().needs == Needs::Contracts => months.start..months.end.min(first),
            Metric::Customers | Metric::Arr | Metric::OpenDeals | Metric::PipelineValue | Metric::WeightedPipeline => {
                months.end - 1..months.end.min(first)
            }
            _ => return None,
        };
        let regions: Vec<&String> = self.regions.keys().filter(|key| of_regions(key)).collect();
        let missing = needed.into_iter().find_map(|m| Some((m, regions.iter().find(|key| !told(m, key))?)));
        missing.map(|(m, key)| format!("actuals do not tell it of {key} in {}", self.start.plus(m)))
    }
}

/// Notes the faults of what is given as of a day.
pub(super) fn check(reading: &Reading, scenario: &Scenario, horizon_known: bool, regions_known: bool) {
    let fault = |at: &str, found: String, allowed: &str, hint: &str| {
        let pointer = format!("/{}", at.replace(['.', '['], "/").replace(']', ""));
        reading.fault(at, &pointer, found, allowed, hint);
    };
    let horizon = scenario.horizon();
    if let Some(day) = scenario.as_of
        && horizon_known
        && !(0.0..scenario.months as f64).contains(&horizon.position(day))
    {
        let allowed = format!("a day of {} to {}", horizon.start, horizon.last());
        fault("as_of", day.to_string(), &allowed, "start stays where the year begins");
        return;
    }
    if scenario.as_of.is_some() {
        for (key, given, what) in [
            ("pipeline", scenario.pipeline.is_some(), "deals are open on that day"),
            ("contracts", scenario.contracts.is_some(), "contracts are in force on that day"),
        ] {
            if !given {
                fault(
                    key,
                    "nothing beside as_of".to_owned(),
                    &format!("the file or the rows of what {what}"),
                    "[] says that there are none",
                );
            }
        }
    }
    if horizon_known {
        check_actuals(reading, scenario, regions_known);
    }
    check_pipeline(reading, scenario, regions_known && horizon_known);
    check_contracts(reading, scenario, horizon_known, regions_known);
}

/// Notes a row of no region, or of an id that another row has.
fn check_names<'a>(
    reading: &Reading,
    scenario: &Scenario,
    section: &str,
    regions_known: bool,
    rows: impl Iterator<Item = (&'a str, &'a str)>,
) {
    let mut ids = BTreeSet::new();
    for (i, (id, region)) in rows.enumerate() {
        let fault = |field: &str, found: String, allowed: &str, hint: String| {
            reading.fault(&format!("{section}[{i}].{field}"), &format!("/{section}/{i}/{field}"), found, allowed, hint);
        };
        if regions_known && !region.is_empty() && !scenario.regions.contains_key(region) {
            let hint = closest(region, scenario.regions.keys());
            fault("region", format!("no region \"{region}\""), "the key of a region", hint);
        }
        if id.is_empty() {
            fault("id", "an empty text".to_owned(), "an id", String::new());
        } else if !ids.insert(id) {
            fault(
                "id",
                format!("the id \"{id}\" a second time"),
                "an id of its own",
                "deals alike can share a row with a count".to_owned(),
            );
        }
    }
}

fn check_actuals(reading: &Reading, scenario: &Scenario, regions_known: bool) {
    let known = scenario.known_months();
    // Beside faulty rows nobody can tell what is missing.
    let sound = !reading.is_faulty("actuals");
    let start = scenario.start;
    let mut seen: BTreeSet<(&str, Metric, Month)> = BTreeSet::new();
    for (i, row) in scenario.actuals.iter().flatten().enumerate() {
        let fault = |field: &str, found: String, allowed: String, hint: &str| {
            reading.fault(&format!("actuals[{i}].{field}"), &format!("/actuals/{i}/{field}"), found, allowed, hint);
        };
        if regions_known && !row.region.is_empty() && !scenario.regions.contains_key(&row.region) {
            let hint = closest(&row.region, scenario.regions.keys());
            fault("region", format!("no region \"{}\"", row.region), "the key of a region".to_owned(), &hint);
        }
        // A level of the month that is not over is not known yet, nor is its revenue.
        let whole_months = matches!(row.metric, Metric::Revenue | Metric::Customers | Metric::Arr);
        let months = if whole_months { scenario.as_of_month() } else { known };
        if row.month.since(start) >= months as i64 {
            let allowed = match months {
                0 => format!("months before {start}"),
                months => format!("months up to {}", start.plus(months - 1)),
            };
            let hint = if scenario.as_of.is_some() {
                "what comes later is forecast"
            } else {
                "as_of says up to which day the past is known"
            };
            fault("month", format!("{} of {}", row.metric.name(), row.month), allowed, hint);
        }
        if !seen.insert((&row.region, row.metric, row.month)) && sound {
            let found = format!("{} of {} in {} a second time", row.metric.name(), row.region, row.month);
            fault("amount", found, "each amount once".to_owned(), "");
        }
    }
    for key in scenario.regions.keys().filter(|_| regions_known && sound) {
        for metric in [Metric::Bookings, Metric::Renewals] {
            let missing: Vec<String> = (0..known)
                .map(|m| start.plus(m))
                .filter(|month| !seen.contains(&(key, metric, *month)))
                .map(|month| month.to_string())
                .collect();
            if !missing.is_empty() {
                reading.fault(
                    "actuals",
                    "/actuals",
                    format!("no {} of {key} in {}", metric.name(), missing.join(", ")),
                    "bookings and renewals of every region and month that has begun before the as-of day",
                    "0 is a figure too",
                );
            }
        }
    }
}

fn check_pipeline(reading: &Reading, scenario: &Scenario, regions_known: bool) {
    let Some(deals) = &scenario.pipeline else { return };
    let names = deals.iter().map(|deal| (deal.id.as_str(), deal.region.as_str()));
    check_names(reading, scenario, "pipeline", regions_known, names);
    let as_of = scenario.as_of_day();
    let total: usize = deals.iter().map(|deal| deal.count).sum();
    if total > MOST_DEALS {
        let found = format!("{total} open deals in all");
        reading.fault("pipeline", "/pipeline", found, format!("at most {MOST_DEALS}"), "");
    }
    for (i, deal) in deals.iter().enumerate() {
        let fault = |field: &str, found: String, allowed: String, hint: &str| {
            reading.fault(&format!("pipeline[{i}].{field}"), &format!("/pipeline/{i}/{field}"), found, allowed, hint);
        };
        let latest = format!("a day up to {as_of}, the as-of day");
        if deal.created > as_of {
            fault("created", deal.created.to_string(), latest.clone(), "a deal that is not there yet is a new one");
        }
        let Some(stages) = scenario.regions.get(&deal.region).and_then(|region| region.stages.as_ref()) else {
            if let Some(stage) = deal.stage.as_ref().filter(|stage| is_closed(stage)) {
                fault("stage", format!("\"{stage}\""), "an open deal".to_owned(), LEAVE_OUT);
            }
            continue;
        };
        let names: Vec<String> = stages.iter().map(|stage| stage.name.clone()).collect();
        match &deal.stage {
            None => {
                fault("stage", "nothing".to_owned(), format!("one of {}", names.join(", ")), "its region has stages")
            }
            Some(stage) if !names.contains(stage) => {
                let hint = if is_closed(stage) { LEAVE_OUT.to_owned() } else { closest(stage, names.iter()) };
                fault("stage", format!("\"{stage}\""), format!("one of {}", names.join(", ")), &hint);
            }
            Some(_) => {}
        }
        match deal.stage_since {
            None => fault("stage_since", "nothing".to_owned(), latest, "its region has stages"),
            Some(day) if day > as_of => fault("stage_since", day.to_string(), latest, ""),
            Some(_) => {}
        }
    }
}

/// Whether a stage is one of those that systems keep deals in that are won or lost.
pub(crate) fn is_closed(stage: &str) -> bool {
    let words = stage.to_lowercase().replace(['-', ' '], "");
    ["closedwon", "closedlost", "won", "lost", "disqualified", "abandoned"].contains(&words.as_str())
}

fn check_contracts(reading: &Reading, scenario: &Scenario, horizon_known: bool, regions_known: bool) {
    let Some(contracts) = &scenario.contracts else { return };
    let names = contracts.iter().map(|contract| (contract.id.as_str(), contract.region.as_str()));
    check_names(reading, scenario, "contracts", regions_known, names);
    for (i, contract) in contracts.iter().enumerate().filter(|_| horizon_known) {
        let first = scenario.start.plus(scenario.as_of_month());
        if let Due::In(month) = contract.renews
            && month < first
        {
            reading.fault(
                &format!("contracts[{i}].renews"),
                &format!("/contracts/{i}/renews"),
                month.to_string(),
                format!("a month from {first} on, or evenly"),
                "the month in which it next comes up",
            );
        }
    }
}
