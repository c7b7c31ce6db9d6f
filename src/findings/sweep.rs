//! What a figure comes to in every combination of some values.

use serde_json::Value;

use super::finding::Finding;
use super::sentences::place_of;
use super::table::{Cell, Table};
use crate::analysis::{AxisHow, AxisInfo, Sweep, SweepRow};
use crate::documents::Document;
use crate::forecast::Bands;
use crate::scenario::Unit;
use crate::stats::Estimate;
use crate::units::format::{capitalize, exact, from_start, futures, shorten, when};
use crate::units::{Currency, plain, thousands};

/// A label in the head of a column is no longer, in characters.
const LONGEST_LABEL: usize = 30;
/// Combinations that are listed; of more, those with the lowest and the highest medians are.
const LISTED: usize = 30;

/// A matrix has no more rows, and no more columns.
const LARGEST: [usize; 2] = [20, 12];

/// Of two fields a matrix; else all combinations where they are few, else those with the lowest and the highest medians.
pub fn sweep(sweep: &Document<Sweep>) -> Finding {
    let mut found = Finding::default();
    let (head, figure, count) = (&sweep.header, &sweep.figure, sweep.rows.len());
    found.say(format!(
        "{}: {} combination{} on the same {} {}",
        plain(&head.name),
        thousands(count as f64),
        if count == 1 { "" } else { "s" },
        futures(head.manifest.trials, head.currency.locale()),
        from_start(&head.horizon())
    ));
    found.gap();
    let place = place_of(figure);
    let behind = sweep.rows.first().and_then(|row| row.targets.first());
    let behind = behind.map_or_else(String::new, |target| format!(", and the chance of {}", plain(&target.name)));
    found.say(format!(
        "{}{place} {}{behind}:",
        capitalize(figure.metric.name()),
        when(&head.horizon(), &figure.period, figure.metric.is_of_period())
    ));
    if let Some(matrices) = matrices(sweep) {
        let [down, across] = [0, 1].map(|i| plain(&sweep.axes[i].label));
        found.say(format!("(down: {down}; across: {across})"));
        for (what, matrix) in matrices {
            found.gap();
            found.say(what);
            found.table(matrix);
        }
        found.gap();
        found.say("P10, P90 and standard errors of each are in sweep.csv.");
        found.assume(head);
        return found;
    }
    let mut shown: Vec<usize> = (0..count).collect();
    if count > LISTED {
        let median = |i: &usize| sweep.rows[*i].bands.p50.value.unwrap_or(0.0);
        shown.sort_by(|a, b| median(a).total_cmp(&median(b)));
        shown.drain(LISTED / 2..count - LISTED / 2);
        found.say(format!(
            "The {} with the lowest medians and the {} with the highest; all are in sweep.csv.",
            LISTED / 2,
            LISTED / 2
        ));
    }
    found.gap();
    found.table(sweep_table(sweep).pick(&shown));
    found.assume(head);
    found
}

/// The medians of a grid of two fields, and the chances of its first target: a row for each value of the first field, a column for each of
/// the second; `None` of another grid, of a part of one, and of one too large to be looked over.
fn matrices(sweep: &Document<Sweep>) -> Option<Vec<(String, Table)>> {
    let [down, across] = sweep.axes.as_slice() else { return None };
    let [rows, columns] = [down, across].map(|axis| axis.values.len());
    let fits = (2..=LARGEST[0]).contains(&rows) && (2..=LARGEST[1]).contains(&columns);
    if !fits || sweep.rows.len() != rows * columns {
        return None;
    }
    let (metric, currency) = (sweep.figure.metric, &sweep.header.currency);
    let matrix = |said: &dyn Fn(&SweepRow) -> String| {
        let mut table = Table { is_whole: true, ..Table::default() };
        table.read("", down.values.iter().map(|value| axis_cell(currency, value, down)));
        for (j, value) in across.values.iter().enumerate() {
            // The last field is the one that moves fastest.
            let cells = (0..rows).map(|i| Cell::text(said(&sweep.rows[i * columns + j])));
            table.read(axis_cell(currency, value, across).text, cells);
        }
        table
    };
    let median = |row: &SweepRow| {
        let found = row.bands.p50;
        found.value.map_or_else(String::new, |x| metric.said(currency, x, found.error))
    };
    let mut found = vec![("Median:".to_owned(), matrix(&median))];
    if let Some(target) = sweep.rows.first().and_then(|row| row.targets.first()) {
        let chance = |row: &SweepRow| row.targets.first().map_or_else(String::new, |found| found.probability.chance());
        found.push((format!("Chance of {}:", plain(&target.name)), matrix(&chance)));
    }
    Some(found)
}

/// Every combination: a column for each axis (its path, with `*` behind it where the values are factors), then the figure's mean and
/// percentiles and the change of its mean from the scenario as it stands, each with its standard error, then the chance of each target
/// with its own. A reader sees the percentiles and the first target.
pub fn sweep_table(sweep: &Document<Sweep>) -> Table {
    let (rows, metric, currency) = (&sweep.rows, sweep.figure.metric, &sweep.header.currency);
    let mut table = Table::default();
    for (i, axis) in sweep.axes.iter().enumerate() {
        let factor = if axis.how == AxisHow::Factor { "*" } else { "" };
        let cells = rows
            .iter()
            .map(|row| row.values.get(i).map_or_else(Cell::default, |value| axis_cell(currency, value, axis)));
        table.column(&format!("{}{factor}", axis.path), shorten(&plain(&axis.label), LONGEST_LABEL), cells);
    }
    let said = |found: Estimate| found.value.map_or_else(String::new, |x| metric.said(currency, x, found.error));
    let mut of = |key, head, estimate: fn(&Bands<Estimate>) -> Estimate| {
        table.estimates([(key, head)], rows.iter().map(|row| [estimate(&row.bands)]), said);
    };
    of("mean", None, |bands| bands.mean);
    of("p10", Some("P10"), |bands| bands.p10);
    of("p50", Some("P50"), |bands| bands.p50);
    of("p90", Some("P90"), |bands| bands.p90);
    table.estimates([("mean_change", None)], rows.iter().map(|row| [row.mean_change]), said);
    for (i, target) in rows.iter().take(1).flat_map(|row| &row.targets).enumerate() {
        let found = || rows.iter().map(|row| row.targets.get(i).map_or(Estimate::UNKNOWN, |target| target.probability));
        let key = format!("chance of {}", target.name);
        match i {
            0 => table.column(
                &key,
                plain(&target.name),
                found().map(|chances| Cell::number(chances.value, |_| chances.chance())),
            ),
            _ => table.numbers(&key, found().map(|chances| chances.value)),
        }
        table.numbers(&format!("se of {}", target.name), found().map(|chances| chances.error));
    }
    table
}

/// What an axis gives: "0.9×", "27 %", as it was typed otherwise.
fn axis_cell(currency: &Currency, value: &Value, axis: &AxisInfo) -> Cell {
    let Some(x) = value.as_f64() else {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        return Cell::text(&text).read_as(plain(&text));
    };
    let number = |shift| currency.locale().write(&exact(x, shift));
    Cell::number(Some(x), |_| match axis.how {
        AxisHow::Factor => number(0) + "×",
        AxisHow::Value if matches!(Unit::of(&axis.path), Unit::Share | Unit::Rate) => number(2) + " %",
        AxisHow::Value => number(0),
    })
}
