//! What it would take for a target to be met.

use super::document::Takes;
use super::effects::Seen;
use crate::analysis::{Outcome, Response, SolveError, SolveQuestion, Wanted, solve};
use crate::engine::{Execution, RunError};
use crate::model::{Model, Target};
use crate::scenario::{Faults, Scenario};
use crate::units::Periods;

/// The chance that a target is to be met with.
const ASKED: f64 = 0.8;
/// What is varied for it.
const VARIED: &str = "regions.*.leads.monthly";

/// The target asked about: the first of a single period, with its index.
pub(super) fn asked(model: &Model) -> Option<(usize, &Target)> {
    model.targets.iter().enumerate().find(|(_, target)| matches!(target.periods, Periods::One(_)))
}

/// What it would take for it, `seen` being the run's own futures.
pub(super) fn takes(scenario: &Scenario, model: &Model, seen: &Seen, execution: &Execution) -> Result<Takes, RunError> {
    let Some((i, target)) = asked(model) else { return Ok(Takes::NoTarget) };
    let (name, chance) = (target.name.clone(), seen.chance(i));
    if chance.value >= Some(ASKED) {
        return Ok(Takes::MetAlready { target: name, asked: ASKED, chance });
    }
    let question = SolveQuestion {
        scenario: scenario.clone(),
        figure: Response::of_target(target),
        wanted: Wanted::Probability(ASKED),
        vary: vec![VARIED.to_owned()],
        between: None,
    };
    match solve(&question, execution) {
        Ok(solution) if matches!(solution.outcome, Outcome::Root(_)) => Ok(Takes::Found(solution)),
        Ok(solution) => Ok(Takes::OutOfReach(solution)),
        Err(SolveError::Run(RunError::Stopped)) => Err(RunError::Stopped),
        Err(SolveError::Run(error)) => Ok(Takes::NoAnswer { target: name, why: error.to_string() }),
        Err(SolveError::Question(faults)) => Ok(Takes::NoAnswer { target: name, why: first(faults) }),
    }
}

/// The first of some faults in one line.
fn first(faults: Faults) -> String {
    faults.into_list().into_iter().next().map_or_else(String::new, |fault| {
        let place = if fault.path.is_empty() { String::new() } else { format!("{}: ", fault.path) };
        format!("{place}found {}, allowed {}", fault.found, fault.allowed)
    })
}
