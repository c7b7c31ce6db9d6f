//! The uncertain inputs, echoed with names that people use.

use super::document::InputEcho;
use super::precision::to_digits;
use crate::model::Model;
use crate::scenario::Scenario;

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
                label: label(model, &input.path),
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

/// "Europe: win rate" for `regions.europe.conversion`.
fn label(model: &Model, path: &str) -> String {
    let Some((key, field)) = path.strip_prefix("regions.").and_then(|rest| rest.split_once('.')) else {
        return path.to_owned();
    };
    let region = model.regions.iter().find(|region| region.key == key).map_or(key, |region| &region.label);
    let bracketed = |prefix: &str| field.strip_prefix(prefix).and_then(|rest| rest.split_once(']'));
    let what = match field {
        "leads.monthly" => "leads a month".to_owned(),
        "leads.growth" => "growth of leads".to_owned(),
        "conversion" => "win rate".to_owned(),
        "cycle.mean_days" => "sales cycle".to_owned(),
        "deal_size.mean" => "deal size".to_owned(),
        "retention" => "retention".to_owned(),
        "expansion" => "expansion at renewal".to_owned(),
        _ => match (bracketed("leads.growth["), bracketed("stages[")) {
            (Some((phase, _)), _) => format!("growth of leads, phase {}", phase.parse::<usize>().map_or(1, |p| p + 1)),
            (_, Some((stage, ".pass"))) => format!("share that passes {stage}"),
            (_, Some((stage, _))) => format!("days in {stage}"),
            _ => field.to_owned(),
        },
    };
    format!("{region}: {what}")
}
