//! `revcast run`.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use super::args::Run;
use super::disk;
use super::exit::{Failure, RULE_BROKEN};
use super::job::{Depth, Job};
use super::keeping::{Keeping, series};
use super::progress::{shown, stoppable};
use super::rendered::{Telling, Workbook, rendered, told};
use super::require::Rules;
use super::results;
use super::since::Since;
use super::source::bytes;
use super::{on_alert, print, progress};
use crate::analysis::Answer;
use crate::engine::{self, Memory, Workers};
use crate::export;
use crate::model::{Budget, Model, resolve};
use crate::units::{few_digits, plain};

/// Runs that need more than this are refused before they fill the machine.
pub(super) const MOST_BYTES: f64 = 4.0 * GIB;
const GIB: f64 = 1024.0 * 1024.0 * 1024.0;
/// A run that will take longer than this warns first.
const LONG: f64 = 60.0;

pub(super) fn run(arguments: &Run) -> Result<ExitCode, Failure> {
    let mut clock = Clock::start();
    let scenario = arguments.source.read(arguments.playing.settings())?;
    let rules = Rules::parse(&arguments.require, &arguments.alert, &scenario)?;
    let trials_file = trials_file(arguments)?;
    let keeping =
        Keeping::new(&arguments.remembering, arguments.playing.out.is_none().then(|| results::HISTORY.into()))?;
    let model = resolve(&scenario)?;
    let budget =
        arguments.budget.as_deref().map(|file| read_budget(file, &model, arguments.playing.quiet)).transpose()?;
    let out = arguments.playing.out.clone().unwrap_or_else(|| results::folder(&arguments.source.scenario, ""));
    disk::check(&out)?;
    // A rule on what moved needs a run to compare with.
    let last = rules.are_about_movement().then_some(&Since::Last);
    let since = arguments.since.as_ref().or(last);
    let name = series(&arguments.source.scenario);
    let past = since.map(|since| since.past(&out, arguments.playing.quiet, &keeping, &name)).transpose()?.flatten();
    let workers = arguments.playing.workers();
    let depth = if arguments.deep { Depth::Deep } else { Depth::Forecast };
    let job = Job::new((&scenario, &model), budget.as_ref(), depth, past.as_ref(), Memory::default())?;
    check_size(&model, MOST_BYTES, |trials| job.bytes(trials))?;
    warn_if_long(&model, job.seconds(), &workers, arguments.playing.quiet);
    clock.lap("scenario");
    engine::make_tables(&model, &workers);
    clock.lap("tables");

    let monitor = stoppable();
    let (run, mut answer) = shown(&monitor, model.trials, job.times_played(), arguments.playing.quiet, || {
        job.answer(&workers, &monitor, &mut |part| clock.lap(part))
    })?;
    answer.write_as(arguments.paging.locale);
    let workbook = if arguments.xlsx { Workbook::Wanted } else { Workbook::Unwanted };
    let mut results = rendered(&answer, &arguments.playing, &arguments.paging, workbook, &workers)?;
    clock.lap("charts and page");
    let names = results.names().into_iter().chain(trials_file.clone());
    answer.forecast.manifest.files = names.collect();
    results.json = export::forecast_json(&answer)?;
    let mut folder = results.begin(&out, &monitor)?;
    if let Some(name) = &trials_file {
        folder.write(name, |out| Ok(export::write_trials(&run, arguments.playing.csv_style, out)?))?;
    }
    keeping.around(&name, None, &answer.forecast, &progress::note, || folder.finish())?;
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
    judged(arguments, &rules, &answer, (&name, &out))
}

/// Says which rules do not hold and which alerts fire, and tells whoever waits for those.
fn judged(arguments: &Run, rules: &Rules, answer: &Answer, (name, out): (&str, &Path)) -> Result<ExitCode, Failure> {
    let (broken, alerts) = (rules.broken(answer), rules.fired(answer));
    broken.iter().for_each(|rule| progress::note(&format!("required: {rule}")));
    alerts.iter().for_each(|alert| progress::note(&format!("alert: {} ({})", alert.message, alert.rule)));
    if let Some(program) = &arguments.on_alert {
        alerts.iter().try_for_each(|alert| on_alert::deliver(program, name, out, alert))?;
    }
    Ok(if broken.is_empty() && alerts.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(RULE_BROKEN) })
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
pub(super) fn check_size(model: &Model, most_bytes: f64, needs: impl Fn(usize) -> f64) -> Result<(), Failure> {
    let bytes = needs(model.trials);
    if bytes <= most_bytes {
        return Ok(());
    }
    let (mut most, mut too_many) = (0, model.trials);
    while too_many - most > 1 + most / 100 {
        let between = most.midpoint(too_many);
        *if needs(between) <= most_bytes { &mut most } else { &mut too_many } = between;
    }
    Err(Failure::Option {
        option: "the size of the run".to_owned(),
        found: format!(
            "{} trials of {} regions over {} months, which need {:.1} GiB of memory",
            model.trials,
            model.regions.len(),
            model.horizon.months,
            bytes / GIB
        ),
        allowed: format!("at most {} GiB", few_digits(most_bytes / GIB)),
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
