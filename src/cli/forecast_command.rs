//! From a plan and its trials to the folder of a forecast: what `revcast run` and `revcast merge` have in common.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::baseline::Since;
use super::clock::Stopwatch;
use super::disk::Folder;
use super::exit::{Failure, RULE_BROKEN};
use super::forecast_job::{Depth, ForecastJob, check_means};
use super::history_recorder::{HistoryOptions, HistoryRecorder};
use super::known_past::KnownPast;
use super::limits::{MAX_BYTES, warn_if_long};
use super::opened::bytes;
use super::options::{DisplayOptions, FormatOptions, OutputOptions};
use super::output_folder::{HISTORY, OutputFiles, default_folder, what_if_folder};
use super::render::{Extras, Verbosity, names, render, terminal_summary};
use super::rules::Rules;
use super::scenario_source::Plan;
use super::session::Session;
use super::terminal::print;
use super::{on_alert, progress};
use crate::analysis::{Answer, Baseline};
use crate::documents::KnownAmount;
use crate::engine::{self, Run, Trials};
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
    #[command(flatten)]
    pub(super) further: FurtherFiles,
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

/// The options of files that not everybody wants.
#[derive(Debug, Args)]
pub(super) struct FurtherFiles {
    /// Also write every trial to this file in the run's folder: trials.csv, or trials.parquet, which is smaller and read faster
    #[arg(long, group = "answers", value_name = "NAME.csv|NAME.parquet")]
    trials_file: Option<String>,
    /// Also write forecast.xlsx, a workbook with every band, target and input, and charts
    #[arg(long, group = "answers")]
    xlsx: bool,
    /// Also write tune.html, one page with the engine in it, whose inputs can be moved
    #[arg(long, group = "answers")]
    pub(super) tune: bool,
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
    budget: Option<Budget>,
    baseline: Option<Baseline>,
    actuals: Vec<KnownAmount>,
    /// The folder for the results.
    pub(super) out: PathBuf,
}

impl Request<'_> {
    /// Where the run is recorded, and earlier ones are looked up.
    pub(super) fn recorder(&self) -> Result<HistoryRecorder, Failure> {
        let usual = self.out.is_none().then(|| HISTORY.into());
        let recorder = HistoryRecorder::new(&self.options.history, usual)?;
        Ok(if self.what_if { recorder.without_record() } else { recorder })
    }

    /// Checks everything that can be wrong before trials are played.
    pub(super) fn prepare(&self, session: &Session, past: &dyn KnownPast) -> Result<Prepared, Failure> {
        let Request { plan, series, output, options, .. } = self;
        let rules = Rules::parse(&options.require, &options.alert, &plan.scenario)?;
        options.further.trials_file()?;
        let budget = options.budget.as_deref().map(|file| read_budget(file, &plan.model, output.quiet)).transpose()?;
        let recorded = self.out.map_or_else(|| default_folder(series, ""), Path::to_owned);
        let out = if self.what_if && self.out.is_none() { what_if_folder(series) } else { recorded.clone() };
        session.check(&out)?;
        // A rule on what moved needs a run to compare with.
        let last = rules.are_about_movement().then_some(&Since::Last);
        let since = options.since.as_ref().or(last);
        let baseline = since.map(|since| since.baseline(&recorded, output.quiet, past, series)).transpose()?.flatten();
        let actuals = past.actuals(series, plan)?;
        Ok(Prepared { rules, budget, baseline, actuals, out })
    }

    /// Plays trials, or reads them, and forecasts from them; `lap` is told of each part that is done.
    pub(super) fn play(
        &self,
        prepared: &Prepared,
        trials: Trials,
        session: &Session,
        lap: &mut (dyn FnMut(&'static str) + Send),
    ) -> Result<Answered, Failure> {
        let Request { plan, output, options, .. } = self;
        let depth = if options.deep { Depth::WhatIf } else { Depth::Forecast };
        let job = ForecastJob::new(plan, prepared.budget.as_ref(), depth, prepared.baseline.as_ref(), trials)?;
        // From here on Ctrl-C asks; until here it ends the program.
        let execution = session.execution(output.workers());
        job.check_size(MAX_BYTES)?;
        warn_if_long(&plan.model, job.seconds(), &execution.workers, output.quiet);
        engine::make_tables(&plan.model, &execution.workers);
        lap("tables");
        let futures = (plan.model.trials, job.times_passed());
        let answer = || job.answer(&execution, lap);
        let (run, mut answer) = session.shown(&execution.monitor, futures, output.quiet, answer)?;
        if let Err(wrong) = check_means(&answer) {
            progress::note(&format!("warning: {wrong}"));
        }
        answer.forecast.precision = self.precision;
        answer.forecast.manifest.actuals.clone_from(&prepared.actuals);
        Ok(Answered { run, answer })
    }

    /// Forecasts from trials and writes the folder.
    pub(super) fn answer(
        &self,
        prepared: &Prepared,
        recorder: &HistoryRecorder,
        trials: Trials,
    ) -> Result<ExitCode, Failure> {
        let mut stopwatch = Stopwatch::start();
        let Request { series, output, options, .. } = self;
        let Prepared { rules, out, .. } = prepared;
        let mut found = self.play(prepared, trials, &Session::default(), &mut |part| stopwatch.lap(part))?;
        let files = found.files(&output.format, &options.display, &options.further)?;
        stopwatch.lap("charts and page");
        let folder = found.folder(&files, out, &output.format, &options.further)?;
        recorder.record(series, None, &found.answer.forecast, &progress::note, || folder.finish())?;
        stopwatch.lap("files");

        let answer = &found.answer;
        if output.format.json {
            print(&files.json)?;
        } else if !output.quiet {
            print(terminal_summary(answer, &options.display, Verbosity::of(options.verbose), out).as_bytes())?;
        }
        if options.verbose {
            progress::note(&stopwatch.report());
        }
        judge(options, rules, answer, series, out)
    }
}

/// A forecast, with the run that it was made from.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) run: Run,
    pub(super) answer: Answer,
}

impl Answered {
    /// The document, without the files that it lists.
    pub(super) fn json(&mut self, further: &FurtherFiles) -> Result<Vec<u8>, Failure> {
        let names = names(&self.answer, further.extras()).into_iter().chain(further.trials_file()?).collect();
        self.answer.forecast.manifest.files = names;
        Ok(export::forecast_json(&self.answer)?)
    }

    /// The files of its folder, but for one of all trials.
    pub(super) fn files(
        &mut self,
        format: &FormatOptions,
        display: &DisplayOptions,
        further: &FurtherFiles,
    ) -> Result<OutputFiles, Failure> {
        self.answer.write_as(display.locale);
        let workers = &self.run.execution.workers;
        let mut files = render(&self.answer, format, display, further.extras(), workers)?;
        files.json = self.json(further)?;
        Ok(files)
    }

    /// Begins the folder `out` with these files in it, and with all trials where they are asked for.
    pub(super) fn folder(
        &self,
        files: &OutputFiles,
        out: &Path,
        format: &FormatOptions,
        further: &FurtherFiles,
    ) -> Result<Folder<'_>, Failure> {
        let run = &self.run;
        let mut folder = files.begin(out, &run.execution.monitor)?;
        if let Some(name) = further.trials_file()? {
            folder.write(&name, |out| match name.ends_with(PARQUET) {
                true => Ok(export::write_trials_parquet(run, out)?),
                false => Ok(export::write_trials(run, format.csv_style, out)?),
            })?;
        }
        Ok(folder)
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
            ("--trials-file", self.further.trials_file.is_some()),
            ("--xlsx", self.further.xlsx),
            ("--tune", self.further.tune),
            ("--deep", self.deep),
            ("--since", self.since.is_some()),
            ("--brief", self.display.brief.is_some()),
            ("--verbose", self.verbose),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(option, _)| option)
    }
}

impl FurtherFiles {
    fn extras(&self) -> Extras {
        Extras { workbook: self.xlsx, tune: self.tune }
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
