//! What would raise the odds: the levers of the scenario with what they cost, and what it would take.

use maud::{Markup, html};

use super::text::{about, name, text};
use crate::analysis::{Deep, How, LeverOutcome, Outcome, Solution, Takes, TargetEffect, Wanted};
use crate::forecast::Forecast;
use crate::units::few_digits;
use crate::units::format::chance;

/// What it would take for the first target: "For 80 in 100, “Year 1” would take 1.18 times the leads a month of 3 regions (95 % sure:
/// 1.172 to 1.184), all else as it is."
fn takes(forecast: &Forecast, takes: &Takes) -> Option<String> {
    let asked = |solution: &Solution| match (&solution.wanted, &solution.figure.target) {
        (Wanted::Probability(asked), Some(target)) => {
            Some(format!("For {:.0} in 100, “{}” would take", 100.0 * asked, name(target)))
        }
        _ => None,
    };
    match takes {
        Takes::Found(solution) => {
            let Outcome::Root(root) = &solution.outcome else { return None };
            let error = root.value.error.unwrap_or(0.0);
            let places = if error > 0.0 { libm::ceil(-libm::log10(error)).clamp(0.0, 4.0) as usize } else { 3 };
            let number = |x: f64| forecast.currency.locale().write(&format!("{x:.places$}"));
            let value = number(root.value.value?);
            let what = match solution.varied.how {
                How::Factor => format!("{value} times the {}", solution.varied.name()),
                How::Value => format!("{} of {value}", solution.varied.name()),
            };
            let sure = match (root.low, root.high) {
                (Some(low), Some(high)) => {
                    format!(" (within the simulation's error: {} to {})", number(low), number(high))
                }
                _ => String::new(),
            };
            Some(format!("{} {what}{sure}, all else as it is.", asked(solution)?))
        }
        Takes::OutOfReach(solution) => {
            let high = forecast.currency.locale().write(&few_digits(solution.varied.high));
            let far = match solution.varied.how {
                How::Factor => format!("up to {high} times as many"),
                How::Value => format!("up to {high} a month"),
            };
            Some(format!("{} more than leads: {far} do not do it, all else as it is.", asked(solution)?))
        }
        Takes::MetAlready { target, chance: found, .. } => Some(format!(
            "“{}” is met in {} as it stands.",
            name(target),
            chance(found.value?, forecast.manifest.trials, forecast.currency.locale())
        )),
        Takes::NoAnswer { target, why } => Some(format!("What “{}” would take is not known: {why}.", name(target))),
        Takes::NoTarget => None,
    }
}

/// More levers than this would not fit a printed page.
const MOST: usize = 6;

pub(super) fn section(forecast: &Forecast, deep: &Deep) -> Markup {
    html! {
        section.levers aria-labelledby="levers" {
            h2 #levers { "What would raise the odds" }
            @if let Some(best) = deep.levers.first() {
                p { (text(&sentence(forecast, best))) }
                (table(forecast, &deep.levers))
                @let noted = deep.levers.iter().take(MOST).filter_map(|lever| Some((lever, lever.note.as_ref()?)));
                @for (lever, note) in noted { p.quiet.small { (name(&lever.name)) ": " (text(note)) } }
            } @else {
                p { "The scenario names nothing that could be done, with what it costs (" code { "levers" } "), so nothing is ranked here." }
            }
            @if let Some(sentence) = takes(forecast, &deep.solution) { p { (text(&sentence)) } }
        }
    }
}

/// What to try first: "If it works as assumed, “A quarter more sales development” (€100k) raises the chance of “Year 1” from …".
pub(super) fn advice(forecast: &Forecast, levers: &[LeverOutcome]) -> Option<String> {
    let best = levers.first()?;
    let target = best.effect.targets.first()?;
    let rises = target.change.value.is_some_and(|change| change > 0.0) && target.change.is_clear();
    rises.then(|| {
        format!(
            "Try “{}” ({}): if it works as the scenario says, it raises the chance of “{}” {}.",
            name(&best.name),
            forecast.currency.exact(best.cost),
            name(&target.name),
            from_to(forecast, target)
        )
    })
}

/// "If it works as the scenario says, “A quarter more sales development” (€100k) would raise the chance of “Year 1” most: …"
fn sentence(forecast: &Forecast, best: &LeverOutcome) -> String {
    let what = format!("“{}” ({})", name(&best.name), forecast.currency.exact(best.cost));
    let Some(target) = best.effect.targets.first() else {
        let gain = best.effect.mean.value.map_or_else(
            || "unknown".to_owned(),
            |value| about(forecast, forecast.main.metric, value, best.effect.mean.error),
        );
        return format!("{what} would add most: {gain} on average.");
    };
    let rises = target.change.value.is_some_and(|change| change > 0.0) && target.change.is_clear();
    if !rises {
        return format!(
            "None of the levers raises the chance of “{}” by more than the simulation's noise.",
            name(&target.name)
        );
    }
    format!(
        "If they work as the scenario says, {what} would raise the chance of “{}” most: {}.",
        name(&target.name),
        from_to(forecast, target)
    )
}

fn from_to(forecast: &Forecast, target: &TargetEffect) -> String {
    let said = |value: Option<f64>| {
        value.map_or_else(
            || "unknown".to_owned(),
            |value| chance(value, forecast.manifest.trials, forecast.currency.locale()),
        )
    };
    format!("from {} to {}", said(target.before.value), said(target.after.value))
}

fn table(forecast: &Forecast, levers: &[LeverOutcome]) -> Markup {
    let metric = forecast.main.metric;
    let target = levers.first().and_then(|lever| lever.effect.targets.first());
    html! {
        div.scroll tabindex="0" role="region" aria-label="Table of levers" {
            table {
                thead {
                    tr {
                        th scope="col" { "Lever" }
                        th.number scope="col" { "cost" }
                        @if let Some(target) = target { th.number scope="col" { "chance of “" (name(&target.name)) "”" } }
                        th.number scope="col" { (metric.name()) ", on average" }
                        @if metric.is_money() { th.number scope="col" { "extra for each " (forecast.currency.exact(1.0)) " of cost" } }
                    }
                }
                tbody {
                    @for lever in levers.iter().take(MOST) {
                        tr {
                            th scope="row" { (name(&lever.name)) }
                            td.number { data value=(lever.cost) { (forecast.currency.exact(lever.cost)) } }
                            @if target.is_some() {
                                td.number {
                                    @if let Some(found) = lever.effect.targets.first().map(|target| target.change) && let Some(change) = found.value {
                                        data value=(change) { @if found.is_clear() { (points(forecast, change)) } @else { "within the noise" } }
                                    }
                                }
                            }
                            td.number {
                                @if let Some(gain) = lever.effect.mean.value {
                                    data value=(gain) { (signed(about(forecast, metric, gain, lever.effect.mean.error), gain)) }
                                }
                            }
                            @if metric.is_money() {
                                td.number {
                                    @if let Some(gain) = lever.gain_per_cost.and_then(|gain| gain.value) {
                                        data value=(gain) { (forecast.currency.about(gain, None)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if levers.len() > MOST { p.quiet { (levers.len() - MOST) " more are in forecast.json." } }
    }
}

/// "+11 in 100".
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
