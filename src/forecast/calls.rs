//! What people have called, against the forecast.

use super::document::CallOutcome;
use super::summaries::Summaries;
use super::summary_request::SummaryRequest;
use crate::model::Model;
use crate::scenario::Scenario;

/// Asks about every call.
pub(super) fn ask_calls(model: &Model, request: &mut SummaryRequest) {
    model.calls.iter().for_each(|call| request.below(call.metric, call.scope, &call.period.months, call.amount));
}

/// Every call with its percentile.
pub(super) fn calls(scenario: &Scenario, summaries: &Summaries) -> Vec<CallOutcome> {
    let pairs = scenario.calls.iter().zip(&summaries.model().calls);
    pairs
        .map(|(written, call)| {
            let [percentile, equal] = summaries.position(call.metric, call.scope, &call.period.months, call.amount);
            CallOutcome {
                who: written.who.clone(),
                name: written.name.clone(),
                date: written.date.map(|date| date.to_string()),
                metric: call.metric,
                scope: summaries.model().scopes[call.scope].key.clone(),
                period: call.period.label.clone(),
                amount: call.amount,
                percentile,
                equal,
                note: written.note.clone(),
                source: written.source.clone(),
            }
        })
        .collect()
}
