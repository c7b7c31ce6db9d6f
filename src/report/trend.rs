//! How the forecast of a figure moved, and how forecasts held, on a terminal: under one screen.

use std::fmt::Write;

use super::terminal::{aligned, wrap};
use crate::analysis::{Accuracy, Backtest, SeriesNow, Trend, TrendPoint};
use crate::documents::Document;
use crate::stats::Estimate;
use crate::units::format::{capitalize, chance, when};
use crate::units::{Frequency, few_digits, plain};

/// So many rows at most: the first few runs, and the last ones.
const FIRST: usize = 3;
const LAST: usize = 15;

/// The trend for a terminal of `width` columns.
pub fn trend(trend: &Document<Trend>, width: usize) -> String {
    let width = width.clamp(60, 110);
    let mut out = String::new();
    line(&mut out, width, &head(trend));
    out.push('\n');
    table(trend, width, &mut out);
    remarks(trend, width, &mut out);
    accuracy(trend, width, &mut out);
    out
}

/// The series of a history, one a line.
pub fn all_series(all: &[SeriesNow], width: usize) -> String {
    let titles = ["series", "runs", "first (UTC)", "last (UTC)", "median", "of"];
    let row = |now: &SeriesNow| {
        let figure = &now.figure;
        let of = if figure.scope == "total" { String::new() } else { format!(" of {}", plain(&figure.scope)) };
        let median =
            now.p50.value.map_or_else(|| "unknown".to_owned(), |x| figure.metric.said(&now.currency, x, now.p50.error));
        vec![
            plain(&now.series),
            now.runs.to_string(),
            day(&now.first),
            day(&now.last),
            median,
            format!("{}{of}, {}", figure.metric.name(), plain(&figure.period)),
        ]
    };
    let rows: Vec<Vec<String>> =
        std::iter::once(titles.map(str::to_owned).to_vec()).chain(all.iter().map(row)).collect();
    aligned(&rows, width.clamp(60, 160))
}

fn line(out: &mut String, width: usize, text: &str) {
    let _ = writeln!(out, "{}", wrap(text, width, "  "));
}

fn day(when: &jiff::Timestamp) -> String {
    when.strftime("%Y-%m-%d").to_string()
}

fn said(trend: &Document<Trend>, value: f64, error: Option<f64>) -> String {
    trend.figure.metric.said(&trend.header.currency, value, error)
}

/// An amount that somebody gave.
fn exactly(trend: &Document<Trend>, value: f64) -> String {
    trend.figure.metric.exact(&trend.header.currency, value)
}

/// "+€120k", to the place that the medians beside it are told to: with common draws a change is known better than its error says.
fn signed(trend: &Document<Trend>, point: &TrendPoint) -> String {
    let Some(value) = point.change.value else { return String::new() };
    let text = said(trend, value, point.p50.error);
    let nothing = !text.contains(|c: char| ('1'..='9').contains(&c));
    match value {
        _ if nothing => text.trim_start_matches('−').to_owned(),
        value if value > 0.0 => format!("+{text}"),
        _ => text,
    }
}

fn head(trend: &Document<Trend>) -> String {
    let figure = &trend.figure;
    let place = if figure.scope == "total" { String::new() } else { format!(" of {}", plain(&figure.label)) };
    let runs = trend.points.len();
    let runs_made = match (trend.points.first(), trend.points.last()) {
        (Some(first), Some(last)) if runs > 1 => {
            format!("{runs} runs of {} from {} to {}", plain(&trend.series), day(&first.when), day(&last.when))
        }
        (Some(only), _) => format!("one run of {}, on {}", plain(&trend.series), day(&only.when)),
        _ => format!("no run of {}", plain(&trend.series)),
    };
    let what = when(&trend.header.horizon(), &figure.period, figure.metric.is_flow());
    format!("{}{place} {what}: {runs_made}.", capitalize(figure.metric.name()))
}

fn table(trend: &Document<Trend>, width: usize, out: &mut String) {
    let target = trend.points.iter().rev().find_map(|point| point.target.as_ref());
    let mut titles = vec!["time (UTC)".to_owned()];
    titles.extend(["P10", "P50", "P90", "change"].map(str::to_owned));
    titles.extend(target.map(|_| "target".to_owned()));
    let count = trend.points.len();
    let left_out = if count > FIRST + LAST + 1 { count - FIRST - LAST } else { 0 };
    let shown: Vec<&TrendPoint> =
        trend.points.iter().enumerate().filter(|(i, _)| *i < FIRST || *i >= FIRST + left_out).map(|(_, p)| p).collect();
    let rows = shown.iter().map(|point| row(trend, point, target.is_some()));
    let text = aligned(&std::iter::once(titles).chain(rows).collect::<Vec<_>>(), width);
    let mut lines = text.lines();
    let _ = writeln!(out, "{}", lines.next().unwrap_or_default());
    for (i, (line, point)) in lines.zip(shown).enumerate() {
        // The line stands where the runs would.
        if i == FIRST && left_out > 0 {
            let (from, to) = (&trend.points[FIRST], &trend.points[FIRST + left_out - 1]);
            let (from, to) = (day(&from.when), day(&to.when));
            let _ = writeln!(out, "  … {left_out} runs from {from} to {to}, which history.csv has");
        }
        let unlike = point.unlike.iter().map(|unlike| unlike.words()).collect::<Vec<_>>().join(", ");
        let _ = match unlike.as_str() {
            "" => writeln!(out, "{line}"),
            unlike if line.chars().count() + unlike.chars().count() + 4 <= width => {
                writeln!(out, "{line}  ({unlike})")
            }
            unlike => writeln!(out, "{line}\n      ({unlike})"),
        };
    }
}

/// Time, P10, P50, P90, change, the target with its chance.
fn row(trend: &Document<Trend>, point: &TrendPoint, targets: bool) -> Vec<String> {
    let say = |estimate: Estimate| estimate.value.map_or_else(|| "–".to_owned(), |x| said(trend, x, estimate.error));
    let mut cells = vec![point.when.strftime("%Y-%m-%d %H:%M").to_string()];
    cells.extend([point.p10, point.p50, point.p90].map(say));
    cells.push(signed(trend, point));
    if targets {
        cells.push(point.target.as_ref().map_or_else(String::new, |target| {
            let chance = target.chance.value.map(|p| format!(" in {}", chance(p)));
            format!("{}{}", exactly(trend, target.at_least), chance.unwrap_or_default())
        }));
    }
    cells
}

fn remarks(trend: &Document<Trend>, width: usize, out: &mut String) {
    if let Some(actual) = &trend.actual {
        let amount = exactly(trend, actual.amount);
        let note = actual.note.as_ref().map_or_else(String::new, |note| format!(" ({})", plain(note)));
        line(out, width, &format!("What happened: {amount}{note}, given on {}.", day(&actual.given)));
    }
    match trend.clock_went_back() {
        0 => {}
        times => {
            let times = if times == 1 { "Once".to_owned() } else { format!("{times} times") };
            let text =
                format!("{times} the clock went back: rows stand in the order in which the runs were written down.");
            line(out, width, &text);
        }
    }
    let changed = trend.points.windows(2).filter(|pair| pair[0].scenario_hash != pair[1].scenario_hash).count();
    if trend.points.len() > 1 {
        let text = match changed {
            0 => "The scenario's meaning was the same in all of them.".to_owned(),
            1 => "The scenario's meaning changed once.".to_owned(),
            n => format!("The scenario's meaning changed {n} times."),
        };
        line(out, width, &text);
    }
}

fn accuracy(trend: &Document<Trend>, width: usize, out: &mut String) {
    let figure = &trend.figure;
    let place = if figure.scope == "total" { String::new() } else { format!(" of {}", plain(&figure.label)) };
    if trend.accuracy.is_empty() {
        let text = format!(
            "Nothing is known yet of what happened: revcast actual {} --period {} --amount AMOUNT tells it.",
            plain(&trend.series),
            if figure.period.contains(' ') { format!("'{}'", plain(&figure.period)) } else { plain(&figure.period) }
        );
        line(out, width, &text);
        return;
    }
    let text = format!(
        "\nHow forecasts of {}{place} held, by the last run made before each period began:",
        figure.metric.name()
    );
    line(out, width, text.trim_start_matches('\n'));
    for accuracy in &trend.accuracy {
        line(out, width, &format!("  {}", of_kind(trend, accuracy)));
    }
}

/// "12 months: …".
fn of_kind(trend: &Document<Trend>, accuracy: &Accuracy) -> String {
    let n = accuracy.checked.len();
    let kind = kind(accuracy.every, n);
    let left = match accuracy.left_out.len() {
        0 => String::new(),
        1 => " 1 more was not forecast before it began, and is left out.".to_owned(),
        more => format!(" {more} more were not forecast before they began, and are left out."),
    };
    let (Some(bias), Some(absolute), Some((low, high))) =
        (accuracy.mean_error.value, accuracy.mean_absolute_error.value, accuracy.acceptance)
    else {
        return format!("No {kind} that was forecast before it began.{left}");
    };
    if let [only] = accuracy.checked.as_slice() {
        return of_one(trend, kind, only) + &left;
    }
    let direction = match bias {
        b if b > 0.0 => format!("{} too high", said(trend, bias, accuracy.mean_error.error)),
        b if b < 0.0 => format!("{} too low", said(trend, -bias, accuracy.mean_error.error)),
        _ => "neither too high nor too low".to_owned(),
    };
    let share = accuracy.share_of_actuals.map_or_else(String::new, |share| {
        format!(" ({} % of what happened)", few_digits((1000.0 * share).round() / 10.0))
    });
    let size = said(trend, absolute, accuracy.mean_absolute_error.error);
    let outside = if (low..=high).contains(&accuracy.inside) {
        ""
    } else if accuracy.inside < low {
        " That is fewer: the bands are too narrow, or the forecasts too high or too low."
    } else {
        " That is more: the bands are too wide."
    };
    let shows = shows(accuracy, n, low);
    format!(
        "{n} {kind}: medians were {direction} on average, and {size} off{share}. {} of {n} lay from P10 to P90; of independent {kind} {low} to \
         {high} would in 95 % of cases.{outside}{shows}{left}",
        accuracy.inside
    )
}

/// "1 year: the median was €359.2k too high (9.6 % of what happened), …".
fn of_one(trend: &Document<Trend>, kind: &str, only: &Backtest) -> String {
    let (error, actual) = (only.p50 - only.actual, only.actual);
    let share = if actual == 0.0 {
        String::new()
    } else {
        format!(" ({} % of what happened)", few_digits((1000.0 * (error / actual).abs()).round() / 10.0))
    };
    let off = match error {
        e if e > 0.0 => format!("{} too high{share}", said(trend, e, None)),
        e if e < 0.0 => format!("{} too low{share}", said(trend, -e, None)),
        _ => "exactly that".to_owned(),
    };
    let inside = if (only.p10..=only.p90).contains(&actual) { "lay" } else { "did not lie" };
    let run = day(&only.when);
    format!(
        "1 {kind}, as the run of {run} had it: the median was {off}; what happened {inside} from P10 to P90. One period shows next to nothing."
    )
}

/// What the count can show.
fn shows(accuracy: &Accuracy, n: usize, low: usize) -> String {
    let mut text = String::new();
    if 2 * low < n {
        text.push_str(" So few show hardly anything.");
    }
    if accuracy.overlapping {
        text.push_str(" Some share months, so that they are fewer facts than that.");
    } else {
        text.push_str(" Periods that share a market and inputs miss together, which makes them fewer facts than that.");
    }
    text
}

fn kind(every: Frequency, n: usize) -> &'static str {
    match (every, n == 1) {
        (Frequency::Month, true) => "month",
        (Frequency::Month, _) => "months",
        (Frequency::Quarter | Frequency::FiscalQuarter, true) => "quarter",
        (Frequency::Quarter | Frequency::FiscalQuarter, _) => "quarters",
        (Frequency::Year | Frequency::FiscalYear, true) => "year",
        (Frequency::Year | Frequency::FiscalYear, _) => "years",
        (Frequency::Total | Frequency::Cumulative | Frequency::Span, true) => "longer period",
        (Frequency::Total | Frequency::Cumulative | Frequency::Span, _) => "longer periods",
    }
}
