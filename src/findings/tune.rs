//! What is changed in a scenario and what that does, in words.

use crate::analysis::{Adjustment, Reach};
use crate::documents::Header;
use crate::forecast::Forecast;
use crate::scenario::{FieldValue, Scenario, Setting, Unit, event_of};
use crate::units::format::capitalize;
use crate::units::{few_digits, plain};

/// "Europe: win rate 25 % → 23 %", "Second plant happens", "Ferry line is won", "Hire two is done".
pub fn adjustment(scenario: &Scenario, header: &Header, adjustment: &Adjustment, settings: &[Setting]) -> String {
    let (path, to) = match adjustment {
        Adjustment::Pull { pull } => return format!("{} is done", plain(pull)),
        Adjustment::Move { r#move, to } => (r#move, Some(*to)),
        // Of what is uncertain its mean is told.
        Adjustment::Set { set, to } => (set, to.as_f64().or_else(|| to.get("mean")?.as_f64())),
    };
    let written = || settings.iter().find(|setting| setting.path == *path).map_or("", |setting| setting.value.as_str());
    if let Some(event) = event_of(path) {
        return match to {
            Some(1.0) => format!("{} happens", plain(event)),
            Some(0.0) => format!("{} does not happen", plain(event)),
            _ => format!("{}: whether it happens {}", plain(event), plain(written())),
        };
    }
    let deal = path.strip_prefix("pipeline[").and_then(|rest| rest.strip_suffix("].win_probability"));
    if let Some((deal, to)) = deal.zip(to) {
        let known = scenario.pipeline.iter().flatten().find(|known| known.id == deal);
        let name = plain(known.and_then(|known| known.label.as_deref()).unwrap_or(deal));
        return match to {
            1.0 => format!("{name} is won"),
            0.0 => format!("{name} is lost"),
            _ => format!("{name}: chance {}", super::percent_given(to)),
        };
    }
    let label = plain(&scenario.label(path));
    let unit = Unit::of(path);
    let said = |x: f64| unit.said(header.currency_of(path), x);
    let from = scenario.fields(path).ok().and_then(|fields| match fields.as_slice() {
        [field] => Some(match field.value {
            FieldValue::Number(x) | FieldValue::Draws { mean: x, .. } => said(x),
        }),
        _ => None,
    });
    let is_known = matches!(adjustment, Adjustment::Set { to, .. } if to.is_number())
        && scenario.quantity(path).is_some_and(|quantity| quantity.law().as_fixed().is_none());
    match (from, to) {
        (_, Some(to)) if is_known => format!("{label} {} for sure", said(to)),
        (Some(from), Some(to)) => format!("{label} {from} → {}", said(to)),
        (None, Some(to)) => format!("{label} → {}", said(to)),
        (_, None) => format!("{label} → {}", plain(written())),
    }
}

/// What it takes of a field between two ends to have a target met with a chance: "Europe: win rate at 32.15 %: Year 1 is then met in 80 of 100 futures.",
/// that it is met already, or that the field alone does not do it.
pub fn reached(
    scenario: &Scenario,
    header: &Header,
    (path, between): (&str, [f64; 2]),
    (target, chance): (&str, f64),
    reach: &Reach,
) -> String {
    let (label, target) = (capitalize(&plain(&scenario.label(path))), plain(target));
    let value = |x: f64| Unit::of(path).said(header.currency_of(path), x);
    let asked = few_digits(100.0 * chance);
    match (reach.now.known() >= chance, reach.at) {
        (true, Some(at)) => format!(
            "{target} is met in {} futures as it stands: nothing is needed. With {label} at {} it would still be {asked} in 100.",
            reach.now.chance(),
            value(at)
        ),
        (true, None) => format!("{target} is met in {} futures as it stands: nothing is needed.", reach.now.chance()),
        (false, Some(at)) => format!("{label} at {}: {target} is then met in {asked} of 100 futures.", value(at)),
        (false, None) => {
            let [low, high] = between.map(value);
            let most = reach.most.chance();
            format!(
                "{label} alone does not do it: of the values looked at from {low} to {high}, none has {target} met in more than {most}."
            )
        }
    }
}

/// What a change does to the first target, or without targets to the median: "Year 1: 47 → 39 in 100".
pub fn moved(before: &Forecast, after: &Forecast) -> String {
    let step = |from: &str, to: &str, unit: &str| match (from.strip_suffix(unit), to.strip_suffix(unit)) {
        _ if from == to => format!("{from}, as before"),
        (Some(from), Some(_)) => format!("{from} → {to}"),
        _ => format!("{from} → {to}"),
    };
    if let (Some(from), Some(to)) = (before.targets.first(), after.targets.first()) {
        return format!(
            "{}: {}",
            plain(&to.name),
            step(&from.probability.chance(), &to.probability.chance(), " in 100")
        );
    }
    let said = |forecast: &Forecast| match forecast.main.bands.p50.value {
        Some(median) => forecast.said(forecast.main.metric, median, forecast.main.bands.p50.error),
        None => "unknown".to_owned(),
    };
    format!("median {}", step(&said(before), &said(after), ""))
}
