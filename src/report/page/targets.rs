//! Will we make the plan: each target as a plain statement, and when levels are first reached.

use maud::{Markup, html};

use super::text::{name, text};
use crate::analysis::WhatIf;
use crate::findings::{adverse_step, place};
use crate::forecast::find;
use crate::forecast::{EachOutcome, Forecast, TargetOutcome};
use crate::report::sentences::level;
use crate::report::sentences::{known, known_beside};
use crate::stats::Estimate;
use crate::units::format::{capitalize, list_some, period_name, when};
use crate::units::plain;

pub(super) fn section(forecast: &Forecast, deep: Option<&WhatIf>) -> Markup {
    html! {
        section aria-labelledby="targets" {
            h2 #targets { "Will we make the plan?" }
            @if forecast.targets.is_empty() {
                p { "The scenario sets no target." }
            } @else {
                ul.targets { @for (i, target) in forecast.targets.iter().enumerate() { (row(forecast, target, deep.and_then(|deep| adverse_step(forecast, deep, i)))) } }
                @let beside = known_beside(forecast);
                @if !beside.is_empty() { p { "Known: " (text(&list_some(&beside))) "." } }
                @let reached: Vec<String> = forecast.targets.iter().filter_map(|t| first(forecast, t)).collect();
                @if !reached.is_empty() {
                    h3 { "When levels are first reached" }
                    ul { @for sentence in &reached { li { (text(sentence)) } } }
                }
            }
        }
    }
}

fn row(forecast: &Forecast, target: &TargetOutcome, step: Option<String>) -> Markup {
    let said = target.probability.chance();
    html! {
        li {
            h3 { (name(&target.name)) }
            p.chance { (said) }
            svg.gauge viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
                rect.track x="0" y="0" width="100" height="6" {}
                rect.fill x="0" y="0" width=((1000.0 * target.probability.known()).round() / 10.0) height="6" {}
            }
            @let known = known(forecast, target.metric, &target.scope, &target.period);
            p { (text(&statement(forecast, target))) @if let Some(known) = known { " " strong { (text(&capitalize(&known))) "." } } @if let Some(step) = &step { " " (text(step)) } }
        }
    }
}

/// "€17.8M in 2027: about 47 in 100 if these assumptions hold. Where it is missed, by €2.2M in the middle case."
fn statement(forecast: &Forecast, target: &TargetOutcome) -> String {
    let said = target.probability.chance();
    let what = demand(forecast, target);
    let about_said = if said.ends_with("in 100") && said.starts_with(|c: char| c.is_ascii_digit()) {
        format!("about {said}")
    } else {
        said
    };
    if let Some(each) = &target.each {
        let n = each.periods.len();
        let mean = each.count.mean.value.map_or_else(String::new, |mean| format!("; {mean:.0} of the {n} on average"));
        return format!("{what}: all {n} in {about_said} if these assumptions hold{mean}.");
    }
    let missed = match target.median_miss.value {
        Some(miss) if target.probability.known() < 1.0 && target.median_miss.error.is_some() => format!(
            " When it is missed, it is by {} in the middle case.",
            forecast.said(target.metric, miss, target.median_miss.error)
        ),
        _ => String::new(),
    };
    format!("{what}: {about_said} if these assumptions hold.{missed}{}", beside(forecast, target))
}

/// Of the target that the main figure is about: what was solved for. Of another: its middle outcome.
fn beside(forecast: &Forecast, target: &TargetOutcome) -> String {
    let main = &forecast.main;
    if (target.metric, &target.scope, &target.period) == (main.metric, &main.scope, &main.period) {
        let solved = forecast.assumptions.iter().any(|text| text.to_lowercase().contains("solved"));
        return if solved {
            " That chance is set by construction: see what this assumes.".to_owned()
        } else {
            String::new()
        };
    }
    let found = find(forecast, target.metric, &target.scope, &target.period).map(|place| place.p50());
    match found {
        Some(Estimate { value: Some(middle), error }) => {
            format!(" The middle outcome is {}.", forecast.said(target.metric, middle, error))
        }
        _ => String::new(),
    }
}

/// "€17.8M in 2027", "ARR of €5M of Europe at the end of 2028".
fn demand(forecast: &Forecast, target: &TargetOutcome) -> String {
    let metric =
        if target.metric == forecast.main.metric { String::new() } else { format!("{} of ", target.metric.name()) };
    format!(
        "{metric}{}{} {}",
        level(forecast, target.metric, target.at_least),
        place(forecast, &target.scope),
        when(&forecast.horizon(), &target.period, target.metric.is_of_period())
    )
}

/// "€1.50M a month first in July 2027 (8 chances in 10: May 2027 to September 2027)."
fn first(forecast: &Forecast, target: &TargetOutcome) -> Option<String> {
    let each = target.each.as_ref()?;
    let kind = if target.period == "each-quarter" { "quarter" } else { "month" };
    let level = level(forecast, target.metric, target.at_least);
    let place = place(forecast, &target.scope);
    let metric = target.metric.name();
    let head = format!("{}: {metric}{place} of {level} in a {kind} are", plain(&target.name));
    Some(format!("{head} {}.", reached(each)))
}

fn reached(each: &EachOutcome) -> String {
    let spoken = |label: &Option<String>| label.as_ref().map(|label| period_name(label));
    let never = each.never.chance();
    match (spoken(&each.first_p10), spoken(&each.first_p50), spoken(&each.first_p90)) {
        (Some(early), Some(middle), Some(late)) if early == late => {
            format!("first reached in {middle}, in at least 8 futures of 10")
        }
        (Some(early), Some(middle), Some(late)) => {
            format!("first reached in {middle} (8 chances in 10: {early} to {late})")
        }
        (_, Some(middle), _) => format!("first reached in {middle} in the middle case, never in {never}"),
        _ => format!("never reached in {never}"),
    }
}
