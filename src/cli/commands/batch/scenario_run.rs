//! The run of one scenario of a batch.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::journal::Journal;
use super::list::Listed;
use super::log::Log;
use super::options::BatchArgs;
use super::refit::refitted;
use super::rules::BatchRules;
use super::timeout::Timeouts;
use crate::analysis::{Answer, Baseline};
use crate::batch::{BatchAnswer, BatchFigure, BatchTarget, Fired, Shrunk, shrunk};
use crate::cli::baseline::Since;
use crate::cli::disk;
use crate::cli::exit::Failure;
use crate::cli::forecast_job::{Depth, ForecastJob, check_means};
use crate::cli::history_recorder::HistoryRecorder;
use crate::cli::known_past::KnownPast;
use crate::cli::opened::document;
use crate::cli::output_folder::NamedFiles;
use crate::cli::progress::abandoned_when;
use crate::cli::render::{DOCUMENT, Extras, WORKBOOK, render};
use crate::cli::scenario_source::Plan;
use crate::engine::{Execution, Memory, Trials, Workers, make_tables};
use crate::scenario::{Scenario, Setting};
use crate::units::few_digits;
use crate::{export, report};

/// What the runs of all scenarios of a batch share.
pub(super) struct BatchContext<'a> {
    pub(super) arguments: &'a BatchArgs,
    pub(super) out: &'a Path,
    pub(super) journal: &'a Journal,
    pub(super) log: &'a Log,
    pub(super) timeouts: &'a Timeouts,
    pub(super) settings: &'a [Setting],
    pub(super) rules: &'a BatchRules,
    pub(super) recorder: &'a HistoryRecorder,
    /// The day that results bear.
    pub(super) date: Option<Date>,
    /// The most bytes of memory that a scenario may take.
    pub(super) max_bytes: f64,
}

/// What became of a scenario.
#[derive(Debug)]
pub(super) enum Outcome {
    Done(Box<Done>),
    /// Its inputs shrank too much, as the text says; it was not played.
    Refused(String),
    Failed(Failure),
    /// It was stopped, like all others, with Ctrl-C.
    Stopped,
}

/// A scenario whose files are of this batch's inputs.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) answer: BatchAnswer,
    /// The brief of its forecast, where that is asked for.
    pub(super) brief: Option<String>,
}

/// A scenario's answer, however it was come by.
enum Answered {
    /// It was played in this batch.
    Now(Box<Answer>),
    /// Its files of an earlier run still hold.
    Before(Box<Answer>),
    /// It was not played, as the text says.
    Refused(String),
}

/// The rules of a scenario that do not hold, and the alerts that fire.
#[derive(Default)]
struct Verdict {
    broken: Vec<String>,
    alerts: Vec<Fired>,
}

impl BatchContext<'_> {
    /// Runs one scenario, whatever happens in it.
    pub(super) fn run(&self, listed: &Listed, workers: &Workers) -> Outcome {
        let name = listed.name.as_str();
        self.log.event("scenario_started", json!({ "scenario": name }));
        let begun = Instant::now();
        let done = self.timeouts.limit(|timed| {
            let done = catch_unwind(AssertUnwindSafe(|| {
                self.answered(listed, &Execution { workers: workers.clone(), monitor: Arc::clone(&timed.monitor) })
            }));
            let done = done.unwrap_or_else(|_| Err(Failure::Broken(format!("{name} could not be played"))));
            match done {
                Err(Failure::Stopped) if timed.late() => Err(self.too_late(listed)),
                done => done,
            }
        });
        let seconds = (1e3 * begun.elapsed().as_secs_f64()).round() / 1e3;
        let outcome = match done {
            Ok((Answered::Now(answer), verdict)) => {
                Outcome::Done(Box::new(self.done("scenario_done", name, &answer, verdict, seconds)))
            }
            Ok((Answered::Before(answer), verdict)) => {
                Outcome::Done(Box::new(self.done("scenario_skipped", name, &answer, verdict, seconds)))
            }
            Ok((Answered::Refused(why), _)) => {
                self.log.event("scenario_refused", json!({ "scenario": name, "fault": why, "seconds": seconds }));
                Outcome::Refused(why)
            }
            Err(Failure::Stopped) => Outcome::Stopped,
            Err(failure) => {
                let fault = failure.to_string();
                self.log.event("scenario_failed", json!({ "scenario": name, "fault": fault, "seconds": seconds }));
                Outcome::Failed(failure)
            }
        };
        self.log.step(name);
        outcome
    }

    /// Logs that a scenario is done, and says what it answers in short.
    fn done(&self, event: &str, name: &str, answer: &Answer, verdict: Verdict, seconds: f64) -> Done {
        let short = BatchAnswer::new(answer, verdict.broken, verdict.alerts);
        let targets: Vec<Value> = short.targets.iter().map(target_event).collect();
        self.log.event(
            event,
            json!({ "scenario": name, "seconds": seconds, "trials": short.trials, "main": main_event(&short.main), "targets": targets,
                "moved": short.moved, "broken": short.broken, "alerts": short.alerts }),
        );
        let display = &self.arguments.display;
        let brief = display.brief.map(|style| report::brief(answer, display.every(), style));
        Done { answer: short, brief }
    }

    fn too_late(&self, listed: &Listed) -> Failure {
        Failure::Option {
            option: listed.file.display().to_string(),
            found: "a scenario that takes longer".to_owned(),
            allowed: format!("at most {} seconds (--max-time)", self.arguments.max_time.unwrap_or_default()),
            hint: "fewer trials, or more time; its earlier files are as they were".to_owned(),
        }
    }

    fn answered(&self, listed: &Listed, execution: &Execution) -> Result<(Answered, Verdict), Failure> {
        let (file, settings, max_bytes) = (listed.file.clone(), self.settings.to_vec(), self.max_bytes);
        let (out, chart_size) = (self.out.join(&listed.name), self.arguments.simulation.output.format.chart_size);
        let (mut plan, fitted) = abandoned_when(
            || execution.monitor.stopped(),
            move || {
                let (scenario, fitted) = refitted(&file, &settings, (&out, chart_size), max_bytes)?;
                Ok::<_, Failure>((Plan::new(scenario)?, fitted))
            },
        )??;
        plan.scenario.date = self.date;
        let rules = self.rules.of(&listed.name, &plan.scenario)?;
        let answered = self.answer(listed, &plan, fitted, execution)?;
        let verdict = match &answered {
            Answered::Now(answer) | Answered::Before(answer) => {
                Verdict { broken: rules.broken(answer), alerts: rules.fired(answer) }
            }
            Answered::Refused(_) => Verdict::default(),
        };
        Ok((answered, verdict))
    }

    /// The answer of a plan, with the files of the fit that it comes from, if any.
    fn answer(
        &self,
        listed: &Listed,
        plan: &Plan,
        fitted: NamedFiles,
        execution: &Execution,
    ) -> Result<Answered, Failure> {
        let out = self.out.join(&listed.name);
        disk::check(&out)?;
        let warn = |text: &str| self.log.warning(Some(&listed.name), text);
        let mut before = self.before(&listed.name, &out);
        // By this night, before it was interrupted.
        let done = self.arguments.resume && self.journal.has_done(self.out, &listed.name);
        let actuals = self.recorder.actuals(&listed.name, plan)?;
        let skips = |before: &mut Answer| {
            (done || self.journal.skips())
                && before.forecast.manifest.actuals == actuals
                && self.is_of(before, plan, &out)
        };
        if let Some(mut before) = before.take_if(skips) {
            if done {
                self.recorder.ensure_recorded(&listed.name, self.journal.night(), &before.forecast, &warn);
            } else {
                // Nothing moved since: it was not even played.
                before.moved = None;
            }
            return Ok(Answered::Before(Box::new(before)));
        }
        if let Some(why) = self.guarded(before.as_ref(), &plan.scenario) {
            return Ok(Answered::Refused(why));
        }
        let baseline = self.baseline(&listed.name, before.as_ref())?;
        let depth = if self.arguments.deep { Depth::WhatIf } else { Depth::Forecast };
        let memory = Memory(Memory::default().0.min(self.max_bytes / 2.0));
        let job = ForecastJob::new(plan, None, depth, baseline.as_ref(), Trials::Simulated(memory))?;
        job.check_size(self.max_bytes)?;
        make_tables(&plan.model, &execution.workers);
        let (_, mut answer) = job.answer(execution, &mut |_| ())?;
        check_means(&answer)?;
        let display = &self.arguments.display;
        answer.write_as(display.locale);
        answer.forecast.manifest.actuals = actuals;
        let extras = Extras { workbook: self.arguments.xlsx, tune: false };
        let format = &self.arguments.simulation.output.format;
        let mut files = render(&answer, format, display, extras, &execution.workers)?;
        files.extend(fitted);
        answer.forecast.manifest.files = files.names();
        files.json = export::forecast_json(&answer)?;
        let folder = files.begin(&out, &execution.monitor)?;
        self.recorder.record(&listed.name, Some(self.journal.night()), &answer.forecast, &warn, || folder.finish())?;
        Ok(Answered::Now(Box::new(answer)))
    }

    /// What the folder holds of an earlier run, if it is whole.
    fn before(&self, name: &str, out: &Path) -> Option<Answer> {
        let file = out.join(DOCUMENT);
        if !file.exists() {
            return None;
        }
        let read = document(&file).and_then(|bytes| Ok(Answer::read(&file.display().to_string(), &bytes)?));
        match read {
            Ok(answer) => Some(answer),
            Err(failure) => {
                let why = format!("the forecast before this one is not compared with: {failure}");
                self.log.warning(Some(name), &why);
                None
            }
        }
    }

    /// Whether an answer is what this scenario gives, with all that was asked for.
    fn is_of(&self, answer: &Answer, plan: &Plan, out: &Path) -> bool {
        let manifest = &answer.forecast.manifest;
        let now = crate::documents::Manifest::of(&plan.scenario, &plan.model);
        let listed = |name: &str| manifest.files.iter().any(|file| file == name);
        (&manifest.version, &manifest.scenario_hash, manifest.seed, manifest.trials, &manifest.scenario)
            == (&now.version, &now.scenario_hash, now.seed, now.trials, &now.scenario)
            && answer.deep.is_some() == self.arguments.deep
            && listed(WORKBOOK) == self.arguments.xlsx
            && manifest.files.iter().all(|name| out.join(name).is_file())
    }

    /// Why the scenario is not played: inputs that shrank by more than the guard allows.
    fn guarded(&self, before: Option<&Answer>, scenario: &Scenario) -> Option<String> {
        const SHOWN: usize = 5;
        let share = self.arguments.guard?.0;
        let before = before?.forecast.manifest.scenario().ok()?;
        let found = shrunk(&before, scenario, share);
        let (shown, more) = (found.iter().take(SHOWN), found.len().saturating_sub(SHOWN));
        let said = |Shrunk { path, before, now }: &Shrunk| match now {
            Some(now) => format!("{path} shrank from {} to {}", few_digits(*before), few_digits(*now)),
            None => format!("{path} was {} and is gone", few_digits(*before)),
        };
        let mut told: Vec<String> = shown.map(said).collect();
        if more > 0 {
            told.push(format!("{more} more"));
        }
        (!found.is_empty()).then(|| {
            format!(
                "refused: {}, more than --guard allows since the last run; if that is right, run it once without --guard",
                told.join("; ")
            )
        })
    }

    /// The run that it is compared with.
    fn baseline(&self, name: &str, before: Option<&Answer>) -> Result<Option<Baseline>, Failure> {
        match &self.arguments.since {
            Since::Never => Ok(None),
            Since::Last => Ok(before.map(|answer| {
                let past = Baseline::from(&answer.forecast);
                Baseline { ran: self.recorder.previous_run(name, &past.manifest, Some(self.journal.night())), ..past }
            })),
            since @ (Since::File(_) | Since::Day(_)) => {
                let found = since.baseline(&PathBuf::new(), true, self.recorder, name)?;
                if found.is_none() {
                    self.log.warning(
                        Some(name),
                        "the history has no run of it up to that day, so nothing is said of what moved",
                    );
                }
                Ok(found)
            }
        }
    }
}

/// The main figure on a line of the log, flat.
fn main_event(main: &BatchFigure) -> Value {
    let BatchFigure { metric, scope, period, p10, p50, p90, p50_change } = main;
    json!({
        "metric": metric, "scope": scope, "period": period, "p10": p10.value, "p10_error": p10.error, "p50": p50.value,
        "p50_error": p50.error, "p90": p90.value, "p90_error": p90.error, "p50_change": p50_change,
    })
}

/// A target on a line of the log, flat.
fn target_event(target: &BatchTarget) -> Value {
    let BatchTarget { name, probability, change } = target;
    json!({ "name": name, "probability": probability.value, "probability_error": probability.error, "change": change })
}
