//! What a run asked beside the forecast, on a terminal.

use super::terminal::wrap;
use crate::analysis::WhatIf;
use crate::findings::{adverse_step, best_lever, what_it_takes};
use crate::forecast::Forecast;
use crate::units::plain;

/// The small step for the worse that the first target suffers from most, what it would take for a target, and the lever that helps most,
/// for a terminal of `width` columns; what is not known is left out.
pub fn whatif(forecast: &Forecast, deep: &WhatIf, width: usize) -> String {
    let width = width.clamp(60, 110);
    let step = adverse_step(forecast, deep, 0).or_else(|| {
        let target = deep.steps.first()?.effect.targets.first()?;
        Some(format!(
            "No small step for the worse of one kind of input lowers the chance of “{}” beyond the simulation's error.",
            plain(&target.name)
        ))
    });
    let found = [step, what_it_takes(forecast, &deep.solution), best_lever(forecast, &deep.levers)];
    let lines: Vec<String> = found.into_iter().flatten().map(|text| wrap(&text, width, "  ") + "\n").collect();
    if lines.is_empty() { String::new() } else { format!("\n{}", lines.concat()) }
}
