//! Targets against what the inputs bring.

use super::finding::{About, Finding, Kind, Rule};
use super::words::{clipped, percent, worked_out};
use crate::forecast::plan_line;
use crate::model::{Model, ParameterValue, Target};
use crate::outcomes::Grid;
use crate::scenario::{Metric, Scenario};
use crate::stats::root;
use crate::units::format::{list_some, significant, when};
use crate::units::{Period, Periods};

/// A plan line this many times a target, or a target this many times the plan line, is no matter of a margin of safety.
const FAR: f64 = 1.5;

/// A target of one period, and what the plan line gives for it.
struct Held<'a> {
    target: &'a Target,
    period: &'a Period,
    plan: f64,
}

/// The plan line of a scenario, asked for its targets.
struct PlanLine<'a> {
    scenario: &'a Scenario,
    model: &'a Model,
}

/// Holds the targets of single periods against the plan line. Speaks where the inputs bring more than 1.5 times a target, or a
/// target is more than 1.5 times what they bring, and says how both could agree. A metric that is summed over months is linear
/// in the leads of each month, so that the share of leads at which a target is just met is the root of a linear equation.
pub(super) fn targets_against_inputs(scenario: &Scenario, model: &Model) -> Vec<Finding> {
    let line = PlanLine { scenario, model };
    let mut held: Vec<Held> = model.targets.iter().filter_map(|target| line.held(target)).collect();
    held.sort_by_key(|held| held.period.months.end);
    let over: Vec<&Held> = held.iter().filter(|held| held.plan > FAR * held.target.at_least).collect();
    let under: Vec<&Held> = held.iter().filter(|held| FAR * held.plan < held.target.at_least).collect();
    let mut found = Vec::new();
    if let Some(first) = over.first() {
        let fits = |held: &&Held| held.period.months.end < first.period.months.end;
        let from =
            held.iter().filter(fits).map(|held| held.period.months.end).max().unwrap_or(first.period.months.start);
        found.push(line.overshoot(&over, &held, from));
    }
    found.extend((!under.is_empty()).then(|| line.shortfall(&under)));
    found
}

impl PlanLine<'_> {
    /// Only money and counts that are summed over months: a level, a share and what is invested follow other laws.
    fn held<'t>(&self, target: &'t Target) -> Option<Held<'t>> {
        let Periods::One(period) = &target.periods else { return None };
        let linear = target.metric.is_flow() && target.metric != Metric::Investment && target.at_least > 0.0;
        linear.then(|| Held { target, period, plan: value(self.model, target.metric, target.scope, period) })
    }

    fn overshoot(&self, over: &[&Held], held: &[Held], from: usize) -> Finding {
        let brings = over.iter().map(|held| {
            format!(
                "{} {}, {} times the {} of target \"{}\"",
                self.amount(held.target.metric, held.plan),
                when(&self.model.horizon, &held.period.label, true),
                significant(held.plan / held.target.at_least, 3),
                self.level(held.target),
                clipped(&held.target.name),
            )
        });
        let one = if over.len() == 1 {
            "The target or the inputs are wrong"
        } else {
            "These targets or the inputs are wrong"
        };
        let sentence = format!(
            "Growth, win rates and retention as entered bring {}. {one}.",
            list_some(&brings.collect::<Vec<_>>())
        );
        let levels: Vec<String> = over.iter().map(|held| self.amount(held.target.metric, held.plan)).collect();
        let many = if over.len() == 1 { "a target" } else { "targets" };
        let mut ways = vec![format!("{many} of {}", list_some(&levels))];
        // What people let on is not linear in the leads that come.
        let leads = (!self.model.has_team).then(|| self.fewer_leads(over, from, None));
        let (fewer, still) = match &leads {
            Some(Ok(fewer)) => (Some(fewer), None),
            Some(Err(still)) => (None, Some(still)),
            None => (None, None),
        };
        ways.extend(fewer.cloned());
        ways.extend(self.slower_growth(over, held));
        ways.extend(self.less_renewed(over, from));
        let ways = match ways.as_slice() {
            [one] => format!("To agree: {one}."),
            _ => format!("{} ways to agree: {}.", in_words(ways.len()), ways.join("; or ")),
        };
        let still = still.map_or_else(String::new, |still| format!(" Fewer leads alone do not do it: {still}."));
        let consistent = format!("{ways}{still}");
        let times: Vec<String> = over.iter().map(|held| significant(held.plan / held.target.at_least, 2)).collect();
        let names: Vec<String> = over.iter().map(|held| format!("\"{}\"", clipped(&held.target.name))).collect();
        let headline =
            format!("The inputs bring {} times what {} {}.", list_some(&times), list_some(&names), asks(over.len()));
        self.finding(sentence, consistent, headline, over)
    }

    fn shortfall(&self, under: &[&Held]) -> Finding {
        let told = under.iter().map(|held| {
            format!(
                "{} of the {} that target \"{}\" asks for {}",
                self.amount(held.target.metric, held.plan),
                self.level(held.target),
                clipped(&held.target.name),
                when(&self.model.horizon, &held.period.label, true),
            )
        });
        let sentence = format!("The inputs as entered bring only {}.", list_some(&told.collect::<Vec<_>>()));
        let times =
            under.iter().filter(|held| held.plan > 0.0).map(|held| significant(held.target.at_least / held.plan, 3));
        let times: Vec<String> = times.collect();
        let consistent = match times.as_slice() {
            [] => "Inputs that bring something within the period, or no such target.".to_owned(),
            _ if self.model.has_team => {
                format!(
                    "A lower target, or leads that bring {} times as much, and people to work them.",
                    list_some(&times)
                )
            }
            _ => format!("A lower target, or {} times as many leads.", list_some(&times)),
        };
        let names: Vec<String> = under.iter().map(|held| format!("\"{}\"", clipped(&held.target.name))).collect();
        let headline = format!("The inputs bring far less than {} {}.", list_some(&names), asks(under.len()));
        self.finding(sentence, consistent, headline, under)
    }

    fn finding(&self, sentence: String, consistent: String, headline: String, held: &[&Held]) -> Finding {
        let stated = self.scenario.claims.as_ref().is_some_and(|claims| !claims.is_empty());
        let kind = if stated { Kind::Contradiction } else { Kind::Warning };
        let about = held.iter().map(|held| {
            let source = self.scenario.targets.iter().find(|target| target.name == held.target.name);
            About(format!("targets[{}]", held.target.name), source.and_then(|target| target.source.clone()))
        });
        Finding::new(kind, Rule::TargetsAgainstInputs, sentence, consistent).headed(headline).about_all(about)
    }

    /// The leads with which the targets are just met, those before month `from` staying as they are: of each time from one target to the next
    /// a share of those assumed; `metric` in place of the targets' own where one is given. Else what is left with none.
    fn fewer_leads(&self, over: &[&Held], from: usize, metric: Option<Metric>) -> Result<String, String> {
        let month = |m: usize| self.model.horizon.month(m).name();
        let (mut start, mut shares) = (from, Vec::<(usize, f64)>::new());
        for held in over {
            let end = held.period.months.end;
            // What the leads before a month bring to this target.
            let before = |m: usize| self.brought(held, metric, |model| without_leads_from(model, m));
            let marks: Vec<usize> = shares.iter().map(|(start, _)| *start).chain([start, end]).collect();
            let parts: Vec<f64> = marks.windows(2).map(|pair| before(pair[1]) - before(pair[0])).collect();
            let fixed = before(from) + shares.iter().zip(&parts).map(|((_, share), part)| share * part).sum::<f64>();
            let share = (held.target.at_least - fixed) / parts.last().copied().unwrap_or(0.0);
            if !share.is_finite() || share < 0.0 {
                let (from, left) = (month(start), self.told(held, metric, fixed));
                return Err(format!("without any from {from} on {left} is left"));
            }
            if end > start {
                shares.push((start, share));
                start = end;
            }
        }
        let each = shares.iter().enumerate().map(|(i, (start, share))| {
            let what = if i == 0 { " of the leads assumed" } else { "" };
            format!("{}{what} from {} on", percent(*share, 2), month(*start))
        });
        Ok(each.collect::<Vec<_>>().join(" and "))
    }

    /// The share of all growth of leads with which the first of the targets is just met, and what the others then come to.
    fn slower_growth(&self, over: &[&Held], held: &[Held]) -> Option<String> {
        let first = over.first()?;
        let above = |target: &Held, share: f64| {
            self.brought(target, None, |model| grown_by(model, share)) - target.target.at_least
        };
        let (none, all) = (above(first, 0.0), above(first, 1.0));
        if none >= 0.0 || all <= 0.0 {
            return None;
        }
        let share = root(|share| above(first, share), [0.0, 1.0], [none, all], 1e-6);
        let others = held.iter().filter(|other| other.target.name != first.target.name);
        let others =
            others.map(|other| self.told(other, None, self.brought(other, None, |model| grown_by(model, share))));
        let others = list_some(&others.collect::<Vec<_>>());
        let then = if others.is_empty() { String::new() } else { format!(", which then leaves {others}") };
        Some(format!("leads that grow by {} of the rates assumed{then}", percent(share, 2)))
    }

    /// New business alone in place of what renews; with fewer leads where it too is more than the targets.
    fn less_renewed(&self, over: &[&Held], from: usize) -> Option<String> {
        let all: Vec<&Held> = over.iter().copied().filter(|held| held.target.metric == Metric::TotalBookings).collect();
        let first = all.first().filter(|held| self.brought(held, Some(Metric::Renewals), |_| ()) > 0.0)?;
        let new = self.brought(first, Some(Metric::Bookings), |_| ());
        let what = format!("new business alone (metric bookings: {})", self.told(first, None, new));
        if new <= first.target.at_least {
            return Some(what);
        }
        if self.model.has_team {
            return None;
        }
        let leads = self.fewer_leads(&all, from, Some(Metric::Bookings)).ok()?;
        Some(format!("{what} with {leads}"))
    }

    /// What the plan line gives for a target, or for another metric in its place, after a change of the model.
    fn brought(&self, held: &Held, metric: Option<Metric>, change: impl Fn(&mut Model)) -> f64 {
        let mut model = self.model.clone();
        change(&mut model);
        value(&model, metric.unwrap_or(held.target.metric), held.target.scope, held.period)
    }

    /// A value and the target that it is of: €39.28M for "Two years".
    fn told(&self, held: &Held, metric: Option<Metric>, value: f64) -> String {
        let amount = self.amount(metric.unwrap_or(held.target.metric), value);
        format!("{amount} for \"{}\"", clipped(&held.target.name))
    }

    fn amount(&self, metric: Metric, value: f64) -> String {
        if metric.is_money() { worked_out(&self.scenario.currency, value) } else { significant(value, 4) }
    }

    /// The level of a target, as it was typed.
    fn level(&self, target: &Target) -> String {
        target.metric.exact(&self.scenario.currency, target.at_least)
    }
}

fn asks(targets: usize) -> &'static str {
    if targets == 1 { "asks" } else { "ask" }
}

fn in_words(ways: usize) -> &'static str {
    match ways {
        2 => "Two",
        3 => "Three",
        _ => "Four",
    }
}

/// Ends the leads of all regions before a month.
fn without_leads_from(model: &mut Model, month: usize) {
    for region in &mut model.regions {
        match month.checked_sub(1) {
            Some(last) => region.growth = region.growth.ended(last, ParameterValue::Fixed(-1.0)),
            None => region.monthly = ParameterValue::Fixed(0.0),
        }
    }
}

/// Leaves a share of each rate of growth, at the mean of its draws.
fn grown_by(model: &mut Model, share: f64) {
    let means = model.mean_inputs();
    for region in &mut model.regions {
        region.growth = region.growth.map(|rate| ParameterValue::Fixed(share * rate.at(&means)));
    }
}

/// What the plan line of a model gives for a metric of a scope in a period.
pub(super) fn value(model: &Model, metric: Metric, scope: usize, period: &Period) -> f64 {
    let grid = Grid::new(model, &plan_line(model), metric, &model.scopes[scope].regions);
    grid.period(period.months.clone()).first().copied().unwrap_or(f64::NAN)
}
