//! `revcast history`: which series there are, how the forecast of a figure moved, and how forecasts held.

mod actual;
mod asked;
mod sheet;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;
use serde::Serialize;

pub(super) use actual::{GivenActual, actual};

use super::args::Showing;
use super::disk;
use super::exit::Failure;
use super::progress::stoppable;
use super::results::{self, Results};
use super::{print, terminal_width};
use crate::analysis::{Head, Headed, SeriesNow, Trend};
use crate::export::{self, PastBands};
use crate::history::{History, HistoryError, Remembered};
use crate::{charts, report};

/// The history of runs whose folders lie beside it.
pub(super) use super::results::HISTORY as DEFAULT;

/// What `revcast history` is given.
#[derive(Debug, Args)]
pub(super) struct Past {
    /// The series: the name of a scenario file without its ending, or the file [default: list all series]
    series: Option<String>,
    /// The history
    #[arg(long, value_name = "FILE", default_value = DEFAULT)]
    history: PathBuf,
    /// Of this metric, such as bookings or arr [default: that of the newest run's main figure]
    #[arg(long, value_name = "METRIC")]
    metric: Option<String>,
    /// Of this period, such as 2027, 2027-Q1 or 2027-03 [default: that of the newest run's main figure]
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// Of this region (its key), of all that carry a tag (segment=enterprise), or of the total [default: that of the newest run's main figure]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// The folder for table and chart, and for nothing else [default: output/<series>-history]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Take out the runs made before this day (UTC), but for the newest of each series; show nothing
    #[arg(long, value_name = "DATE")]
    prune_before: Option<Date>,
    /// Write every band of every run to this new file, as one long table; show nothing
    #[arg(long, value_name = "FILE.csv", conflicts_with = "prune_before")]
    export: Option<PathBuf>,
    #[command(flatten)]
    showing: Showing,
}

/// What `--json` gives without a series.
#[derive(Debug, Serialize)]
struct All<'a> {
    series: &'a [SeriesNow],
}

pub(super) fn history(arguments: &Past) -> Result<ExitCode, Failure> {
    if let Some(before) = arguments.prune_before {
        return prune(arguments, before);
    }
    let history = reading(&arguments.history)?;
    let all = history.series()?;
    let series = arguments.series.as_ref().map(|name| asked::series(name, &all, &arguments.history)).transpose()?;
    if let Some(file) = &arguments.export {
        return export(arguments, &history, series, file);
    }
    match series {
        Some(series) => show(arguments, &history, series),
        None => list(arguments, &all),
    }
}

/// Opens a history to be read; one of an older program is brought up to date, where the disk allows it.
fn reading(path: &Path) -> Result<History, HistoryError> {
    match History::read(path) {
        Err(HistoryError::Older { .. }) => History::open(path),
        history => history,
    }
}

fn list(arguments: &Past, all: &[SeriesNow]) -> Result<ExitCode, Failure> {
    let showing = &arguments.showing;
    if showing.json {
        print(&export::document_json(&All { series: all })?)?;
    } else if !showing.quiet {
        let text = if all.is_empty() {
            format!("{} has no runs yet.\n", arguments.history.display())
        } else {
            report::all_series(all, terminal_width())
        };
        print(text.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn show(arguments: &Past, history: &History, series: &str) -> Result<ExitCode, Failure> {
    let showing = &arguments.showing;
    let Some(newest) = history.past(series, None)? else {
        return list(arguments, &[]);
    };
    let mut trend = trend(arguments, history, series, newest)?;
    let out = arguments.out.clone().unwrap_or_else(|| folder(series));
    disk::check(&out)?;
    let tables = vec![("history.csv".to_owned(), export::history_csv(&trend, showing.csv_style)?)];
    let charts = results::drawn(&charts::of_trend(&trend, showing.chart_size), &showing.workers())?;
    let mut results = Results::new("history.json", tables, charts);
    trend.head.manifest.files = results.names();
    results.json = export::document_json(&trend)?;
    results.write(&out, &stoppable())?;
    if showing.json {
        print(&results.json)?;
    } else if !showing.quiet {
        let mut text = report::trend(&trend, terminal_width());
        text.push_str(&results::listed(&trend.head.manifest.files, &out));
        print(text.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// All that is known of the figure that is asked about.
fn trend(arguments: &Past, history: &History, series: &str, newest: Remembered) -> Result<Headed<Trend>, Failure> {
    let key = asked::figure(arguments, history, series, &newest.past.figure)?;
    let horizon = newest.past.manifest.horizon(newest.start, newest.months);
    let figure = asked::echo(&key, &newest.past.manifest.scenario);
    let same = |metric, scope: &str| metric == key.metric && scope == key.scope;
    let mut known = Vec::new();
    for actual in history.actuals(series)?.into_iter().filter(|actual| same(actual.metric, &actual.scope)) {
        let before = history.forecast_before(series, &actual, &newest.currency, &horizon)?;
        known.push((actual, before));
    }
    let actual = known.iter().map(|(actual, _)| actual).find(|actual| actual.period == key.period).cloned();
    let found = Trend::new(series, figure, history.snapshots(series, &key)?, actual, &known);
    Ok(Headed { head: head(newest), found })
}

fn head(newest: Remembered) -> Head {
    let assumptions = newest.past.manifest.scenario.get("assumptions").and_then(|list| list.as_array());
    let assumptions = assumptions.into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned));
    Head {
        assumptions: assumptions.collect(),
        name: newest.name,
        currency: newest.currency,
        start: newest.start,
        months: newest.months,
        manifest: newest.past.manifest,
    }
}

/// `output/<series>-history`.
fn folder(series: &str) -> PathBuf {
    // A series is named after a file; what is no name of one comes from another program.
    let name: String = series.chars().map(|c| if matches!(c, '/' | '\\') { '_' } else { c }).collect();
    Path::new("output").join(format!("{name}-history"))
}

fn prune(arguments: &Past, before: Date) -> Result<ExitCode, Failure> {
    // Only an existing one is opened: to make an empty one is not to prune.
    let all = reading(&arguments.history)?.series()?;
    let series = arguments.series.as_ref().map(|name| asked::series(name, &all, &arguments.history)).transpose()?;
    let pruned = History::open(&arguments.history)?.prune(before, series)?;
    if !arguments.showing.quiet {
        let runs = |n: usize| if n == 1 { "1 run".to_owned() } else { format!("{n} runs") };
        let of = series.map_or_else(String::new, |series| format!(" of {series}"));
        let text = format!(
            "Took out {}{of} made before {before}; {} left, the newest of each series among them.\n",
            runs(pruned.runs),
            if pruned.left == 1 { "1 is".to_owned() } else { format!("{} are", pruned.left) }
        );
        print(text.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn export(arguments: &Past, history: &History, series: Option<&str>, file: &Path) -> Result<ExitCode, Failure> {
    let mut rows = 0_usize;
    disk::place_written(file, &mut |out| {
        rows = 0;
        let mut table = PastBands::begin(arguments.showing.csv_style, std::io::BufWriter::new(out))?;
        history.each_band(series, |band| {
            rows += 1;
            table.row(band).map_err(Failure::from)
        })?;
        let mut out = table.finish()?;
        std::io::Write::flush(&mut out).map_err(|error| export::ExportError::Io(error).into())
    })?;
    if !arguments.showing.quiet {
        print(format!("Wrote {rows} rows to {}.\n", file.display()).as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}
