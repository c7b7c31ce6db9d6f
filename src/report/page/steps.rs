//! How far a small step for the worse lowers a target's chance.

use super::text::name;
use crate::analysis::{Deep, Step, TargetEffect};
use crate::forecast::Forecast;
use crate::scenario::Unit;
use crate::units::format::chance;

/// Of the steps, the one that lowers the chance of the target at `index` most: "With growth of leads, phase 1 at 14 % instead of 15 % in
/// every region, it is 38 in 100."
pub(super) fn worst(forecast: &Forecast, deep: Option<&Deep>, index: usize) -> Option<String> {
    let effect = |step: &Step| -> Option<TargetEffect> {
        let found = step.effect.targets.get(index)?;
        (found.change.value? < 0.0 && found.change.is_clear()).then(|| found.clone())
    };
    let steps = deep?.steps.iter().filter_map(|step| Some((step, effect(step)?)));
    let (step, found) =
        steps.min_by(|(_, a), (_, b)| a.change.value.unwrap_or(0.0).total_cmp(&b.change.value.unwrap_or(0.0)))?;
    let unit = Unit::of(&step.example.path);
    let said = |x: f64| unit.said(&forecast.currency, x);
    let after = chance(found.after.value?, forecast.manifest.trials, forecast.currency.locale());
    Some(format!(
        "With {} at {} instead of {}{}, it is {after}.",
        name(&step.label),
        said(step.example.to),
        said(step.example.from),
        place(forecast, step)
    ))
}

/// Where: nothing where all regions have the same.
fn place(forecast: &Forecast, step: &Step) -> String {
    let region = step.example.region.as_deref().map(|region| format!(" in {}", name(region)));
    if step.paths.len() < 2 {
        return region.unwrap_or_default();
    }
    let mean = |path: &String| forecast.inputs.iter().find(|input| input.path == *path).map(|input| input.mean);
    let same =
        step.paths.iter().all(|path| mean(path).is_some_and(|mean| (mean / step.example.from - 1.0).abs() < 1e-9));
    if same {
        " in every region".to_owned()
    } else {
        format!("{}, and as much less or more elsewhere", region.unwrap_or_default())
    }
}
