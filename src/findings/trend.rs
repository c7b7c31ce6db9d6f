//! How the forecast of a figure moved, and how forecasts held: under one screen.

use super::finding::Finding;
use super::sentences::place_of;
use super::table::{Cell, Table};
use crate::analysis::{Accuracy, Backtest, SeriesNow, Trend, TrendPoint, TrendTarget};
use crate::documents::Document;
use crate::stats::Estimate;
use crate::units::format::{capitalize, when};
use crate::units::{Frequency, plain};

/// So many rows at most: the first few runs, and the last ones.
const FIRST: usize = 3;
const LAST: usize = 15;

/// How the forecast of a figure moved, run by run, and how forecasts held.
pub fn trend(trend: &Document<Trend>) -> Finding {
    let mut found = Finding::default();
    found.say(head(trend));
    found.gap();
    found.table(shown(trend));
    remarks(trend, &mut found);
    accuracy(trend, &mut found);
    found
}

/// The series of a history, one a row.
pub fn all_series(all: &[SeriesNow]) -> Table {
    let mut table = Table::default();
    let mut column = |head: &str, text: &dyn Fn(&SeriesNow) -> String| {
        table.read(head, all.iter().map(|now| Cell::text(text(now))));
    };
    column("series", &|now| plain(&now.series));
    column("runs", &|now| now.runs.to_string());
    column("first (UTC)", &|now| day(&now.first));
    column("last (UTC)", &|now| day(&now.last));
    column("median", &|now| {
        now.p50.value.map_or_else(|| "unknown".to_owned(), |x| now.figure.metric.said(&now.currency, x, now.p50.error))
    });
    column("of", &|SeriesNow { figure, .. }| {
        let of = if figure.scope == "total" { String::new() } else { format!(" of {}", plain(&figure.scope)) };
        format!("{}{of}, {}", figure.metric.name(), plain(&figure.period))
    });
    table
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
    let place = place_of(figure);
    let runs = trend.points.len();
    let runs_made = match (trend.points.first(), trend.points.last()) {
        (Some(first), Some(last)) if runs > 1 => {
            format!("{runs} runs of {} from {} to {}", plain(&trend.series), day(&first.when), day(&last.when))
        }
        (Some(only), _) => format!("one run of {}, on {}", plain(&trend.series), day(&only.when)),
        _ => format!("no run of {}", plain(&trend.series)),
    };
    let what = when(&trend.header.horizon(), &figure.period, figure.metric.is_of_period());
    format!("{}{place} {what}: {runs_made}.", capitalize(figure.metric.name()))
}

/// The first few runs and the last ones, with what stands where others would.
fn shown(trend: &Document<Trend>) -> Table {
    let count = trend.points.len();
    let left_out = if count > FIRST + LAST + 1 { FIRST..count - LAST } else { 0..0 };
    let shown: Vec<usize> = (0..count).filter(|i| !left_out.contains(i)).collect();
    let mut table = history_table(trend).pick(&shown);
    if let (Some(from), Some(to)) = (trend.points.get(left_out.start), trend.points[left_out.clone()].last()) {
        let (from, to) = (day(&from.when), day(&to.when));
        let text = format!("… {} runs from {from} to {to}, which history.csv has", left_out.len());
        table.left_out = Some((FIRST, text));
    }
    table
}

/// A row a run, in the order of writing down: which run it is, the bands of the figure and how they changed, its target, what happened,
/// and in what it cannot be held against the run before. A reader sees time, percentiles, change and target.
pub fn history_table(trend: &Document<Trend>) -> Table {
    let (points, figure) = (&trend.points, &trend.figure);
    let mut table = Table::default();
    table.numbers("run", points.iter().map(|point| point.run as f64));
    let minute = |point: &TrendPoint| point.when.strftime("%Y-%m-%d %H:%M").to_string();
    let times = points.iter().map(|point| Cell::text(point.when.to_string()).read_as(minute(point)));
    table.column("at", "time (UTC)", times);
    table.words("night", points.iter().map(|point| point.night.as_deref().unwrap_or_default()));
    table.words("version", points.iter().map(|point| &point.version));
    // All digits of it: beyond 2^53 a number has not as many.
    table.words("seed", points.iter().map(|point| point.seed.to_string()));
    table.numbers("trials", points.iter().map(|point| point.trials as f64));
    table.words("scenario_hash", points.iter().map(|point| &point.scenario_hash));
    table.words("metric", points.iter().map(|_| figure.metric.key()));
    table.words("region", points.iter().map(|_| &figure.scope));
    table.words("period", points.iter().map(|_| &figure.period));
    let names =
        [("mean", None), ("p10", Some("P10")), ("p50", Some("P50")), ("p90", Some("P90")), ("change_p50", None)];
    let rows = points.iter().map(|point| [point.mean, point.p10, point.p50, point.p90, point.change]);
    table.estimates(names, rows, |found| found.value.map_or_else(|| "–".to_owned(), |x| said(trend, x, found.error)));
    table.show("change_p50", "change", points.iter().map(|point| signed(trend, point)));
    let targets = || points.iter().map(|point| point.target.as_ref());
    table.words("target", targets().map(|target| target.map_or("", |target| &target.name)));
    let level = |target: &TrendTarget| {
        let chance = target.chance.value.map(|_| format!(" in {}", target.chance.chance()));
        format!("{}{}", exactly(trend, target.at_least), chance.unwrap_or_default())
    };
    let levels = targets().map(|target| {
        target.map_or_else(Cell::default, |target| Cell::number(Some(target.at_least), |_| level(target)))
    });
    match targets().flatten().next() {
        Some(_) => table.column("at_least", "target", levels),
        None => table.filed("at_least", levels),
    }
    let chances = targets().map(|target| [target.map_or(Estimate::UNKNOWN, |target| target.chance)]);
    table.estimates([("probability", None)], chances, |_| String::new());
    table.numbers("actual", points.iter().map(|_| trend.actual.as_ref().map(|actual| actual.amount)));
    let unlike = |point: &TrendPoint, by| point.unlike.iter().map(|unlike| unlike.words()).collect::<Vec<_>>().join(by);
    table.words("unlike", points.iter().map(|point| unlike(point, "; ")));
    table.notes = points.iter().map(|point| unlike(point, ", ")).collect();
    table
}

fn remarks(trend: &Document<Trend>, found: &mut Finding) {
    if let Some(actual) = &trend.actual {
        let amount = exactly(trend, actual.amount);
        let note = actual.note.as_ref().map_or_else(String::new, |note| format!(" ({})", plain(note)));
        found.say(format!("What happened: {amount}{note}, given on {}.", day(&actual.given)));
    }
    match trend.clock_went_back() {
        0 => {}
        times => {
            let times = if times == 1 { "Once".to_owned() } else { format!("{times} times") };
            let text =
                format!("{times} the clock went back: rows stand in the order in which the runs were written down.");
            found.say(text);
        }
    }
    let changed = trend.points.windows(2).filter(|pair| pair[0].scenario_hash != pair[1].scenario_hash).count();
    if trend.points.len() > 1 {
        let text = match changed {
            0 => "The scenario's meaning was the same in all of them.".to_owned(),
            1 => "The scenario's meaning changed once.".to_owned(),
            n => format!("The scenario's meaning changed {n} times."),
        };
        found.say(text);
    }
}

fn accuracy(trend: &Document<Trend>, found: &mut Finding) {
    let figure = &trend.figure;
    let place = place_of(figure);
    if trend.accuracy.is_empty() {
        let text = format!(
            "Nothing is known yet of what happened: revcast actual {} --period {} --amount AMOUNT tells it.",
            plain(&trend.series),
            if figure.period.contains(' ') { format!("'{}'", plain(&figure.period)) } else { plain(&figure.period) }
        );
        found.say(text);
        return;
    }
    let text = format!(
        "How forecasts of {}{place} held, by the last run made before each period began:",
        figure.metric.name()
    );
    found.say(text);
    for accuracy in &trend.accuracy {
        found.say(format!("  {}", of_kind(trend, accuracy)));
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
        format!(" ({} % of what happened)", trend.header.currency.number((1000.0 * share).round() / 10.0))
    });
    let size = said(trend, absolute, accuracy.mean_absolute_error.error);
    let outside = if (low..=high).contains(&accuracy.inside) {
        ""
    } else if accuracy.inside < low {
        " That is fewer: the bands are too narrow, or the forecasts too high or too low."
    } else {
        " That is more: the bands are too wide."
    };
    let (shows, separate, inside) = (shows(accuracy, low), accuracy.separate, accuracy.inside);
    let held = if separate == 1 {
        let side = if inside == 1 { "lay" } else { "did not lie" };
        format!("All share months, so that only the first to end counts: it {side} from P10 to P90.")
    } else {
        let apart = if separate == n { "" } else { " that share no month" };
        format!(
            "{inside} of {separate}{apart} lay from P10 to P90; of independent {kind} {low} to {high} would in 95 % of cases.{outside}"
        )
    };
    format!("{n} {kind}: medians were {direction} on average, and {size} off{share}. {held}{shows}{left}")
}

/// "1 year: the median was €359.2k too high (9.6 % of what happened), …".
fn of_one(trend: &Document<Trend>, kind: &str, only: &Backtest) -> String {
    let (error, actual) = (only.p50 - only.actual, only.actual);
    let share = if actual == 0.0 {
        String::new()
    } else {
        format!(
            " ({} % of what happened)",
            trend.header.currency.number((1000.0 * (error / actual).abs()).round() / 10.0)
        )
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
fn shows(accuracy: &Accuracy, low: usize) -> String {
    if accuracy.separate == 1 {
        return " One period shows next to nothing.".to_owned();
    }
    let few = if 2 * low < accuracy.separate { " So few show hardly anything." } else { "" };
    format!("{few} Periods that share a market and inputs miss together, which makes them fewer facts than that.")
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
