//! What would raise the odds: the levers of the scenario with what they cost, and what it would take.

use maud::{Markup, html};

use super::text::{about, is_clear, name, text};
use crate::analysis::{Deep, LeverOutcome, TargetEffect};
use crate::forecast::Forecast;
use crate::report::deep::takes;
use crate::report::words::chance;

/// More levers than this would not fit a printed page.
const MOST: usize = 6;

pub(super) fn section(forecast: &Forecast, deep: &Deep) -> Markup {
    html! {
        section aria-labelledby="levers" {
            h2 #levers { "What would raise the odds" }
            @if let Some(best) = deep.levers.first() {
                p { (text(&sentence(forecast, best))) }
                (table(forecast, &deep.levers))
            } @else {
                p { "The scenario names nothing that could be done, with what it costs (" code { "levers" } "), so nothing is ranked here." }
            }
            @if let Some(sentence) = takes(forecast, &deep.solution) { p { (text(&sentence)) } }
        }
    }
}

/// "“A quarter more sales development” (€100k) would raise the chance of “Year 1” most: from 47 in 100 to 58 in 100."
fn sentence(forecast: &Forecast, best: &LeverOutcome) -> String {
    let what = format!("“{}” ({})", name(&best.name), forecast.currency.exact(best.cost));
    let Some(target) = best.effect.targets.first() else {
        let gain = best.effect.mean.value.map_or_else(
            || "unknown".to_owned(),
            |value| about(forecast, forecast.main.metric, value, best.effect.mean.error),
        );
        return format!("{what} would add most: {gain} on average.");
    };
    let rises = target.change.value.is_some_and(|change| change > 0.0) && is_clear(target.change);
    if !rises {
        return format!(
            "None of the levers raises the chance of “{}” by more than the simulation's noise.",
            name(&target.name)
        );
    }
    format!("{what} would raise the chance of “{}” most: {}.", name(&target.name), from_to(forecast, target))
}

fn from_to(forecast: &Forecast, target: &TargetEffect) -> String {
    let said = |value: Option<f64>| {
        value.map_or_else(|| "unknown".to_owned(), |value| chance(&forecast.currency, value, forecast.manifest.trials))
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
                        @if metric.is_money() { th.number scope="col" { "for each " (forecast.currency.exact(1.0)) " of cost" } }
                    }
                }
                tbody {
                    @for lever in levers.iter().take(MOST) {
                        tr {
                            th scope="row" {
                                (name(&lever.name))
                                @if let Some(note) = &lever.note { br; span.quiet.small { (text(note)) } }
                            }
                            td.number { data value=(lever.cost) { (forecast.currency.exact(lever.cost)) } }
                            @if target.is_some() {
                                td.number {
                                    @if let Some(change) = lever.effect.targets.first().and_then(|target| target.change.value) {
                                        data value=(change) { (points(forecast, change)) }
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
