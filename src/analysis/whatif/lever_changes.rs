//! What a lever changes, as people read it.

use super::document::{LeverChanges, MovedField};
use crate::scenario::{Field, FieldValue, Lever, Scenario, field_name, in_region};
use crate::stats::to_digits;

/// More digits than this would show how a mean was computed.
const DIGITS: i32 = 9;

/// What `lever` does to each of its paths, `pulled` being `scenario` with it.
pub(super) fn moves(scenario: &Scenario, pulled: &Scenario, lever: &Lever) -> Vec<LeverChanges> {
    let times = lever.multiply.iter().map(|(path, factor)| (path, Some(*factor)));
    let set = lever.set.keys().map(|path| (path, None));
    let all = times.chain(set).map(|(path, factor)| {
        let fields: Vec<MovedField> = moved(scenario, pulled, path);
        LeverChanges { path: path.clone(), label: label(scenario, path, &fields), factor, fields }
    });
    all.collect()
}

/// The fields of a path, before and after.
pub(super) fn moved(scenario: &Scenario, pulled: &Scenario, path: &str) -> Vec<MovedField> {
    // A lever is pulled only where its paths name fields.
    let fields = scenario.fields(path).unwrap_or_default();
    let after = pulled.fields(path).unwrap_or_default();
    // The same fields, since a lever makes and removes none.
    fields
        .iter()
        .zip(&after)
        .map(|(field, after)| MovedField {
            path: field.path.clone(),
            label: scenario.label(&field.path),
            region: in_region(&field.path).map(|(key, _)| scenario.region_label(key).to_owned()),
            from: mean(field),
            to: mean(after),
        })
        .collect()
}

fn mean(field: &Field) -> f64 {
    let (FieldValue::Number(x) | FieldValue::Draws { mean: x, .. }) = field.value;
    to_digits(x, DIGITS)
}

/// "win rate in all regions", "win rate in 2 regions", "Europe: win rate".
fn label(scenario: &Scenario, path: &str, fields: &[MovedField]) -> String {
    match (in_region(path), fields) {
        (_, [one]) => one.label.clone(),
        (Some(("*", field)), fields) if fields.len() == scenario.regions.len() => {
            format!("{} in all regions", field_name(field))
        }
        (Some(("*", field)), fields) => format!("{} in {} regions", field_name(field), fields.len()),
        _ => scenario.label(path),
    }
}
