//! Reading the figures that a plan states, and checking their names.

use indexmap::IndexMap;

use super::*;
use crate::scenario::path::closest;
use crate::scenario::read::{MONTHS, metric, remarks, tags};
use crate::scenario::reader::{Node, Object, Range, Reading};
use crate::scenario::types::Scenario;
use crate::units::{Horizon, PeriodError, Periods};

/// What a number must be, and how far it is off at most unless the writer says so.
type Kind = (Range, Coarsest);

const AMOUNT: Kind = (Range::new("a number", -1e18, 1e18), Coarsest::AMOUNT);
const MONEY: Kind = (Range::above("an amount of money", 0.0, 1e18), Coarsest::AMOUNT);
/// Money that something is worked out from, as it is written.
const WRITTEN: Kind = (MONEY.0, Coarsest { off: 0.0, share: 0.0 });
const SHARE: Kind = (Range::new("a share", 0.0, 1.0), HALF_A_POINT);
const ATTAINMENT: Kind = (Range::new("attainment (1.2 is 120 %)", 0.0, 10.0), HALF_A_POINT);
const GROWTH: Kind = (Range::above("a rate of growth (0.15 is 15 %)", -1.0, 10.0), HALF_A_POINT);
const RETURN: Kind =
    (Range::new("a return (4 is 400 %)", -1.0, 1e6), Coarsest { off: 0.005, share: Coarsest::AMOUNT.share });
const TIMES: Kind = (Range::above("how many times", 0.0, 1000.0), HALF_A_UNIT);
const COUNT: Kind = (Range::above("a number", 0.0, 1e9), HALF_A_UNIT);
const DAYS: Kind = (Range::above("days", 0.0, 36_525.0), HALF_A_UNIT);

const HALF_A_POINT: Coarsest = Coarsest { off: 0.005, share: 0.0 };
const HALF_A_UNIT: Coarsest = Coarsest { off: 0.5, share: 0.0 };

/// Reads the section `stated`.
pub(in crate::scenario) fn stated(node: &Node) -> Option<Stated> {
    let mut o = node.object()?;
    let stated = Stated {
        figures: list(&mut o, "figures", figure),
        averages: list(&mut o, "averages", average),
        mix: o.get("mix").and_then(|n| mix(&n)),
        growth: list(&mut o, "growth", grows),
        launch: o.get("launch").and_then(|n| launch(&n)),
        coverage: list(&mut o, "coverage", coverage),
        returns: list(&mut o, "returns", returns),
        quotas: list(&mut o, "quotas", quota),
        performers: list(&mut o, "performers", performers),
        activities: list(&mut o, "activities", activity),
        staffing: list(&mut o, "staffing", staffing),
        budget: list(&mut o, "budget", budget_line),
        note: o.text("note"),
        source: o.text("source"),
    };
    o.close();
    Some(stated)
}

fn list<T>(o: &mut Object, key: &str, entry: impl Fn(&mut Object) -> Option<T>) -> Vec<T> {
    let read = |node: &Node| {
        let mut o = node.object()?;
        let found = entry(&mut o);
        o.close();
        found
    };
    o.list(key).iter().filter_map(read).collect()
}

fn name(o: &mut Object) -> Option<String> {
    o.required("name", "text in quotes").and_then(|n| n.text())
}

fn said(o: &mut Object, key: &str, (range, coarsest): Kind) -> Option<Said> {
    o.required(key, &range.allowed()).and_then(|n| Said::read(&n, range, coarsest))
}

fn maybe(o: &mut Object, key: &str, (range, coarsest): Kind) -> Option<Said> {
    o.get(key).and_then(|n| Said::read(&n, range, coarsest))
}

fn per(o: &mut Object) -> Option<Per> {
    let words = [("month", Per::Month), ("quarter", Per::Quarter), ("year", Per::Year)];
    o.required("per", "month, quarter or year").and_then(|n| n.word(&words))
}

fn figure(o: &mut Object) -> Option<Figure> {
    let name = name(o);
    let metric = o.required("metric", "the name of a metric").and_then(|n| metric(&n));
    let period = o.required("period", "a period such as 2027, to 2028-12 or each-month").and_then(|n| n.text());
    let value = said(o, "value", AMOUNT);
    let (region, tag) = (o.text("region"), o.get("tag").map(|n| tags(&n)));
    let (note, source) = remarks(o);
    Some(Figure { name: name?, metric: metric?, period: period?, value: value?, region, tag, note, source })
}

fn average(o: &mut Object) -> Option<Average> {
    let name = name(o);
    let words = [
        ("deal_size", Averaged::DealSize),
        ("win_rate", Averaged::WinRate),
        ("cycle_days", Averaged::CycleDays),
        ("retention", Averaged::Retention),
    ];
    let of = o.required("of", "deal_size, win_rate, cycle_days or retention").and_then(|n| n.word(&words));
    let kind = match of {
        Some(Averaged::WinRate | Averaged::Retention) => SHARE,
        Some(Averaged::CycleDays) => DAYS,
        _ => MONEY,
    };
    let value = said(o, "value", kind);
    let kinds =
        [("mean", AverageKind::Mean), ("weighted_mean", AverageKind::WeightedMean), ("median", AverageKind::Median)];
    let kind = o.get("kind").and_then(|n| n.word(&kinds)).unwrap_or_default();
    let region = o.text("region");
    let (note, source) = remarks(o);
    Some(Average { name: name?, of: of?, value: value?, kind, region, note, source })
}

fn mix(node: &Node) -> Option<Mix> {
    let mut o = node.object()?;
    let of = o.required("of", "wins or leads").and_then(|n| n.word(&[("wins", MixOf::Wins), ("leads", MixOf::Leads)]));
    let shares: IndexMap<String, Said> =
        o.required("shares", "an object with each region's share").map_or_else(IndexMap::new, |n| {
            n.entries()
                .into_iter()
                .filter_map(|(key, n)| Some((key.clone(), Said::read(&n, SHARE.0, SHARE.1)?)))
                .collect()
        });
    let (note, source) = remarks(&mut o);
    o.close();
    Some(Mix { of: of?, shares, note, source })
}

fn grows(o: &mut Object) -> Option<Grows> {
    let name = name(o);
    let metric = o.required("metric", "the name of a metric").and_then(|n| metric(&n));
    let rate = said(o, "rate", GROWTH);
    let per = per(o);
    let (note, source) = remarks(o);
    Some(Grows { name: name?, metric: metric?, rate: rate?, per: per?, note, source })
}

fn launch(node: &Node) -> Option<Launch> {
    let mut o = node.object()?;
    let month = o.required("month", &MONTHS.allowed()).and_then(|n| n.whole(MONTHS));
    let (note, source) = remarks(&mut o);
    o.close();
    Some(Launch { month: month? as usize, note, source })
}

fn coverage(o: &mut Object) -> Option<Coverage> {
    let (name, value, per) = (name(o), said(o, "value", TIMES), per(o));
    let (note, source) = remarks(o);
    Some(Coverage { name: name?, value: value?, per: per?, note, source })
}

fn returns(o: &mut Object) -> Option<Return> {
    let name = name(o);
    let roi = said(o, "roi", RETURN);
    let (invested, invested_in) = (maybe(o, "invested", WRITTEN), o.text("invested_in"));
    let (returned, returned_in) = (maybe(o, "returned", WRITTEN), o.text("returned_in"));
    let (note, source) = remarks(o);
    Some(Return { name: name?, roi: roi?, invested, invested_in, returned, returned_in, note, source })
}

fn quota(o: &mut Object) -> Option<Quota> {
    let (name, attainment, region) = (name(o), said(o, "attainment", ATTAINMENT), o.text("region"));
    let (note, source) = remarks(o);
    Some(Quota { name: name?, attainment: attainment?, region, note, source })
}

fn performers(o: &mut Object) -> Option<Performers> {
    let (name, share, attainment) = (name(o), said(o, "share", SHARE), said(o, "attainment", ATTAINMENT));
    let (note, source) = remarks(o);
    Some(Performers { name: name?, share: share?, attainment: attainment?, note, source })
}

fn activity(o: &mut Object) -> Option<Activity> {
    let (name, per_week, rate) = (name(o), maybe(o, "per_week", COUNT), maybe(o, "rate", SHARE));
    let from = o.list("from").iter().filter_map(Node::text).collect();
    let (note, source) = remarks(o);
    Some(Activity { name: name?, per_week, rate, from, note, source })
}

fn staffing(o: &mut Object) -> Option<Staffing> {
    let (name, role) = (name(o), o.required("role", "the name of a budget line").and_then(|n| n.text()));
    let (customers, region) = (said(o, "customers_per_head", COUNT), o.text("region"));
    let (note, source) = remarks(o);
    Some(Staffing { name: name?, role: role?, customers_per_head: customers?, region, note, source })
}

fn budget_line(o: &mut Object) -> Option<BudgetLine> {
    let (name, amount) = (name(o), said(o, "amount", WRITTEN));
    let months = o.get("months").and_then(|n| n.whole(MONTHS)).map(|m| m as usize);
    let (part_of, share) = (o.text("part_of"), maybe(o, "share", SHARE));
    let cost = maybe(o, "yearly_cost_per_head", MONEY);
    let (note, source) = remarks(o);
    Some(BudgetLine { name: name?, amount: amount?, months, part_of, share, yearly_cost_per_head: cost, note, source })
}

/// Notes the names that stated figures use and nothing bears: regions, tags, periods, activities, budget lines.
pub(in crate::scenario) fn check(reading: &Reading, scenario: &Scenario, regions_known: bool, start_known: bool) {
    let Some(stated) = &scenario.stated else { return };
    let fault = |list: &str, i: usize, name: &str, field: &str, found: String, allowed: &str, hint: String| {
        let (path, pointer) = (format!("stated.{list}[{name}].{field}"), format!("/stated/{list}/{i}/{field}"));
        reading.fault(&path, &pointer, found, allowed, hint);
    };
    let region = |list: &str, i: usize, name: &str, key: &Option<String>| {
        if let Some(key) = key.as_ref().filter(|key| regions_known && !scenario.regions.contains_key(*key)) {
            let hint = closest(key, scenario.regions.keys());
            fault(list, i, name, "region", format!("no region \"{key}\""), "the key of a region", hint);
        }
    };
    // A plan may state years that are not played.
    const YEARS: usize = 100;
    let horizon = Horizon { months: 12 * YEARS, ..scenario.horizon() };
    let endless = Horizon { months: 12 * 10_000, ..horizon };
    let period = |list: &str, i: usize, name: &str, field: &str, text: &str| match horizon.parse(text) {
        _ if !start_known => {}
        Err(error) => {
            let found = match &error {
                // With room for every year that can be written, only the beginning can be wrong.
                PeriodError::Outside { label, .. } => match endless.parse(text) {
                    Ok(_) => format!("\"{label}\", which ends more than {} years after the scenario's start", YEARS),
                    Err(_) => format!("\"{label}\", which begins before the scenario"),
                },
                PeriodError::Syntax(_) => error.to_string(),
            };
            let allowed = format!("a period from {} to {}", scenario.start, horizon.last());
            fault(list, i, name, field, found, &allowed, String::new());
        }
        Ok(Periods::Each(_)) if field != "period" => {
            fault(list, i, name, field, format!("\"{text}\""), "one period", String::new());
        }
        Ok(_) => {}
    };
    for (i, f) in stated.figures.iter().enumerate() {
        period("figures", i, &f.name, "period", &f.period);
        region("figures", i, &f.name, &f.region);
        if f.region.is_some() && f.tag.is_some() {
            fault("figures", i, &f.name, "tag", "a tag beside a region".to_owned(), "one of them", String::new());
        }
        let carried = |tags: &IndexMap<String, String>| {
            scenario.regions.values().any(|r| tags.iter().all(|(tag, value)| r.tags.get(tag) == Some(value)))
        };
        if regions_known && f.tag.as_ref().is_some_and(|tags| tags.is_empty() || !carried(tags)) {
            let allowed = "tags that one region carries together";
            fault("figures", i, &f.name, "tag", "no region with these tags".to_owned(), allowed, String::new());
        }
    }
    for (i, r) in stated.returns.iter().enumerate() {
        for (field, text) in [("invested_in", &r.invested_in), ("returned_in", &r.returned_in)] {
            text.iter().for_each(|text| period("returns", i, &r.name, field, text));
        }
    }
    stated.averages.iter().enumerate().for_each(|(i, a)| region("averages", i, &a.name, &a.region));
    stated.quotas.iter().enumerate().for_each(|(i, q)| region("quotas", i, &q.name, &q.region));
    stated.staffing.iter().enumerate().for_each(|(i, s)| region("staffing", i, &s.name, &s.region));
    if let Some(mix) = stated.mix.as_ref().filter(|_| regions_known) {
        for key in mix.shares.keys().filter(|key| !scenario.regions.contains_key(*key)) {
            let (path, pointer) = (format!("stated.mix.shares.{key}"), format!("/stated/mix/shares/{key}"));
            let hint = closest(key, scenario.regions.keys());
            reading.fault(&path, &pointer, format!("no region \"{key}\""), "the key of a region", hint);
        }
    }
    let lines: Vec<String> = stated.budget.iter().map(|line| line.name.clone()).collect();
    let line = |list: &str, i: usize, name: &str, field: &str, used: &String| {
        if !lines.contains(used) {
            let hint = closest(used, lines.iter());
            fault(list, i, name, field, format!("no budget line \"{used}\""), "the name of a budget line", hint);
        }
    };
    for (i, l) in stated.budget.iter().enumerate() {
        l.part_of.iter().for_each(|used| line("budget", i, &l.name, "part_of", used));
        if lines[..i].contains(&l.name) {
            let found = format!("a second line \"{}\"", l.name);
            fault("budget", i, &l.name, "name", found, "one line of each name", String::new());
        } else if is_part_of_itself(&stated.budget, l) {
            let found = format!("\"{}\" is part of itself", l.name);
            fault("budget", i, &l.name, "part_of", found, "a line that is not part of this one", String::new());
        }
        if l.share.is_some() && l.part_of.is_none() {
            let hint = "part_of names the line that it is a share of".to_owned();
            fault("budget", i, &l.name, "share", "a share without part_of".to_owned(), "both or none", hint);
        }
    }
    stated.staffing.iter().enumerate().for_each(|(i, s)| line("staffing", i, &s.name, "role", &s.role));
    let activities: Vec<String> = stated.activities.iter().map(|a| a.name.clone()).collect();
    for (i, activity) in stated.activities.iter().enumerate() {
        let before = &activities[..i];
        if before.contains(&activity.name) {
            let found = format!("a second activity \"{}\"", activity.name);
            fault("activities", i, &activity.name, "name", found, "one activity of each name", String::new());
        }
        if i == 0 && activity.rate.is_some() && activity.from.is_empty() {
            let found = "a rate of the first activity".to_owned();
            let allowed = "none: there is nothing before it that it could follow from";
            fault("activities", i, &activity.name, "rate", found, allowed, String::new());
        }
        for used in activity.from.iter().filter(|used| !before.contains(used)) {
            let hint = closest(used, before.iter());
            let found = format!("no activity \"{used}\" before it");
            fault("activities", i, &activity.name, "from", found, "the names of activities listed before", hint);
        }
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
