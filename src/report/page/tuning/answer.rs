//! What the page asks of its module, and the answers.

use std::collections::HashMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::analysis::{Adjustment, Tuner};
use crate::engine::Execution;
use crate::findings::{adjustment, moved, reached};
use crate::forecast::Forecast;
use crate::report::page::explorer_data::packed;
use crate::report::page::headline::{chances, range};
use crate::scenario::{DataFile, Setting, Unit, read_whole};
use crate::stats::Estimate;
use crate::units::LocaleError;
use crate::units::format::futures;

/// The scenario of a page, as it stands in it.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct TuningScenario {
    /// The name of its file, which a scenario that is saved extends.
    pub(super) file: String,
    /// The scenario, the rows of its tables in it.
    pub(super) scenario: Value,
    /// How numbers are written, by the name of a locale.
    pub(super) locale: String,
    /// The tables that these came from, joint draws with their columns.
    #[serde(default)]
    pub(super) data: Vec<DataFile>,
}

/// What is asked.
#[derive(Debug, Deserialize)]
struct Question {
    /// What is changed, in the order in which its effect is told.
    adjustments: Vec<Adjustment>,
    /// The number of futures.
    trials: usize,
    /// Whether targets that take longer than the main figure may be left out.
    #[serde(default)]
    quick: bool,
    /// A value that is looked for.
    #[serde(default)]
    solve: Option<Goal>,
    /// Whether the scenario with the changes is to be written.
    #[serde(default)]
    save: bool,
}

/// The chance of a target that is to be reached by moving a field between two values, nearest to where it stands.
#[derive(Debug, Deserialize)]
struct Goal {
    path: String,
    /// Whether it is then known for sure.
    #[serde(default)]
    known: bool,
    between: [f64; 2],
    near: f64,
    target: String,
    chance: f64,
}

/// The engine of a page: a scenario that answers, in JSON, what comes of changes to it.
#[derive(Debug)]
pub struct Tuning {
    tuner: Tuner,
    /// Forecasts of the first changes, which stay while the last one moves: by what is played and the settings.
    known: HashMap<((usize, bool), Vec<String>), Forecast>,
}

/// So many futures tell which change is at fault.
const FEW: usize = 128;
/// Forecasts of first changes that are kept.
const MOST_KNOWN: usize = 64;

impl Tuning {
    /// Reads a scenario as the page holds it.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn open(document: &str) -> Result<Tuning, String> {
        let read: TuningScenario = serde_json::from_str(document).map_err(|error| error.to_string())?;
        let scenario = read_whole(&read.file, read.scenario, &read.data).map_err(|faults| faults.to_string())?;
        let mut tuner = Tuner::new(scenario, Execution::new(Some(1))).map_err(|faults| faults.to_string())?;
        tuner.write_as(read.locale.parse().map_err(|error: LocaleError| error.to_string())?);
        Ok(Tuning { tuner, known: HashMap::new() })
    }

    /// The answer to a question, both in JSON. It has `faults` in it, in words, where there is no other.
    pub fn answer(&mut self, question: &str) -> String {
        let asked: Result<Question, String> = serde_json::from_str(question).map_err(|error| error.to_string());
        let answer = asked.map_err(|faults| json!({ "faults": faults })).and_then(|asked| {
            let answer = match &asked {
                Question { solve: Some(goal), .. } => self.solve(&asked.adjustments, goal, asked.trials),
                Question { save: true, .. } => self.save(&asked.adjustments, asked.trials),
                _ => self.forecast(&asked),
            };
            answer.map_err(|faults| json!({ "faults": faults, "at": self.first_at_fault(&asked) }))
        });
        answer.unwrap_or_else(|faults| faults).to_string()
    }

    /// The first change that cannot be played beside those before it.
    fn first_at_fault(&mut self, asked: &Question) -> Option<usize> {
        (0..asked.adjustments.len()).find(|i| {
            let settings = self.tuner.settings(&asked.adjustments[..=*i]).map_err(|faults| faults.to_string());
            settings.and_then(|settings| self.of_settings(&settings, (FEW, true))).is_err()
        })
    }

    fn forecast(&mut self, asked: &Question) -> Result<Value, String> {
        let Question { adjustments, trials, quick, .. } = asked;
        let played = (*trials, *quick);
        let all = self.tuner.settings(adjustments).map_err(|faults| faults.to_string())?;
        let forecast = self.of_settings(&all, played)?;
        let base = self.of_settings(&[], played)?;
        let mut changes = Vec::new();
        let mut before = base.clone();
        for (i, one) in adjustments.iter().enumerate() {
            let first = self.tuner.settings(&adjustments[..=i]).map_err(|faults| faults.to_string())?;
            let after = self.of_settings(&first, played)?;
            let words = adjustment(self.tuner.scenario(), self.tuner.header(), one, &all);
            changes.push(json!({ "words": words, "effect": moved(&before, &after) }));
            before = after;
        }
        let value = |found: Estimate| found.value;
        let targets: IndexMap<&str, Option<f64>> =
            forecast.targets.iter().map(|target| (target.name.as_str(), target.probability.value)).collect();
        let set: IndexMap<&str, Value> = all.iter().map(|setting| (setting.path.as_str(), written(setting))).collect();
        // A link names levers, so that they can be taken back there, too.
        let is_own = |one: &&Adjustment| !matches!(one, Adjustment::Pull { .. });
        let own: Vec<Adjustment> = adjustments.iter().filter(is_own).cloned().collect();
        let bands = &forecast.main.bands;
        let moved = !adjustments.is_empty();
        Ok(json!({
            "state": {
                "trials": forecast.manifest.trials, "seed": forecast.manifest.seed, "changes": set,
                "main": { "p10": value(bands.p10), "p50": value(bands.p50), "p90": value(bands.p90) },
                "targets": targets,
            },
            "played": futures(forecast.manifest.trials, forecast.currency.locale()),
            "range": range(&forecast, Some(&base)).into_string(),
            "chances": chances(&forecast, moved.then_some(&base), usize::MAX).into_string(),
            "series": packed(&forecast, &forecast.series[0]),
            "base": packed(&base, &base.series[0]),
            "changes": changes,
            "said": adjustments.iter().map(|one| self.said(one)).collect::<Vec<Option<String>>>(),
            "options": options(&all),
            "link": options(&self.tuner.settings(&own).map_err(|faults| faults.to_string())?),
        }))
    }

    /// The value that an adjustment gives a field, as people read it.
    fn said(&self, one: &Adjustment) -> Option<String> {
        let (path, to) = match one {
            Adjustment::Move { r#move, to } => (r#move, *to),
            Adjustment::Set { set, to } => (set, to.as_f64()?),
            Adjustment::Pull { .. } => return None,
        };
        Some(Unit::of(path).said(self.tuner.header().currency_of(path), to))
    }

    fn solve(&self, adjustments: &[Adjustment], goal: &Goal, trials: usize) -> Result<Value, String> {
        let Goal { path, known, between, near, target, chance } = goal;
        // What was done to the field itself gives way.
        let is_other = |one: &&Adjustment| match one {
            Adjustment::Move { r#move: moved, .. } | Adjustment::Set { set: moved, .. } => moved != path,
            Adjustment::Pull { .. } => true,
        };
        let others: Vec<Adjustment> = adjustments.iter().filter(is_other).cloned().collect();
        let adjust = |to: f64| match known {
            true => Adjustment::Set { set: path.clone(), to: to.into() },
            false => Adjustment::Move { r#move: path.clone(), to },
        };
        let found = self.tuner.solve(&others, &adjust, (*between, *near), (target, *chance), trials);
        let reach = found.map_err(|error| error.to_string())?;
        let words = reached(self.tuner.scenario(), self.tuner.header(), (path, *between), (target, *chance), &reach);
        // Where it is met as it stands nothing has to move.
        Ok(json!({ "at": reach.at.filter(|_| reach.now.known() < *chance), "words": words }))
    }

    /// The scenario with the changes, as one that extends the page's own, and plays as many futures as the page.
    fn save(&self, adjustments: &[Adjustment], trials: usize) -> Result<Value, String> {
        let settings = self.tuner.settings(adjustments).map_err(|faults| faults.to_string())?;
        let scenario = self.tuner.extended(&settings, trials).map_err(|faults| faults.to_string())?;
        Ok(json!({ "scenario": format!("{}\n", serde_json::to_string_pretty(&scenario).unwrap_or_default()) }))
    }

    /// The forecast with settings, which is played where it is not known.
    fn of_settings(&mut self, settings: &[Setting], (trials, quick): (usize, bool)) -> Result<Forecast, String> {
        let key = ((trials, quick), options(settings));
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let forecast = self.tuner.forecast(settings, trials, quick).map_err(|error| error.to_string())?;
        if self.known.len() >= MOST_KNOWN {
            self.known.retain(|(_, options), _| options.is_empty());
        }
        self.known.insert(key, forecast.clone());
        Ok(forecast)
    }
}

/// Settings as `--set` takes them.
fn options(settings: &[Setting]) -> Vec<String> {
    settings.iter().map(|setting| format!("{}={}", setting.path, setting.value)).collect()
}

/// What a setting sets, as JSON.
fn written(setting: &Setting) -> Value {
    serde_json::from_str(&setting.value).unwrap_or_else(|_| Value::String(setting.value.clone()))
}
