//! What `revcast history` does: it lists series, shows one, prunes, or exports.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;
use serde::Serialize;

use super::lookup::{self, FigureKeyArgs};
use crate::analysis::{Actual, SeriesNow, Trend};
use crate::cli::disk;
use crate::cli::exit::Failure;
use crate::cli::options::OutputOptions;
use crate::cli::output_folder::{Analysis, HISTORY, Views, publish};
use crate::cli::terminal::{print, terminal_width};
use crate::documents::{Document, Header};
use crate::export::{self, PastBands};
use crate::history::{FigureKey, History, RecordedRun};
use crate::model::resolve;
use crate::units::plain_json;
use crate::{charts, findings, report};

/// The arguments of `revcast history`.
#[derive(Debug, Args)]
pub(in crate::cli) struct HistoryArgs {
    /// The series: the name of a scenario file without its ending, or the file [default: list all series]
    series: Option<String>,
    /// The history
    #[arg(long, value_name = "FILE", default_value = HISTORY)]
    history: PathBuf,
    #[command(flatten)]
    figure: FigureKeyArgs,
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
    output: OutputOptions,
}

/// What `--json` prints without a series: all of them.
#[derive(Debug, Serialize)]
struct All<'a> {
    series: &'a [SeriesNow],
}

pub(in crate::cli) fn run(arguments: &HistoryArgs) -> Result<ExitCode, Failure> {
    if let Some(before) = arguments.prune_before {
        return prune(arguments, before);
    }
    let history = History::read_upgraded(&arguments.history)?;
    let all = history.series()?;
    let series = arguments.series.as_ref().map(|name| lookup::series(name, &all, &arguments.history)).transpose()?;
    if let Some(file) = &arguments.export {
        return export(arguments, &history, series, file);
    }
    match series {
        Some(series) => show(arguments, &history, series),
        None => list(arguments, &all),
    }
}

fn list(arguments: &HistoryArgs, all: &[SeriesNow]) -> Result<ExitCode, Failure> {
    let output = &arguments.output;
    if output.format.json {
        let json = serde_json::to_string(&All { series: all }).map_err(export::ExportError::from)?;
        print(format!("{}\n", plain_json(json)).as_bytes())?;
    } else if !output.quiet {
        let text = if all.is_empty() {
            format!("{} has no runs yet.\n", arguments.history.display())
        } else {
            report::rows(&findings::all_series(all), terminal_width().clamp(60, 160))
        };
        print(text.as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn show(arguments: &HistoryArgs, history: &History, series: &str) -> Result<ExitCode, Failure> {
    let output = &arguments.output;
    let Some(newest) = history.past(series, None)? else {
        return list(arguments, &[]);
    };
    let trend = trend(arguments, history, series, newest)?;
    let out = arguments.out.clone().unwrap_or_else(|| folder(series));
    disk::check(&out)?;
    let views = Views {
        tables: |trend| vec![("history.csv", vec![findings::history_table(trend)])],
        page: None,
        charts: |trend, size| charts::of_trend(trend, size),
        finding: findings::trend,
    };
    publish(&Analysis::new(trend, views), &out, output, &output.execution())
}

/// All that is known of the figure that is asked about.
fn trend(
    arguments: &HistoryArgs,
    history: &History,
    series: &str,
    newest: RecordedRun,
) -> Result<Document<Trend>, Failure> {
    let key = lookup::figure(&arguments.figure, history, series, &newest.past.figure, &newest.past.manifest.scenario)?;
    let horizon = newest.horizon;
    let figure = lookup::echo(&key, &newest.past.manifest.scenario);
    let same = |metric, scope: &str| metric == key.metric && scope == key.scope;
    let mut known = Vec::new();
    let mut actuals = history.actuals(series)?;
    actuals.extend(of_newest(&newest, history.figures(series)?, &actuals));
    for actual in actuals.into_iter().filter(|actual| same(actual.metric, &actual.scope)) {
        let before = history.forecast_before(series, &actual, &newest.currency, &horizon)?;
        known.push((actual, before));
    }
    let actual = known.iter().map(|(actual, _)| actual).find(|actual| actual.period == key.period).cloned();
    let found = Trend::new(series, figure, history.snapshots(series, &key)?, actual, &known);
    Ok(Document::new(head(newest), found))
}

/// What the actuals of the newest run's scenario say of figures that were forecast and that nothing else is known of.
fn of_newest(newest: &RecordedRun, figures: Vec<FigureKey>, known: &[Actual]) -> Vec<Actual> {
    let model = newest.past.manifest.scenario().and_then(|scenario| resolve(&scenario));
    let Ok(model) = model else { return Vec::new() };
    let is_known = |key: &FigureKey| {
        known
            .iter()
            .any(|actual| (actual.metric, &actual.scope, &actual.period) == (key.metric, &key.scope, &key.period))
    };
    let actual = |key: FigureKey| {
        let amount = model.known_amount(key.metric, &key.scope, &key.period)?;
        let FigureKey { metric, scope, period, .. } = key;
        Some(Actual { metric, scope, period, amount, given: newest.at, note: None })
    };
    figures.into_iter().filter(|key| !is_known(key)).filter_map(actual).collect()
}

fn head(newest: RecordedRun) -> Header {
    let assumptions = newest.past.manifest.scenario.get("assumptions").and_then(|list| list.as_array());
    let assumptions = assumptions.into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned));
    Header {
        assumptions: assumptions.collect(),
        name: newest.name,
        currency: newest.currency,
        ..Header::bare(newest.past.manifest, newest.horizon)
    }
}

/// `output/<series>-history`.
fn folder(series: &str) -> PathBuf {
    // A series is named after a file; what is no name of one comes from another program.
    let name: String = series.chars().map(|c| if matches!(c, '/' | '\\') { '_' } else { c }).collect();
    Path::new("output").join(format!("{name}-history"))
}

fn prune(arguments: &HistoryArgs, before: Date) -> Result<ExitCode, Failure> {
    // Only an existing one is opened: to make an empty one is not to prune.
    let all = History::read_upgraded(&arguments.history)?.series()?;
    let series = arguments.series.as_ref().map(|name| lookup::series(name, &all, &arguments.history)).transpose()?;
    let pruned = History::open(&arguments.history)?.prune(before, series)?;
    if !arguments.output.quiet {
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

fn export(arguments: &HistoryArgs, history: &History, series: Option<&str>, file: &Path) -> Result<ExitCode, Failure> {
    let mut rows = 0_usize;
    disk::place_written(file, &mut |out| {
        rows = 0;
        let mut table = PastBands::begin(arguments.output.format.csv_style, std::io::BufWriter::new(out))?;
        history.each_band(series, |band| {
            rows += 1;
            table.row(band).map_err(Failure::from)
        })?;
        let mut out = table.finish()?;
        std::io::Write::flush(&mut out).map_err(|error| export::ExportError::Io(error).into())
    })?;
    if !arguments.output.quiet {
        print(format!("Wrote {rows} rows to {}.\n", file.display()).as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}
