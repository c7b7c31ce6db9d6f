//! What people have called, against the forecast.

use super::answers::Answers;
use super::document::CallOutcome;
use super::questions::Questions;
use crate::model::Model;
use crate::scenario::Scenario;

/// Asks about every call.
pub(super) fn ask_calls(model: &Model, questions: &mut Questions) {
    model.calls.iter().for_each(|call| questions.below(call.metric, call.scope, &call.period.months, call.amount));
}

/// Every call with its percentile.
pub(super) fn calls(scenario: &Scenario, answers: &Answers) -> Vec<CallOutcome> {
    let pairs = scenario.calls.iter().zip(&answers.model().calls);
    pairs
        .map(|(written, call)| CallOutcome {
            who: written.who.clone(),
            name: written.name.clone(),
            date: written.date.map(|date| date.to_string()),
            metric: call.metric,
            scope: answers.model().scopes[call.scope].key.clone(),
            period: call.period.label.clone(),
            amount: call.amount,
            percentile: answers.below(call.metric, call.scope, &call.period.months, call.amount),
            note: written.note.clone(),
            source: written.source.clone(),
        })
        .collect()
}
