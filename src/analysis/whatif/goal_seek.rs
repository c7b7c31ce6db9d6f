//! What it would take for a target to be met.

use super::document::GoalSeek;
use super::effects::EffectSamples;
use crate::analysis::{GoalStatistic, Outcome, Response, SolveError, SolveQuestion, solve};
use crate::engine::{Execution, RunError};
use crate::model::{Model, Target};
use crate::scenario::{Faults, Scenario};
use crate::units::Periods;

/// The chance that a target is to be met with.
const ASKED: f64 = 0.8;
/// What is varied for it.
const VARIED: &str = "regions.*.leads.monthly";

/// The target asked about: the first of a single period, with its index.
pub(super) fn first_single_target(model: &Model) -> Option<(usize, &Target)> {
    model.targets.iter().enumerate().find(|(_, target)| matches!(target.periods, Periods::One(_)))
}

/// What it would take for it, `seen` being the run's own futures.
pub(super) fn goal_seek(
    scenario: &Scenario,
    model: &Model,
    seen: &EffectSamples,
    execution: &Execution,
) -> Result<GoalSeek, RunError> {
    let Some((i, target)) = first_single_target(model) else { return Ok(GoalSeek::NoTarget) };
    let (name, chance) = (target.name.clone(), seen.chance(i));
    if chance.value >= Some(ASKED) {
        return Ok(GoalSeek::MetAlready { target: name, asked: ASKED, chance });
    }
    let question = SolveQuestion {
        scenario: scenario.clone(),
        figure: Response::of_target(target),
        wanted: GoalStatistic::Probability(ASKED),
        vary: vec![VARIED.to_owned()],
        between: None,
    };
    match solve(&question, execution) {
        Ok(solution) if matches!(solution.outcome, Outcome::Root(_)) => Ok(GoalSeek::Found(solution)),
        Ok(solution) => Ok(GoalSeek::OutOfReach(solution)),
        Err(SolveError::Run(error)) if !error.is_runaway() => Err(error),
        Err(SolveError::Run(error)) => Ok(GoalSeek::NoAnswer { target: name, why: error.to_string() }),
        Err(SolveError::Question(faults)) => Ok(GoalSeek::NoAnswer { target: name, why: first(faults) }),
    }
}

/// The first of some faults in one line.
fn first(faults: Faults) -> String {
    faults.into_list().into_iter().next().map_or_else(String::new, |fault| {
        let place = if fault.path.is_empty() { String::new() } else { format!("{}: ", fault.path) };
        format!("{place}found {}, allowed {}", fault.found, fault.allowed)
    })
}
