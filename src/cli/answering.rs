//! From a scenario and its trials to a forecast's folder: what `revcast run` and `revcast merge` have in common.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;

use super::args::Showing;
use super::exit::{Failure, RULE_BROKEN};
use super::job::{Depth, Job};
use super::keeping::{Keeping, Remembering};
use super::paging::Paging;
use super::progress::shown;
use super::rendered::{Telling, Workbook, rendered, told};
use super::require::Rules;
use super::results;
use super::run::{MOST_BYTES, check_size, warn_if_long};
use super::since::Since;
use super::source::bytes;
use super::{disk, on_alert, print, progress};
use crate::analysis::{Answer, Past};
use crate::engine::{self, Trials};
use crate::export;
use crate::forecast::Precision;
use crate::model::{Budget, Model};
use crate::scenario::Scenario;
use crate::units::plain;

/// What is asked of a forecast, and how it is answered.
#[derive(Debug, Args)]
pub(super) struct Answering {
    #[command(flatten)]
    pub(super) paging: Paging,
    #[command(flatten)]
    pub(super) remembering: Remembering,
    /// Hold the forecast against a budget: CSV with columns region (key, label, tag=value or total), metric, month, amount
    #[arg(long, value_name = "BUDGET.csv")]
    pub(super) budget: Option<PathBuf>,
    /// Exit with 3 unless the chance of a target holds: --require 'Year 1 >= 0.5'
    #[arg(long, value_name = "RULE")]
    pub(super) require: Vec<String>,
    /// Call for attention, and exit with 3, where this holds: --alert 'Year 1 drops by 0.05 since last run', --alert 'Year 1 < 0.4'
    #[arg(long, value_name = "RULE")]
    pub(super) alert: Vec<String>,
    /// Start this program for each alert, with the arguments SCENARIO RULE MESSAGE FOLDER, and the same as JSON on its standard input
    #[arg(long, value_name = "PROGRAM")]
    pub(super) on_alert: Option<PathBuf>,
    /// Also write every trial to this file in the run's folder: trials.csv, or trials.parquet, which is smaller and read faster
    #[arg(long, value_name = "NAME.csv|NAME.parquet")]
    pub(super) trials_file: Option<String>,
    /// Also write forecast.xlsx, a workbook with every band, target and input, and charts
    #[arg(long)]
    pub(super) xlsx: bool,
    /// Also answer what takes further simulation: what drives it, what it would take, what a step for the worse costs, what each lever brings
    #[arg(long)]
    pub(super) deep: bool,
    /// Also say what moved since an earlier run, and why: last (the one that this run replaces), the last of a day such as 2027-03-01 (or
    /// before it, from the history), or a forecast.json
    #[arg(long, value_name = "RUN")]
    pub(super) since: Option<Since>,
    /// Also print inputs, the closed-form check and the time each part took
    #[arg(long, short, conflicts_with = "quiet")]
    pub(super) verbose: bool,
}

/// The options above, and those of how results are shown: whoever plays no whole run has none of them.
pub(super) const ANSWERS: [&str; 17] = [
    "budget",
    "require",
    "alert",
    "on_alert",
    "trials_file",
    "xlsx",
    "deep",
    "since",
    "verbose",
    "history",
    "no_history",
    "period",
    "locale",
    "brief",
    "json",
    "csv_style",
    "chart_size",
];

/// A run that is to be answered.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    /// What is played.
    pub(super) scenario: &'a Scenario,
    /// What it means.
    pub(super) model: &'a Arc<Model>,
    /// The name that it has in the history.
    pub(super) series: String,
    /// The precision that its number of futures was found for, if one was asked for.
    pub(super) precision: Option<Precision>,
    /// The folder that was named for the results, if one was.
    pub(super) out: Option<PathBuf>,
    pub(super) showing: &'a Showing,
    pub(super) answering: &'a Answering,
}

/// A run whose options are found sound, before any of it is played.
#[derive(Debug)]
pub(super) struct Ready {
    rules: Rules,
    trials_file: Option<String>,
    keeping: Keeping,
    budget: Option<Budget>,
    past: Option<Past>,
    /// The folder for the results.
    pub(super) out: PathBuf,
}

/// Checks everything that can be wrong before trials are played.
pub(super) fn ready(asked: &Asked) -> Result<Ready, Failure> {
    let Asked { scenario, model, series, showing, answering, .. } = asked;
    let rules = Rules::parse(&answering.require, &answering.alert, scenario)?;
    let trials_file = answering.trials_file()?;
    let keeping = Keeping::new(&answering.remembering, asked.out.is_none().then(|| results::HISTORY.into()))?;
    let budget = answering.budget.as_deref().map(|file| read_budget(file, model, showing.quiet)).transpose()?;
    let out = asked.out.clone().unwrap_or_else(|| results::folder(series, ""));
    disk::check(&out)?;
    // A rule on what moved needs a run to compare with.
    let last = rules.are_about_movement().then_some(&Since::Last);
    let since = answering.since.as_ref().or(last);
    let past = since.map(|since| since.past(&out, showing.quiet, &keeping, series)).transpose()?.flatten();
    Ok(Ready { rules, trials_file, keeping, budget, past, out })
}

/// Forecasts from trials and writes the folder.
pub(super) fn answered(asked: &Asked, ready: &Ready, trials: Trials) -> Result<ExitCode, Failure> {
    let mut clock = Clock::start();
    let Asked { scenario, model, series, showing, answering, .. } = asked;
    let Ready { rules, trials_file, keeping, budget, past, out } = ready;
    let execution = showing.execution();
    let depth = if answering.deep { Depth::Deep } else { Depth::Forecast };
    let job = Job::new((scenario, model), budget.as_ref(), depth, past.as_ref(), trials)?;
    check_size(model, MOST_BYTES, |trials| job.bytes(trials))?;
    warn_if_long(model, job.seconds(), &execution.workers, showing.quiet);
    engine::make_tables(model, &execution.workers);
    clock.lap("tables");

    let (run, mut answer) = shown(&execution.monitor, model.trials, job.times_passed(), showing.quiet, || {
        job.answer(&execution, &mut |part| clock.lap(part))
    })?;
    answer.forecast.precision = asked.precision;
    answer.write_as(answering.paging.locale);
    let workbook = if answering.xlsx { Workbook::Wanted } else { Workbook::Unwanted };
    let mut results = rendered(&answer, showing, &answering.paging, workbook, &execution.workers)?;
    clock.lap("charts and page");
    let names = results.names().into_iter().chain(trials_file.clone());
    answer.forecast.manifest.files = names.collect();
    results.json = export::forecast_json(&answer)?;
    let mut folder = results.begin(out, &execution.monitor)?;
    if let Some(name) = trials_file {
        folder.write(name, |out| match name.ends_with(PARQUET) {
            true => Ok(export::write_trials_parquet(&run, out)?),
            false => Ok(export::write_trials(&run, showing.csv_style, out)?),
        })?;
    }
    keeping.around(series, None, &answer.forecast, &progress::note, || folder.finish())?;
    clock.lap("files");

    if showing.json {
        print(&results.json)?;
    } else if !showing.quiet {
        let telling = if answering.verbose { Telling::Details } else { Telling::Summary };
        print(told(&answer, &answering.paging, telling, out).as_bytes())?;
    }
    if answering.verbose {
        progress::note(&clock.report());
    }
    judged(answering, rules, &answer, (series, out))
}

/// Says which rules do not hold and which alerts fire, and tells whoever waits for those.
fn judged(
    answering: &Answering,
    rules: &Rules,
    answer: &Answer,
    (name, out): (&str, &Path),
) -> Result<ExitCode, Failure> {
    let (broken, alerts) = (rules.broken(answer), rules.fired(answer));
    broken.iter().for_each(|rule| progress::note(&format!("required: {rule}")));
    alerts.iter().for_each(|alert| progress::note(&format!("alert: {} ({})", alert.message, alert.rule)));
    if let Some(program) = &answering.on_alert {
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

impl Answering {
    /// An option that asks something of a forecast, if one was given.
    pub(super) fn asks(&self) -> Option<&'static str> {
        let given = [
            ("--budget", self.budget.is_some()),
            ("--require", !self.require.is_empty()),
            ("--alert", !self.alert.is_empty()),
            ("--on-alert", self.on_alert.is_some()),
            ("--trials-file", self.trials_file.is_some()),
            ("--xlsx", self.xlsx),
            ("--deep", self.deep),
            ("--since", self.since.is_some()),
            ("--brief", self.paging.brief.is_some()),
            ("--verbose", self.verbose),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(option, _)| option)
    }

    /// The name of the file for the trials.
    fn trials_file(&self) -> Result<Option<String>, Failure> {
        let Some(name) = &self.trials_file else {
            return Ok(None);
        };
        if is_table_name(name) {
            return Ok(Some(name.clone()));
        }
        Err(Failure::Option {
            option: format!("--trials-file {name}"),
            found: "a name that is not a .csv or .parquet file of its own in the run's folder".to_owned(),
            allowed: "a plain file name such as trials.csv or trials.parquet".to_owned(),
            hint: "it is written into the run's folder, which --out chooses".to_owned(),
        })
    }
}

/// How the names of files by column end.
const PARQUET: &str = ".parquet";

/// Whether a name is that of a table of its own, on any system.
fn is_table_name(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".csv").or_else(|| name.strip_suffix(PARQUET)) else { return false };
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
