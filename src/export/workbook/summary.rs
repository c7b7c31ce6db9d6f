//! The answer on one sheet: what was assumed, the main figure, the targets, what moves it, how to repeat it.

use super::context::SheetContext;
use super::inputs::Drivers;
use super::main_figure;
use super::number_format::NumberKind;
use super::summary_sheet::SummarySheet;
use super::worksheet::Sheet;
use super::{budget, calls, names};
use crate::export::ExportError;
use crate::stats::Estimate;
use crate::units::format::{count, futures, months_from};

/// The sheet that heads the workbook.
pub(super) fn page<'a>(context: &'a SheetContext, drivers: &Drivers) -> Result<Sheet<'a>, ExportError> {
    let forecast = context.forecast;
    let manifest = &forecast.manifest;
    let mut answer = SummarySheet::begin(&forecast.name, &context.styles)?;
    answer.sentence(&format!(
        "{} of {}. All amounts in {}.",
        futures(manifest.trials, forecast.currency.locale()),
        months_from(&forecast.horizon()),
        forecast.currency
    ))?;
    answer.part("Assumed")?;
    for assumption in &forecast.assumptions {
        answer.sentence(assumption)?;
    }
    answer.sentence("Every field that was assumed, with its note and source, is in the sheet 'Assumptions'.")?;
    main_figure::write(&mut answer, context)?;
    targets(&mut answer, context)?;
    calls::write(&mut answer, context)?;
    budget::write(&mut answer, context)?;
    drivers_table(&mut answer, drivers)?;
    main_figure::parts(&mut answer, context)?;
    answer.part("How to repeat this run")?;
    if let Some(dated) = forecast.dated() {
        answer.words(&["Date", &dated])?;
    }
    if !forecast.file.is_empty() {
        answer.words(&["Scenario file", &forecast.file])?;
    }
    answer.words(&["revcast", &manifest.version])?;
    // A seed has more digits than a spreadsheet's numbers.
    answer.words(&["Seed", &manifest.seed.to_string()])?;
    answer.words(&["Futures"])?;
    answer.alone(1, Estimate::exact(manifest.trials as f64), NumberKind::Whole)?;
    answer.words(&["Scenario (SHA-256)", &manifest.scenario_hash])?;
    answer.sentence("The same scenario, seed and number of futures give the same files to the byte; forecast.json holds the scenario.")?;
    Ok(answer.finish())
}

fn targets(answer: &mut SummarySheet, context: &SheetContext) -> Result<(), ExportError> {
    let targets = &context.forecast.targets;
    if targets.is_empty() {
        return Ok(());
    }
    answer.part("Targets, if these assumptions hold")?;
    answer.heads(&["Target", "Metric", "Region", "Period", "At least", "Chance", &names::error_of("Chance")], 3)?;
    for target in targets {
        let (metric, scope) = (names::metric(target.metric), context.names.scope(&target.scope));
        answer.words(&[&target.name, &metric, &scope, &names::period(&target.period)])?;
        answer.typed(4, Some(target.at_least), target.metric)?;
        answer.beside(5, target.probability, NumberKind::Chance)?;
    }
    Ok(())
}

/// The inputs that matter most.
fn drivers_table(answer: &mut SummarySheet, drivers: &Drivers) -> Result<(), ExportError> {
    const MOST: usize = 8;
    answer.part("What moves it")?;
    if let Some(draws) = drivers.joint_draws {
        let columns = count(draws.columns.len(), "input");
        answer.sentence(&format!(
            "{columns} drawn together, from the {} of {}.",
            count(draws.rows, "row"),
            draws.file
        ))?;
        if drivers.inputs.is_empty() {
            return Ok(());
        }
    }
    if drivers.inputs.is_empty() {
        return answer.sentence(
            "Every input is fixed: the range shows luck alone, so it is narrower than what you know. Give the inputs ranges.",
        );
    }
    answer.heads(&["Input", "Rank correlation", "Standard error"], 2)?;
    for (input, correlation) in drivers.inputs.iter().take(MOST) {
        let rho = correlation.map_or(Estimate::UNKNOWN, |correlation| correlation.rho);
        answer.line(&input.label, &[rho], NumberKind::Correlation)?;
    }
    if drivers.inputs.len() > MOST {
        answer.sentence(&format!("All {} ranges entered are in the sheet 'Inputs'.", drivers.inputs.len()))?;
    }
    Ok(())
}
