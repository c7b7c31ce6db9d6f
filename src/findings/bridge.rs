//! A bridge: what each change brings to the mean, the median and the chance of a target.

use std::iter::once;

use super::finding::Finding;
use super::sentences::percent_given;
use super::table::{Cell, Table};
use crate::analysis::{Bridge, Change, ChangedField, Comparison, Difference, Orders, Shown, Span};
use crate::documents::Document;
use crate::scenario::{Metric, MetricUnit, Unit};
use crate::stats::Estimate;
use crate::units::format::shorten;
use crate::units::{Currency, plain, thousands};

/// Adds the bridge of one difference, `from` being what the first scenario is called.
pub(super) fn bridge(comparison: &Document<Comparison>, difference: &Difference, from: &str, found: &mut Finding) {
    let to = plain(&difference.label);
    found.gap();
    if difference.bridge.changes.is_empty() {
        found.say(format!("Nothing that could move it differs between {from} and {to}."));
        return;
    }
    found.say(format!("From {from} to {to}, change by change:"));
    found.table(bridge_table(comparison, difference));
    found.say(remark(&difference.bridge, comparison.figure.metric, &comparison.header.currency));
}

/// A bridge: a row for the first scenario, one for each change (each of its fields has the path, what it was and what it is), one for
/// the other scenario, with mean, median and the chance of the target, and their standard errors. The rows before the last one add up to
/// it: in a file in every digit, for a reader as they are rounded.
pub fn bridge_table(comparison: &Document<Comparison>, difference: &Difference) -> Table {
    let Difference { label, bridge, .. } = difference;
    let (metric, currency) = (comparison.figure.metric, &comparison.header.currency);
    let base = comparison.sides.first().map_or("", |side| side.label.as_str());
    let changes = &bridge.changes;
    let rows = ends_and_steps(["start", "end"].map(str::to_owned), changes.iter().map(|_| "change".to_owned()));
    let mut table = Table::default();
    table.words("scenario", rows.iter().map(|_| label));
    table.words("row", rows);
    let read = |change: &Change| format!("{}{}", plain(&change.label), how(&change.fields, currency));
    let names = changes.iter().map(|change| Cell::text(&change.label).read_as(read(change)));
    let ends = [base, label].map(|end| Cell::text(end).read_as(plain(end)));
    table.column("label", "", ends_and_steps(ends, names));
    let written = |value: &Option<serde_json::Value>| value.as_ref().map_or_else(String::new, ToString::to_string);
    let mut fields = |key: &str, of: &dyn Fn(&ChangedField) -> String| {
        let joined = |change: &Change| change.fields.iter().map(of).collect::<Vec<_>>().join("; ");
        table.words(key, ends_and_steps([String::new(), String::new()], changes.iter().map(joined)));
    };
    fields("fields", &|field| field.path.clone());
    fields("from", &|field| written(&field.from));
    fields("to", &|field| written(&field.to));
    let spans = [Some(&bridge.mean), Some(&bridge.p50), bridge.chance.as_ref()];
    let of = |row: &dyn Fn(&Span) -> Estimate| spans.map(|span| span.map_or(Estimate::UNKNOWN, row));
    let steps = (0..changes.len()).map(|i| of(&|span| span.steps[i]));
    let estimates = ends_and_steps([of(&|span| span.from), of(&|span| span.to)], steps);
    table.estimates(["mean", "p50", "chance"].map(|key| (key, None)), estimates, |_| String::new());
    for (key, head, span) in [("mean", "mean", &bridge.mean), ("p50", "median", &bridge.p50)] {
        amounts(span, metric, currency).into_iter().for_each(|texts| table.show(key, head, texts));
    }
    if let (Some(target), Some(texts)) = (&comparison.target, bridge.chance.as_ref().and_then(chances)) {
        table.show("chance", chance_head(target), texts);
    }
    table
}

/// A row for where a bridge begins, one for each step, one for where it ends.
pub(super) fn ends_and_steps<T>([from, to]: [T; 2], steps: impl IntoIterator<Item = T>) -> Vec<T> {
    once(from).chain(steps).chain(once(to)).collect()
}

/// What the figures of a bridge are, and how sure the simulation is of them.
fn remark(bridge: &Bridge, metric: Metric, currency: &Currency) -> String {
    let over = match bridge.orders {
        Orders::All => "all orders".to_owned(),
        Orders::Some(orders) => format!("{orders} orders, taken at random, of those"),
    };
    let largest = |span: &Span| span.steps.iter().filter_map(|step| step.error).reduce(f64::max);
    let mut errors = Vec::new();
    for (what, span) in [("a mean's step", Some(&bridge.mean)), ("a median's", Some(&bridge.p50))] {
        if let Some(error) = span.and_then(largest) {
            errors.push(format!("{} of {what}", error_said(metric, currency, error)));
        }
    }
    if let Some(error) = bridge.chance.as_ref().and_then(largest) {
        errors.push(format!("{} points of a chance's", currency.number(100.0 * error)));
    }
    let errors =
        if errors.is_empty() { String::new() } else { format!(" Simulation error: at most {}.", errors.join(", ")) };
    let first = if bridge.changes.iter().any(|change| change.is_of_running()) {
        "What passed and what became of open deals comes first, cause after cause. Else a step"
    } else {
        "A step"
    };
    format!(
        "  ({first} is what the change brings on average over {over} in which the changes can be made; the steps add up.{errors})"
    )
}

/// A standard error of a metric.
pub(super) fn error_said(metric: Metric, currency: &Currency, error: f64) -> String {
    match metric.unit() {
        MetricUnit::Money => currency.short(error),
        MetricUnit::Ratio => Unit::Share.said(currency, error),
        MetricUnit::Count => currency.number(error),
    }
}

/// The rows of a span of a metric, which add up as they are rounded; `None` where one is unknown.
pub(super) fn amounts(span: &Span, metric: Metric, currency: &Currency) -> Option<Vec<String>> {
    let shown = span.shown(Some(metric))?;
    Some(texts(&shown, |x| metric.to_place(currency, x, shown.place)))
}

/// The rows of a span of a chance, in futures of 100.
pub(super) fn chances(span: &Span) -> Option<Vec<String>> {
    Some(texts(&span.shown(None)?, |x| thousands(100.0 * x)))
}

/// The head of a column of chances.
pub(super) fn chance_head(target: &str) -> String {
    format!("{} (in 100)", plain(target))
}

fn texts(shown: &Shown, said: impl Fn(f64) -> String) -> Vec<String> {
    ends_and_steps(shown.ends.map(&said), shown.steps.iter().map(|x| signed(*x, said(*x))))
}

fn signed(x: f64, said: String) -> String {
    if x > 0.0 { format!("+{said}") } else { said }
}

/// ", 25 % → 20 %", ", 20 % down", the largest of several deals, or nothing where no number tells it.
pub(super) fn how(fields: &[ChangedField], currency: &Currency) -> String {
    let deals: Vec<String> = fields.iter().filter_map(|field| deal(field, currency)).collect();
    if let [first, others @ ..] = deals.as_slice() {
        let largest = if others.is_empty() { "" } else { "largest first, " };
        let shown = others.iter().take(NAMED - 1).fold(first.clone(), |all, next| format!("{all}; {next}"));
        return format!(": {largest}{shown}");
    }
    if let Some(day) = fields.iter().find(|field| field.path == "as_of") {
        let said = |day: &Option<serde_json::Value>| {
            day.as_ref().and_then(serde_json::Value::as_str).unwrap_or("the start").to_owned()
        };
        return format!(", {} → {}", said(&day.from), said(&day.to));
    }
    let means: Option<Vec<(f64, f64)>> = fields.iter().map(|field| Some((field.mean_from?, field.mean_to?))).collect();
    let (Some(means), Some(first)) = (means, fields.first()) else {
        return String::new();
    };
    let ends = [means[0].0, means[0].1];
    if means.iter().all(|(from, to)| from == to) {
        return ", its range".to_owned();
    }
    if means.iter().all(|(from, to)| [*from, *to] == ends) {
        let [from, to] = ends.map(|x| Unit::of(&first.path).said(currency, x));
        return format!(", {from} → {to}");
    }
    let ratios: Option<Vec<f64>> = means.iter().map(|(from, to)| (*from > 0.0).then(|| to / from - 1.0)).collect();
    let Some(ratios) = ratios else { return String::new() };
    let (least, most) = ratios.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(*x), b.max(*x)));
    if same_kind(fields) && most - least < 0.005 {
        format!(
            ", {} {}",
            percent_given((100.0 * ratios[0].abs()).round() / 100.0),
            if most < 0.0 { "down" } else { "up" }
        )
    } else {
        String::new()
    }
}

/// Deals that a row names.
const NAMED: usize = 3;

/// What changed of an open deal: "Acme €400k", "Acme €400k → €300k", "Acme 2027-06-30 → 2027-07-15"; `None` of what is no deal.
fn deal(field: &ChangedField, currency: &Currency) -> Option<String> {
    const LONGEST: usize = 24;
    let (_, part) = field.path.strip_prefix("pipeline[")?.rsplit_once(']')?;
    let name = shorten(&plain(&field.label), LONGEST);
    let unit = Unit::of(&field.path);
    let said = |value: &Option<serde_json::Value>| match value {
        Some(serde_json::Value::String(text)) => plain(text),
        Some(serde_json::Value::Number(x)) => x.as_f64().map_or_else(String::new, |x| unit.said(currency, x)),
        _ => "none".to_owned(),
    };
    Some(match part {
        "" => field
            .mean_from
            .or(field.mean_to)
            .map_or(name.clone(), |amount| format!("{name} {}", currency.about(amount, None))),
        _ => format!("{name} {} → {}", said(&field.from), said(&field.to)),
    })
}

fn same_kind(fields: &[ChangedField]) -> bool {
    let kind = |field: &ChangedField| field.path.splitn(3, '.').nth(2).map(str::to_owned);
    fields.windows(2).all(|pair| kind(&pair[0]) == kind(&pair[1]))
}
