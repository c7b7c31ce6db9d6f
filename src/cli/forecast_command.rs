//! From a plan and its trials to the folder of a forecast: what `revcast run` and `revcast merge` have in common.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::baseline::Since;
use super::clock::Stopwatch;
use super::exit::{Failure, RULE_BROKEN};
use super::forecast_job::{Depth, ForecastJob, check_means};
use super::history_recorder::{HistoryOptions, HistoryRecorder};
use super::limits::{MAX_BYTES, warn_if_long};
use super::options::{DisplayOptions, OutputOptions};
use super::output_folder::{HISTORY, default_folder, what_if_folder};
use super::progress::shown;
use super::render::{Extras, Verbosity, render, terminal_summary};
use super::rules::Rules;
use super::scenario_source::{Plan, bytes};
use super::terminal::print;
use super::{disk, on_alert, progress};
use crate::analysis::{Answer, Baseline};
use crate::documents::KnownAmount;
use crate::engine::{self, Trials};
use crate::export;
use crate::forecast::Precision;
use crate::model::{Budget, Model};
use crate::units::plain;

/// The options of every command that makes a forecast: what is asked of it, and how it is answered.
#[derive(Debug, Args)]
// Clap's own group of a struct is empty where the struct holds others.
#[command(group(clap::ArgGroup::new("answers").multiple(true)))]
pub(super) struct ForecastOptions {
    #[command(flatten)]
    pub(super) display: DisplayOptions,
    #[command(flatten)]
    pub(super) history: HistoryOptions,
    /// Hold the forecast against a budget: CSV with columns region (key, label, tag=value or total), metric, month, amount
    #[arg(long, group = "answers", value_name = "BUDGET.csv")]
    pub(super) budget: Option<PathBuf>,
    /// Exit with 3 unless the chance of a target holds: --require 'Year 1 >= 0.5'
    #[arg(long, group = "answers", value_name = "RULE")]
    pub(super) require: Vec<String>,
    /// Call for attention, and exit with 3, where this holds: --alert 'Year 1 drops by 0.05 since last run', --alert 'Year 1 < 0.4'
    #[arg(long, group = "answers", value_name = "RULE")]
    pub(super) alert: Vec<String>,
    /// Start this program for each alert, with the arguments SCENARIO RULE MESSAGE FOLDER, and the same as JSON on its standard input
    #[arg(long, group = "answers", value_name = "PROGRAM")]
    pub(super) on_alert: Option<PathBuf>,
    /// Also write every trial to this file in the run's folder: trials.csv, or trials.parquet, which is smaller and read faster
    #[arg(long, group = "answers", value_name = "NAME.csv|NAME.parquet")]
    pub(super) trials_file: Option<String>,
    /// Also write forecast.xlsx, a workbook with every band, target and input, and charts
    #[arg(long, group = "answers")]
    pub(super) xlsx: bool,
    /// Also write tune.html, one page with the engine in it, whose inputs can be moved
    #[arg(long, group = "answers")]
    pub(super) tune: bool,
    /// Also answer what takes further simulation: what drives it, what it would take, what a step for the worse costs, what each lever brings
    #[arg(long, group = "answers")]
    pub(super) deep: bool,
    /// Also say what moved since an earlier run, and why: last (the one that this run replaces), the last of a day such as 2027-03-01 (or
    /// before it, from the history), or a forecast.json
    #[arg(long, group = "answers", value_name = "RUN")]
    pub(super) since: Option<Since>,
    /// Also print what is assumed, how sure each figure is, the inputs, the closed-form check and the time each part took
    #[arg(long, group = "answers", short, conflicts_with = "quiet")]
    pub(super) verbose: bool,
}

/// A forecast that is asked for.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) plan: &'a Plan,
    /// The series that the run belongs to in the history.
    pub(super) series: String,
    /// Whether it is a what-if: it has a folder of its own, and is not written down.
    pub(super) what_if: bool,
    /// The precision that its number of futures was found for, if one was asked for.
    pub(super) precision: Option<Precision>,
    /// The folder that was named for the results, if one was.
    pub(super) out: Option<&'a Path>,
    pub(super) output: &'a OutputOptions,
    pub(super) options: &'a ForecastOptions,
}

/// What a request needs beside its trials: found sound before any of them is played.
#[derive(Debug)]
pub(super) struct Prepared {
    rules: Rules,
    trials_file: Option<String>,
    recorder: HistoryRecorder,
    budget: Option<Budget>,
    baseline: Option<Baseline>,
    actuals: Vec<KnownAmount>,
    /// The folder for the results.
    pub(super) out: PathBuf,
}

impl Request<'_> {
    /// Checks everything that can be wrong before trials are played.
    pub(super) fn prepare(&self) -> Result<Prepared, Failure> {
        let Request { plan, series, output, options, .. } = self;
        let rules = Rules::parse(&options.require, &options.alert, &plan.scenario)?;
        let trials_file = options.trials_file()?;
        let mut recorder = HistoryRecorder::new(&options.history, self.out.is_none().then(|| HISTORY.into()))?;
        if self.what_if {
            recorder = recorder.without_record();
        }
        let budget = options.budget.as_deref().map(|file| read_budget(file, &plan.model, output.quiet)).transpose()?;
        let recorded = self.out.map_or_else(|| default_folder(series, ""), Path::to_owned);
        let out = if self.what_if && self.out.is_none() { what_if_folder(series) } else { recorded.clone() };
        disk::check(&out)?;
        // A rule on what moved needs a run to compare with.
        let last = rules.are_about_movement().then_some(&Since::Last);
        let since = options.since.as_ref().or(last);
        let baseline =
            since.map(|since| since.baseline(&recorded, output.quiet, &recorder, series)).transpose()?.flatten();
        let actuals = recorder.actuals(series, plan)?;
        Ok(Prepared { rules, trials_file, recorder, budget, baseline, actuals, out })
    }

    /// Forecasts from trials and writes the folder.
    pub(super) fn answer(&self, prepared: &Prepared, trials: Trials) -> Result<ExitCode, Failure> {
        let mut stopwatch = Stopwatch::start();
        let Request { plan, series, output, options, .. } = self;
        let Prepared { rules, trials_file, recorder, budget, baseline, actuals, out } = prepared;
        let depth = if options.deep { Depth::WhatIf } else { Depth::Forecast };
        let job = ForecastJob::new(plan, budget.as_ref(), depth, baseline.as_ref(), trials)?;
        // From here on Ctrl-C asks; until here it ends the program.
        let execution = output.execution();
        job.check_size(MAX_BYTES)?;
        warn_if_long(&plan.model, job.seconds(), &execution.workers, output.quiet);
        engine::make_tables(&plan.model, &execution.workers);
        stopwatch.lap("tables");

        let (run, mut answer) = shown(&execution.monitor, plan.model.trials, job.times_passed(), output.quiet, || {
            job.answer(&execution, &mut |part| stopwatch.lap(part))
        })?;
        if let Err(wrong) = check_means(&answer) {
            progress::note(&format!("warning: {wrong}"));
        }
        answer.forecast.precision = self.precision;
        answer.forecast.manifest.actuals.clone_from(actuals);
        answer.write_as(options.display.locale);
        let extras = Extras { workbook: options.xlsx, tune: options.tune };
        let mut files = render(&answer, &output.format, &options.display, extras, &execution.workers)?;
        stopwatch.lap("charts and page");
        answer.forecast.manifest.files = files.names().into_iter().chain(trials_file.clone()).collect();
        files.json = export::forecast_json(&answer)?;
        let mut folder = files.begin(out, &execution.monitor)?;
        if let Some(name) = trials_file {
            folder.write(name, |out| match name.ends_with(PARQUET) {
                true => Ok(export::write_trials_parquet(&run, out)?),
                false => Ok(export::write_trials(&run, output.format.csv_style, out)?),
            })?;
        }
        recorder.record(series, None, &answer.forecast, &progress::note, || folder.finish())?;
        stopwatch.lap("files");

        if output.format.json {
            print(&files.json)?;
        } else if !output.quiet {
            print(terminal_summary(&answer, &options.display, Verbosity::of(options.verbose), out).as_bytes())?;
        }
        if options.verbose {
            progress::note(&stopwatch.report());
        }
        judge(options, rules, &answer, series, out)
    }
}

/// Says which rules do not hold and which alerts fire, and tells whoever waits for those.
fn judge(
    options: &ForecastOptions,
    rules: &Rules,
    answer: &Answer,
    series: &str,
    out: &Path,
) -> Result<ExitCode, Failure> {
    let (broken, alerts) = (rules.broken(answer), rules.fired(answer));
    broken.iter().for_each(|rule| progress::note(&format!("required: {rule}")));
    alerts.iter().for_each(|alert| progress::note(&format!("alert: {} ({})", alert.message, alert.rule)));
    if let Some(program) = &options.on_alert {
        alerts.iter().try_for_each(|alert| on_alert::deliver(program, series, out, alert))?;
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

impl ForecastOptions {
    /// An option that asks something of a forecast, if one was given.
    pub(super) fn asks(&self) -> Option<&'static str> {
        let given = [
            ("--budget", self.budget.is_some()),
            ("--require", !self.require.is_empty()),
            ("--alert", !self.alert.is_empty()),
            ("--on-alert", self.on_alert.is_some()),
            ("--trials-file", self.trials_file.is_some()),
            ("--xlsx", self.xlsx),
            ("--tune", self.tune),
            ("--deep", self.deep),
            ("--since", self.since.is_some()),
            ("--brief", self.display.brief.is_some()),
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
