//! What a plan states of its people, against the teams that the scenario has.

use super::activities::{base, inside};
use super::finding::{Finding, Kind, Rule};
use super::interval::Interval;
use super::plan::{Plan, bounded};
use super::staffing::{at_ratios, customers, heads, months, ratios, span};
use super::targets::value;
use super::words::{clipped, percent};
use crate::model::{Capacity, Role};
use crate::scenario::{Activity, BudgetLine, LeadActivity, Metric, Quota, QuotedNumber, RoleKind};
use crate::units::Period;
use crate::units::format::{count, list_some, significant, when};

/// What is expected of people is off by less than this share of it for other reasons than another plan: vacant seats, hires that come late.
const MARGIN: f64 = 0.1;

/// Holds what is stated of activities, heads, their budget and what they reach against the teams of the regions. Speaks of what is stated alone.
pub(super) fn team(plan: &Plan) -> Vec<Finding> {
    let mut found: Vec<Finding> = activities(plan).into_iter().collect();
    for kind in RoleKind::ALL {
        let people = people(plan, kind);
        let named = |line: &&BudgetLine| line.name.trim().replace('_', " ").eq_ignore_ascii_case(kind.name());
        let Some(line) = plan.claims.budget.iter().find(named).filter(|_| !people.is_empty()) else { continue };
        found.extend(fewer_heads(plan, kind, line, &people));
        found.extend(costs(plan, kind, line, &people));
    }
    found.extend(classes(plan));
    found.extend(attainment(plan));
    found
}

/// The people of a role in a region.
struct People<'a> {
    region: usize,
    role: &'a Role,
    /// How many are to be expected in each month.
    heads: Vec<f64>,
}

/// The people of a role, in the regions that have some.
fn people<'a>(plan: &Plan<'a>, kind: RoleKind) -> Vec<People<'a>> {
    let inputs = plan.model.mean_inputs();
    let of_region = |(region, of): (usize, &'a crate::model::Region)| {
        let team = of.team.as_ref()?;
        let role = team.roles[kind as usize].as_ref()?;
        Some(People { region, role, heads: role.expected(&team.months, &inputs).0 })
    };
    plan.model.regions.iter().enumerate().filter_map(of_region).collect()
}

impl People<'_> {
    /// Where they are written.
    fn path(&self, plan: &Plan, kind: RoleKind) -> String {
        format!("regions.{}.team.{}", plan.model.regions[self.region].key, kind.key())
    }
}

/// A fact that holds in some regions, and what is stated that it is held against.
struct Missed {
    /// "20 calls a week", without the regions.
    fact: String,
    stated: String,
    regions: Vec<usize>,
    about: Vec<usize>,
}

/// An activity of the scenario has the name of a stated one, but another number a week; or one of its yields is not the rate of the stated activity
/// that follows. Yields have no names: they are compared only where as many stated activities follow one from another.
fn activities(plan: &Plan) -> Option<Finding> {
    let stated = &plan.claims.activities;
    let inputs = plan.model.mean_inputs();
    let mut missed: Vec<Missed> = Vec::new();
    let mut paths = Vec::new();
    for (region, (key, written)) in plan.scenario.regions.iter().enumerate() {
        let Some(team) = &plan.model.regions[region].team else { continue };
        for (activity, meant) in written.leads.activities.iter().zip(&team.activities) {
            let yields: Vec<f64> = meant.yields.iter().map(|share| share.at(&inputs)).collect();
            let facts = differences(stated, activity, meant.per_week.at(&inputs), &yields);
            if !facts.is_empty() {
                paths.push(format!("regions.{key}.leads.activities[{}]", activity.name));
            }
            for (fact, as_stated, about) in facts {
                match missed.iter_mut().find(|missed| missed.fact == fact && missed.stated == as_stated) {
                    Some(missed) => missed.regions.push(region),
                    None => missed.push(Missed { fact, stated: as_stated, regions: vec![region], about }),
                }
            }
        }
    }
    if missed.is_empty() {
        return None;
    }
    let told = missed
        .iter()
        .map(|Missed { fact, stated, regions, .. }| format!("{fact}{} (stated: {stated})", places(plan, regions)));
    let sentence = format!("In the scenario a rep makes {}.", list_some(&told.collect::<Vec<_>>()));
    let consistent = "Either the stated figures in leads.activities, or those that the scenario has in the plan.";
    let about = missed.iter().flat_map(|missed| &missed.about).map(|i| &stated[*i]);
    let finding = Finding::new(Kind::Contradiction, Rule::TeamActivities, sentence, consistent.to_owned());
    Some(finding.about_all(about).about_all(paths))
}

/// How an activity of the scenario differs from the stated ones: what it has, what is stated, and which stated ones that is about.
fn differences(
    all: &[Activity],
    activity: &LeadActivity,
    per_week: f64,
    yields: &[f64],
) -> Vec<(String, String, Vec<usize>)> {
    let name = activity.name.trim().to_lowercase();
    let Some(at) = all.iter().position(|stated| stated.name.trim().to_lowercase() == name) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if let Some(said) = all[at].per_week.as_ref().filter(|said| !Interval::exactly(per_week).meets(said)) {
        let fact = format!("{} {} a week", significant(per_week, 4), inside(&all[at].name));
        found.push((fact, bounded(significant(said.value, 4), said), vec![at]));
    }
    let steps = steps(all, at).filter(|steps| steps.len() == yields.len()).unwrap_or_default();
    for (share, (from, to, rate)) in yields.iter().zip(steps) {
        if !Interval::exactly(*share).meets(rate) {
            let fact = format!("{} of {} into {}", percent(*share, 4), inside(&all[from].name), inside(&all[to].name));
            found.push((fact, bounded(percent(rate.value, 4), rate), vec![from, to]));
        }
    }
    found
}

/// The activities that follow from one, one from another, to the last: each with the one before it and its rate. `None` where several follow from one.
fn steps(all: &[Activity], mut at: usize) -> Option<Vec<(usize, usize, &QuotedNumber)>> {
    let mut found = Vec::new();
    loop {
        let follows = |j: usize| all[j].rate.as_ref().filter(|_| base(all, j).contains(&at)).map(|rate| (j, rate));
        let mut next = (at + 1..all.len()).filter_map(follows);
        match (next.next(), next.next()) {
            (None, _) => return Some(found),
            (Some((to, rate)), None) => {
                found.push((at, to, rate));
                at = to;
            }
            _ => return None,
        }
    }
}

/// " in Europe and Asia"; nothing where there is one region alone.
fn places(plan: &Plan, regions: &[usize]) -> String {
    if plan.scenario.regions.len() == 1 {
        return String::new();
    }
    format!(" in {}", list_some(&regions.iter().map(|region| plan.label(*region)).collect::<Vec<_>>()))
}

/// The heads that ratios of customers a head take for the customers of the regions that have the role, against the heads expected there at that
/// time. A ratio may well be meant otherwise: where the scenario reads it as what one works at a time, or in a month, that is asked.
fn fewer_heads(plan: &Plan, kind: RoleKind, line: &BudgetLine, people: &[People]) -> Option<Finding> {
    let (ratios, customers) = (ratios(plan, line), customers(plan)?);
    let [fewest, most] = heads(plan, &ratios, &customers, |r| people.iter().any(|of| of.region == r));
    let there: f64 = people.iter().map(|of| of.heads.get(customers.month)).sum::<Option<f64>>()?;
    if fewest == 0.0 || there.round() >= fewest {
        return None;
    }
    let sentence = format!(
        "\"{}\" takes {} heads {}; the scenario's teams have {} {}",
        clipped(&line.name),
        span(fewest, most),
        at_ratios(plan, &ratios, &customers),
        significant(there, 3),
        when(&plan.model.horizon, &plan.model.horizon.month(customers.month).to_string(), false),
    );
    let inputs = plan.model.mean_inputs();
    let read = people.iter().find_map(|of| {
        let (words, each) = match (kind, of.role.capacity) {
            (_, Capacity::Unlimited) => return None,
            (_, Capacity::AtATime(each)) => ("opportunities that one works at a time", each),
            (RoleKind::Executives, Capacity::PerMonth(each)) => ("opportunities that one starts in a month", each),
            (RoleKind::Development, Capacity::PerMonth(each)) => ("leads that one qualifies in a month", each),
        };
        let key = &plan.model.regions[of.region].key;
        let own = ratios.iter().filter(|ratio| ratio.region.as_ref().is_none_or(|region| region == key));
        own.into_iter().any(|ratio| ratio.customers_per_head.value == each.at(&inputs)).then_some(words)
    });
    let heads = count(fewest as usize, "head");
    let (kind_of, sentence, consistent) = match read {
        Some(words) => (
            Kind::Question,
            format!("{sentence}, where the ratios are read as {words}."),
            format!(
                "Say which is meant; as customers a head they take {heads}, in hires that the scenario does not have."
            ),
        ),
        None => (
            Kind::Contradiction,
            format!("{sentence}."),
            format!("{heads} in the teams, or ratios {} times as wide.", significant(fewest / there, 3)),
        ),
    };
    let finding = Finding::new(kind_of, Rule::TeamHeads, sentence, consistent).about_all(ratios);
    Some(finding.about_all(people.iter().map(|of| of.path(plan, kind))))
}

/// What the people of a line are expected to cost over its months, the first ones, against its amount. Silent where the people cost nothing, where
/// months are over, or where they are not all played; and where a region has none of them it may cost less.
fn costs(plan: &Plan, kind: RoleKind, line: &BudgetLine, people: &[People]) -> Option<Finding> {
    let model = plan.model;
    let months = months(plan, line).filter(|months| *months <= model.horizon.months && model.as_of.position == 0.0)?;
    let inputs = model.mean_inputs();
    let of_month =
        |of: &People, m: usize| of.heads[m] * of.role.cost * model.rate_in(&model.regions[of.region], m, &inputs);
    let cost: f64 = people.iter().flat_map(|of| (0..months).map(move |m| of_month(of, m))).sum();
    let paid: f64 = people.iter().filter(|of| of.role.cost > 0.0).flat_map(|of| &of.heads[..months]).sum();
    let (expected, budget) = (around(cost), Interval::of(&line.amount));
    let everywhere = people.len() == model.regions.len();
    if cost == 0.0 || !(budget.is_below(expected) || everywhere && expected.is_below(budget)) {
        return None;
    }
    let heads = paid / months as f64;
    let sentence = format!(
        "The people of \"{}\" are expected to cost {} over {} ({} heads on average), {} times the {} of the budget.",
        clipped(&line.name),
        plan.worked_out(cost),
        count(months, "month"),
        significant(heads, 3),
        significant(cost / line.amount.value, 3),
        bounded(plan.money(line.amount.value), &line.amount),
    );
    let consistent = format!(
        "A budget of {}, or {} heads on average at what they cost.",
        plan.worked_out(cost),
        significant(heads * line.amount.value / cost, 3)
    );
    let finding = Finding::new(Kind::Contradiction, Rule::TeamCosts, sentence, consistent).about(line);
    Some(finding.about_all(people.iter().map(|of| of.path(plan, kind))))
}

/// What is expected, with the margin to either side.
fn around(expected: f64) -> Interval {
    Interval { at: expected, below: MARGIN * expected.abs(), above: MARGIN * expected.abs() }
}

/// Whose attainment is stated: "all", or a region.
fn whose(plan: &Plan, quota: &Quota) -> String {
    quota.region.as_ref().map_or_else(|| "all".to_owned(), |key| plan.called(key))
}

/// The mean of each region's classes of executives against stated attainment, of the region or, where all regions with classes have the same
/// mean, of all. Classes that average what the stated ones do are left to the rule about those.
fn classes(plan: &Plan) -> Option<Finding> {
    let as_stated: f64 = plan.claims.performers.iter().map(|class| class.share.value * class.attainment.value).sum();
    let mean = |r: usize| {
        let classes = &plan.scenario.regions[r].team.as_ref()?.account_executives.as_ref()?.performance;
        let mean: f64 = classes.iter().map(|class| class.share * class.quota_share).sum();
        (!classes.is_empty() && (mean - as_stated).abs() > 1e-9).then_some(mean)
    };
    let means: Vec<(usize, f64)> = (0..plan.scenario.regions.len()).filter_map(|r| Some((r, mean(r)?))).collect();
    let first = means.first()?.1;
    let same = means.iter().all(|(_, mean)| (mean - first).abs() < 1e-9);
    let of = |quota: &Quota| match &quota.region {
        Some(key) => {
            let region = plan.scenario.regions.get_index_of(key)?;
            means.iter().find(|(r, _)| *r == region).map(|(_, mean)| *mean)
        }
        None => same.then_some(first),
    };
    let missed: Vec<(&Quota, f64)> = plan
        .claims
        .quotas
        .iter()
        .filter_map(|quota| Some((quota, of(quota)?)))
        .filter(|(quota, mean)| !Interval::exactly(*mean).meets(&quota.attainment))
        .collect();
    if missed.is_empty() {
        return None;
    }
    let told = missed.iter().map(|(quota, mean)| {
        let said = bounded(percent(quota.attainment.value, 4), &quota.attainment);
        format!("{} ({said} stated of {})", percent(*mean, 4), whose(plan, quota))
    });
    let sentence =
        format!("The scenario's classes of executives average {} of quota.", list_some(&told.collect::<Vec<_>>()));
    let consistent =
        "Classes that average what is stated, or that attainment; the forecast uses their proportions alone.";
    let paths = missed.iter().flat_map(|(quota, _)| {
        let is_of =
            |r: &usize| quota.region.as_ref().is_none_or(|key| plan.scenario.regions.get_index_of(key) == Some(*r));
        means.iter().map(|(r, _)| *r).filter(is_of).collect::<Vec<_>>()
    });
    let path = |r: usize| format!("regions.{}.team.account_executives.performance", plan.model.regions[r].key);
    let paths: Vec<String> = paths.map(path).collect();
    let finding = Finding::new(Kind::Contradiction, Rule::TeamAttainment, sentence, consistent.to_owned());
    Some(finding.about_all(missed.iter().map(|(quota, _)| *quota)).about_all(paths))
}

/// The plan line's quota attainment of the first year against what is stated, where they are further apart than the margin.
fn attainment(plan: &Plan) -> Option<Finding> {
    let (model, horizon) = (plan.model, plan.model.horizon);
    let year =
        plan.sales().and_then(|metric| plan.first_year(metric)).map(|(_, period)| period.months).unwrap_or(0..12);
    if year.end > horizon.months || model.quota_periods.is_empty() {
        return None;
    }
    let label = format!("{}..{}", horizon.month(year.start), horizon.month(year.end - 1));
    let period = Period { label, every: crate::units::Frequency::Span, months: year };
    let reached = |quota: &Quota| {
        let scope = match &quota.region {
            Some(key) => model.scopes.iter().position(|scope| scope.key == *key)?,
            None => model.total(),
        };
        Some(value(model, Metric::QuotaAttainment, scope, &period)).filter(|share| share.is_finite())
    };
    let missed: Vec<(&Quota, f64)> = plan
        .claims
        .quotas
        .iter()
        .filter_map(|quota| Some((quota, reached(quota)?)))
        .filter(|(quota, share)| !around(*share).meets(&quota.attainment))
        .collect();
    if missed.is_empty() {
        return None;
    }
    let told = missed.iter().map(|(quota, share)| {
        let said = bounded(percent(quota.attainment.value, 4), &quota.attainment);
        format!("{} ({said} stated of {})", percent(*share, 3), whose(plan, quota))
    });
    let times = missed.iter().filter(|(_, share)| *share > 0.0).map(|(quota, share)| {
        format!("{} times as high ({})", significant(quota.attainment.value / share, 3), whose(plan, quota))
    });
    let sentence = format!(
        "On the plan line executives book {} of their quotas {}.",
        list_some(&told.collect::<Vec<_>>()),
        when(&horizon, &period.label, true)
    );
    let consistent = match times.collect::<Vec<_>>().as_slice() {
        [] => "Inputs that bring something within that time, or no such attainment.".to_owned(),
        times => format!("Bookings {}, or quotas as much the other way.", list_some(times)),
    };
    let finding = Finding::new(Kind::Contradiction, Rule::TeamAttainment, sentence, consistent);
    let paths = model.regions.iter().filter(|region| {
        region.team.as_ref().and_then(crate::model::Team::executives).is_some_and(|role| role.quota.is_some())
    });
    let paths = paths.map(|region| format!("regions.{}.team.account_executives.quota", region.key));
    Some(finding.about_all(missed.iter().map(|(quota, _)| *quota)).about_all(paths))
}
