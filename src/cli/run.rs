//! `revcast run`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use super::args::Run;
use super::exit::{Failure, RULE_BROKEN};
use super::folder::{self, Folder};
use super::progress::{shown, stoppable};
use super::require::Rule;
use super::{print, progress};
use crate::engine::{self, Monitor, Part, Pass, Workers};
use crate::forecast::{Forecast, forecast};
use crate::model::{Model, resolve};
use crate::outcomes::Outcomes;
use crate::scenario::{Scenario, Setting, load};
use crate::{charts, export, report};

/// Outcomes beyond this are refused before they fill the machine.
const MOST_BYTES: f64 = 4.0 * 1024.0 * 1024.0 * 1024.0;
/// A run that will take longer than this warns first.
const LONG: f64 = 60.0;
/// No scenario file is as large; reading one would only fill memory.
const MOST_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// The workbook's name in the run's folder.
const WORKBOOK: &str = "forecast.xlsx";

pub(super) fn run(arguments: &Run) -> Result<ExitCode, Failure> {
    let mut clock = Clock::start();
    let scenario = load(&arguments.scenario, &settings(arguments)?, &open)?;
    let rules =
        arguments.require.iter().map(|rule| Rule::parse(rule, &scenario)).collect::<Result<Vec<Rule>, Failure>>()?;
    let trials_file = trials_file(arguments)?;
    let model = resolve(&scenario)?;
    let out = arguments.out.clone().unwrap_or_else(|| default_folder(&arguments.scenario));
    folder::check(&out)?;
    let workers = Workers::new(arguments.threads.map(usize::from));
    check_size(&model)?;
    warn_if_long(&model, &workers, arguments.quiet);
    clock.lap("scenario");

    let monitor = stoppable();
    let (mut forecast, outcomes) =
        shown(&monitor, model.trials, arguments.quiet, || simulate(&scenario, &model, &workers, &monitor, &mut clock))?;
    let sketches = charts::sketch(&forecast)?;
    let charts = workers.map(sketches.len(), |i| sketches[i].draw()).into_iter().collect::<Result<Vec<_>, _>>()?;
    clock.lap("charts");

    let mut files = vec!["forecast.json".to_owned(), "bands.csv".to_owned()];
    files.extend(arguments.xlsx.then(|| WORKBOOK.to_owned()));
    files.extend(trials_file.iter().cloned());
    for chart in &charts {
        files.extend([format!("charts/{}.svg", chart.name), format!("charts/{}.png", chart.name)]);
    }
    forecast.manifest.files = files;
    let json = export::forecast_json(&forecast)?;
    let folder = Folder::begin(&out)?;
    folder.put("forecast.json", &json)?;
    folder.put("bands.csv", &export::bands_csv(&forecast, arguments.csv_style)?)?;
    if arguments.xlsx {
        folder.put(WORKBOOK, &export::workbook(&forecast)?)?;
    }
    for chart in &charts {
        folder.put(&format!("charts/{}.svg", chart.name), chart.svg.as_bytes())?;
        folder.put(&format!("charts/{}.png", chart.name), &chart.png)?;
    }
    if let Some(name) = &trials_file {
        folder.write(name, |out| Ok(export::write_trials(&model, &outcomes, arguments.csv_style, out)?))?;
    }
    if monitor.stopped() {
        return Err(Failure::Stopped);
    }
    folder.finish()?;
    clock.lap("files");

    if arguments.json {
        print(&json)?;
    } else if !arguments.quiet {
        print(answer(arguments, &forecast, &out, charts.len()).as_bytes())?;
    }
    if arguments.verbose {
        progress::note(&clock.report());
    }
    let broken: Vec<String> = rules.iter().filter_map(|rule| rule.broken(&forecast)).collect();
    for rule in &broken {
        progress::note(rule);
    }
    Ok(if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(RULE_BROKEN) })
}

fn simulate(
    scenario: &Scenario,
    model: &Model,
    workers: &Workers,
    monitor: &Monitor,
    clock: &mut Clock,
) -> Result<(Forecast, Outcomes), Failure> {
    let outcomes = engine::play(model, Pass::Run, Part::whole(model), workers, monitor)
        .map_err(|e| Failure::of_run(e, scenario))?;
    clock.lap("trials");
    let forecast = forecast(scenario, model, &outcomes, workers, monitor).map_err(|e| Failure::of_run(e, scenario))?;
    clock.lap("summaries");
    Ok((forecast, outcomes))
}

fn answer(arguments: &Run, forecast: &Forecast, out: &Path, charts: usize) -> String {
    let width = terminal_width();
    let mut text = report::summary(forecast, width);
    if arguments.verbose {
        text.push('\n');
        text.push_str(&report::details(forecast, width));
    }
    let workbook = if arguments.xlsx { format!(", {WORKBOOK}") } else { String::new() };
    text.push_str(&format!(
        "\nFiles: {} (forecast.json, bands.csv{workbook}, {charts} charts in charts/)\n",
        out.display()
    ));
    text
}

/// Columns of the terminal; 100 where there is none.
fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0))
}

fn settings(arguments: &Run) -> Result<Vec<Setting>, Failure> {
    let mut settings = Vec::new();
    for set in &arguments.set {
        let Some((path, value)) = set.split_once('=') else {
            return Err(Failure::Option {
                option: format!("--set {set}"),
                found: "no =".to_owned(),
                allowed: "PATH=VALUE".to_owned(),
                hint: "for example --set regions.europe.conversion.mean=0.27".to_owned(),
            });
        };
        settings.push(Setting {
            option: format!("--set {set}"),
            path: path.trim().to_owned(),
            value: value.trim().to_owned(),
        });
    }
    for (name, value) in [("trials", &arguments.trials), ("seed", &arguments.seed)] {
        if let Some(value) = value {
            settings.push(Setting {
                option: format!("--{name} {value}"),
                path: format!("simulation.{name}"),
                value: value.clone(),
            });
        }
    }
    Ok(settings)
}

fn trials_file(arguments: &Run) -> Result<Option<String>, Failure> {
    let Some(name) = &arguments.trials_file else {
        return Ok(None);
    };
    let plain =
        Path::new(name).components().count() == 1 && Path::new(name).file_name().is_some() && !name.starts_with('.');
    if plain && name.ends_with(".csv") && name != "bands.csv" {
        return Ok(Some(name.clone()));
    }
    Err(Failure::Option {
        option: format!("--trials-file {name}"),
        found: "a name that is not a .csv file of its own in the run's folder".to_owned(),
        allowed: "a plain file name such as trials.csv".to_owned(),
        hint: "it is written into the run's folder, which --out chooses".to_owned(),
    })
}

/// `output/<stem of the scenario file>`.
fn default_folder(scenario: &Path) -> PathBuf {
    Path::new("output").join(scenario.file_stem().unwrap_or_default())
}

fn open(path: &Path) -> std::io::Result<Vec<u8>> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(std::io::Error::other("it is no file"));
    }
    if metadata.len() > MOST_FILE_BYTES {
        return Err(std::io::Error::other(format!("it has {} MB; no scenario is that large", metadata.len() >> 20)));
    }
    std::fs::read(path)
}

fn check_size(model: &Model) -> Result<(), Failure> {
    let bytes = engine::bytes(model);
    if bytes <= MOST_BYTES {
        return Ok(());
    }
    let most = (model.trials as f64 * MOST_BYTES / bytes) as u64;
    Err(Failure::Option {
        option: "the size of the run".to_owned(),
        found: format!(
            "{} trials of {} regions over {} months, which need {:.1} GiB of memory",
            model.trials,
            model.regions.len(),
            model.horizon.months,
            bytes / MOST_BYTES * 4.0
        ),
        allowed: "at most 4 GiB".to_owned(),
        hint: if most > 0 {
            format!("--trials {most} would fit; so would fewer months or regions")
        } else {
            "fewer months or regions".to_owned()
        },
    })
}

fn warn_if_long(model: &Model, workers: &Workers, quiet: bool) {
    let seconds = engine::seconds(model) / workers.threads() as f64;
    if seconds > LONG && !quiet {
        progress::note(&format!(
            "warning: this run will take about {} minutes; --trials {} would take about one",
            (seconds / 60.0).ceil(),
            ((model.trials as f64 * LONG / seconds) as u64).max(1)
        ));
    }
}

/// Time by part.
#[derive(Debug)]
struct Clock {
    last: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Clock {
    fn start() -> Clock {
        Clock { last: Instant::now(), laps: Vec::new() }
    }

    fn lap(&mut self, part: &'static str) {
        let now = Instant::now();
        self.laps.push((part, now - self.last));
        self.last = now;
    }

    fn report(&self) -> String {
        let parts: Vec<String> =
            self.laps.iter().map(|(part, time)| format!("{part} {:.3} s", time.as_secs_f64())).collect();
        format!("time: {}", parts.join(", "))
    }
}
