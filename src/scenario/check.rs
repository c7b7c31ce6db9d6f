//! What can only be checked when the whole scenario is known: names, periods, correlations.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::claims;
use super::metric::Metric;
use super::needs::Needs;
use super::parts::MONTHS;
use super::quantities::place;
use super::quantity::Quantity;
use super::reader::Reading;
use super::types::*;
use super::{check_changes, check_costs, check_running, check_team};
use crate::chance::{Copula, CopulaError};
use crate::units::{Horizon, Month, PeriodError, Periods, closest};

/// The last year that a month may lie in.
const LAST_YEAR: i32 = 2999;

/// Of the pairs of impossible correlations so many are named.
const SHOWN: usize = 12;

/// Notes the faults between fields. Fields that are faulty themselves have been replaced by defaults, so checks that
/// rest on the horizon are left out when the horizon is one of them.
pub(super) fn check(reading: &Reading, scenario: &Scenario) {
    let faulty: Vec<String> = reading.faults.borrow().iter().map(|fault| fault.path.clone()).collect();
    let sound = |field: &str| !faulty.iter().any(|path| path == field || path.starts_with(&format!("{field}.")));
    let regions_known = !faulty.iter().any(|p| p.starts_with("regions"));
    if sound("start") && sound("months") && scenario.horizon().last().year() > LAST_YEAR {
        let found = format!(
            "{} months from {}, which end in {}",
            scenario.months,
            scenario.start,
            scenario.horizon().last().year()
        );
        reading.fault("months", "/months", found, format!("months up to {LAST_YEAR}-12"), "");
    }
    if sound("as_of") {
        check_running::check(reading, scenario, sound("start") && sound("months"), regions_known);
    }
    if sound("until") {
        check_until(reading, scenario, sound("start") && sound("months") && sound("as_of"), regions_known);
    }
    check_costs::check(reading, scenario, &faulty);
    check_team::check(reading, scenario, sound("start") && sound("months"));
    let horizon_known = sound("start") && sound("months") && sound("as_of");
    check_changes::check(reading, scenario, horizon_known, regions_known);
    check_targets(reading, scenario, sound("start") && sound("months") && sound("fiscal_year"), regions_known);
    if regions_known && sound("as_of") {
        check_metrics(reading, scenario);
    }
    claims::check(reading, scenario, regions_known, sound("start") && sound("fiscal_year"));
    if !faulty.iter().any(|path| path.starts_with("regions") || path.starts_with("correlations")) {
        check_correlations(reading, scenario);
    }
}

/// Notes metrics that are asked for and that the scenario does not have.
fn check_metrics(reading: &Reading, scenario: &Scenario) {
    for (i, metric) in scenario.simulation.metrics.iter().enumerate() {
        if let Some(lacking) = scenario.lacking(*metric) {
            let found = format!("{} of a scenario without {lacking}", metric.name());
            let path = format!("simulation.metrics[{i}]");
            reading.fault(&path, &format!("/simulation/metrics/{i}"), found, LACKED.to_owned(), "");
        }
    }
}

/// What is allowed in place of a metric that a scenario does not have.
const LACKED: &str = "a metric that it has";

/// Notes a last day that is not one of the last month, or that some region cannot stop on.
fn check_until(reading: &Reading, scenario: &Scenario, horizon_known: bool, regions_known: bool) {
    let Some(until) = scenario.until else { return };
    let fault = |found: String, allowed: String, hint: &str| {
        reading.fault("until", "/until", found, allowed, hint);
    };
    let (last, from) = (scenario.horizon().last(), scenario.as_of_day());
    if horizon_known && (Month::of(until) != last || until < from) {
        let allowed = match scenario.as_of.filter(|day| Month::of(*day) == last) {
            Some(day) => format!("a day of {last}, from {day} on"),
            None => format!("a day of {last}, the last month"),
        };
        fault(until.to_string(), allowed, "months says how many months are played");
    }
    let with_team = scenario.regions.iter().find(|(_, region)| region.team.is_some());
    if let Some((key, _)) = with_team.filter(|_| regions_known) {
        fault(
            format!("{until} beside the team of the region {key}"),
            "a scenario without teams".to_owned(),
            "people are there for whole months",
        );
    }
    let whole = scenario.regions.iter().find(|(_, region)| region.daily_closing().is_none());
    if let Some((key, _)) = whole.filter(|_| regions_known) {
        fault(
            format!("{until} beside the region {key}, which is played month by month"),
            "a scenario whose regions are all decided day by day".to_owned(),
            "give it closing with a table, rhythm, volatility or now",
        );
    }
}

/// What to do about a period that is not inside the horizon.
fn how_to_reach(horizon: &Horizon, period: &str, error: &PeriodError) -> String {
    if matches!(error, PeriodError::Syntax(_)) {
        return String::new();
    }
    let longest = Horizon { months: MONTHS.high as usize, ..*horizon };
    match longest.parse(period) {
        Ok(periods) => format!("months: {} would reach it", periods.end()),
        // With all months that there may be, it is the beginning that is outside, or centuries.
        Err(_) => String::new(),
    }
}

/// What a target or a call asks about, and where it stands.
struct Question<'a> {
    /// `targets[Year 1]`.
    path: String,
    /// `/targets/0`.
    pointer: String,
    metric: Metric,
    period: &'a str,
    region: Option<&'a String>,
    tag: Option<&'a IndexMap<String, String>>,
    /// Whether it may be asked of every month or quarter.
    each: bool,
}

fn check_targets(reading: &Reading, scenario: &Scenario, horizon_known: bool, regions_known: bool) {
    let mut questions = Vec::new();
    for (i, target) in scenario.targets.iter().enumerate() {
        let (path, pointer) = (format!("targets[{}]", target.name), format!("/targets/{i}"));
        if scenario.targets[..i].iter().any(|before| before.name == target.name) {
            let found = format!("the name \"{}\" twice", target.name);
            reading.fault(&format!("{path}.name"), &format!("{pointer}/name"), found, "a name of its own", "");
        }
        let (region, tag) = (target.region.as_ref(), target.tag.as_ref());
        questions.push(Question {
            path,
            pointer,
            metric: target.metric,
            period: &target.period,
            region,
            tag,
            each: true,
        });
    }
    for (i, call) in scenario.calls.iter().enumerate() {
        questions.push(Question {
            path: format!("calls[{i}]"),
            pointer: format!("/calls/{i}"),
            metric: call.metric,
            period: &call.period,
            region: call.region.as_ref(),
            tag: call.tag.as_ref(),
            each: false,
        });
    }
    for question in &questions {
        question.check_period(reading, scenario, horizon_known);
        question.check_scope(reading, scenario, regions_known);
    }
}

impl Question<'_> {
    fn fault(&self, reading: &Reading, field: &str, found: String, allowed: &str, hint: &str) {
        reading.fault(&format!("{}.{field}", self.path), &format!("{}/{field}", self.pointer), found, allowed, hint);
    }

    fn check_period(&self, reading: &Reading, scenario: &Scenario, horizon_known: bool) {
        let fault =
            |field: &str, found: String, allowed: &str, hint: &str| self.fault(reading, field, found, allowed, hint);
        let horizon = scenario.horizon();
        let inside = format!("a period inside {} to {}", horizon.start, horizon.last());
        match horizon.parse(self.period) {
            _ if !horizon_known => {}
            Err(error) => fault("period", error.to_string(), &inside, &how_to_reach(&horizon, self.period, &error)),
            Ok(Periods::Each(_)) if !self.each => {
                fault("period", format!("\"{}\"", self.period), "one period", "a call is for one period");
            }
            Ok(Periods::Each(periods)) if periods.is_empty() => {
                fault(
                    "period",
                    format!("\"{}\" of a horizon without a whole one", self.period),
                    &inside,
                    "each-month always works",
                );
            }
            Ok(periods) => {
                let each = match periods {
                    Periods::One(period) => vec![period],
                    Periods::Each(periods) => periods,
                };
                let regions = |key: &str| self.region.is_none_or(|region| region == key);
                let unknown =
                    each.iter().find_map(|period| scenario.unknown(self.metric, &regions, period.months.clone()));
                if let Some(why) = unknown {
                    fault(
                        "period",
                        format!("\"{}\" of {}", self.period, self.metric.name()),
                        "a period in which it is known",
                        &why,
                    );
                }
            }
        }
        if self.metric.is_level() && self.period.starts_with("to ") {
            fault(
                "period",
                format!("\"{}\" of {}", self.period, self.metric.name()),
                "a period that it ends",
                "it is a level at the end of a month and does not add up: name that month",
            );
        }
    }

    fn check_scope(&self, reading: &Reading, scenario: &Scenario, regions_known: bool) {
        let fault =
            |field: &str, found: String, allowed: &str, hint: &str| self.fault(reading, field, found, allowed, hint);
        // A margin that is faulty is there all the same.
        let of_regions = matches!(self.metric.spec().needs, Needs::Costs | Needs::Margin | Needs::Team);
        if let Some(lacking) = scenario.lacking(self.metric).filter(|_| regions_known || !of_regions) {
            fault("metric", format!("{} of a scenario without {lacking}", self.metric.name()), LACKED, "");
        }
        if self.metric.total_only(scenario.has_costs()) && (self.region.is_some() || self.tag.is_some()) {
            fault(
                "metric",
                format!("{} of a part", self.metric.name()),
                "no region and no tag",
                "it is known for the total only",
            );
        }
        if self.region.is_some() && self.tag.is_some() {
            fault("tag", "a tag beside a region".to_owned(), "one of them", "");
        }
        if let Some(region) = self.region.filter(|r| regions_known && !scenario.regions.contains_key(*r)) {
            fault(
                "region",
                format!("no region \"{region}\""),
                "the key of a region",
                &closest(region, scenario.regions.keys()),
            );
        }
        let Some(tags) = self.tag.filter(|_| regions_known) else {
            return;
        };
        if tags.is_empty() {
            fault("tag", "no tag".to_owned(), "one or more tags with their values", "");
        }
        let mut each_known = true;
        for (key, value) in tags {
            if scenario.regions.values().any(|r| r.tags.get(key) == Some(value)) {
                continue;
            }
            each_known = false;
            let known: Vec<String> = scenario.regions.values().filter_map(|r| r.tags.get(key).cloned()).collect();
            fault(
                "tag",
                format!("no region with {key} = {value}"),
                "a tag that a region carries",
                &closest(value, known.iter()),
            );
        }
        let carried = scenario.regions.values().any(|r| tags.iter().all(|(key, value)| r.tags.get(key) == Some(value)));
        if each_known && !carried {
            let all: Vec<String> = tags.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            fault("tag", format!("no region with {}", all.join(" and ")), "tags that one region carries together", "");
        }
    }
}

fn check_correlations(reading: &Reading, scenario: &Scenario) {
    let quantities: HashMap<String, &Quantity> = scenario.quantities().into_iter().collect();
    let inputs = scenario.inputs();
    let name = |at: usize| inputs[at].0.as_str();
    // What an option, or a file over the one with the correlation, knows for sure goes with nothing; that is no fault.
    let known_elsewhere = |i: usize, pattern: &str| {
        // Options lie over all files, a file over those that it extends.
        let depth = |pointer: &str| {
            let source = reading.source(pointer);
            reading.layers.iter().position(|(file, _)| *file == source).map_or(0, |at| at + 1)
        };
        let of_correlation = depth(&format!("/correlations/{i}"));
        let is_meant = |path: &str| match pattern.split_once(".*.") {
            Some((before, after)) => path.starts_with(before) && path.ends_with(&format!(".{after}")),
            None => path == pattern,
        };
        let fixed = quantities.iter().filter(|(_, quantity)| quantity.law().as_fixed().is_some());
        let mut meant = fixed.map(|(path, _)| path).filter(|path| is_meant(path));
        meant.any(|path| depth(&format!("/{}", path.replace(['.', '['], "/").replace(']', ""))) < of_correlation)
    };
    // Each pair with the place of its correlation.
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    let mut patterns: HashSet<[&String; 2]> = HashSet::new();
    let mut sound = true;
    for (i, correlation) in scenario.correlations.iter().enumerate() {
        let mut fault = |at: &str, found: String, allowed: &str, hint: String| {
            sound = false;
            reading.fault(&format!("correlations[{i}]{at}"), &format!("/correlations/{i}"), found, allowed, hint);
        };
        let mut named = true;
        for (side, path) in correlation.between.iter().enumerate().filter(|(_, path)| !path.contains(".*.")) {
            if place(&inputs, path).is_some() {
                continue;
            }
            named = false;
            if known_elsewhere(i, path) {
                continue;
            }
            match quantities.get(path) {
                Some(q) => fault(
                    &format!(".between[{side}]"),
                    format!("{path}, which is fixed at {}", q.law().mean()),
                    "the path of an uncertain input",
                    "give it a range, or leave the correlation out".to_owned(),
                ),
                None => fault(
                    &format!(".between[{side}]"),
                    format!("no quantity {path}"),
                    "the path of an uncertain input",
                    closest(path, scenario.quantities().iter().map(|(path, _)| path)),
                ),
            }
        }
        let [one, other] = &correlation.between;
        if !patterns.insert([one.min(other), one.max(other)]) {
            fault("", format!("{one} and {other} a second time"), "each pair once", String::new());
            continue;
        }
        let found = correlation.pairs(&inputs);
        if named && found.is_empty() && !correlation.between.iter().any(|path| known_elsewhere(i, path)) {
            fault(".between", correlation.between.join(" and "), "two different uncertain inputs", String::new());
        }
        pairs.extend(found.into_iter().map(|(a, b)| (a, b, i)));
        if pairs.len() > Copula::MOST_PAIRS {
            break;
        }
    }
    pairs.sort_unstable();
    let mut told = HashSet::new();
    for again in pairs.windows(2).filter(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1)) {
        let (a, b, i) = again[1];
        if told.insert(i) {
            let found = format!("{} and {} a second time", name(a), name(b));
            reading.fault(&format!("correlations[{i}]"), &format!("/correlations/{i}"), found, "each pair once", "");
        }
    }
    if !told.is_empty() {
        return;
    }
    let pairs: Vec<(usize, usize, f64)> =
        pairs.into_iter().map(|(a, b, i)| (a, b, scenario.correlations[i].rho)).collect();
    if !sound {
        return;
    }
    let refuse = |found: String, allowed: &str, hint: String| {
        reading.fault("correlations", "/correlations", found, allowed, hint);
    };
    match Copula::new(inputs.len(), &pairs) {
        Ok(_) => {}
        Err(CopulaError::TooMany { largest }) => refuse(
            format!("inputs in groups that correlations link, the largest of {largest}"),
            &format!("groups of at most {} inputs, and no more than one such", Copula::MOST_LINKED),
            "correlate what is misjudged together, or let the market factor move it (market.volatility)".to_owned(),
        ),
        Err(CopulaError::Impossible { nearest }) => {
            let concerned: HashSet<(usize, usize)> = nearest.iter().map(|(a, b, _)| (*a, *b)).collect();
            let concerned = |(a, b, _): &&(usize, usize, f64)| concerned.is_empty() || concerned.contains(&(*a, *b));
            let show = |list: &mut dyn Iterator<Item = &(usize, usize, f64)>| {
                let shown: Vec<String> =
                    list.take(SHOWN).map(|(i, j, rho)| format!("{} with {} {rho}", name(*i), name(*j))).collect();
                shown.join("; ") + if list.next().is_some() { "; …" } else { "" }
            };
            refuse(
                show(&mut pairs.iter().filter(concerned)),
                "correlations that some joint law has (no negative eigenvalue)",
                match nearest.as_slice() {
                    [] => String::new(),
                    nearest => format!("these would do: {}", show(&mut nearest.iter())),
                },
            );
        }
    }
}
