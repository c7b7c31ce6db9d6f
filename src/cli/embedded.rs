//! The commands as programs of other languages call them: with the words that are typed in a terminal, so that every option means the same. Nothing
//! is printed, but for the warning that means are not the exact ones, and nothing written but by the functions named `save`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use clap::{Args, Parser};
use thiserror::Error;

use super::changes::Changes;
use super::commands::{backtest, compare, fit, merge, pipeline, run, sensitivity, solve, sweep};
use super::disk;
use super::exit::{Failure, refused};
use super::fitting::{Fitted, FittingArgs, SCENARIO};
use super::forecast_command::{Answered, FurtherFiles};
use super::limits::{MAX_BYTES, check_size};
use super::options::{DisplayOptions, FormatOptions};
use super::output_folder::Found;
use super::progress::Counted;
use super::question::Question;
use super::render;
use super::scenario_source::ScenarioSource;
pub use super::session::{HeldScenario, Session, Watch};
use crate::audit::audit;
use crate::charts::{self, Chart};
use crate::documents::Kind;
use crate::engine::{Execution, RunError, make_tables};
use crate::export::{self, TrialColumn, trial_columns};
use crate::scenario::{Fault, Metric, UnknownMetric, tidy};
use crate::shards::{self, Portion};
use crate::units::Locale;
use crate::{findings, report};

/// Why a call did not do what it should.
#[derive(Debug, Error)]
pub enum CallError {
    /// A scenario has faults, or what is laid over it.
    #[error("{text}")]
    Scenario {
        /// All of them in words, as the program prints them.
        text: String,
        /// One by one.
        faults: Vec<Fault>,
    },
    /// An option is faulty, or asks for what cannot be.
    #[error("{0}")]
    Option(String),
    /// It was stopped.
    #[error("stopped; nothing was written")]
    Stopped,
    /// An operation on disk failed.
    #[error("{text}")]
    Disk {
        /// What failed, in words.
        text: String,
        /// How it failed.
        error: io::ErrorKind,
    },
    /// Something else failed.
    #[error("{0}")]
    Failed(String),
}

impl From<Failure> for CallError {
    fn from(failure: Failure) -> CallError {
        let text = failure.to_string();
        match failure {
            Failure::Scenario(faults) => CallError::Scenario { text, faults: faults.into_list() },
            Failure::Option { .. } => CallError::Option(text),
            Failure::Stopped | Failure::NightStopped | Failure::PartsStopped => CallError::Stopped,
            Failure::Disk { error, .. } => CallError::Disk { text, error: error.kind() },
            _ => CallError::Failed(text),
        }
    }
}

/// The arguments of a command without its name.
#[derive(Debug, Parser)]
#[command(no_binary_name = true, disable_help_flag = true, disable_version_flag = true)]
struct Words<T: Args> {
    #[command(flatten)]
    arguments: T,
}

/// Reads words as the arguments of a command.
fn parse<T: Args>(words: &[String]) -> Result<T, CallError> {
    let read = Words::<T>::try_parse_from(words).map_err(|error| {
        let text = error.render().to_string();
        // What is wrong comes first; then how the program is called, and where its help is.
        let wrong = text.split("\n\nUsage:").next().unwrap_or_default();
        let wrong = wrong.split("\n\nFor more information").next().unwrap_or_default();
        CallError::Option(wrong.trim_start_matches("error: ").trim().to_owned())
    })?;
    Ok(read.arguments)
}

/// What is said of a scenario without playing it.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The name of the scenario.
    pub name: String,
    /// How it was understood.
    pub understood: String,
    /// What an audit found in it.
    pub audit: String,
}

/// Reads a scenario with what is laid over it, and checks it, as `revcast check` does. `files` are read in place of those on disk.
///
/// # Errors
/// [`CallError::Scenario`] with all its faults.
pub fn load(words: &[String], files: Vec<(PathBuf, Vec<u8>)>) -> Result<(HeldScenario, Checked), CallError> {
    let ScenarioSource { scenario: file, changes } = parse(words)?;
    let held = HeldScenario {
        changes,
        files: Arc::new(Mutex::new(files.into_iter().map(|(file, bytes)| (tidy(&file), bytes)).collect())),
    };
    let source = ScenarioSource { scenario: file, changes: Changes::default() };
    let plan = source.plan(&Session::embedded(vec![held.clone()], Arc::default()), Vec::new())?;
    let (scenario, model) = (&plan.scenario, &plan.model);
    let checked = Checked {
        name: scenario.name.clone(),
        understood: report::interpretation(scenario, model, WIDTH),
        audit: report::audit(scenario, &audit(scenario, model), WIDTH),
    };
    Ok((held, checked))
}

/// The columns of text.
const WIDTH: usize = 100;

/// A forecast, as `revcast run` makes it.
#[derive(Debug)]
pub struct Forecast(Box<Answered>);

/// How the files of a forecast are made.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("answers").multiple(true)))]
struct SaveArgs {
    #[command(flatten)]
    display: DisplayOptions,
    #[command(flatten)]
    further: FurtherFiles,
    #[command(flatten)]
    format: FormatOptions,
    /// What other options are said to exclude has to be there.
    #[arg(long, hide = true)]
    quiet: bool,
}

/// Plays a forecast; the words are those of `revcast run`.
///
/// # Errors
/// [`CallError`] with what is wrong, or where it was stopped.
pub fn forecast(words: &[String], session: &Session) -> Result<Forecast, CallError> {
    Ok(Forecast(Box::new(run::find(&parse(words)?, session)?)))
}

impl Forecast {
    /// Reads words about files, and writes numbers as they say, whatever was said before.
    fn written_as(&mut self, words: &[String]) -> Result<SaveArgs, CallError> {
        let read: SaveArgs = parse(words)?;
        self.0.answer.write_as(read.display.locale);
        Ok(read)
    }

    /// The document, as `revcast run --json` prints it.
    ///
    /// # Errors
    /// [`CallError`] where it cannot be written.
    pub fn json(&mut self) -> Result<Vec<u8>, CallError> {
        let SaveArgs { further, .. } = self.written_as(&[])?;
        Ok(self.0.json(&further)?)
    }

    /// The bands, as in bands.csv.
    ///
    /// # Errors
    /// [`CallError`] where they cannot be written.
    pub fn bands_csv(&self) -> Result<Vec<u8>, CallError> {
        Ok(export::bands_csv(&self.0.answer.forecast, export::CsvStyle::Plain).map_err(Failure::from)?)
    }

    /// The page, as in report.html; the words are those of `revcast run` that are about it.
    ///
    /// # Errors
    /// [`CallError`] where it cannot be made.
    pub fn page(&mut self, words: &[String]) -> Result<String, CallError> {
        let SaveArgs { display, .. } = self.written_as(words)?;
        Ok(report::page(&self.0.answer, display.every(), None).map_err(Failure::from)?)
    }

    /// The charts, by their names, as SVG.
    ///
    /// # Errors
    /// [`CallError`] where one cannot be drawn.
    pub fn charts(&mut self, words: &[String]) -> Result<Vec<(String, String)>, CallError> {
        let SaveArgs { format, .. } = self.written_as(words)?;
        drawn(&render::charts_of(&self.0.answer, format.chart_size))
    }

    /// The answer in six lines, and one a target.
    pub fn summary(&mut self) -> String {
        self.0.answer.write_as(Locale::default());
        report::summary(&self.0.answer, WIDTH)
    }

    /// What is behind the answer: assumptions, errors, inputs, the closed-form check.
    pub fn details(&mut self) -> String {
        self.0.answer.write_as(Locale::default());
        report::details(&self.0.answer, WIDTH)
    }

    /// Metrics in every trial, in each region and month; of none, that of the main figure.
    ///
    /// # Errors
    /// [`CallError::Option`] with a metric that the scenario does not have.
    pub fn trials(&mut self, metrics: &[String], session: &Session) -> Result<Vec<TrialColumn>, CallError> {
        let run = &mut self.0.run;
        run.execution.monitor = session.monitor();
        let model = &run.model;
        let metric = |name: &String| {
            let found: Result<Metric, UnknownMetric> = name.parse();
            let has: Vec<&str> = model.metrics().map(Metric::key).collect();
            let refuse = |hint: &str| refused("metric", name, &format!("one of {}", has.join(", ")), hint);
            match found {
                Ok(metric) if model.metrics().any(|known| known == metric) => Ok(metric),
                Ok(metric) => Err(refuse(
                    &model.lacking(metric).map_or_else(String::new, |lacking| format!("it takes {lacking}")),
                )),
                Err(unknown) => Err(refuse(&unknown.hint())),
            }
        };
        let mut wanted = metrics.iter().map(metric).collect::<Result<Vec<Metric>, Failure>>()?;
        if wanted.is_empty() {
            wanted.push(self.0.answer.forecast.main.metric);
        }
        let futures = (model.trials, 1);
        check_size(model, MAX_BYTES, |trials| export::trial_columns_bytes(model, &wanted, trials))?;
        let run = &self.0.run;
        let columns = session.shown(&run.execution.monitor, futures, true, || trial_columns(run, &wanted));
        columns.map_err(|error| match error {
            RunError::Stopped => CallError::Stopped,
            error => Failure::Export(error.into()).into(),
        })
    }

    /// Writes its folder, as `revcast run --out` does; the words are those of `revcast run` that are about files.
    ///
    /// # Errors
    /// [`CallError`] with what is wrong; then nothing was written.
    pub fn save(&mut self, out: &Path, words: &[String], session: &Session) -> Result<(), CallError> {
        let SaveArgs { display, further, format, .. } = parse(words)?;
        disk::check(out)?;
        own(out, Kind::Forecast)?;
        self.0.run.execution.monitor = session.monitor();
        let files = self.0.files(&format, &display, &further)?;
        Ok(self.0.folder(&files, out, &format, &further)?.finish()?)
    }
}

/// Refuses a folder in which results of another kind lie: whoever writes several in a row wants all of them.
fn own(out: &Path, kind: Kind) -> Result<(), Failure> {
    let others = Kind::OF_FOLDERS.into_iter().filter(|other| *other != kind);
    others.map(Kind::file).find(|file| out.join(file).is_file()).map_or(Ok(()), |file| {
        let allowed = format!("a folder for {} and the files beside it alone", kind.file());
        let found = format!("a folder with {file}, which would be replaced");
        Err(refused(
            &out.display().to_string(),
            &found,
            &allowed,
            "give each result a folder of its own; nothing was touched",
        ))
    })
}

/// Charts as SVG, by their names.
fn drawn(charts: &[Chart]) -> Result<Vec<(String, String)>, CallError> {
    let svg = |chart: &Chart| Ok((chart.name().to_owned(), chart.svg(chart.name()).map_err(Failure::from)?));
    charts.iter().map(svg).collect()
}

/// What an analysis found: the document of a question that was asked.
pub struct Analysis {
    found: Box<dyn Found>,
    execution: Execution,
}

/// Asks a question; the words are those of the command, which is one of sensitivity, solve, compare, sweep, pipeline and backtest.
///
/// # Errors
/// [`CallError`] with what is wrong, or where it was stopped.
pub fn ask(command: &str, words: &[String], session: &Session) -> Result<Analysis, CallError> {
    let (found, execution) = match command {
        "sensitivity" => parse::<sensitivity::SensitivityArgs>(words)?.find(session),
        "solve" => parse::<solve::SolveArgs>(words)?.find(session),
        "compare" => parse::<compare::CompareArgs>(words)?.find(session),
        "sweep" => parse::<sweep::SweepArgs>(words)?.find(session),
        "pipeline" => parse::<pipeline::PipelineArgs>(words)?.find(session),
        "backtest" => parse::<backtest::BacktestArgs>(words)?.find(session),
        _ => Err(refused("command", command, "a question", "")),
    }?;
    Ok(Analysis { found, execution })
}

impl Analysis {
    /// The document, as the command prints it with `--json`.
    ///
    /// # Errors
    /// [`CallError`] where it cannot be written.
    pub fn json(&self) -> Result<Vec<u8>, CallError> {
        Ok(self.found.json()?)
    }

    /// What was found, in words.
    pub fn summary(&self) -> String {
        report::terminal(&self.found.finding(), WIDTH)
    }

    /// Its charts, by their names, as SVG.
    ///
    /// # Errors
    /// [`CallError`] where one cannot be drawn.
    pub fn charts(&self, words: &[String]) -> Result<Vec<(String, String)>, CallError> {
        let SaveArgs { format, .. } = parse(words)?;
        drawn(&self.found.charts(format.chart_size))
    }

    /// Writes its folder, as the command does with `--out`.
    ///
    /// # Errors
    /// [`CallError`] with what is wrong; then nothing was written.
    pub fn save(&mut self, out: &Path, words: &[String], session: &Session) -> Result<(), CallError> {
        let SaveArgs { format, .. } = parse(words)?;
        disk::check(out)?;
        own(out, self.found.kind())?;
        self.execution.monitor = session.monitor();
        let files = self.found.files(&format, &self.execution.workers)?;
        Ok(files.begin(out, &self.execution.monitor)?.finish()?)
    }
}

/// The bytes of the K-th of N equal parts of a run's futures, as `revcast run --shard K/N` writes them.
///
/// # Errors
/// [`CallError`] with what is wrong, or where it was stopped.
pub fn shard(portion: &str, words: &[String], session: &Session) -> Result<Vec<u8>, CallError> {
    let portion: Portion = portion
        .parse()
        .map_err(|allowed: String| CallError::Option(refused("--shard", portion, &allowed, "").to_string()))?;
    let arguments: run::RunArgs = parse(words)?;
    let (plan, about) = arguments.shard_of(portion, session)?;
    super::shard::check(&plan, portion)?;
    let execution = session.execution(arguments.workers());
    let futures = (portion.range(plan.model.trials).len(), shards::times_played(&plan.model));
    let mut bytes = Vec::new();
    session
        .shown(&execution.monitor, futures, true, || {
            make_tables(&plan.model, &execution.workers);
            shards::write(&plan.model, &about, &execution, &mut bytes)
        })
        .map_err(|error| Failure::of_shard(error, &plan.scenario))?;
    Ok(bytes)
}

/// What shards were put together to.
pub enum Merged {
    /// The forecast of a run.
    Forecast(Forecast),
    /// The combinations of a sweep.
    Sweep(Analysis),
}

/// Shards of a run or a sweep.
pub enum Shards {
    /// In files.
    Files(Vec<PathBuf>),
    /// In memory, each with a name for what is said of it.
    Bytes(Vec<(String, Bytes)>),
}

/// Puts shards together; the words are those of `revcast merge`.
///
/// # Errors
/// [`CallError`] with all that is wrong with them.
pub fn merge(shards: Shards, words: &[String], session: &Session) -> Result<Merged, CallError> {
    let names: Vec<String> = match &shards {
        Shards::Files(files) => files.iter().map(|file| file.display().to_string()).collect(),
        Shards::Bytes(shards) => shards.iter().map(|(name, _)| name.clone()).collect(),
    };
    let words: Vec<String> = words.iter().cloned().chain(["--".to_owned()]).chain(names).collect();
    let arguments: merge::MergeArgs = parse(&words)?;
    let found = match shards {
        Shards::Files(_) => merge::find(&arguments, session),
        Shards::Bytes(shards) => merge::find_in(&arguments, shards, session),
    };
    Ok(match found? {
        merge::Found::Forecast(answered) => Merged::Forecast(Forecast(answered)),
        merge::Found::Sweep(sweep) => {
            let execution = session.execution(arguments.workers());
            Merged::Sweep(Analysis { found: sweep, execution })
        }
    })
}

/// A scenario fitted to the export of a CRM, as `revcast fit` makes it.
pub struct Fit {
    arguments: fit::FitArgs,
    fitted: Fitted,
}

/// Fits a scenario; the words are those of `revcast fit`.
///
/// # Errors
/// [`CallError`] with all that is wrong with the export or an option.
pub fn fit(words: &[String], session: &Session) -> Result<Fit, CallError> {
    let arguments: fit::FitArgs = parse(words)?;
    let done = AtomicUsize::new(0);
    let counting = Counted { of: FittingArgs::STEPS, what: "steps", done: &|| done.load(Ordering::Relaxed) };
    let fitted = session.counted(&counting, true, || arguments.fit(&arguments.out(), &done))?;
    Ok(Fit { arguments, fitted })
}

impl Fit {
    /// The document, as in fit.json.
    pub fn json(&self) -> &[u8] {
        self.fitted.files.first().map_or(&[], |(_, bytes)| bytes)
    }

    /// What was found, in words.
    pub fn summary(&self) -> String {
        report::terminal(&findings::fit(&self.fitted.document.body, &self.fitted.currency), WIDTH)
    }

    /// The file of the fitted scenario, and all files of the fit by the paths that they would have.
    pub fn scenario(&self) -> (PathBuf, Vec<(PathBuf, Vec<u8>)>) {
        let out = self.arguments.out();
        let files = self.fitted.files.iter().map(|(name, bytes)| (out.join(name), bytes.clone()));
        (out.join(SCENARIO), files.collect())
    }

    /// Its charts, by their names, as SVG.
    ///
    /// # Errors
    /// [`CallError`] where one cannot be drawn.
    pub fn charts(&self, words: &[String]) -> Result<Vec<(String, String)>, CallError> {
        let SaveArgs { format, .. } = parse(words)?;
        let Fitted { document, currency, .. } = &self.fitted;
        drawn(&charts::of_fit(&document.body, currency, format.chart_size))
    }

    /// Writes its folder, as `revcast fit --out` does.
    ///
    /// # Errors
    /// [`CallError`] with what is wrong; then nothing was written.
    pub fn save(&self, out: Option<&Path>, session: &Session) -> Result<(), CallError> {
        let usual = self.arguments.out();
        let out = out.unwrap_or(&usual);
        disk::check_fit(out)?;
        // What it names by their paths, its folder's path leads to; and a back-test that stands there is named.
        let fitted = self.arguments.fit(out, &AtomicUsize::new(0))?;
        Ok(fitted.write(out, &session.monitor())?)
    }
}
