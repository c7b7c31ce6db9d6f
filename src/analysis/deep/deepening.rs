//! From a scenario to what is asked beside its forecast.

use std::sync::Arc;

use super::document::{Deep, LeverOutcome, NoSensitivity, Step};
use super::effects::{Looked, Seen};
use super::moves::{moved, moves};
use super::steps::{Small, steps};
use super::takes::{asked, takes};
use crate::analysis::compare::{Certain, Pair, same};
use crate::analysis::sensitivity::stress;
use crate::analysis::{
    AnalysisError, Condition, Ended, Sensitivity, SensitivityQuestion, TIMES_PLAYED, futures_played, sensitivity,
    sensitivity_bytes,
};
use crate::audit::audit;
use crate::engine::{Execution, RunError};
use crate::model::{Model, resolve};
use crate::scenario::{Fault, Faults, Lever, Scenario};
use crate::stats::Estimate;

/// Outcomes that are looked at apart.
const WORST: &str = "main <= p10";
/// Fewer trials have no tenth that says anything.
const FEWEST: usize = 200;

/// What is asked beside the forecast of a scenario, made ready to be played.
#[derive(Debug)]
pub struct Deepening {
    scenario: Scenario,
    model: Arc<Model>,
    looked: Looked,
    steps: Vec<(Small, Pulled)>,
    levers: Vec<(Lever, Pulled)>,
}

/// A scenario with a lever pulled, or a step taken.
#[derive(Debug)]
struct Pulled {
    scenario: Scenario,
    model: Model,
    certain: Certain,
}

impl Deepening {
    /// Makes ready what is asked of `scenario`, which means `model`. A step beyond what its field may hold is not taken.
    ///
    /// # Errors
    /// [`Faults`] where a lever cannot be pulled, or has expected leads grow past all bounds.
    pub fn new(scenario: &Scenario, model: impl Into<Arc<Model>>) -> Result<Deepening, Faults> {
        let model = model.into();
        let steps = steps(scenario).into_iter();
        let steps = steps.filter_map(|step| Some((Pulled::step(scenario, &step).ok()?, step)));
        let steps = steps.map(|(pulled, step)| (step, pulled)).collect();
        let (mut levers, mut faults) = (Vec::new(), Vec::new());
        for lever in &scenario.levers {
            match Pulled::lever(scenario, lever) {
                Ok(pulled) => levers.push((lever.clone(), pulled)),
                Err(found) => faults.extend(found.into_list()),
            }
        }
        if !faults.is_empty() {
            return Err(Faults::Fields(faults));
        }
        let looked = Looked::new(&model);
        Ok(Deepening { scenario: scenario.clone(), model, looked, steps, levers })
    }

    /// About how many times all trials are played.
    pub fn times_played(&self) -> usize {
        let drivers = match self.model.inputs.len() {
            0 => 0,
            _ => futures_played(&self.model, &self.question()) as usize / self.model.trials + 1,
        };
        let solution = if asked(&self.model).is_some() { TIMES_PLAYED } else { 0 };
        1 + self.steps.len() + self.levers.len() + solution + drivers
    }

    /// About how many bytes of memory it takes with so many trials.
    pub fn bytes(&self, trials: usize) -> f64 {
        // Both sides of a change, and what is formed of them.
        let samples = (6.0 * 8.0 + 2.0 * self.model.targets.len() as f64) * trials as f64;
        samples + sensitivity_bytes(&self.model, trials)
    }

    /// Plays all of it.
    ///
    /// # Errors
    /// [`Ended`] when growth or expansion runs away in a trial of a lever, or when `monitor` was asked to stop.
    pub fn deep(&self, execution: &Execution) -> Result<Deep, Ended<'_>> {
        let own = |error| Ended { error, scenario: &self.scenario };
        let before = self.looked.see(&self.model, execution).map_err(own)?;
        let effect = |pulled: &'_ Pulled| {
            let after: Seen = self.looked.see(&pulled.model, execution)?;
            Ok(self.looked.effect(&before, &after, pulled.certain))
        };
        let mut steps = Vec::new();
        for (step, pulled) in &self.steps {
            let found = effect(pulled).map_err(|error| Ended { error, scenario: &pulled.scenario })?;
            let Some(example) = moved(&self.scenario, &pulled.scenario, &step.paths[0]).into_iter().next() else {
                continue;
            };
            let (label, paths) = (step.label.clone(), step.paths.clone());
            steps.push(Step { label, factor: step.factor, example, paths, effect: found });
        }
        let mut levers = Vec::new();
        for (lever, pulled) in &self.levers {
            let effect = effect(pulled).map_err(|error| Ended { error, scenario: &pulled.scenario })?;
            levers.push(LeverOutcome {
                name: lever.name.clone(),
                cost: lever.cost,
                note: lever.note.clone(),
                source: lever.source.clone(),
                changes: moves(&self.scenario, &pulled.scenario, lever),
                gain_per_cost: self.gain(effect.mean, lever.cost),
                effect,
            });
        }
        // What is unknown comes last.
        steps.sort_by(|a, b| {
            let [a, b] = [a, b].map(|step| step.effect.strength(step.effect.median).unwrap_or(f64::INFINITY));
            a.total_cmp(&b)
        });
        levers.sort_by(|a, b| {
            let [a, b] = [a, b].map(|lever| lever.effect.strength(lever.effect.mean).unwrap_or(f64::NEG_INFINITY));
            b.total_cmp(&a)
        });
        let solution = takes(&self.scenario, &self.model, &before, execution).map_err(own)?;
        let (sensitivity, no_sensitivity) = match self.drivers(execution).map_err(own)? {
            Ok(found) => (Some(found), None),
            Err(why) => (None, Some(why)),
        };
        let findings = audit(&self.scenario, &self.model);
        Ok(Deep { sensitivity, no_sensitivity, solution, steps, levers, findings })
    }

    fn question(&self) -> SensitivityQuestion {
        SensitivityQuestion { figure: self.looked.main.clone(), ranged: Vec::new(), condition: None }
    }

    /// What drives the main figure, with what was different in its worst tenth, as far as that is known.
    fn drivers(&self, execution: &Execution) -> Result<Result<Sensitivity, NoSensitivity>, RunError> {
        let why = |error| match error {
            AnalysisError::Run(RunError::Stopped) => Err(RunError::Stopped),
            AnalysisError::Run(_) => Ok(NoSensitivity::RunsAway),
            AnalysisError::AllFixed => Ok(NoSensitivity::AllFixed),
            AnalysisError::Unknown | AnalysisError::Condition { .. } => Ok(NoSensitivity::Unknown),
        };
        let (scenario, model, figure) = (&self.scenario, &*self.model, &self.looked.main);
        let mut found = match sensitivity(scenario, model, &self.question(), execution) {
            Ok(found) => found,
            Err(error) => return why(error).map(Err),
        };
        if let (true, Ok(condition)) = (model.trials >= FEWEST, Condition::parse(WORST, model, figure)) {
            match stress(scenario, model, figure, &condition, execution) {
                Ok(stress) => found.stress = Some(stress),
                // A figure that never varies has no worst tenth.
                Err(error) => drop(why(error)?),
            }
        }
        Ok(Ok(found))
    }

    /// What is gained for each unit of cost.
    fn gain(&self, mean: Estimate, cost: f64) -> Option<Estimate> {
        if !self.looked.main.metric().is_money() || cost <= 0.0 {
            return None;
        }
        let value = mean.value.map_or(f64::NAN, |mean| mean / cost);
        Some(Estimate::new(value, mean.error.map(|error| error / cost)))
    }
}

impl Pulled {
    fn step(scenario: &Scenario, step: &Small) -> Result<Pulled, Faults> {
        let mut pulled = scenario.times(&step.paths, step.factor)?;
        pulled.file = format!("{}, with {} × {}", scenario.file, step.label, step.factor);
        Ok(Pulled { model: resolve(&pulled)?, scenario: pulled, certain: Certain::Estimated })
    }

    fn lever(scenario: &Scenario, lever: &Lever) -> Result<Pulled, Faults> {
        let mut pulled = scenario.apply(lever)?;
        let of_lever = |fault: Fault| Fault { path: format!("levers[{}]: {}", lever.name, fault.path), ..fault };
        let model = resolve(&pulled)
            .map_err(|faults| Faults::Fields(faults.into_list().into_iter().map(of_lever).collect()))?;
        // Draws that are multiplied stay as they were written.
        let moves = lever.multiply.values().any(|factor| *factor != 1.0);
        let alike = !moves && same(Pair { from: scenario, to: &pulled });
        let certain = if alike { Certain::Same } else { Certain::Estimated };
        pulled.file = format!("{}, with the lever \"{}\"", scenario.file, lever.name);
        Ok(Pulled { scenario: pulled, model, certain })
    }
}
