//! A bridge as a table: what each change brings to the mean, the median and the chance of a target.

use std::fmt::Write;

use super::interpretation::percent;
use super::terminal::wrap;
use crate::analysis::{Bridge, ChangedField, Comparison, Difference, Orders, Span};
use crate::documents::Document;
use crate::scenario::{Metric, MetricUnit, Unit};
use crate::units::{Currency, few_digits, plain, thousands};

/// A column: its heading, the ends and the steps between them as they are shown, which add up.
pub(super) struct Column {
    heading: String,
    pub(super) ends: [String; 2],
    pub(super) steps: Vec<String>,
}

/// The table of one difference, `from` being what the first scenario is called.
pub(super) fn bridge(
    comparison: &Document<Comparison>,
    difference: &Difference,
    from: &str,
    width: usize,
    out: &mut String,
) {
    let bridge = &difference.bridge;
    let to = plain(&difference.label);
    if bridge.changes.is_empty() {
        let text = format!("Nothing that could move it differs between {from} and {to}.");
        let _ = writeln!(out, "\n{}", wrap(&text, width, "  "));
        return;
    }
    let (metric, currency) = (comparison.figure.metric, &comparison.header.currency);
    let mut columns =
        vec![amounts("mean", &bridge.mean, metric, currency), amounts("median", &bridge.p50, metric, currency)];
    if let (Some(span), Some(target)) = (&bridge.chance, &comparison.target) {
        columns.push(chances(&plain(target), span));
    }
    let columns: Vec<Column> = columns.into_iter().flatten().collect();
    let text = format!("From {from} to {to}, change by change:");
    let _ = writeln!(out, "\n{}", wrap(&text, width, "  "));
    let changes = bridge.changes.iter();
    let steps: Vec<String> =
        changes.map(|change| format!("{}{}", plain(&change.label), how(&change.fields, currency))).collect();
    table([from, &to], &steps, &columns, width, out);
    let _ = writeln!(out, "{}", wrap(&remark(bridge, metric, currency), width, "  "));
}

/// A row for where it begins, one for each step, one for where it ends.
pub(super) fn table(ends: [&str; 2], steps: &[String], columns: &[Column], width: usize, out: &mut String) {
    let widths: Vec<usize> = columns.iter().map(Column::width).collect();
    let room = width.saturating_sub(2 + widths.iter().map(|wide| wide + 2).sum::<usize>()).max(20);
    let mut row = |label: &str, cell: &dyn Fn(&Column) -> String| {
        let label = wrap(label, room, "  ");
        for (i, line) in label.lines().enumerate() {
            let mut text = format!("  {line:<room$}");
            if i == 0 {
                for (column, wide) in columns.iter().zip(&widths) {
                    let _ = write!(text, "  {:>wide$}", cell(column));
                }
            }
            let _ = writeln!(out, "{}", text.trim_end());
        }
    };
    row(" ", &|column| column.heading.clone());
    row(ends[0], &|column| column.ends[0].clone());
    for (i, step) in steps.iter().enumerate() {
        row(step, &|column| column.steps[i].clone());
    }
    row(ends[1], &|column| column.ends[1].clone());
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
        errors.push(format!("{} points of a chance's", few_digits(100.0 * error)));
    }
    let errors =
        if errors.is_empty() { String::new() } else { format!(" Simulation error: at most {}.", errors.join(", ")) };
    format!(
        "  (A step is what the change brings on average over {over} in which the changes can be made; the steps add up.{errors})"
    )
}

/// A standard error of a metric.
pub(super) fn error_said(metric: Metric, currency: &Currency, error: f64) -> String {
    match metric.unit() {
        MetricUnit::Money => currency.short(error),
        MetricUnit::Ratio => percent(error),
        MetricUnit::Count => few_digits(error),
    }
}

impl Column {
    #[cfg(feature = "page")]
    pub(super) fn heading(&self) -> &str {
        &self.heading
    }

    fn width(&self) -> usize {
        let cells = self.ends.iter().chain(&self.steps).chain([&self.heading]);
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    }
}

pub(super) fn amounts(heading: &str, span: &Span, metric: Metric, currency: &Currency) -> Option<Column> {
    let shown = span.shown(Some(metric))?;
    let said = |x: f64| metric.to_place(currency, x, shown.place);
    Some(Column {
        heading: heading.to_owned(),
        ends: shown.ends.map(said),
        steps: shown.steps.iter().map(|x| signed(*x, said(*x))).collect(),
    })
}

/// The bridge of a target's chance, in futures of 100.
pub(super) fn chances(target: &str, span: &Span) -> Option<Column> {
    let shown = span.shown(None)?;
    let said = |x: f64| thousands(100.0 * x);
    Some(Column {
        heading: format!("{target} (in 100)"),
        ends: shown.ends.map(said),
        steps: shown.steps.iter().map(|x| signed(*x, said(*x))).collect(),
    })
}

fn signed(x: f64, said: String) -> String {
    if x > 0.0 { format!("+{said}") } else { said }
}

/// ", 25 % → 20 %", ", 20 % down", or nothing where no number tells it.
pub(super) fn how(fields: &[ChangedField], currency: &Currency) -> String {
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
        format!(", {} {}", percent((100.0 * ratios[0].abs()).round() / 100.0), if most < 0.0 { "down" } else { "up" })
    } else {
        String::new()
    }
}

fn same_kind(fields: &[ChangedField]) -> bool {
    let kind = |field: &ChangedField| field.path.splitn(3, '.').nth(2).map(str::to_owned);
    fields.windows(2).all(|pair| kind(&pair[0]) == kind(&pair[1]))
}
