//! The short sections of the page: budget and calls, caveats.

use maud::{Markup, html};

use super::text::text;
use crate::analysis::{Pipeline, WhatIf};
use crate::audit::Kind;
use crate::findings::{groups_said, has_people, year_to_date};
use crate::forecast::Forecast;
use crate::report::budget_and_calls::{budget, call};
use crate::units::format::{capitalize, count};

/// Groups of open deals that the page has room for beside calls.
const MAX_GROUPS: usize = 4;

/// "commit: 3 deals, €1.1M: P20 to P80 is €0.6M to €1M; …".
fn of_groups(groups: &[(String, String)]) -> String {
    let said: Vec<String> = groups.iter().take(MAX_GROUPS).map(|(name, said)| format!("{name} ({said})")).collect();
    let more = groups.len().saturating_sub(MAX_GROUPS);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}.", said.join("; "))
}

/// More calls than this would not fit a printed page.
const MAX_CALLS: usize = 4;

/// What others have said, against the forecast: the budget and the calls; beside calls what the open deals of each group come to.
pub(super) fn budget_and_calls(forecast: &Forecast, pipeline: Option<&Pipeline>) -> Markup {
    let (rows, more) = budget(forecast);
    let calls = &forecast.calls;
    let year = year_to_date(forecast);
    if rows.is_empty() && calls.is_empty() && year.is_none() {
        return html! {};
    }
    let groups = pipeline.filter(|_| !calls.is_empty()).and_then(|pipeline| groups_said(pipeline, &forecast.header));
    let left_out = more + calls.len().saturating_sub(MAX_CALLS);
    html! {
        section aria-labelledby="against" {
            h2 #against { @if rows.is_empty() && calls.is_empty() { "The year to date" } @else { "Against budget and calls" } }
            ul {
                @if let Some(year) = &year { li { (text(year)) } }
                @for (what, sentence) in &rows { li { (text(&format!("{}: {sentence}", capitalize(what)))) } }
                @for said in calls.iter().take(MAX_CALLS) { li { (text(&call(forecast, said))) } }
                @if let Some((what, groups)) = &groups { li.screen { (text(&format!("{what} {}", of_groups(groups)))) } }
            }
            @if left_out > 0 { p.quiet { (left_out) " more are in forecast.json." } }
        }
    }
}

/// "Whether the plan is right where it contradicts itself or is silent: it contradicts itself in 11 places and leaves 8 questions open, listed for the analyst."
fn disagreements(deep: &WhatIf) -> Option<String> {
    let found = |kind| deep.findings.iter().filter(|finding| finding.kind == kind).count();
    let (contradictions, questions) = (found(Kind::Contradiction), found(Kind::Question));
    let (places, open) = (count(contradictions, "place"), count(questions, "question"));
    let said = match (contradictions, questions) {
        (0, 0) => return None,
        (0, _) => format!("it leaves {open} open"),
        (_, 0) => format!("it contradicts itself in {places}"),
        _ => format!("it contradicts itself in {places} and leaves {open} open"),
    };
    Some(format!("Whether the plan is right where it contradicts itself or is silent: {said}, listed for the analyst."))
}

/// What the page does not say.
pub(super) fn caveats(forecast: &Forecast, deep: Option<&WhatIf>) -> Markup {
    let assumed = forecast.inputs.iter().filter(|input| input.source.is_none()).count();
    let ranges = forecast.inputs.len();
    html! {
        section.limits aria-labelledby="limits" {
            h2 #limits { "What this does not say" }
            ul {
                li {
                    "Whether the assumptions are right. Every chance above holds if they do."
                    @if ranges == 1 { @if assumed == 1 { " The one range is assumed." } @else { " The one range lies about a stated figure." } }
                    @else if ranges > 1 { " Of the " (ranges) " ranges, " (ranges - assumed) " lie about a stated figure and " (assumed) " are assumed altogether." }
                }
                li { "What numbers without a range would do: errors in them are in no range above." }
                @if !has_people(forecast) {
                    li { "Whether the team can do the work: leads are worked however many there are." }
                }
                @if forecast.actuals.is_empty() && forecast.source_stacks.is_empty() {
                    li { "What is in the pipeline today: it begins with no open deals and no customers." }
                } @else {
                    li { "Whether the lists of open deals, contracts and actuals are whole and right: they are taken as they are." }
                }
                @if let Some(said) = deep.and_then(disagreements) { li { (text(&said)) } }
                li { "Profit or cash: bookings are counted when they are signed." }
            }
        }
    }
}
