//! The document of a batch, `batch.json`.

use serde::{Deserialize, Serialize};

use super::alert::Fired;
use crate::documents::{Body, Document, Kind};
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::Currency;

/// A run of a batch: every scenario with what became of it. It has no clock and no path in it, so that a batch that was interrupted
/// and gone on with ends with the same bytes.
#[derive(Clone, Debug, Serialize)]
pub struct BatchRun {
    /// The number of scenarios by how they ended.
    pub counts: Counts,
    /// The scenarios, in the order of their names.
    pub scenarios: Vec<BatchScenario>,
    /// The scenarios of the batch before that are not among those of this one.
    pub missing: Vec<String>,
}

impl Body for BatchRun {
    const KIND: Kind = Kind::Batch;
}

/// What heads the document of a batch.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BatchHeader {
    /// The program that made it, and its files.
    pub manifest: BatchManifest,
}

/// The program that made a batch, and its files.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BatchManifest {
    /// The version of the program.
    pub version: String,
    /// The files of the batch beside the scenarios' own folders.
    pub files: Vec<String>,
}

/// The number of scenarios by how they ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Their files are of the inputs of this batch.
    pub done: usize,
    /// They failed: a faulty scenario, a limit, the disk.
    pub failed: usize,
    /// Their inputs shrank, and they were not played.
    pub refused: usize,
    /// A rule of theirs does not hold.
    pub broken: usize,
    /// An alert of theirs fired.
    pub alerted: usize,
}

/// A scenario and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct BatchScenario {
    /// The name of the scenario: that of its file without ending, and of its folder.
    pub scenario: String,
    /// What became of it.
    pub status: Status,
    /// The fault, where it is not done.
    pub fault: Option<String>,
    /// Its answer, where it is done.
    pub answer: Option<BatchAnswer>,
}

/// What became of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Its files are of the inputs of this batch.
    Done,
    /// It failed; its earlier files are as they were.
    Failed,
    /// Its inputs shrank, and it was not played; its earlier files are as they were.
    Refused,
}

/// The answer of a scenario in short.
#[derive(Clone, Debug, Serialize)]
pub struct BatchAnswer {
    /// The name that the scenario gives itself.
    pub name: String,
    /// The hash of the scenario.
    pub scenario_hash: String,
    /// The seed of the run.
    pub seed: u64,
    /// The number of trials.
    pub trials: usize,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The bands of the main figure.
    pub main: BatchFigure,
    /// The chances of its targets.
    pub targets: Vec<BatchTarget>,
    /// What moved since the last run, in a sentence; absent where there was none.
    pub moved: Option<String>,
    /// The rules that do not hold.
    pub broken: Vec<String>,
    /// The alerts that fired.
    pub alerts: Vec<Fired>,
}

/// A main figure in short; each percentile with its standard error.
#[derive(Clone, Debug, Serialize)]
pub struct BatchFigure {
    /// The metric of the main figure.
    pub metric: Metric,
    /// The key of its scope.
    pub scope: String,
    /// The period that it is of.
    pub period: String,
    /// The value that 10 % of outcomes fall below.
    pub p10: Estimate,
    /// The value that half of the outcomes fall below.
    pub p50: Estimate,
    /// The value that 90 % of outcomes fall below.
    pub p90: Estimate,
    /// How far the median moved since the last run; unknown where there was none.
    pub p50_change: Option<f64>,
}

/// A target in short.
#[derive(Clone, Debug, Serialize)]
pub struct BatchTarget {
    /// The name of the target.
    pub name: String,
    /// The chance that it is reached.
    pub probability: Estimate,
    /// How far that moved since the last run; unknown where there was none, or it had no such target.
    pub change: Option<f64>,
}

impl BatchRun {
    /// Makes the document of scenarios, and counts how they ended.
    pub fn new(scenarios: Vec<BatchScenario>, missing: Vec<String>) -> BatchRun {
        let mut counts = Counts::default();
        for scenario in &scenarios {
            *match scenario.status {
                Status::Done => &mut counts.done,
                Status::Failed => &mut counts.failed,
                Status::Refused => &mut counts.refused,
            } += 1;
            let answer = scenario.answer.as_ref();
            counts.broken += usize::from(answer.is_some_and(|answer| !answer.broken.is_empty()));
            counts.alerted += usize::from(answer.is_some_and(|answer| !answer.alerts.is_empty()));
        }
        BatchRun { counts, scenarios, missing }
    }

    /// The document of the batch, which lists itself alone: the scenarios have folders of their own.
    pub fn document(self) -> Document<BatchRun, BatchHeader> {
        let manifest =
            BatchManifest { version: env!("CARGO_PKG_VERSION").to_owned(), files: vec!["batch.json".to_owned()] };
        Document::new(BatchHeader { manifest }, self)
    }
}

impl BatchAnswer {
    /// Shortens a run's answer; with it go the rules that do not hold, and the alerts that fired.
    pub fn new(answer: &crate::analysis::Answer, broken: Vec<String>, alerts: Vec<Fired>) -> BatchAnswer {
        let forecast = &answer.forecast;
        let (main, moved) = (&forecast.main, answer.moved.as_ref());
        let change = |name: &str| {
            let target = moved?.targets.iter().find(|target| target.name == name)?;
            target.chance.as_ref()?.change()
        };
        let target = |target: &crate::forecast::TargetOutcome| BatchTarget {
            name: target.name.clone(),
            probability: target.probability,
            change: change(&target.name),
        };
        BatchAnswer {
            name: forecast.name.clone(),
            scenario_hash: forecast.manifest.scenario_hash.clone(),
            seed: forecast.manifest.seed,
            trials: forecast.manifest.trials,
            currency: forecast.currency.clone(),
            main: BatchFigure {
                metric: main.metric,
                scope: main.scope.clone(),
                period: main.period.clone(),
                p10: main.bands.p10,
                p50: main.bands.p50,
                p90: main.bands.p90,
                p50_change: moved.and_then(|moved| moved.spans.as_ref()?.p50.change()),
            },
            targets: forecast.targets.iter().map(target).collect(),
            moved: moved.map(|moved| crate::findings::headline(forecast, moved)),
            broken,
            alerts,
        }
    }
}
