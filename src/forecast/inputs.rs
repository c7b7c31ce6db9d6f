//! The uncertain inputs, echoed with names that people use.

use super::document::InputEcho;
use crate::model::Model;
use crate::scenario::Scenario;
use crate::stats::to_digits;

pub(super) fn inputs(scenario: &Scenario, model: &Model) -> Vec<InputEcho> {
    let quantities = scenario.quantities();
    model
        .inputs
        .iter()
        .map(|input| {
            let quantity = quantities.iter().find(|(path, _)| *path == input.path).map(|(_, quantity)| *quantity);
            let digits = |x: f64| to_digits(x, 6);
            InputEcho {
                path: input.path.clone(),
                label: scenario.label(&input.path),
                law: input.law.name().to_owned(),
                mean: digits(input.law.mean()),
                sd: digits(input.law.sd()),
                p10: digits(input.law.quantile(0.1)),
                p50: digits(input.law.quantile(0.5)),
                p90: digits(input.law.quantile(0.9)),
                note: quantity.and_then(|q| q.note()).map(str::to_owned),
                source: quantity.and_then(|q| q.source()).map(str::to_owned),
            }
        })
        .collect()
}
