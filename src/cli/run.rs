//! `revcast run`.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use super::args::Run;
use super::disk;
use super::exit::{Failure, RULE_BROKEN};
use super::progress::{shown, stoppable};
use super::rendered::{Telling, Workbook, rendered, told};
use super::require::Rule;
use super::results;
use super::source::bytes;
use super::{print, progress};
use crate::analysis::{Answer, Deepening};
use crate::engine::{self, Memory, Workers};
use crate::export;
use crate::forecast::{self, forecast};
use crate::model::{Budget, Model, resolve};
use crate::units::plain;

/// Runs that need more than this are refused before they fill the machine.
const MOST_BYTES: f64 = 4.0 * 1024.0 * 1024.0 * 1024.0;
/// A run that will take longer than this warns first.
const LONG: f64 = 60.0;

pub(super) fn run(arguments: &Run) -> Result<ExitCode, Failure> {
    let mut clock = Clock::start();
    let scenario = arguments.source.read(arguments.playing.settings())?;
    let rules =
        arguments.require.iter().map(|rule| Rule::parse(rule, &scenario)).collect::<Result<Vec<Rule>, Failure>>()?;
    let trials_file = trials_file(arguments)?;
    let model = resolve(&scenario)?;
    let budget =
        arguments.budget.as_deref().map(|file| read_budget(file, &model, arguments.playing.quiet)).transpose()?;
    let out = arguments.playing.out.clone().unwrap_or_else(|| results::folder(&arguments.source.scenario, ""));
    disk::check(&out)?;
    let workers = arguments.playing.workers();
    let memory = Memory::default();
    let deepening = if arguments.deep { Some(Deepening::new(&scenario, &model)?) } else { None };
    check_size(&model, |trials| {
        let beside = deepening.as_ref().map_or(0.0, |deepening| deepening.bytes(trials));
        beside + forecast::bytes(&Model { trials, ..model.clone() }, budget.as_ref(), memory)
    })?;
    let times = memory.times_played(&model) + deepening.as_ref().map_or(0, Deepening::times_played);
    warn_if_long(&model, engine::seconds(&model) * times as f64, &workers, arguments.playing.quiet);
    clock.lap("scenario");
    engine::make_tables(&model, &workers);
    clock.lap("tables");

    let monitor = stoppable();
    let (run, mut answer) = shown(&monitor, model.trials, times, arguments.playing.quiet, || {
        let of_run = |error| Failure::of_run(error, &scenario);
        let run = engine::Run::begin(&model, &workers, &monitor, memory).map_err(of_run)?;
        clock.lap("trials");
        let forecast = forecast(&scenario, &run, budget.as_ref()).map_err(of_run)?;
        clock.lap("summaries");
        let deep = deepening.as_ref().map(|deepening| deepening.deep(&workers, &monitor)).transpose();
        let deep = deep.map_err(|ended| Failure::of_run(ended.error, ended.scenario))?;
        if deep.is_some() {
            clock.lap("deep");
        }
        Ok::<_, Failure>((run, Answer { forecast, deep }))
    })?;
    answer.write_as(arguments.paging.locale);
    let workbook = if arguments.xlsx { Workbook::Wanted } else { Workbook::Unwanted };
    let mut results = rendered(&answer, &arguments.playing, &arguments.paging, workbook, &workers)?;
    clock.lap("charts and page");
    let names = results.names().into_iter().chain(trials_file.clone());
    answer.forecast.manifest.files = names.collect();
    results.json = export::document_json(&answer)?;
    let mut folder = results.begin(&out, &monitor)?;
    if let Some(name) = &trials_file {
        folder.write(name, |out| Ok(export::write_trials(&run, arguments.playing.csv_style, out)?))?;
    }
    folder.finish()?;
    clock.lap("files");

    if arguments.playing.json {
        print(&results.json)?;
    } else if !arguments.playing.quiet {
        let telling = if arguments.verbose { Telling::Details } else { Telling::Summary };
        print(told(&answer, &arguments.paging, telling, &out).as_bytes())?;
    }
    if arguments.verbose {
        progress::note(&clock.report());
    }
    let broken: Vec<String> = rules.iter().filter_map(|rule| rule.broken(&answer.forecast)).collect();
    for rule in &broken {
        progress::note(rule);
    }
    Ok(if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(RULE_BROKEN) })
}

fn read_budget(file: &Path, model: &Model, quiet: bool) -> Result<Budget, Failure> {
    let budget = Budget::read(&file.display().to_string(), &bytes(file)?, model)?;
    if budget.outside > 0 && !quiet {
        progress::note(&format!(
            "warning: {}: {} of its amounts {} of months outside {} to {}, and left out",
            file.display(),
            budget.outside,
            if budget.outside == 1 { "is" } else { "are" },
            model.horizon.start,
            model.horizon.last()
        ));
    }
    if let Some((metric, scope, month)) = budget.contradictions(model).first().filter(|_| !quiet) {
        progress::note(&format!(
            "warning: {}: {} of {} in {} is not what its regions add up to; the amount given is used",
            file.display(),
            metric.name(),
            model.scopes[*scope].key,
            model.horizon.month(*month)
        ));
    }
    Ok(budget)
}

fn trials_file(arguments: &Run) -> Result<Option<String>, Failure> {
    let Some(name) = &arguments.trials_file else {
        return Ok(None);
    };
    if is_table_name(name) {
        return Ok(Some(name.clone()));
    }
    Err(Failure::Option {
        option: format!("--trials-file {name}"),
        found: "a name that is not a .csv file of its own in the run's folder".to_owned(),
        allowed: "a plain file name such as trials.csv".to_owned(),
        hint: "it is written into the run's folder, which --out chooses".to_owned(),
    })
}

/// Whether a name is that of a CSV file of its own, on any system.
fn is_table_name(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".csv") else { return false };
    let stem = stem.to_lowercase();
    let device = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || ["com", "lpt"].iter().any(|port| stem.strip_prefix(port).is_some_and(|n| n.len() == 1));
    let sound = |c: char| !c.is_control() && !r#"/\:*?"<>|"#.contains(c);
    let own = !["bands", "attainment"].contains(&stem.as_str());
    !stem.is_empty()
        && !stem.starts_with('.')
        && name.len() <= 200
        && own
        && !device
        && plain(name) == name
        && name.chars().all(sound)
}

/// Refuses what would fill the machine; `needs` says how many bytes so many trials of the model take.
pub(super) fn check_size(model: &Model, needs: impl Fn(usize) -> f64) -> Result<(), Failure> {
    let bytes = needs(model.trials);
    if bytes <= MOST_BYTES {
        return Ok(());
    }
    let (mut most, mut too_many) = (0, model.trials);
    while too_many - most > 1 + most / 100 {
        let between = most.midpoint(too_many);
        *if needs(between) <= MOST_BYTES { &mut most } else { &mut too_many } = between;
    }
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

/// Says so before work that takes about so many `seconds` on one core, if that is long.
pub(super) fn warn_if_long(model: &Model, seconds: f64, workers: &Workers, quiet: bool) {
    let seconds = seconds / workers.threads() as f64;
    if seconds > LONG && !quiet {
        let minutes = (seconds / 60.0).round().max(1.0);
        let fewer = (model.trials as f64 * LONG / seconds) as u64;
        // Where hardly fewer would do, or next to none would be left, that is no advice.
        let advice = if seconds > 1.5 * LONG && fewer >= 100 {
            format!("; --trials {fewer} would take about one")
        } else {
            String::new()
        };
        let unit = if minutes == 1.0 { "a minute".to_owned() } else { format!("{minutes} minutes") };
        progress::note(&format!("warning: this run will take about {unit}{advice}"));
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
