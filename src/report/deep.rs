//! What was asked beside a forecast, in three sentences.

use super::words::wrap;
use crate::analysis::{Deep, How, LeverOutcome, Outcome, Solution, Step, Takes, TargetEffect, Wanted};
use crate::forecast::Forecast;
use crate::scenario::Unit;
use crate::stats::Estimate;
use crate::units::format::chance;
use crate::units::{few_digits, plain};

/// The step that the first target suffers from most, what it would take for a target, and the lever that helps most, for a
/// terminal of `width` columns; what is not known is not said.
pub fn deep(forecast: &Forecast, deep: &Deep, width: usize) -> String {
    let width = width.clamp(60, 110);
    let said = [
        deep.steps.first().and_then(|found| step(forecast, found)),
        takes(forecast, &deep.solution),
        deep.levers.first().and_then(|found| lever(forecast, found)),
    ];
    let lines: Vec<String> = said.into_iter().flatten().map(|text| wrap(&text, width, "  ") + "\n").collect();
    if lines.is_empty() { String::new() } else { format!("\n{}", lines.concat()) }
}

/// "One step for the worse: growth of leads, phase 1 × 0.933 (Europe: 15 % → 14 %): Year 1 in 41 in 100, not 47."
fn step(forecast: &Forecast, step: &Step) -> Option<String> {
    let target = step.effect.targets.first()?;
    let unit = Unit::of(&step.example.path);
    let said = |x: f64| unit.said(&forecast.currency, x);
    let region = step.example.region.as_deref().map_or_else(String::new, plain);
    let what = format!(
        "{} × {} ({region}: {} → {})",
        plain(&step.label),
        few_digits(step.factor),
        said(step.example.from),
        said(step.example.to)
    );
    let worse = target.change.value? < 0.0 && target.change.is_clear();
    let what = if worse { what } else { return Some(none_matters(target)) };
    Some(format!("One step for the worse that costs most, {what}: {}.", from_to(forecast, target)?))
}

/// Where no small step lowers the chance beyond the simulation's error.
fn none_matters(target: &TargetEffect) -> String {
    format!(
        "No small step for the worse of one kind of input lowers the chance of {} beyond the simulation's error.",
        plain(&target.name)
    )
}

/// "Year 1 from 47 in 100 to 41 in 100".
fn from_to(forecast: &Forecast, target: &TargetEffect) -> Option<String> {
    let said = |estimate: Estimate| {
        estimate.value.map(|value| chance(value, forecast.manifest.trials, forecast.currency.locale()))
    };
    Some(format!("{} from {} to {}", plain(&target.name), said(target.before)?, said(target.after)?))
}

/// "What it would take for Year 1 in 80 in 100: leads a month of 3 regions × 1.178 (95 % sure: 1.172 to 1.184)."
fn takes(forecast: &Forecast, takes: &Takes) -> Option<String> {
    let head = |solution: &Solution| {
        let Wanted::Probability(asked) = solution.wanted else { return None };
        let name = solution.figure.target.as_deref().map_or_else(String::new, plain);
        Some(format!("What it would take for {name} in {:.0} in 100", 100.0 * asked))
    };
    match takes {
        Takes::Found(solution) => {
            let Outcome::Root(root) = &solution.outcome else { return None };
            let sign = if solution.varied.how == How::Factor { "×" } else { "at" };
            let error = root.value.error.unwrap_or(0.0);
            let said = |x: f64| {
                // To the first digit of the error, and no further than people read.
                let places = if error > 0.0 { libm::ceil(-libm::log10(error)).clamp(0.0, 4.0) } else { 3.0 };
                format!("{x:.*}", places as usize)
            };
            let sure = match (root.low, root.high) {
                (Some(low), Some(high)) => format!(" (95 % sure: {} to {})", said(low), said(high)),
                _ => " (how sure, is not known)".to_owned(),
            };
            Some(format!("{}: {} {sign} {}{sure}.", head(solution)?, solution.varied.name(), said(root.value.value?)))
        }
        Takes::OutOfReach(solution) => Some(format!("{}: more leads alone do not do it.", head(solution)?)),
        Takes::MetAlready { target, asked, chance: found } => Some(format!(
            "{} is met in {} as it stands, at least the {:.0} asked for.",
            plain(target),
            chance(found.value?, forecast.manifest.trials, forecast.currency.locale()),
            100.0 * asked
        )),
        Takes::NoAnswer { target, why } => Some(format!("What it would take for {}: {}.", plain(target), plain(why))),
        Takes::NoTarget => None,
    }
}

/// "The lever that helps most, Double the sales training (€100k): Year 1 from 47 in 100 to 55 in 100."
fn lever(forecast: &Forecast, lever: &LeverOutcome) -> Option<String> {
    let what = format!("{} ({})", plain(&lever.name), forecast.currency.exact(lever.cost));
    match lever.effect.targets.first() {
        Some(target) if target.change.value? <= 0.0 || !target.change.is_clear() => Some(format!(
            "No lever raises the chance of {} beyond the simulation's error; first comes {what}.",
            plain(&target.name)
        )),
        Some(target) => Some(format!("The lever that helps most, {what}: {}.", from_to(forecast, target)?)),
        None => {
            let mean = lever.effect.mean;
            let gain = forecast.said(forecast.main.metric, mean.value?, mean.error);
            Some(format!("The lever that helps most, {what}: {gain} on average."))
        }
    }
}
