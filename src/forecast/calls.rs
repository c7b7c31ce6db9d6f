//! What people have called, against the forecast.

use super::document::CallOutcome;
use super::main_figure::Choice;
use super::targets::below;
use crate::model::Model;
use crate::outcomes::Outcomes;
use crate::scenario::Scenario;

/// Every call with its percentile.
pub(super) fn calls(scenario: &Scenario, model: &Model, outcomes: &Outcomes) -> Vec<CallOutcome> {
    let pairs = scenario.calls.iter().zip(&model.calls);
    pairs
        .map(|(written, call)| {
            let choice = Choice { metric: call.metric, scope: call.scope, period: call.period.clone() };
            let (percentile, percentile_error) = below(&choice.sample(model, outcomes), call.amount);
            CallOutcome {
                who: written.who.clone(),
                name: written.name.clone(),
                date: written.date.map(|date| date.to_string()),
                metric: call.metric,
                scope: model.scopes[call.scope].key.clone(),
                period: call.period.label.clone(),
                amount: call.amount,
                percentile,
                percentile_error,
                note: written.note.clone(),
                source: written.source.clone(),
            }
        })
        .collect()
}
