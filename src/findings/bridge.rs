//! A bridge: what each change brings to the mean, the median and the chance of a target.

use std::iter::once;

use super::finding::Finding;
use super::sentences::percent_given;
use super::table::{Cell, Table};
use crate::analysis::{Bridge, Change, ChangedField, Comparison, Difference, Orders, Shown, Span};
use crate::documents::Document;
use crate::scenario::{Metric, MetricUnit, Unit};
use crate::stats::Estimate;
use crate::units::format::{count, shorten};
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
    let moves = moving(comparison, &difference.bridge);
    let (rows, all) = (moves.len() + 2, difference.bridge.changes.len());
    let kept: Vec<usize> = ends_and_steps([0, all + 1], moves.iter().map(|step| step + 1));
    let mut table = bridge_table(comparison, difference).pick(&kept);
    if moves.len() < all {
        let rest = count(all - moves.len(), if moves.is_empty() { "change" } else { "other change" });
        table.left_out = Some((rows - 1, format!("{rest}: no effect on any of these")));
    }
    found.table(table);
}

/// The changes that bring something to what is shown of a bridge, as it is rounded.
fn moving(comparison: &Document<Comparison>, bridge: &Bridge) -> Vec<usize> {
    let metric = Some(comparison.figure.metric);
    let spans = [(Some(&bridge.mean), metric), (Some(&bridge.p50), metric), (bridge.chance.as_ref(), None)];
    let shown: Vec<Vec<f64>> =
        spans.into_iter().filter_map(|(span, metric)| Some(span?.shown(metric)?.steps)).collect();
    (0..bridge.changes.len()).filter(|step| shown.is_empty() || shown.iter().any(|steps| steps[*step] != 0.0)).collect()
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

/// What a step of these bridges is; nothing where nothing changed.
pub(super) fn steps_said<'a>(bridges: impl Iterator<Item = &'a Bridge>) -> Option<String> {
    let bridges: Vec<&Bridge> = bridges.filter(|bridge| !bridge.changes.is_empty()).collect();
    let most = bridges.iter().filter_map(|bridge| if let Orders::Some(n) = bridge.orders { Some(n) } else { None });
    let over = match most.max() {
        None => "all orders".to_owned(),
        Some(orders) => format!("as many as {orders} orders, taken at random, of those"),
    };
    let running = bridges.iter().any(|bridge| bridge.changes.iter().any(|change| change.is_of_running()));
    let first = if running {
        "What passed and what became of open deals comes first, cause after cause. Else a step"
    } else {
        "A step"
    };
    (!bridges.is_empty()).then(|| {
        format!(
            "{first} is what the change brings on average over {over} in which the changes can be made; the steps add up."
        )
    })
}

/// The largest standard errors of some differences and steps; `None` where none is known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Errors {
    pub(super) mean: Option<f64>,
    pub(super) median: Option<f64>,
    pub(super) chance: Option<f64>,
}

impl Errors {
    /// Those of a bridge's steps.
    pub(super) fn of(bridge: &Bridge) -> Errors {
        let largest = |span: &Span| span.steps.iter().filter_map(|step| step.error).reduce(f64::max);
        Errors {
            mean: largest(&bridge.mean),
            median: largest(&bridge.p50),
            chance: bridge.chance.as_ref().and_then(largest),
        }
    }

    /// The larger of each.
    pub(super) fn and(self, other: Errors) -> Errors {
        let larger = |a: Option<f64>, b: Option<f64>| a.into_iter().chain(b).reduce(f64::max);
        Errors {
            mean: larger(self.mean, other.mean),
            median: larger(self.median, other.median),
            chance: larger(self.chance, other.chance),
        }
    }

    /// " Simulation error: at most €16.6k of a mean’s difference or step, …"; nothing where none is above 0.
    pub(super) fn said(self, metric: Metric, currency: &Currency) -> String {
        let above = |error: Option<f64>| error.filter(|error| *error > 0.0);
        let mean =
            above(self.mean).map(|x| format!("{} of a mean's difference or step", error_said(metric, currency, x)));
        let median = above(self.median).map(|x| format!("{} of a median's step", error_said(metric, currency, x)));
        let chance = above(self.chance).map(|x| format!("{} points of a chance's", currency.number(100.0 * x)));
        let all: Vec<String> = mean.into_iter().chain(median).chain(chance).collect();
        if all.is_empty() { String::new() } else { format!(" Simulation error: at most {}.", all.join(", ")) }
    }
}

/// A standard error of a metric.
pub(super) fn error_said(metric: Metric, currency: &Currency, error: f64) -> String {
    match metric.unit() {
        MetricUnit::Money => currency.short(error),
        MetricUnit::Ratio => Unit::Share.said(currency, error),
        MetricUnit::Count | MetricUnit::Months => currency.number(error),
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
