//! What a run asked beside the forecast: what it would take for a target, which small step for the worse costs most, what levers bring.

use super::table::{Cell, Table};
use crate::analysis::{
    Effect, GoalSeek, GoalStatistic, How, LeverOutcome, Outcome, Solution, Step, TargetEffect, WhatIf,
};
use crate::forecast::Forecast;
use crate::scenario::Unit;
use crate::stats::Estimate;
use crate::units::format::{capitalize, count, list_some, percent, plain, shorten};
use crate::units::three_digits;

/// A name in a sentence is no longer, in characters.
const LONGEST_NAME: usize = 60;
/// More levers than this would not fit a printed page.
const MAX_LEVERS: usize = 6;

fn name(of: &str) -> String {
    shorten(&plain(of), LONGEST_NAME)
}

/// What it would take for the first target: "For 80 in 100, “Year 1” would take 1.178 times the leads a month of 3 regions (95 % sure:
/// 1.172 to 1.184), all else as it is."
pub fn what_it_takes(forecast: &Forecast, takes: &GoalSeek) -> Option<String> {
    match takes {
        GoalSeek::Found(solution) => found(forecast, solution),
        GoalSeek::OutOfReach(solution)
            if solution.figure.metric == forecast.main.metric && forecast.main.bands.p50.value.is_none() =>
        {
            let target = solution.figure.target.as_deref().unwrap_or_default();
            Some(format!("What “{}” would take is unknown, as its figure is.", name(target)))
        }
        GoalSeek::OutOfReach(solution) => {
            let high = forecast.currency.number(solution.varied.high);
            let far = match solution.varied.how {
                How::Factor => format!("up to {high} times as many"),
                How::Value => format!("up to {high} a month"),
            };
            Some(format!("{} more than leads: {far} do not do it, all else as it is.", asked(solution)?))
        }
        GoalSeek::MetAlready { target, asked, chance: found } => Some(format!(
            "“{}” is met in {} as it stands, at least the {:.0} asked for.",
            name(target),
            chance_of(*found)?,
            100.0 * asked
        )),
        GoalSeek::NoAnswer { target, why } => {
            Some(format!("What “{}” would take is not known: {}.", name(target), plain(why)))
        }
        GoalSeek::NoTarget => None,
    }
}

fn asked(solution: &Solution) -> Option<String> {
    match (&solution.wanted, &solution.figure.target) {
        (GoalStatistic::Probability(asked), Some(target)) => {
            Some(format!("For {:.0} in 100, “{}” would take", 100.0 * asked, name(target)))
        }
        _ => None,
    }
}

fn found(forecast: &Forecast, solution: &Solution) -> Option<String> {
    let Outcome::Root(root) = &solution.outcome else { return None };
    let error = root.value.error.unwrap_or(0.0);
    // To the first digit of the error, and no further than people read.
    let places = if error > 0.0 { libm::ceil(-libm::log10(error)).clamp(0.0, 4.0) as usize } else { 3 };
    let number = |x: f64| forecast.currency.locale().write(&format!("{x:.places$}"));
    let value = number(root.value.value?);
    let what = match solution.varied.how {
        How::Factor => format!("{value} times the {}", solution.varied.name()),
        How::Value => format!("{} of {value}", solution.varied.name()),
    };
    let sure = match (root.low, root.high) {
        (Some(low), Some(high)) => format!(" (95 % sure: {} to {})", number(low), number(high)),
        _ => " (how sure, is not known)".to_owned(),
    };
    Some(format!("{} {what}{sure}, all else as it is.", asked(solution)?))
}

/// The small step for the worse that lowers the chance of a target most: "With leads a month 5 % lower in every region,
/// “Year 1” is met in 38 in 100, not 47 in 100." `None` where none lowers it beyond the simulation's error.
pub fn adverse_step(forecast: &Forecast, deep: &WhatIf, target: usize) -> Option<String> {
    let change = |step: &Step| step.effect.targets.get(target).map_or(Estimate::UNKNOWN, |found| found.change);
    let worse = deep.steps.iter().filter(|step| is_clear_and(change(step), |change| change < 0.0));
    let size = |step: &Step| change(step).value.unwrap_or(0.0);
    let step = worse.min_by(|a, b| size(a).total_cmp(&size(b)))?;
    let found = step.effect.targets.get(target)?;
    Some(format!(
        "With {} {}, “{}” is met in {}, not {}.",
        name(&step.label),
        how_much(forecast, step, &found.name),
        name(&found.name),
        chance_of(found.after)?,
        chance_of(found.before)?
    ))
}

/// What a step changes and where: "5 % lower in every region", "at 24 % instead of 25 % in Europe".
fn how_much(forecast: &Forecast, step: &Step, target: &str) -> String {
    let from = step.example.from;
    let mean = |path: &String| forecast.inputs.iter().find(|input| input.path == *path).map(|input| input.mean);
    let alike = step.paths.iter().all(|path| mean(path).is_some_and(|mean| (mean / from - 1.0).abs() < 1e-9));
    format!("{}{}", by(forecast, step, alike), regions(forecast, step, target))
}

/// How far a step moves its field: "5 % lower"; of a share that is `alike` in all its regions "at 24 % instead of 25 %".
fn by(forecast: &Forecast, step: &Step, alike: bool) -> String {
    let (from, to) = (step.example.from, step.example.to);
    let unit = Unit::of(&step.example.path);
    if alike && matches!(unit, Unit::Share | Unit::Rate) {
        let value = |x: f64| unit.said(forecast.header.currency_of(&step.example.path), three_digits(x));
        return format!("at {} instead of {}", value(to), value(from));
    }
    let way = if to < from { "lower" } else { "higher" };
    // The logarithm of a factor moves that factor.
    let factor = if unit == Unit::Exponent { libm::exp(to - from) } else { to / from };
    format!("{} {way}", percent((factor - 1.0).abs()))
}

/// Which regions of a target's a step concerns: nothing where there is but one region.
fn regions(forecast: &Forecast, step: &Step, target: &str) -> String {
    let all: Vec<_> = forecast.scopes.iter().filter(|scope| scope.win_rate.is_some()).collect();
    let of_target = forecast.targets.iter().find(|known| known.name == target).and_then(|t| forecast.scope(&t.scope));
    let counts = |key: &String| of_target.is_none_or(|scope| scope.regions.is_empty() || scope.regions.contains(key));
    let moved = |key: &str| step.paths.iter().any(|path| path.starts_with(&format!("regions.{key}.")));
    let asked: Vec<_> = all.iter().filter(|scope| counts(&scope.key)).collect();
    let changed: Vec<String> = asked.iter().filter(|scope| moved(&scope.key)).map(|scope| name(&scope.label)).collect();
    match (all.len(), changed.len()) {
        (1, _) | (_, 0) => String::new(),
        (_, n) if n == asked.len() && n > 1 => " in every region".to_owned(),
        _ => format!(" in {}", list_some(&changed)),
    }
}

/// The lever that helps most: "“Double the sales training” (€100k) would raise the chance of “Year 1” most: from 47 in 100 to 56 in 100,
/// if it works as the scenario says."
pub fn best_lever(forecast: &Forecast, levers: &[LeverOutcome]) -> Option<String> {
    let best = levers.first()?;
    let what = format!("“{}” ({})", name(&best.name), forecast.currency.exact(best.cost));
    let Some(target) = best.effect.targets.first() else {
        let gain = forecast.main.metric.said(&forecast.currency, best.effect.mean.value?, best.effect.mean.error);
        return Some(format!("{what} would add most: {gain} on average."));
    };
    let target_name = name(&target.name);
    if !is_raised(target) {
        return Some(format!("No lever raises the chance of “{target_name}” beyond the simulation's error."));
    }
    let change = from_to(target)?;
    Some(format!("{what} would raise the chance of “{target_name}” most: {change}, if it works as the scenario says."))
}

/// What to try first: the best lever, where it raises the chance of the first target beyond the simulation's error.
pub fn recommended_lever(forecast: &Forecast, levers: &[LeverOutcome]) -> Option<String> {
    let best = levers.first()?;
    let target = best.effect.targets.first().filter(|target| is_raised(target))?;
    Some(format!(
        "Try “{}” ({}): if it works as the scenario says, “{}” goes {}.",
        name(&best.name),
        forecast.currency.exact(best.cost),
        name(&target.name),
        from_to(target)?
    ))
}

fn is_raised(target: &TargetEffect) -> bool {
    is_clear_and(target.change, |change| change > 0.0)
}

fn is_clear_and(change: Estimate, is: impl Fn(f64) -> bool) -> bool {
    change.is_clear() && change.value.is_some_and(is)
}

/// "from 47 in 100 to 41 in 100"
fn from_to(target: &TargetEffect) -> Option<String> {
    Some(format!("from {} to {}", chance_of(target.before)?, chance_of(target.after)?))
}

fn chance_of(estimate: Estimate) -> Option<String> {
    estimate.value.map(|_| estimate.chance())
}

/// The levers with their cost, what they do for the first target and for the main figure, and what a unit of cost brings.
pub fn lever_table(forecast: &Forecast, levers: &[LeverOutcome]) -> Table {
    let (metric, currency) = (forecast.main.metric, &forecast.currency);
    let shown = || levers.iter().take(MAX_LEVERS);
    let mut table = Table::default();
    table.read("Lever", shown().map(|lever| Cell::text(name(&lever.name))));
    table.read("cost", shown().map(|lever| Cell::number(Some(lever.cost), |cost| currency.exact(cost))));
    if let Some(target) = levers.first().and_then(|lever| lever.effect.targets.first()) {
        let change = |lever: &LeverOutcome| {
            let change = lever.effect.targets.first().map_or(Estimate::UNKNOWN, |target| target.change);
            let text = |x| if change.is_clear() { points(forecast, x) } else { "within the noise".to_owned() };
            Cell::number(change.value, text)
        };
        table.read(format!("chance of “{}”", name(&target.name)), shown().map(change));
    }
    let mean = |lever: &LeverOutcome| {
        let mean = lever.effect.mean;
        Cell::number(mean.value, |gain| signed(metric.said(currency, gain, mean.error), gain))
    };
    table.read(format!("{}, on average", metric.name()), shown().map(mean));
    if metric.is_money() {
        let gain = |lever: &LeverOutcome| {
            Cell::number(lever.gain_per_cost.and_then(|gain| gain.value), |gain| currency.about(gain, None))
        };
        table.read(format!("extra for each {} of cost", currency.exact(1.0)), shown().map(gain));
    }
    if levers.len() > MAX_LEVERS {
        let text = format!("{} more are in forecast.json.", levers.len() - MAX_LEVERS);
        table.left_out = Some((MAX_LEVERS, text));
    }
    table
}

/// The change of a chance, such as "+11 in 100".
fn points(forecast: &Forecast, change: f64) -> String {
    let points = (100.0 * change).round();
    if points == 0.0 {
        return "no change to speak of".to_owned();
    }
    signed(format!("{} in 100", forecast.currency.count(points)), change)
}

fn signed(text: String, value: f64) -> String {
    if value > 0.0 { format!("+{text}") } else { text }
}

/// Every small step for the worse and every lever, with what each changes and the standard error of that.
pub fn effect_table(forecast: &Forecast, deep: &WhatIf) -> Table {
    let steps = deep.steps.iter().map(|step| (step_label(forecast, step), &step.effect));
    let levers = deep.levers.iter().map(|lever| (name(&lever.name), &lever.effect));
    let (labels, effects): (Vec<String>, Vec<&Effect>) = steps.chain(levers).unzip();
    let cell =
        |change: Estimate, text: String| Cell { is_noise: !change.is_clear(), ..Cell::number(change.value, |_| text) };
    let mut table = Table::default();
    table.read("Change", labels.into_iter().map(Cell::text));
    if let Some(target) = forecast.targets.first() {
        let change = |effect: &&Effect| effect.targets.first().map_or(Estimate::UNKNOWN, |target| target.change);
        let cells = effects.iter().map(change).map(|change| cell(change, points_within(forecast, change)));
        table.read(format!("chance of “{}”, in points", name(&target.name)), cells);
    }
    let mut amounts = |head: &str, of: fn(&Effect) -> Estimate| {
        let changes = effects.iter().map(|effect| of(effect));
        table.read(head, changes.map(|change| cell(change, amount_within(forecast, change))));
    };
    amounts("median of the main figure", |effect| effect.median);
    amounts("mean of the main figure", |effect| effect.mean);
    table
}

/// "Win rate, 3 regions (Europe: win rate at 24 % instead of 25 %)", "Europe: leads a month 5 % lower".
pub fn step_label(forecast: &Forecast, step: &Step) -> String {
    let example = format!("{} {}", plain(&step.example.label), by(forecast, step, true));
    match step.paths.len() {
        0 | 1 => example,
        n => format!("{}, {} ({example})", capitalize(&plain(&step.label)), count(n, "region")),
    }
}

/// "−6.3 ± 0.5"
fn points_within(forecast: &Forecast, change: Estimate) -> String {
    let number = |x: f64| forecast.currency.locale().write(&format!("{:.1}", (1000.0 * x.abs()).round() / 10.0));
    let value = change.value.unwrap_or(0.0);
    let sign = sign(value, (1000.0 * value).round() == 0.0);
    format!("{sign}{} ± {}", number(value), number(change.error.unwrap_or(0.0)))
}

/// "−€1.20M ± €40k"
fn amount_within(forecast: &Forecast, change: Estimate) -> String {
    let (metric, value) = (forecast.main.metric, change.value.unwrap_or(0.0));
    let text = format!("{}{}", sign(value, value == 0.0), forecast.said(metric, value.abs(), change.error));
    match change.error {
        Some(error) => format!("{text} ± {}", metric.said(&forecast.currency, error, None)),
        None => text,
    }
}

fn sign(value: f64, is_none: bool) -> &'static str {
    match value {
        _ if is_none => "",
        x if x > 0.0 => "+",
        _ => "−",
    }
}
