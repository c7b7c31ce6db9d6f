//! The audit of a plan against itself: which of its figures cannot all be true, which words can be read in two ways, and what
//! in a scenario makes forecasts wrong. `docs/audit.md` has every rule with its formula.

mod activities;
mod around;
mod averages;
mod budget;
mod finding;
mod growth;
mod launch;
mod mixes;
mod performers;
mod periods;
mod pipeline;
mod plan;
mod recognition;
mod renewals;
mod returns;
mod staffing;
#[cfg(test)]
mod tests;
mod twice;
mod volume;
mod warnings;
mod words;
mod years;

pub use finding::{Finding, Kind, Rule};

use crate::model::Model;
use crate::scenario::Scenario;
use plan::Plan;

/// What is found in a scenario and in what it states: contradictions first, then questions, then warnings, each in the order
/// of the rules. `model` is the meaning of `scenario`.
pub fn audit(scenario: &Scenario, model: &Model) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(stated) = &scenario.stated {
        let plan = Plan::new(scenario, model, stated);
        let rules: [fn(&Plan) -> Vec<Finding>; 17] = [
            twice::twice,
            periods::parts_and_wholes,
            growth::flat_and_growing,
            growth::years_against_growth,
            growth::steps_against_growth,
            years::two_readings,
            launch::run_rate_from_launch,
            averages::averages,
            volume::volume,
            pipeline::pipeline,
            returns::returns,
            recognition::booked_or_recognised,
            performers::performers,
            activities::activities,
            budget::parts_of_a_budget,
            staffing::staffing,
            renewals::room_for_new_business,
        ];
        found.extend(rules.iter().flat_map(|rule| rule(&plan)));
    }
    found.extend(warnings::warnings(scenario, model));
    // A stable sort: within a kind the order of the rules stays.
    found.sort_by_key(|finding| finding.kind);
    found
}
