//! The door from what was written to what is meant.

use indexmap::IndexMap;

use crate::chance::Copula;
use crate::scenario::{Fault, Faults, FieldId, Growth, Quantity, Scenario, event_of, place};
use crate::units::format::exact;
use crate::units::{Periods, few_digits};

use super::changes::Outside;
use super::region::spent;
use super::team::Team;
use super::team_expected::{classes, quota_periods};
use super::{AsOf, Call, Figure, Input, Market, Model, ParameterValue, Region, Running, Scope, ScopeKind, Target};

/// Expected leads a region and month beyond which the counts would lose their last digit.
const MOST_LEADS: f64 = 1e9;

/// Makes a model of a scenario that was read without faults.
///
/// # Errors
/// [`Faults`] where expected leads grow past 10⁹ a region and month with every input at its mean.
pub fn resolve(scenario: &Scenario) -> Result<Model, Faults> {
    // In the order of their paths, not of the file: then permuting regions permutes nothing else.
    let uncertain = scenario.inputs();
    let drawn_together = scenario.columns();
    let value = |path: &str| match scenario.quantity(path) {
        Some(quantity) => match quantity.law().as_fixed() {
            Some(x) => ParameterValue::Fixed(x),
            None => {
                let column = || place(&drawn_together, path).map(|column| uncertain.len() + column);
                place(&uncertain, path)
                    .or_else(column)
                    .map_or(ParameterValue::Fixed(quantity.law().mean()), ParameterValue::Input)
            }
        },
        None => ParameterValue::Fixed(0.0),
    };
    let input = |(path, quantity): &(String, &Quantity)| {
        // The chance of an event, where that is not fixed.
        let chance = event_of(path).map(|_| value(&path.replace("].happens", "].chance")));
        let chance = chance.filter(|chance| !chance.is_fixed());
        Input { path: path.clone(), law: quantity.law().clone(), chance }
    };
    let inputs: Vec<Input> = uncertain.iter().map(input).collect();
    let columns: Vec<Input> = drawn_together.iter().map(input).collect();
    let level = |key: &str, id: FieldId| match scenario.regions.get(key).and_then(|region| region.quantity(id)) {
        Some(_) => value(&scenario.path(key, id)),
        None => ParameterValue::Fixed(0.0),
    };
    let outside = Outside { scenario, value: &value };

    let means: Vec<f64> = inputs.iter().chain(&columns).map(|input| input.law.mean()).collect();
    let horizon = scenario.horizon();
    let regions: Vec<Region> = scenario
        .regions
        .iter()
        .map(|(key, region)| Region::resolve(scenario, key, region, |id| level(key, id), &outside, &means))
        .collect();
    check_leads(scenario, &regions)?;

    let mut pairs: Vec<(usize, usize, f64)> = scenario
        .correlations
        .iter()
        .flat_map(|correlation| correlation.pairs(&uncertain).into_iter().map(|(a, b)| (a, b, correlation.rho)))
        .collect();
    // In the order in which reading has asked for their copula; it has refused impossible ones.
    pairs.sort_unstable_by_key(|(a, b, _)| (*a, *b));
    let copula = Copula::new(inputs.len(), &pairs).unwrap_or_default();

    let scopes = scopes(scenario);
    let targets: Vec<Target> = scenario
        .targets
        .iter()
        .map(|target| Target {
            name: target.name.clone(),
            metric: target.metric,
            periods: horizon.parse(&target.period).unwrap_or(Periods::Each(Vec::new())),
            at_least: target.at_least,
            scope: scope_of(target.region.as_ref(), target.tag.as_ref(), &scopes),
        })
        .collect();
    let calls: Vec<Call> = scenario
        .calls
        .iter()
        .filter_map(|call| match horizon.parse(&call.period) {
            Ok(Periods::One(period)) => Some(Call {
                metric: call.metric,
                period,
                amount: call.amount,
                scope: scope_of(call.region.as_ref(), call.tag.as_ref(), &scopes),
            }),
            // Reading has refused all others.
            _ => None,
        })
        .collect();
    let executives =
        |region: &Region| region.team.as_ref().and_then(Team::executives).is_some_and(|role| role.quota.is_some());
    let called: Vec<Periods> = calls.iter().map(|call| Periods::One(call.period.clone())).collect();
    let asked = targets.iter().map(|target| &target.periods).chain(&called);
    let mut model = Model {
        asked: Vec::new(),
        quota_periods: quota_periods(&horizon, asked, regions.iter().any(executives)),
        classes: classes(&regions),
        has_team: scenario.has_team(),
        horizon,
        fiscal: scenario.fiscal_year.is_some(),
        as_of: AsOf::of(scenario),
        until: scenario.until.map(|day| day.day() as usize),
        running: Running::of(scenario),
        trials: scenario.simulation.trials as usize,
        seed: scenario.simulation.seed,
        term: scenario.contract.term_months,
        correlated: pairs.iter().map(|(a, b, _)| (*a, *b)).collect(),
        inputs,
        columns,
        copula,
        market: Market { volatility: scenario.market.volatility, persistence: scenario.market.persistence },
        changes: outside.changes(),
        rates: outside.rates(),
        valued: regions.iter().any(|region| region.is_valued(scenario.contract.term_months)),
        regions,
        scopes,
        investment: spent(scenario.investment.iter(), scenario),
        targets,
        calls,
    };
    if !scenario.simulation.metrics.is_empty() {
        let named = model.targets.iter().map(|target| target.metric).chain(model.calls.iter().map(|call| call.metric));
        let main = Figure::main(&model).metric;
        model.asked = scenario.simulation.metrics.iter().copied().chain(named).chain([main]).collect();
    }
    Ok(model)
}

fn check_leads(scenario: &Scenario, regions: &[Region]) -> Result<(), Faults> {
    let faults: Vec<Fault> = regions
        .iter()
        .filter_map(|region| {
            let m = region.expected_leads.iter().position(|leads| *leads > MOST_LEADS || leads.is_nan())?;
            Some(Fault {
                file: scenario.file.clone(),
                path: format!("regions.{}.leads", region.key),
                found: format!("{} expected leads in {}", few_digits(region.expected_leads[m]), scenario.start.plus(m)),
                allowed: format!("at most {MOST_LEADS:e} expected leads a region and month"),
                hint: hint_of_growth(&scenario.regions.get(&region.key)?.leads.growth),
            })
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Faults::Fields(faults)) }
}

/// What to do about leads without bound.
fn hint_of_growth(growth: &Growth) -> String {
    let rates = match growth {
        Growth::Steady(rate) => vec![rate.law().mean()],
        Growth::Phases(phases) => phases.iter().map(|phase| phase.rate.law().mean()).collect(),
    };
    match rates.into_iter().fold(0.0, f64::max) {
        0.0 => "the leads of a month are leads.monthly times its ramp and its season".to_owned(),
        rate if rate >= 1.0 => {
            format!("{} is {} % a month; did you mean {}?", exact(rate, 0), exact(rate, 2), exact(rate, -2))
        }
        _ => "growth compounds month by month: end it with a phase of rate 0".to_owned(),
    }
}

/// Each region, each tag value in order of appearance, the combinations of tags that targets and calls name, the total.
fn scopes(scenario: &Scenario) -> Vec<Scope> {
    let in_key_order = |mut regions: Vec<usize>| {
        regions.sort_unstable_by_key(|&r| scenario.regions.get_index(r).map(|(key, _)| key));
        regions
    };
    let mut scopes: Vec<Scope> = scenario
        .regions
        .iter()
        .enumerate()
        .map(|(r, (key, region))| Scope {
            key: key.clone(),
            label: region.label.clone().unwrap_or_else(|| key.clone()),
            kind: ScopeKind::Region,
            regions: vec![r],
        })
        .collect();
    let single = scenario.regions.values().flat_map(|region| &region.tags).map(|tag| vec![tag]);
    let asked = scenario.targets.iter().map(|t| &t.tag).chain(scenario.calls.iter().map(|c| &c.tag));
    let combined = asked.flatten().filter(|tags| tags.len() > 1).map(sorted);
    for tags in single.chain(combined) {
        let (key, kind) = (tag_key(&tags), tags_kind(tags.len()));
        if scopes.iter().all(|scope| scope.kind != kind || scope.key != key) {
            let carries =
                |r: &usize| tags.iter().all(|(tag, value)| scenario.regions[*r].tags.get(*tag) == Some(*value));
            let label: Vec<&str> = tags.iter().map(|(_, value)| value.as_str()).collect();
            scopes.push(Scope {
                key,
                label: label.join(" and "),
                kind,
                regions: in_key_order((0..scenario.regions.len()).filter(carries).collect()),
            });
        }
    }
    let all = in_key_order((0..scenario.regions.len()).collect());
    scopes.push(Scope { key: "total".to_owned(), label: "Total".to_owned(), kind: ScopeKind::Total, regions: all });
    scopes
}

/// Tags in the order of their keys: the order in which they are written means nothing.
fn sorted(tags: &IndexMap<String, String>) -> Vec<(&String, &String)> {
    let mut tags: Vec<(&String, &String)> = tags.iter().collect();
    tags.sort_unstable();
    tags
}

fn tags_kind(count: usize) -> ScopeKind {
    if count == 1 { ScopeKind::Tag } else { ScopeKind::Tags }
}

/// The key of several tags together: `channel=direct&segment=enterprise`.
fn tag_key(tags: &[(&String, &String)]) -> String {
    let all: Vec<String> = tags.iter().map(|(tag, value)| format!("{tag}={value}")).collect();
    all.join("&")
}

fn scope_of(region: Option<&String>, tag: Option<&IndexMap<String, String>>, scopes: &[Scope]) -> usize {
    let key = match (region, tag) {
        (Some(region), _) => Some((ScopeKind::Region, region.clone())),
        (None, Some(tags)) => Some((tags_kind(tags.len()), tag_key(&sorted(tags)))),
        (None, None) => None,
    };
    key.and_then(|(kind, key)| scopes.iter().position(|scope| scope.kind == kind && scope.key == key))
        .unwrap_or(scopes.len() - 1)
}
