//! From a scenario to what is asked beside its forecast.

use std::sync::Arc;

use super::adverse_steps::{AdverseStep, steps};
use super::document::{LeverOutcome, NoSensitivity, Step, WhatIf};
use super::effects::{EffectFigures, EffectSamples};
use super::goal_seek::{first_single_target, goal_seek};
use super::lever_changes::{moved, moves};
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
pub struct WhatIfRun {
    scenario: Scenario,
    model: Arc<Model>,
    figures: EffectFigures,
    steps: Vec<(AdverseStep, ChangedModel)>,
    levers: Vec<(Lever, ChangedModel)>,
}

/// A scenario with a lever pulled, or a step taken.
#[derive(Debug)]
struct ChangedModel {
    scenario: Scenario,
    model: Model,
    certain: Certain,
}

impl WhatIfRun {
    /// Makes ready what is asked of `scenario`, which means `model`. A step beyond what its field may hold is not taken.
    ///
    /// # Errors
    /// [`Faults`] where a lever cannot be pulled, or has expected leads grow past all bounds.
    pub fn new(scenario: &Scenario, model: impl Into<Arc<Model>>) -> Result<WhatIfRun, Faults> {
        let model = model.into();
        let steps = steps(scenario).into_iter();
        let steps = steps.filter_map(|step| Some((ChangedModel::step(scenario, &step).ok()?, step)));
        let steps = steps.map(|(changed, step)| (step, changed)).collect();
        let (mut levers, mut faults) = (Vec::new(), Vec::new());
        for lever in &scenario.levers {
            match ChangedModel::lever(scenario, lever) {
                Ok(changed) => levers.push((lever.clone(), changed)),
                Err(found) => faults.extend(found.into_list()),
            }
        }
        if !faults.is_empty() {
            return Err(Faults::Fields(faults));
        }
        let figures = EffectFigures::new(&model);
        Ok(WhatIfRun { scenario: scenario.clone(), model, figures, steps, levers })
    }

    /// About how many times all trials are played.
    pub fn times_played(&self) -> usize {
        let drivers = match self.model.inputs.len() {
            0 => 0,
            _ => futures_played(&self.model, &self.question()) as usize / self.model.trials + 1,
        };
        let solution = if first_single_target(&self.model).is_some() { TIMES_PLAYED } else { 0 };
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
    pub fn run(&self, execution: &Execution) -> Result<WhatIf, Ended<'_>> {
        let own = |error| Ended { error, scenario: &self.scenario };
        let before = self.figures.see(&self.model, execution).map_err(own)?;
        let effect = |changed: &'_ ChangedModel| {
            let after: EffectSamples = self.figures.see(&changed.model, execution)?;
            Ok(self.figures.effect(&before, &after, changed.certain))
        };
        let mut steps = Vec::new();
        for (step, changed) in &self.steps {
            let found = effect(changed).map_err(|error| Ended { error, scenario: &changed.scenario })?;
            let Some(example) = moved(&self.scenario, &changed.scenario, &step.paths[0]).into_iter().next() else {
                continue;
            };
            let (label, paths) = (step.label.clone(), step.paths.clone());
            steps.push(Step { label, factor: step.factor, example, paths, effect: found });
        }
        let mut levers = Vec::new();
        for (lever, changed) in &self.levers {
            let effect = effect(changed).map_err(|error| Ended { error, scenario: &changed.scenario })?;
            levers.push(LeverOutcome {
                name: lever.name.clone(),
                cost: lever.cost,
                note: lever.note.clone(),
                source: lever.source.clone(),
                changes: moves(&self.scenario, &changed.scenario, lever),
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
        let solution = goal_seek(&self.scenario, &self.model, &before, execution).map_err(own)?;
        let (sensitivity, no_sensitivity) = match self.drivers(execution).map_err(own)? {
            Ok(found) => (Some(found), None),
            Err(why) => (None, Some(why)),
        };
        let findings = audit(&self.scenario, &self.model);
        Ok(WhatIf { sensitivity, no_sensitivity, solution, steps, levers, findings })
    }

    fn question(&self) -> SensitivityQuestion {
        SensitivityQuestion { figure: self.figures.main.clone(), ranged: Vec::new(), condition: None }
    }

    /// What drives the main figure, with what was different in its worst tenth, as far as that is known.
    fn drivers(&self, execution: &Execution) -> Result<Result<Sensitivity, NoSensitivity>, RunError> {
        let why = |error| match error {
            AnalysisError::Run(error) if !error.is_runaway() => Err(error),
            AnalysisError::Run(_) => Ok(NoSensitivity::RunsAway),
            AnalysisError::AllFixed => Ok(NoSensitivity::AllFixed),
            AnalysisError::Unknown | AnalysisError::Condition { .. } => Ok(NoSensitivity::Unknown),
        };
        let (scenario, model, figure) = (&self.scenario, &*self.model, &self.figures.main);
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
        if !self.figures.main.metric().is_money() || cost <= 0.0 {
            return None;
        }
        let value = mean.value.map_or(f64::NAN, |mean| mean / cost);
        Some(Estimate::new(value, mean.error.map(|error| error / cost)))
    }
}

impl ChangedModel {
    fn step(scenario: &Scenario, step: &AdverseStep) -> Result<ChangedModel, Faults> {
        let mut changed = scenario.times(&step.paths, step.factor)?;
        changed.file = format!("{}, with {} × {}", scenario.file, step.label, step.factor);
        Ok(ChangedModel { model: resolve(&changed)?, scenario: changed, certain: Certain::Estimated })
    }

    fn lever(scenario: &Scenario, lever: &Lever) -> Result<ChangedModel, Faults> {
        let mut changed = scenario.apply(lever)?;
        let of_lever = |fault: Fault| Fault { path: format!("levers[{}]: {}", lever.name, fault.path), ..fault };
        let model = resolve(&changed)
            .map_err(|faults| Faults::Fields(faults.into_list().into_iter().map(of_lever).collect()))?;
        // Draws that are multiplied stay as they were written.
        let moves = lever.multiply.values().any(|factor| *factor != 1.0);
        let alike = !moves && same(Pair { from: scenario, to: &changed });
        let certain = if alike { Certain::Same } else { Certain::Estimated };
        changed.file = format!("{}, with the lever \"{}\"", scenario.file, lever.name);
        Ok(ChangedModel { scenario: changed, model, certain })
    }
}
