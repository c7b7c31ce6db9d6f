//! What heads the page: what is assumed, then the range in one sentence.

use maud::{Markup, html};

use super::drivers::luck;
use super::text::{name, text};
use crate::findings::{band_record, first_gap, split};
use crate::forecast::{Forecast, Range};
use crate::report::sentences;
use crate::units::format::{capitalize, futures, months_from};

/// Positions on the strip of the range, which is this wide and high.
const WIDE: f64 = 600.0;
const HIGH: f64 = 28.0;

/// The scenario's name and what was simulated.
pub(super) fn header(forecast: &Forecast) -> Markup {
    let trials = futures(forecast.manifest.trials, forecast.currency.locale());
    html! {
        header {
            h1 { (name(&forecast.name)) }
            p.quiet { "Forecast of " (months_from(&forecast.horizon())) "; " (trials) " simulated" }
            @if let Some(origin) = forecast.origin() { p.quiet { (text(&origin)) } }
        }
    }
}

/// Who made the page, and from what.
pub(super) fn footer(forecast: &Forecast) -> Markup {
    let manifest = &forecast.manifest;
    html! {
        footer {
            p.quiet {
                "Made by revcast " (manifest.version) " from " code { "forecast.json" } ", seed " (manifest.seed) ". P10 is the value that \
                 10\u{A0}% of outcomes fall below, P90 the one that 90\u{A0}% fall below."
            }
        }
    }
}

/// The assumptions, and the answer under them.
pub(super) fn headline(forecast: &Forecast) -> Markup {
    html! {
        section.assumptions aria-labelledby="assumptions" {
            h2 #assumptions { "What this assumes" }
            ul { @for assumption in sentences::assumptions(forecast) { li { (text(&assumption)) } } }
        }
        section.answer aria-labelledby="answer" {
            h2 #answer { (text(&sentences::main_figure(forecast))) }
            (range(forecast))
            @if let Some(gap) = first_gap(forecast) { p { (text(&gap)) } }
        }
    }
}

fn range(forecast: &Forecast) -> Markup {
    let spread = match forecast.range() {
        None => return html! { p.lead { "Unknown: nothing is invested by then." } },
        Some(Range::Same(same)) => return html! { p.lead { strong { (text(&capitalize(&same))) } "." } },
        Some(Range::Wide(spread)) => spread,
    };
    let [low, middle, high] = &spread.values;
    html! {
        p.lead { (strong_values(&capitalize(&format!("{}; {}.", spread.median, spread.between)), &spread.values)) }
        dl.range {
            div { dt { (text(&spread.at_least[0].1)) } dd { (low) } }
            div.middle { dt { "median" } dd { (middle) } }
            div { dt { (text(&spread.above_high)) } dd { (high) } }
        }
        (strip(forecast))
        p { (why(forecast)) }
    }
}

/// A sentence in which the values stand out, each where it is first named.
fn strong_values(sentence: &str, values: &[String; 3]) -> Markup {
    let [low, middle, high] = values;
    let range = format!("{low} to {high}");
    let mut rest = sentence;
    let mut parts = Vec::new();
    for value in [middle, &range] {
        if let Some((before, after)) = rest.split_once(value.as_str()) {
            parts.push((before, value));
            rest = after;
        }
    }
    html! { @for (before, value) in parts { (text(before)) strong { (text(value)) } } (text(rest)) }
}

/// The range as a picture: 9 futures in 10, 8 in 10, the median, the target.
fn strip(forecast: &Forecast) -> Markup {
    let bands = &forecast.main.bands;
    let (Some(p5), Some(p10), Some(p50), Some(p90), Some(p95)) =
        (bands.p5.value, bands.p10.value, bands.p50.value, bands.p90.value, bands.p95.value)
    else {
        return html! {};
    };
    let goal = goal(forecast);
    let (low, high) = goal.map_or((p5, p95), |goal| (p5.min(goal), p95.max(goal)));
    let room = 0.04 * (high - low);
    let (low, high) = (low - room, high + room);
    if !(high - low).is_finite() || high <= low {
        return html! {};
    }
    let x = |value: f64| ((value - low) / (high - low) * WIDE * 10.0).round() / 10.0;
    let bar = |from: f64, to: f64, class: &str, inset: f64| {
        html! { rect class=(class) x=(x(from)) y=(inset) width=(((x(to) - x(from)) * 10.0).round() / 10.0) height=(HIGH - 2.0 * inset) {} }
    };
    let tick = |at: f64, class: &str| html! { line class=(class) x1=(x(at)) x2=(x(at)) y1="0" y2=(HIGH) {} };
    let said = |value: f64| forecast.said(forecast.main.metric, value, None);
    html! {
        svg.strip viewBox={ "0 0 " (WIDE) " " (HIGH) } preserveAspectRatio="none" role="img"
            aria-label={ "From " (said(p10)) " to " (said(p90)) " in 8 futures of 10"
                @if let Some(goal) = goal { "; the target is " (sentences::level(forecast, forecast.main.metric, goal)) } } {
            (bar(p5, p95, "band9", 8.0))
            (bar(p10, p90, "band8", 4.0))
            (tick(p50, "median"))
            @if let Some(goal) = goal { (tick(goal, "target")) }
        }
        p.quiet.legend aria-hidden="true" {
            span { i.band8 {} "8 futures in 10" }
            span { i.band9 {} "9 in 10" }
            span { i.median {} "median" }
            @if let Some(goal) = goal { span { i.target {} "target: " (sentences::level(forecast, forecast.main.metric, goal)) } }
        }
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

/// Why the range is as wide as it is.
fn why(forecast: &Forecast) -> String {
    let main = &forecast.main;
    let mut said = match forecast.header.has_ranges() {
        false => {
            let luck = luck(forecast);
            format!(
                "Every input is a fixed number, so the range shows {luck} alone: it is narrower than what you know."
            )
        }
        true => split(forecast).map_or_else(String::new, |split| {
            format!("Why it is this wide: of its variance, {split}. Simulating more would not narrow it.")
        }),
    };
    band_record(&forecast.header).into_iter().for_each(|record| said.push_str(&format!(" {record}")));
    if main.bands.p50.error.is_none() {
        said.push_str(" Too few futures were simulated to say how sure these figures are.");
        return text(said.trim());
    }
    if let (Some(plan), Some(percentile)) = (main.plan, main.plan_percentile) {
        said.push_str(&format!(
            " The plan line (average inputs, no luck) is {}; the outcome is that or less in {}.",
            forecast.said(main.metric, plan, main.bands.p50.error),
            forecast.share(percentile).chance()
        ));
    }
    text(said.trim())
}
