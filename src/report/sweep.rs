//! A sweep on a terminal.

use std::fmt::Write;

use serde_json::Value;

use super::terminal::{aligned, assumption_lines, wrap};
use crate::analysis::{AxisHow, Sweep, SweepRow};
use crate::documents::Document;
use crate::scenario::Unit;
use crate::stats::Estimate;
use crate::units::format::{capitalize, chance, exact, from_start, futures, shorten, when};
use crate::units::{plain, thousands};

/// A label in the head of a column is no longer, in characters.
const LONGEST_LABEL: usize = 30;
/// Combinations that are listed; of more, those with the lowest and the highest medians are.
const LISTED: usize = 30;

/// The table for a terminal of `width` columns: all combinations where they are few, else both ends.
pub fn sweep(sweep: &Document<Sweep>, width: usize) -> String {
    let width = width.clamp(60, 110);
    let mut out = String::new();
    let mut line = |text: &str| {
        let _ = writeln!(out, "{}", wrap(text, width, "  "));
    };
    let head = &sweep.header;
    let count = sweep.rows.len();
    line(&format!(
        "{}: {} combination{} on the same {} {}",
        plain(&head.name),
        thousands(count as f64),
        if count == 1 { "" } else { "s" },
        futures(head.manifest.trials, head.currency.locale()),
        from_start(&head.horizon())
    ));
    assumption_lines(head).iter().for_each(|text| line(text));
    line("");
    let place =
        if sweep.figure.scope == "total" { String::new() } else { format!(" of {}", plain(&sweep.figure.label)) };
    let behind = sweep.rows.first().and_then(|row| row.targets.first());
    let behind = behind.map_or_else(String::new, |target| format!(", and the chance of {}", plain(&target.name)));
    line(&format!(
        "{}{place} {}{behind}:",
        capitalize(sweep.figure.metric.name()),
        when(&head.horizon(), &sweep.figure.period, sweep.figure.metric.is_flow())
    ));
    let mut rows: Vec<&SweepRow> = sweep.rows.iter().collect();
    if count > LISTED {
        rows.sort_by(|a, b| a.bands.p50.value.unwrap_or(0.0).total_cmp(&b.bands.p50.value.unwrap_or(0.0)));
        line(&format!(
            "The {} with the lowest medians and the {} with the highest; all are in sweep.csv.",
            LISTED / 2,
            LISTED / 2
        ));
        rows.drain(LISTED / 2..count - LISTED / 2);
    }
    line("");
    let mut table = vec![heads(sweep)];
    table.extend(rows.into_iter().map(|row| cells(sweep, row)));
    out.push_str(&aligned(&table, width));
    out
}

fn heads(sweep: &Document<Sweep>) -> Vec<String> {
    let axes = sweep.axes.iter().map(|axis| cut(&plain(&axis.label)));
    let target = sweep.rows.first().and_then(|row| row.targets.first()).map(|target| plain(&target.name));
    axes.chain(["P10", "P50", "P90"].map(str::to_owned)).chain(target).collect()
}

fn cells(sweep: &Document<Sweep>, row: &SweepRow) -> Vec<String> {
    let currency = &sweep.header.currency;
    let amount = |found: Estimate| {
        found.value.map_or_else(String::new, |value| sweep.figure.metric.said(currency, value, found.error))
    };
    let values = row.values.iter().zip(&sweep.axes).map(|(value, axis)| told(value, &axis.path, axis.how));
    let target = row.targets.first().map(|target| chance(target.probability.known()));
    values.chain([row.bands.p10, row.bands.p50, row.bands.p90].map(amount)).chain(target).collect()
}

/// As much of a label as leaves room for what comes of it.
fn cut(label: &str) -> String {
    shorten(label, LONGEST_LABEL)
}

/// What an axis gives: "0.9×", "27 %", as it was typed otherwise.
fn told(value: &Value, path: &str, how: AxisHow) -> String {
    match (value.as_f64(), how) {
        (Some(x), AxisHow::Factor) => format!("{}×", exact(x, 0)),
        (Some(x), AxisHow::Value) if matches!(Unit::of(path), Unit::Share | Unit::Rate) => {
            format!("{} %", exact(x, 2))
        }
        (Some(x), AxisHow::Value) => exact(x, 0),
        (None, _) => plain(&value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
    }
}
