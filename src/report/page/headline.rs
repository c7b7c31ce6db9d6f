//! The first screen: the figure, the chances, what drives it, what to do; a line that opens what is assumed.

use maud::{Markup, html};

use super::text::{name, text};
use crate::analysis::Answer;
use crate::findings::{band_record, drivers_in_brief, headline as moved_in_brief};
use crate::forecast::{Forecast, Range, TargetOutcome};
use crate::report::{essentials, sentences};
use crate::units::format::{capitalize, count, futures, months_from};

/// More targets than this are told below the first screen alone.
const MOST_TARGETS: usize = 6;

/// The scenario's name, its day and its file.
pub(super) fn header(forecast: &Forecast) -> Markup {
    html! {
        header {
            h1 { (name(&forecast.name)) }
            @if let Some(origin) = forecast.origin() { p.quiet { (text(&origin)) } }
        }
    }
}

/// Who made the page, and from what.
pub(super) fn footer(forecast: &Forecast) -> Markup {
    let manifest = &forecast.manifest;
    let trials = futures(manifest.trials, forecast.currency.locale());
    html! {
        footer {
            p.quiet {
                (trials) " of " (months_from(&forecast.horizon())) ", made by revcast " (manifest.version) " from " code { "forecast.json" } ", seed " (manifest.seed) ". P10 is the value that \
                 10\u{A0}% of outcomes fall below, P90 the one that 90\u{A0}% fall below."
            }
        }
    }
}

/// What the terminal says first: the answer to each of an executive's questions in a line.
pub(super) fn headline(answer: &Answer) -> Markup {
    let forecast = &answer.forecast;
    let lines = [
        ("What changed", answer.moved.as_ref().map(|moved| moved_in_brief(forecast, moved))),
        essentials::standing(answer),
        ("What drives it", drivers_in_brief(forecast).map(|text| text + ".")),
        ("What to do", essentials::action(answer)),
        ("How it held", band_record(&forecast.header)),
    ];
    html! {
        section.answer aria-labelledby="answer" {
            div.figure {
                h2 #answer { (text(&sentences::main_figure(forecast))) }
                (range(forecast, None))
            }
            @if !forecast.targets.is_empty() { (chances(forecast, None, MOST_TARGETS)) }
            dl.lines {
                @for (what, said) in lines {
                    @if let Some(said) = said { div { dt { (what) } dd { (text(&capitalize(&said))) } } }
                }
            }
            (assumed(forecast))
        }
    }
}

/// The line that says what stands behind the answer, and opens it.
fn assumed(forecast: &Forecast) -> Markup {
    let assumptions = sentences::assumptions(forecast);
    if assumptions.is_empty() {
        return html! {};
    }
    let number = count(assumptions.len(), "assumption");
    html! {
        details.assumptions {
            summary { @match essentials::construction(forecast) { Some(said) => { (text(&said)) ": what this assumes (" (number) ")" } None => { "What this assumes (" (number) ")" } } }
            ul { @for assumption in &assumptions { li { (text(assumption)) } } }
        }
    }
}

/// The chance of each of the first targets, at most so many; with what it was, where that is given.
pub(super) fn chances(forecast: &Forecast, before: Option<&Forecast>, most: usize) -> Markup {
    let shown = forecast.targets.iter().take(most);
    let more = forecast.targets.len().saturating_sub(most);
    html! {
        ul.chances aria-label="The chance of each target" {
            @for target in shown {
                @let [level, when] = sentences::demand_and_when(forecast, target);
                li {
                    span.target { b { (name(&target.name)) } " " span.quiet { (text(&level)) span.when { " " (text(&when)) } } }
                    span.chance {
                        (text(&target.probability.chance()))
                        @if let Some(was) = before.and_then(|before| was(before, target)) { span.quiet { " was " (text(&was)) } }
                    }
                }
            }
            @if more > 0 { li.quiet { "and " (more) " more below" } }
        }
    }
}

/// What the chance of a target was, where that reads otherwise.
fn was(before: &Forecast, target: &TargetOutcome) -> Option<String> {
    let was = before.targets.iter().find(|known| known.name == target.name)?.probability.chance();
    (was != target.probability.chance()).then_some(was)
}

/// The range in words and as a picture, in which that of another forecast is an outline.
pub(super) fn range(forecast: &Forecast, before: Option<&Forecast>) -> Markup {
    let spread = match forecast.range() {
        None => return html! { p.lead { "Unknown: " (forecast.main.metric.why_unknown()) "." } },
        Some(Range::Same(same)) => return html! { p.lead { strong { (text(&capitalize(&same))) } "." } },
        Some(Range::Wide(spread)) => spread,
    };
    html! {
        p.lead { (strong_values(&capitalize(&format!("{}; {}.", spread.between, spread.median)), &spread.values)) }
        (strip(forecast, &spread.values, before))
    }
}

/// A sentence in which the values stand out, each where it is first named.
fn strong_values(sentence: &str, values: &[String; 3]) -> Markup {
    let [low, middle, high] = values;
    let range = format!("{low} to {high}");
    let mut rest = sentence;
    let mut parts = Vec::new();
    for value in [&range, middle] {
        if let Some((before, after)) = rest.split_once(value.as_str()) {
            parts.push((before, value));
            rest = after;
        }
    }
    html! { @for (before, value) in parts { (text(before)) strong { (text(value)) } } (text(rest)) }
}

/// The range as a picture: a bar from P10 to P90, the median, the target, each with its number at its mark.
fn strip(forecast: &Forecast, [low_said, middle_said, high_said]: &[String; 3], before: Option<&Forecast>) -> Markup {
    let bands = &forecast.main.bands;
    let (Some(p10), Some(p50), Some(p90)) = (bands.p10.value, bands.p50.value, bands.p90.value) else {
        return html! {};
    };
    let goal = goal(forecast);
    let outline = before.and_then(|before| before.main.bands.p10.value.zip(before.main.bands.p90.value));
    // The scale stays where it is while the range moves about its outline.
    let with_room = |(from, to): (f64, f64)| (p10.min(from - ROOM * (to - from)), p90.max(to + ROOM * (to - from)));
    let (least, most) = outline.map_or((p10, p90), with_room);
    let (low, high) = goal.map_or((least, most), |goal| (least.min(goal), most.max(goal)));
    if !(high - low).is_finite() || high <= low {
        return html! {};
    }
    // Room for a number at either end.
    let percent = |value: f64| (10.0 * (10.0 + 80.0 * (value - low) / (high - low)).clamp(0.0, 100.0)).round() / 10.0;
    let at = |value: f64| format!("{}%", percent(value));
    let label = |x: f64, row: u32, class: &str, said: &str| {
        html! { text class=(class) x={ (x) "%" } y=(row) text-anchor=(anchor(x)) { (text(said)) } }
    };
    let (from, to) = (percent(p10), percent(p90));
    let target = goal.map(|goal| (percent(goal), sentences::level(forecast, forecast.main.metric, goal)));
    let high = if target.is_some() { 88 } else { 70 };
    html! {
        svg.strip width="100%" height=(high) role="img"
            aria-label={ "P10 " (low_said) ", median " (middle_said) ", P90 " (high_said) @if let Some((_, said)) = &target { ", target " (said) } } {
            rect.band8 x=(at(p10)) y="22" width={ (((to - from) * 10.0).round() / 10.0) "%" } height="22" {}
            @if let Some((from, to)) = outline {
                rect.outline x=(at(from)) y="20" width={ (((percent(to) - percent(from)) * 10.0).round() / 10.0) "%" } height="26" {}
            }
            line.median x1=(at(p50)) x2=(at(p50)) y1="20" y2="46" {}
            @if let Some((x, _)) = &target { line.target x1={ (x) "%" } x2={ (x) "%" } y1="20" y2="68" {} }
            (label(percent(p50), 14, "middle", &format!("median {middle_said}")))
            @if to - from < NARROW {
                (label((from + to) / 2.0, 62, "end", &format!("P10 {low_said}, P90 {high_said}")))
            } @else {
                (label(from, 62, "end", &format!("P10 {low_said}")))
                (label(to, 62, "end", &format!("P90 {high_said}")))
            }
            @if let Some((x, said)) = &target {
                (label(*x, 82, "goal", &format!("target {said}")))
            }
        }
    }
}

/// So much of an outline's width is left on either side of it.
const ROOM: f64 = 0.2;
/// A bar of fewer percent of the strip has one label for both of its ends.
const NARROW: f64 = 55.0;

/// To which side of its mark a number is written, so that it stays on the strip.
fn anchor(x: f64) -> &'static str {
    match x {
        x if x < 25.0 => "start",
        x if x > 75.0 => "end",
        _ => "middle",
    }
}

/// The level of the target that the main figure is about.
fn goal(forecast: &Forecast) -> Option<f64> {
    let main = &forecast.main;
    let same = |(metric, scope, period): (_, &String, &String)| {
        metric == main.metric && *scope == main.scope && *period == main.period
    };
    forecast.targets.iter().find(|t| same((t.metric, &t.scope, &t.period))).map(|t| t.at_least)
}
