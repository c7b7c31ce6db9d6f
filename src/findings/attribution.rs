//! What moved since an earlier run, in sentences and as a table.

use super::bridge::{amounts, chance_head, chances, ends_and_steps, how};
use super::finding::Finding;
use super::sentences::place;
use super::table::{Cell, Table, Value};
use crate::analysis::{Attribution, ChangedField, Reason, ReasonKind, Span, TargetChange};
use crate::forecast::Forecast;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::format::{capitalize, plain, shorten, when};

/// Targets of which a sentence is said.
const TARGETS: usize = 2;

/// What moved: sentences, then every step of the range and of the first targets' chances.
pub fn attribution(forecast: &Forecast, moved: &Attribution) -> Finding {
    let mut found = Finding::default();
    found.gap();
    found.say(attribution_sentences(forecast, moved).join(" "));
    if !moved.reasons.is_empty() {
        found.table(attribution_table(forecast, moved, TARGETS));
        found.say(remark(forecast, moved));
    }
    found
}

/// A row for the earlier run, one for each step ("Europe: win rate, 25 % → 20 %"), one for this run; of the range and of the chances of
/// the first `targets` targets as far as they are known.
pub fn attribution_table(forecast: &Forecast, moved: &Attribution, targets: usize) -> Table {
    let (metric, currency) = (forecast.main.metric, &forecast.currency);
    let before = moved.since.day().map_or_else(|| "the earlier run".to_owned(), |day| format!("run of {day}"));
    let step = |reason: &Reason| format!("{}{}", plain(&reason.label), how(&reason.fields, currency));
    let mut table = Table::default();
    let names = ends_and_steps([before, "this run".to_owned()], moved.reasons.iter().map(step));
    table.read("Step", names.into_iter().map(Cell::text));
    let mut column = |head: String, span: &Span, texts: Option<Vec<String>>| {
        let Some(texts) = texts else { return };
        let values = ends_and_steps([span.from, span.to], span.steps.iter().copied());
        let steps = span.steps.iter().zip(&moved.reasons);
        let noise = steps.map(|(step, reason)| reason.kind == ReasonKind::Noise || !step.is_clear());
        let cells = values.into_iter().zip(texts).zip(ends_and_steps([false, false], noise));
        table.read(
            head,
            cells.map(|((estimate, text), is_noise)| Cell { value: Value::Number(estimate.value), text, is_noise }),
        );
    };
    if let Some(spans) = &moved.spans {
        for (head, span) in [("P10", &spans.p10), ("median", &spans.p50), ("P90", &spans.p90)] {
            column(head.to_owned(), span, amounts(span, metric, currency));
        }
    }
    let of_targets = moved.targets.iter().filter_map(|target| Some((&target.name, target.chance.as_ref()?)));
    for (name, span) in of_targets.take(targets) {
        column(chance_head(name), span, chances(span));
    }
    table
}

/// How the steps are to be read, and how sure the simulation is of them.
fn remark(forecast: &Forecast, moved: &Attribution) -> String {
    let largest = |span: &Span| span.steps.iter().filter_map(|step| step.error).reduce(f64::max);
    let error = moved.spans.as_ref().and_then(|spans| largest(&spans.p50));
    let error = error.filter(|error| *error > 0.0).map_or_else(String::new, |error| {
        format!(
            " Simulation error of a step of the median: at most {}.",
            super::bridge::error_said(forecast.main.metric, &forecast.currency, error)
        )
    });
    format!("  (Steps add up; {}.{error})", steps_said(moved))
}

/// How the steps were found.
pub fn steps_said(moved: &Attribution) -> String {
    let inputs = "each input’s is its mean over the orders in which they can change, on the same draws";
    if moved.reasons.iter().any(|reason| matches!(reason.kind, ReasonKind::Time | ReasonKind::Deals)) {
        return format!("what passed and what became of open deals comes first, cause after cause; {inputs}");
    }
    inputs.to_owned()
}

/// Of a business that is running: what was booked of the months that ended against what was expected, and what is known of deals that closed.
fn what_happened(forecast: &Forecast, moved: &Attribution) -> Vec<String> {
    let mut said = Vec::new();
    let horizon = forecast.horizon();
    let Some(time) = moved.reasons.iter().find(|reason| reason.kind == ReasonKind::Time) else { return said };
    match time.fields.iter().find(|field| field.path == "actuals") {
        Some(field) => {
            let metric = field.to.as_ref().and_then(|metric| serde_json::from_value::<Metric>(metric.clone()).ok());
            if let (Some(metric), Some(expected), Some(booked)) = (metric, field.mean_from, field.mean_to) {
                let amount = |x: f64| forecast.said(metric, x, None);
                let (name, place) = (capitalize(metric.name()), place(forecast, &moved.figure.scope));
                said.push(format!(
                    "{name}{place} {} came to {}; the earlier run expected {}.",
                    when(&horizon, &field.label, true),
                    amount(booked),
                    amount(expected),
                ));
            }
        }
        None if is_later(time) => said.push(
            "No month has ended since then, so what was booked cannot be held against what was expected.".to_owned(),
        ),
        None => {}
    }
    let closed = |reason: &&Reason| {
        reason.kind == ReasonKind::Deals && reason.fields.first().is_some_and(|field| field.to.is_none())
    };
    if let Some(closed) = moved.reasons.iter().find(closed) {
        said.push(format!(
            "{}{}. The list of open deals does not tell which were won: what was is part of what was booked.",
            capitalize(&plain(&closed.label)),
            how(&closed.fields, &forecast.currency),
        ));
    }
    said
}

/// What the executive reads: the figure and what moved it most, the range where that changed, the first targets.
pub fn attribution_sentences(forecast: &Forecast, moved: &Attribution) -> Vec<String> {
    let since = since(moved);
    if !moved.is_anything() {
        return vec![format!("{since}, nothing has changed: the same inputs, the same program, the same draws.")];
    }
    let mut said = Vec::new();
    match &moved.spans {
        None => said.push(format!("{since}, the main figure has become another, so it is not compared.")),
        Some(spans) => {
            said.extend(figure(forecast, moved, &spans.p50).map(|text| format!("{since}, {text}")));
            said.extend(range(forecast, &spans.width));
        }
    }
    if said.is_empty() {
        said.push(format!("{since}, how far the main figure moved is not known."));
    }
    said.extend(moved.targets.iter().take(TARGETS).filter_map(|target| of_target(moved, target)));
    said.extend(what_happened(forecast, moved));
    said
}

/// The first of them, for where there is room for one.
pub fn headline(forecast: &Forecast, moved: &Attribution) -> String {
    let still = moved.spans.as_ref().is_some_and(|spans| !is_clear(&spans.p50));
    let target = moved.targets.iter().find(|target| target.chance.as_ref().is_some_and(is_clear));
    let said = target.filter(|_| still).and_then(|target| of_target(moved, target));
    match said {
        // A figure that stays says less than a chance that moves.
        Some(said) => format!("{}: {}{}", since(moved), said[..1].to_lowercase(), &said[1..]),
        None => attribution_sentences(forecast, moved).swap_remove(0),
    }
}

fn since(moved: &Attribution) -> String {
    match moved.since.day() {
        Some(day) => format!("Since the run of {day}"),
        None => "Since the earlier run".to_owned(),
    }
}

/// "the median of total bookings in 2027 rose by €120k to €17.68M; “Europe: win rate” did most of it (+€150k)."
fn figure(forecast: &Forecast, moved: &Attribution, span: &Span) -> Option<String> {
    let (metric, currency) = (forecast.main.metric, &forecast.currency);
    let shown = span.shown(Some(metric))?;
    let said = |x: f64| metric.to_place(currency, x, shown.place);
    let change = shown.ends[1] - shown.ends[0];
    let main = &forecast.main;
    let (place, when) = (place(forecast, &main.scope), when(&forecast.horizon(), &main.period, metric.is_of_period()));
    let head = format!("the median of {}{place} {when}", metric.name());
    if change == 0.0 && span.change() == Some(0.0) {
        return Some(format!("{head} is as it was, {}.", said(shown.ends[1])));
    }
    if !is_clear(span) || change == 0.0 {
        let noise = if !is_clear(span) && moved.reasons.iter().any(|reason| reason.kind == ReasonKind::Noise) {
            " That is no more than Monte Carlo noise."
        } else {
            ""
        };
        return Some(format!("{head} has hardly moved: {}, was {}.{noise}", said(shown.ends[1]), said(shown.ends[0])));
    }
    let verb = if change > 0.0 { "rose" } else { "fell" };
    // One reason alone needs no error to be told from others.
    let single = moved.reasons.len() == 1;
    let steps = span.steps.iter().zip(&moved.reasons).zip(&shown.steps);
    let most = steps.filter(|((step, _), _)| single || step.is_clear());
    let most = most.max_by(|(_, a), (_, b)| a.abs().total_cmp(&b.abs()));
    let why = most.map_or_else(String::new, |((_, reason), step)| {
        let sign = if *step > 0.0 { "+" } else { "" };
        let moved = format!("{sign}{}", said(*step));
        let alone = shown.steps.iter().filter(|step| **step != 0.0).count() == 1;
        match (reason.kind, alone) {
            (ReasonKind::Noise, _) => format!("; other draws did most of that, which is Monte Carlo noise ({moved})"),
            (ReasonKind::Unexplained, _) => format!("; why is {}", plain(&reason.label)),
            (_, true) => format!("; “{}” did it", name(&reason.label)),
            (_, false) => format!("; “{}” did most ({moved})", name(&reason.label)),
        }
    });
    Some(format!("{head} {verb} by {} to {}{why}.", said(change.abs()), said(shown.ends[1])))
}

/// "8 chances in 10 now span €9.1M, were €8.06M."
fn range(forecast: &Forecast, span: &Span) -> Option<String> {
    let metric = forecast.main.metric;
    let shown = span.shown(Some(metric)).filter(|shown| is_clear(span) && shown.ends[0] != shown.ends[1])?;
    let [from, to] = shown.ends.map(|x| metric.to_place(&forecast.currency, x, shown.place));
    let how = if shown.ends[1] > shown.ends[0] { "widened" } else { "narrowed" };
    Some(format!("The range of 8 chances in 10 {how} from {from} to {to}."))
}

/// "The chance of “Year 1” rose from 47 in 100 to 50 in 100."
fn of_target(moved: &Attribution, target: &TargetChange) -> Option<String> {
    let title = name(&target.name);
    let Some(span) = &target.chance else {
        return Some(format!("“{title}” is a new target, or another than it was."));
    };
    let asks = moved.reasons.iter().zip(&span.steps).find(|(reason, _)| reason.kind == ReasonKind::Target);
    let otherwise = asks.is_some_and(|(_, step)| step.value.is_some_and(|step| step != 0.0));
    let why = if otherwise { "; it asks for something else than it did" } else { "" };
    let said = |end: Estimate| end.value.map(|_| end.chance());
    let (from, to) = (said(span.from)?, said(span.to)?);
    Some(match span.change()? {
        _ if from == to => format!("The chance of “{title}” is still {to}."),
        _ if !is_clear(span) => {
            format!("The chance of “{title}” is {to}, was {from}: that is within the simulation's error.")
        }
        change if change > 0.0 => format!("The chance of “{title}” rose from {from} to {to}{why}."),
        _ => format!("The chance of “{title}” fell from {from} to {to}{why}."),
    })
}

/// Whether the as-of day of this run is a later one.
fn is_later(time: &Reason) -> bool {
    // Days are written so that they sort as text.
    let days = |field: &ChangedField| {
        let day = |value: &Option<serde_json::Value>| Some(value.as_ref()?.as_str()?.to_owned());
        Some((day(&field.from)?, day(&field.to)?))
    };
    let field = time.fields.iter().find(|field| field.path == "as_of");
    field.and_then(days).is_some_and(|(from, to)| from < to)
}

/// Whether the whole way is more than the noise of its steps, or of its ends where that of a step is unknown.
fn is_clear(span: &Span) -> bool {
    let squares = |estimates: &[Estimate]| {
        estimates.iter().map(|estimate| estimate.error.map(|error| error * error)).sum::<Option<f64>>()
    };
    let errors = squares(&span.steps).or_else(|| squares(&[span.from, span.to]));
    match (span.change(), errors) {
        (Some(change), Some(errors)) => change != 0.0 && change.abs() > 3.0 * libm::sqrt(errors),
        (Some(change), None) => change != 0.0,
        _ => false,
    }
}

/// A name in a sentence, cut where it is too long to be one.
fn name(of: &str) -> String {
    const LONGEST: usize = 60;
    shorten(&plain(of), LONGEST)
}
