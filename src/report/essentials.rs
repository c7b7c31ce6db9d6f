//! What an answer says first, a sentence each: the same on the terminal, in the mail and on the first screen of the page.

use super::sentences;
use crate::analysis::{Answer, GoalSeek, WhatIf};
use crate::findings::{self, recommended_lever, what_it_takes};
use crate::forecast::{Forecast, Range, TargetOutcome};
use crate::scenario::Needs;
use crate::units::format::{count, shorten};
use crate::units::plain;

/// A name in a sentence is no longer, in characters.
const LONGEST_NAME: usize = 60;

/// The range of the main figure: "Total bookings in 2027: 8 chances in 10 of €14.0M to €22.0M; as likely above €17.6M as below."
pub(super) fn range(forecast: &Forecast) -> String {
    let said = match forecast.range() {
        None => format!("unknown ({})", forecast.main.metric.why_unknown()),
        Some(Range::Same(same)) => same,
        Some(Range::Wide(spread)) => format!("{}; {}", spread.between, spread.median),
    };
    format!("{}: {said}.", sentences::main_figure(forecast))
}

/// Where it stands: that people bound the forecast, which comes first, or how much is open.
pub(super) fn standing(answer: &Answer) -> (&'static str, Option<String>) {
    match findings::people_bound(&answer.forecast) {
        Some(people) => ("Capacity", Some(people)),
        None => ("Pipeline", findings::standing(answer)),
    }
}

/// What to do: with what was asked by `--deep` the lever that helps most, or what the first target would take; else the question to ask next.
pub(super) fn action(answer: &Answer) -> Option<String> {
    let forecast = &answer.forecast;
    let Some(target) = forecast.targets.first() else {
        return Some("Name a target to be told its chance (“targets” in the scenario).".to_owned());
    };
    match &answer.deep {
        Some(deep) => advice(forecast, deep),
        None => question_of_people(forecast).or_else(|| Some(question(forecast, target))),
    }
}

/// The lever to try; where none helps, what it would take.
fn advice(forecast: &Forecast, deep: &WhatIf) -> Option<String> {
    // Where more leads do not do it people may.
    let more_people = || question_of_people(forecast).filter(|_| matches!(deep.solution, GoalSeek::OutOfReach(_)));
    recommended_lever(forecast, &deep.levers).or_else(more_people).or_else(|| what_it_takes(forecast, &deep.solution))
}

/// "Ask how many people “Year 1” takes: revcast solve, with a --vary for the headcount of each role."; nothing where people are not the limit, and of a
/// first target that is about people themselves or will rather be met.
fn question_of_people(forecast: &Forecast) -> Option<String> {
    let is_helped =
        |target: &&TargetOutcome| target.metric.spec().needs != Needs::Team && target.probability.known() < 0.5;
    let target = forecast.targets.first().filter(is_helped).filter(|_| findings::people_are_the_limit(forecast))?;
    let name = shorten(&plain(&target.name), LONGEST_NAME);
    Some(format!("Ask how many people “{name}” takes: revcast solve, with a --vary for the headcount of each role."))
}

/// "Ask which of its 4 levers raises the chance of “Year 1” most: run it with --deep."
fn question(forecast: &Forecast, target: &TargetOutcome) -> String {
    let name = shorten(&plain(&target.name), LONGEST_NAME);
    let levers = forecast.manifest.scenario["levers"].as_array().map_or(0, Vec::len);
    match levers {
        0 => format!("Ask what it would take for “{name}”: run it with --deep."),
        1 => format!("Ask what its lever does for the chance of “{name}”: run it with --deep."),
        n => format!("Ask which of its {} raises the chance of “{name}” most: run it with --deep.", count(n, "lever")),
    }
}

/// The target whose chance is so by construction, as an assumption says, with that chance: "“Year 1” is at 47 in 100 by construction".
pub(super) fn construction(forecast: &Forecast) -> Option<String> {
    let target = forecast.targets.iter().find(|target| is_by_construction(forecast, target))?;
    Some(format!(
        "“{}” is at {} by construction",
        shorten(&plain(&target.name), LONGEST_NAME),
        target.probability.chance()
    ))
}

/// Whether an assumption says that something is so by construction, and the target is what the main figure is about.
fn is_by_construction(forecast: &Forecast, target: &TargetOutcome) -> bool {
    let main = &forecast.main;
    forecast.assumptions.iter().any(|text| text.contains("by construction"))
        && (target.metric, &target.scope, &target.period) == (main.metric, &main.scope, &main.period)
}

/// That there are assumptions, and `place` that holds them: "“Year 1” is at 47 in 100 by construction: this and 4 more assumptions are on the page."
pub(super) fn assumed(forecast: &Forecast, place: &str) -> Option<String> {
    let all = sentences::assumptions(forecast).len();
    Some(match (construction(forecast), all) {
        (_, 0) => return None,
        (Some(said), 1) => format!("{said}: the assumption is {place}."),
        (Some(said), n) => format!("{said}: this and {} are {place}.", count(n - 1, "more assumption")),
        (None, 1) => format!("one thing, {place}."),
        (None, n) => format!("{n} things, {place}."),
    })
}
