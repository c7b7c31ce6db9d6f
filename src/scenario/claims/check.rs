//! The names that stated figures use: regions, tags, periods, activities and budget lines that have to exist.

use indexmap::IndexMap;

use super::entries::{BudgetLine, Claims, QuotedFigure};
use crate::scenario::reader::Reading;
use crate::scenario::types::Scenario;
use crate::units::{Horizon, PeriodError, Periods, closest};

/// A plan may state years that are not played, but not more of them than this.
const YEARS: usize = 100;

/// Notes the names that stated figures use and nothing bears.
pub(in crate::scenario) fn check(reading: &Reading, scenario: &Scenario, regions_known: bool, start_known: bool) {
    let Some(claims) = &scenario.claims else { return };
    let check = Check { reading, scenario, regions_known, start_known };
    for (i, figure) in claims.figures.iter().enumerate() {
        check.figure(Entry { list: "figures", i, name: &figure.name }, figure);
    }
    for (i, r) in claims.returns.iter().enumerate() {
        let entry = Entry { list: "returns", i, name: &r.name };
        for (field, text) in [("invested_in", &r.invested_in), ("returned_in", &r.returned_in)] {
            text.iter().for_each(|text| check.period(entry, field, text));
        }
    }
    for (i, average) in claims.averages.iter().enumerate() {
        check.region(Entry { list: "averages", i, name: &average.name }, average.region.as_ref());
    }
    for (i, quota) in claims.quotas.iter().enumerate() {
        check.region(Entry { list: "quotas", i, name: &quota.name }, quota.region.as_ref());
    }
    for (i, staffing) in claims.staffing.iter().enumerate() {
        check.region(Entry { list: "staffing", i, name: &staffing.name }, staffing.region.as_ref());
    }
    check.mix(claims);
    check.budget(claims);
    check.activities(claims);
}

/// Which entry of which list is looked at.
#[derive(Clone, Copy)]
struct Entry<'a> {
    list: &'static str,
    i: usize,
    name: &'a str,
}

struct Check<'a> {
    reading: &'a Reading,
    scenario: &'a Scenario,
    regions_known: bool,
    start_known: bool,
}

impl Check<'_> {
    /// Notes a fault of a field of an entry.
    fn fault(&self, entry: Entry, field: &str, found: String, allowed: &str, hint: String) {
        let Entry { list, i, name } = entry;
        let (path, pointer) = (format!("stated.{list}[{name}].{field}"), format!("/stated/{list}/{i}/{field}"));
        self.reading.fault(&path, &pointer, found, allowed, hint);
    }

    fn region(&self, entry: Entry, key: Option<&String>) {
        let regions = &self.scenario.regions;
        if let Some(key) = key.filter(|key| self.regions_known && !regions.contains_key(*key)) {
            let hint = closest(key, regions.keys());
            self.fault(entry, "region", format!("no region \"{key}\""), "the key of a region", hint);
        }
    }

    fn period(&self, entry: Entry, field: &str, text: &str) {
        let horizon = Horizon { months: 12 * YEARS, ..self.scenario.horizon() };
        match horizon.parse(text) {
            _ if !self.start_known => {}
            Err(error) => {
                let allowed = format!("a period from {} to {}", horizon.start, horizon.last());
                self.fault(entry, field, unfit(&horizon, text, &error), &allowed, String::new());
            }
            Ok(Periods::Each(_)) if field != "period" => {
                self.fault(entry, field, format!("\"{text}\""), "one period", String::new());
            }
            Ok(_) => {}
        }
    }

    fn figure(&self, entry: Entry, figure: &QuotedFigure) {
        self.period(entry, "period", &figure.period);
        self.region(entry, figure.region.as_ref());
        if figure.region.is_some() && figure.tag.is_some() {
            self.fault(entry, "tag", "a tag beside a region".to_owned(), "one of them", String::new());
        }
        let carried = |tags: &IndexMap<String, String>| {
            let mut regions = self.scenario.regions.values();
            regions.any(|region| tags.iter().all(|(tag, value)| region.tags.get(tag) == Some(value)))
        };
        if self.regions_known && figure.tag.as_ref().is_some_and(|tags| tags.is_empty() || !carried(tags)) {
            let allowed = "tags that one region carries together";
            self.fault(entry, "tag", "no region with these tags".to_owned(), allowed, String::new());
        }
    }

    fn mix(&self, claims: &Claims) {
        let Some(mix) = claims.mix.as_ref().filter(|_| self.regions_known) else { return };
        let regions = &self.scenario.regions;
        for key in mix.shares.keys().filter(|key| !regions.contains_key(*key)) {
            let (path, pointer) = (format!("stated.mix.shares.{key}"), format!("/stated/mix/shares/{key}"));
            let hint = closest(key, regions.keys());
            self.reading.fault(&path, &pointer, format!("no region \"{key}\""), "the key of a region", hint);
        }
    }

    fn budget(&self, claims: &Claims) {
        let lines: Vec<String> = claims.budget.iter().map(|line| line.name.clone()).collect();
        let known = |entry: Entry, field: &str, used: &String| {
            if !lines.contains(used) {
                let found = format!("no budget line \"{used}\"");
                self.fault(entry, field, found, "the name of a budget line", closest(used, lines.iter()));
            }
        };
        for (i, line) in claims.budget.iter().enumerate() {
            let entry = Entry { list: "budget", i, name: &line.name };
            line.part_of.iter().for_each(|used| known(entry, "part_of", used));
            if lines[..i].contains(&line.name) {
                let found = format!("a second line \"{}\"", line.name);
                self.fault(entry, "name", found, "one line of each name", String::new());
            } else if is_part_of_itself(&claims.budget, line) {
                let found = format!("\"{}\" is part of itself", line.name);
                self.fault(entry, "part_of", found, "a line that is not part of this one", String::new());
            }
            if line.share.is_some() && line.part_of.is_none() {
                let hint = "part_of names the line that it is a share of".to_owned();
                self.fault(entry, "share", "a share without part_of".to_owned(), "both or none", hint);
            }
        }
        for (i, staffing) in claims.staffing.iter().enumerate() {
            known(Entry { list: "staffing", i, name: &staffing.name }, "role", &staffing.role);
        }
    }

    fn activities(&self, claims: &Claims) {
        let names: Vec<String> = claims.activities.iter().map(|activity| activity.name.clone()).collect();
        for (i, activity) in claims.activities.iter().enumerate() {
            let (before, entry) = (&names[..i], Entry { list: "activities", i, name: &activity.name });
            if before.contains(&activity.name) {
                let found = format!("a second activity \"{}\"", activity.name);
                self.fault(entry, "name", found, "one activity of each name", String::new());
            }
            if i == 0 && activity.rate.is_some() && activity.from.is_empty() {
                let found = "a rate of the first activity".to_owned();
                let allowed = "none: there is nothing before it that it could follow from";
                self.fault(entry, "rate", found, allowed, String::new());
            }
            for used in activity.from.iter().filter(|used| !before.contains(used)) {
                let (found, hint) = (format!("no activity \"{used}\" before it"), closest(used, before.iter()));
                self.fault(entry, "from", found, "the names of activities listed before", hint);
            }
        }
    }
}

/// What is wrong with a period that is not within the years that may be stated.
fn unfit(horizon: &Horizon, text: &str, error: &PeriodError) -> String {
    // With room for every year that can be written, only the beginning can be wrong.
    let endless = Horizon { months: 12 * 10_000, ..*horizon };
    match error {
        PeriodError::Outside { label, .. } => match endless.parse(text) {
            Ok(_) => format!("\"{label}\", which ends more than {YEARS} years after the scenario's start"),
            Err(_) => format!("\"{label}\", which begins before the scenario"),
        },
        PeriodError::Syntax(_) => error.to_string(),
    }
}

/// Whether following a line to what it is part of, and so on, comes back to it.
fn is_part_of_itself(lines: &[BudgetLine], line: &BudgetLine) -> bool {
    let mut at = line;
    // As many steps as there are lines: a circle further up ends too.
    for _ in lines {
        let Some(whole) = lines.iter().find(|other| Some(&other.name) == at.part_of.as_ref()) else { return false };
        if whole.name == line.name {
            return true;
        }
        at = whole;
    }
    false
}
