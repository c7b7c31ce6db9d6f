//! One scenario of a batch.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};

use super::Batch;
use super::journal::Journal;
use super::list::Listed;
use super::log::Log;
use super::rules::NightRules;
use super::watch::Watch;
use crate::analysis::{Answer, Past};
use crate::batch::{Fired, NightAnswer, NightFigure, NightTarget, Shrunk, shrunk};
use crate::cli::disk;
use crate::cli::exit::Failure;
use crate::cli::job::{Depth, Job};
use crate::cli::keeping::Keeping;
use crate::cli::rendered::{DOCUMENT, WORKBOOK, Workbook, rendered};
use crate::cli::run::check_size;
use crate::cli::source::{document, read};
use crate::engine::{Execution, Memory, Trials, Workers, make_tables};
use crate::model::{Model, resolve};
use crate::scenario::{Scenario, Setting};
use crate::units::few_digits;
use crate::{export, report};

/// What all scenarios of a night share.
pub(super) struct Shared<'a> {
    pub(super) arguments: &'a Batch,
    pub(super) out: &'a Path,
    pub(super) journal: &'a Journal,
    pub(super) log: &'a Log,
    pub(super) watch: &'a Watch,
    pub(super) settings: &'a [Setting],
    pub(super) rules: &'a NightRules,
    pub(super) keeping: &'a Keeping,
    /// Most bytes that a scenario may take.
    pub(super) most_bytes: f64,
}

/// What became of a scenario.
#[derive(Debug)]
pub(super) enum Became {
    Done(Box<Done>),
    Refused(String),
    Failed(Failure),
    /// With Ctrl-C.
    Stopped,
}

/// A scenario whose files are of this night's inputs.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) told: NightAnswer,
    /// Its brief, where that is asked for.
    pub(super) brief: Option<String>,
}

/// Whether files had to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
    Now,
    Before,
}

/// Rules that do not hold, and alerts that fire.
type Judged = (Vec<String>, Vec<Fired>);

/// A scenario's answer, however it was come by.
enum Found {
    Answer(Box<Answer>, Made),
    Refused(String),
}

impl Shared<'_> {
    /// Does one scenario, whatever happens in it.
    pub(super) fn one(&self, listed: &Listed, workers: &Workers) -> Became {
        let name = listed.name.as_str();
        self.log.event("scenario_started", json!({ "scenario": name }));
        let begun = Instant::now();
        let done = self.watch.over(|watched| {
            let done = catch_unwind(AssertUnwindSafe(|| {
                self.answered(listed, &Execution { workers: workers.clone(), monitor: Arc::clone(&watched.monitor) })
            }));
            let done = done.unwrap_or_else(|_| Err(Failure::Broken(format!("{name} could not be played"))));
            match done {
                Err(Failure::Stopped) if watched.late() => Err(self.too_late(listed)),
                done => done,
            }
        });
        let seconds = (1e3 * begun.elapsed().as_secs_f64()).round() / 1e3;
        let became = match done {
            Ok((Found::Answer(answer, made), alerts)) => {
                Became::Done(Box::new(self.told(name, &answer, made, alerts, seconds)))
            }
            Ok((Found::Refused(why), _)) => {
                self.log.event("scenario_refused", json!({ "scenario": name, "fault": why, "seconds": seconds }));
                Became::Refused(why)
            }
            Err(Failure::Stopped) => Became::Stopped,
            Err(failure) => {
                let fault = failure.to_string();
                self.log.event("scenario_failed", json!({ "scenario": name, "fault": fault, "seconds": seconds }));
                Became::Failed(failure)
            }
        };
        self.log.step(name);
        became
    }

    fn told(&self, name: &str, answer: &Answer, made: Made, (broken, alerts): Judged, seconds: f64) -> Done {
        let told = NightAnswer::new(answer, broken, alerts);
        let targets: Vec<Value> = told.targets.iter().map(target_of).collect();
        self.log.event(
            if made == Made::Now { "scenario_done" } else { "scenario_skipped" },
            json!({ "scenario": name, "seconds": seconds, "trials": told.trials, "main": main_of(&told.main), "targets": targets,
                "moved": told.moved, "broken": told.broken, "alerts": told.alerts }),
        );
        let paging = &self.arguments.paging;
        let brief = paging.brief.map(|style| report::brief(answer, paging.every(), style));
        Done { told, brief }
    }

    fn too_late(&self, listed: &Listed) -> Failure {
        Failure::Option {
            option: listed.file.display().to_string(),
            found: "a scenario that takes longer".to_owned(),
            allowed: format!("at most {} seconds (--max-time)", self.arguments.max_time.unwrap_or_default()),
            hint: "fewer trials, or more time; its earlier files are as they were".to_owned(),
        }
    }

    fn answered(&self, listed: &Listed, execution: &Execution) -> Result<(Found, Judged), Failure> {
        let scenario = read(&listed.file, self.settings)?;
        let rules = self.rules.of(&listed.name, &scenario)?;
        let model = Arc::new(resolve(&scenario)?);
        let found = self.found(listed, (&scenario, &model), execution)?;
        let judged = match &found {
            Found::Answer(answer, _) => (rules.broken(answer), rules.fired(answer)),
            Found::Refused(_) => (Vec::new(), Vec::new()),
        };
        Ok((found, judged))
    }

    fn found(
        &self,
        listed: &Listed,
        (scenario, model): (&Scenario, &Arc<Model>),
        execution: &Execution,
    ) -> Result<Found, Failure> {
        let out = self.out.join(&listed.name);
        disk::check(&out)?;
        let warn = |text: &str| self.log.warning(Some(&listed.name), text);
        let mut before = self.before(&listed.name, &out);
        // By this night, before it was interrupted.
        let done = self.arguments.resume && self.journal.has_done(self.out, &listed.name);
        let skips = |before: &mut Answer| (done || self.journal.skips()) && self.is_of(before, scenario, model, &out);
        if let Some(mut before) = before.take_if(skips) {
            if done {
                self.keeping.ensure(&listed.name, self.journal.night(), &before.forecast, &warn);
            } else {
                // Nothing moved since: it was not even played.
                before.moved = None;
            }
            return Ok(Found::Answer(Box::new(before), Made::Before));
        }
        if let Some(why) = self.guarded(before.as_ref(), scenario) {
            return Ok(Found::Refused(why));
        }
        let past = self.past(&listed.name, before.as_ref())?;
        let depth = if self.arguments.deep { Depth::Deep } else { Depth::Forecast };
        let memory = Memory(Memory::default().0.min(self.most_bytes / 2.0));
        let job = Job::new((scenario, model), None, depth, past.as_ref(), Trials::Simulated(memory))?;
        check_size(model, self.most_bytes, |trials| job.bytes(trials))?;
        make_tables(model, &execution.workers);
        let (_, mut answer) = job.answer(execution, &mut |_| ())?;
        let paging = &self.arguments.paging;
        answer.write_as(paging.locale);
        let workbook = if self.arguments.xlsx { Workbook::Wanted } else { Workbook::Unwanted };
        let mut results = rendered(&answer, &self.arguments.playing, paging, workbook, &execution.workers)?;
        answer.forecast.manifest.files = results.names();
        results.json = export::forecast_json(&answer)?;
        let folder = results.begin(&out, &execution.monitor)?;
        self.keeping.around(&listed.name, Some(self.journal.night()), &answer.forecast, &warn, || folder.finish())?;
        Ok(Found::Answer(Box::new(answer), Made::Now))
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
    fn is_of(&self, answer: &Answer, scenario: &Scenario, model: &Model, out: &Path) -> bool {
        let manifest = &answer.forecast.manifest;
        let now = crate::forecast::Manifest::of(scenario, model);
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
    fn past(&self, name: &str, before: Option<&Answer>) -> Result<Option<Past>, Failure> {
        use crate::cli::since::Since;
        match &self.arguments.since {
            Since::Never => Ok(None),
            Since::Last => Ok(before.map(|answer| {
                let past = Past::from(&answer.forecast);
                Past { ran: self.keeping.ran(name, &past.manifest, Some(self.journal.night())), ..past }
            })),
            since @ (Since::File(_) | Since::Day(_)) => {
                let found = since.past(&PathBuf::new(), true, self.keeping, name)?;
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
fn main_of(main: &NightFigure) -> Value {
    let NightFigure { metric, scope, period, p10, p50, p90, p50_change } = main;
    json!({
        "metric": metric, "scope": scope, "period": period, "p10": p10.value, "p10_error": p10.error, "p50": p50.value,
        "p50_error": p50.error, "p90": p90.value, "p90_error": p90.error, "p50_change": p50_change,
    })
}

/// A target on a line of the log, flat.
fn target_of(target: &NightTarget) -> Value {
    let NightTarget { name, probability, change } = target;
    json!({ "name": name, "probability": probability.value, "probability_error": probability.error, "change": change })
}
