//! The audit of a plan against itself: which of its figures cannot all be true, which words can be read in two ways, and what
//! in a scenario makes forecasts wrong. `docs/audit.md` has every rule with its formula.

mod activities;
mod annual_totals;
mod averages;
mod budget;
mod duplicate_figures;
mod finding;
mod growth;
mod interval;
mod lead_volume;
mod market_entry;
mod periods;
mod pipeline;
mod plan;
mod quotients;
mod recognition;
mod renewals;
mod rep_productivity;
mod returns;
mod staffing;
mod targets;
mod team;
#[cfg(test)]
mod tests;
mod warnings;
mod weighted_averages;
mod words;

pub use finding::{Finding, Kind, Rule};

use crate::model::Model;
use crate::scenario::Scenario;
use plan::Plan;

/// What is found in a scenario and in what it states: contradictions first, then questions, then warnings, and within each kind
/// what bears most on the forecast first: targets and years, then volumes and averages, then single figures, returns and teams.
/// `model` is the meaning of `scenario`.
pub fn audit(scenario: &Scenario, model: &Model) -> Vec<Finding> {
    let mut found = targets::targets_against_inputs(scenario, model);
    if let Some(claims) = &scenario.claims {
        let plan = Plan::new(scenario, model, claims);
        let rules: [fn(&Plan) -> Vec<Finding>; 19] = [
            growth::years_against_growth,
            growth::flat_and_growing,
            market_entry::run_rate_from_launch,
            growth::steps_against_growth,
            annual_totals::two_readings,
            renewals::room_for_new_business,
            pipeline::pipeline,
            lead_volume::lead_volume,
            averages::averages,
            quotients::quotients,
            duplicate_figures::duplicate_figures,
            periods::parts_and_wholes,
            returns::returns,
            recognition::booked_or_recognised,
            rep_productivity::rep_productivity,
            activities::activities,
            budget::parts_of_a_budget,
            staffing::staffing,
            team::team,
        ];
        found.extend(rules.iter().flat_map(|rule| rule(&plan)));
    }
    found.extend(warnings::warnings(scenario, model));
    // A stable sort: within a kind the order of the rules stays.
    found.sort_by_key(|finding| finding.kind);
    found
}
