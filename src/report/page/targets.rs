//! Will we make the plan: each target as a plain statement, and when levels are first reached.

use maud::{Markup, html};

use super::text::{name, text};
use crate::analysis::WhatIf;
use crate::findings::{adverse_step, first_gap};
use crate::forecast::find;
use crate::forecast::{Forecast, TargetOutcome};
use crate::report::sentences::{demand, first_reached, known, known_beside};
use crate::stats::Estimate;
use crate::units::format::{capitalize, list_some};

pub(super) fn section(forecast: &Forecast, deep: Option<&WhatIf>) -> Markup {
    html! {
        section aria-labelledby="targets" {
            h2 #targets { "Will we make the plan?" }
            @if forecast.targets.is_empty() {
                p { "The scenario sets no target." }
            } @else {
                ul.targets { @for (i, target) in forecast.targets.iter().enumerate() { (row(forecast, target, deep.and_then(|deep| adverse_step(forecast, deep, i)))) } }
                @if let Some(gap) = first_gap(forecast) { p { (text(&gap)) } }
                @let beside = known_beside(forecast);
                @if !beside.is_empty() { p { "Known: " (text(&list_some(&beside))) "." } }
                @let reached: Vec<String> = forecast.targets.iter().filter_map(|t| first_reached(forecast, t)).collect();
                @if !reached.is_empty() {
                    h3 { "When levels are first reached" }
                    ul { @for sentence in &reached { li { (text(sentence)) } } }
                }
            }
        }
    }
}

fn row(forecast: &Forecast, target: &TargetOutcome, step: Option<String>) -> Markup {
    html! {
        li {
            h3 { (name(&target.name)) }
            @let known = known(forecast, target.metric, &target.scope, &target.period);
            p { (text(&statement(forecast, target))) @if let Some(known) = known { " " strong { (text(&capitalize(&known))) "." } } @if let Some(step) = &step { " " (text(step)) } }
        }
    }
}

/// "€17.8M in 2027: 47 in 100. When it is missed, it is by €2.2M in the middle case."
fn statement(forecast: &Forecast, target: &TargetOutcome) -> String {
    let said = target.probability.chance();
    let what = demand(forecast, target);
    if let Some(each) = &target.each {
        let n = each.periods.len();
        return format!("{what}: all {n} in {said}.");
    }
    let missed = match target.median_miss.value {
        Some(miss) if target.probability.known() < 1.0 && target.median_miss.error.is_some() => format!(
            " When it is missed, it is by {} in the middle case.",
            difference(&forecast.said(target.metric, miss, target.median_miss.error))
        ),
        _ => String::new(),
    };
    format!("{what}: {said}.{missed}{}", beside(forecast, target))
}

/// What lies between two figures: between percentages percentage points.
fn difference(said: &str) -> String {
    match said.strip_suffix('%').map(str::trim_end) {
        Some("1") => "1 percentage point".to_owned(),
        Some(number) => format!("{number} percentage points"),
        None => said.to_owned(),
    }
}

/// The middle outcome of a target that the main figure is not about.
fn beside(forecast: &Forecast, target: &TargetOutcome) -> String {
    let main = &forecast.main;
    if (target.metric, &target.scope, &target.period) == (main.metric, &main.scope, &main.period) {
        return String::new();
    }
    let found = find(forecast, target.metric, &target.scope, &target.period).map(|place| place.p50());
    match found {
        Some(Estimate { value: Some(middle), error }) => {
            format!(" The middle outcome is {}.", forecast.said(target.metric, middle, error))
        }
        _ => String::new(),
    }
}
