//! What a night came to, as it is written to `batch.json`.

use serde::{Deserialize, Serialize};

use super::alert::Fired;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::Currency;

/// A night: every scenario with what became of it. No clock and no path in it, so that a night that was interrupted and gone on
/// with ends with the same bytes.
#[derive(Clone, Debug, Serialize)]
pub struct Night {
    /// What made it.
    pub manifest: NightManifest,
    /// How many scenarios ended how.
    pub counts: Counts,
    /// The scenarios, in the order of their names.
    pub scenarios: Vec<NightScenario>,
    /// Scenarios of the night before that were not among those of this one.
    pub missing: Vec<String>,
}

/// What made a night.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NightManifest {
    /// The program's version.
    pub version: String,
    /// The files of the night beside the scenarios' own folders.
    pub files: Vec<String>,
}

/// How many scenarios ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Their files are of this night's inputs.
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
pub struct NightScenario {
    /// Its name: that of its file without ending, and of its folder.
    pub scenario: String,
    /// What became of it.
    pub status: Status,
    /// What is wrong, where it is not done.
    pub fault: Option<String>,
    /// What it answers, where it is done.
    pub answer: Option<NightAnswer>,
}

/// What became of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Its files are of this night's inputs.
    Done,
    /// It failed; its earlier files are as they were.
    Failed,
    /// Its inputs shrank, and it was not played; its earlier files are as they were.
    Refused,
}

/// What a scenario answers, in short.
#[derive(Clone, Debug, Serialize)]
pub struct NightAnswer {
    /// The scenario's own name.
    pub name: String,
    /// Its hash.
    pub scenario_hash: String,
    /// The seed.
    pub seed: u64,
    /// How many futures were played.
    pub trials: usize,
    /// Currency of all amounts.
    pub currency: Currency,
    /// The main figure.
    pub main: NightFigure,
    /// Its targets.
    pub targets: Vec<NightTarget>,
    /// What moved since the last run, in a sentence; absent where there was none.
    pub moved: Option<String>,
    /// Rules that do not hold.
    pub broken: Vec<String>,
    /// Alerts that fired.
    pub alerts: Vec<Fired>,
}

/// A main figure in short; each percentile with its standard error.
#[derive(Clone, Debug, Serialize)]
pub struct NightFigure {
    /// What is measured.
    pub metric: Metric,
    /// The scope's key.
    pub scope: String,
    /// When.
    pub period: String,
    /// The value that 10 % of outcomes fall below.
    pub p10: Estimate,
    /// The median.
    pub p50: Estimate,
    /// The value that 90 % of outcomes fall below.
    pub p90: Estimate,
    /// How far the median moved since the last run; unknown where there was none.
    pub p50_change: Option<f64>,
}

/// A target in short.
#[derive(Clone, Debug, Serialize)]
pub struct NightTarget {
    /// Its name.
    pub name: String,
    /// The chance that it is reached.
    pub probability: Estimate,
    /// How far that moved since the last run; unknown where there was none, or it had no such target.
    pub change: Option<f64>,
}

impl Night {
    /// Of its scenarios.
    pub fn new(scenarios: Vec<NightScenario>, missing: Vec<String>) -> Night {
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
        let manifest =
            NightManifest { version: env!("CARGO_PKG_VERSION").to_owned(), files: vec!["batch.json".to_owned()] };
        Night { manifest, counts, scenarios, missing }
    }
}

impl NightAnswer {
    /// Of a run's answer, the rules that do not hold, and the alerts that fired.
    pub fn new(answer: &crate::analysis::Answer, broken: Vec<String>, alerts: Vec<Fired>) -> NightAnswer {
        let forecast = &answer.forecast;
        let (main, moved) = (&forecast.main, answer.moved.as_ref());
        let change = |name: &str| {
            let target = moved?.targets.iter().find(|target| target.name == name)?;
            target.chance.as_ref()?.change()
        };
        let target = |target: &crate::forecast::TargetOutcome| NightTarget {
            name: target.name.clone(),
            probability: target.probability,
            change: change(&target.name),
        };
        NightAnswer {
            name: forecast.name.clone(),
            scenario_hash: forecast.manifest.scenario_hash.clone(),
            seed: forecast.manifest.seed,
            trials: forecast.manifest.trials,
            currency: forecast.currency.clone(),
            main: NightFigure {
                metric: main.metric,
                scope: main.scope.clone(),
                period: main.period.clone(),
                p10: main.bands.p10,
                p50: main.bands.p50,
                p90: main.bands.p90,
                p50_change: moved.and_then(|moved| moved.spans.as_ref()?.p50.change()),
            },
            targets: forecast.targets.iter().map(target).collect(),
            moved: moved.map(|moved| crate::report::moved_headline(forecast, moved)),
            broken,
            alerts,
        }
    }
}
