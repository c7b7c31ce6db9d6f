//! The answer on one sheet: what was assumed, the main figure, the targets, what moves it, how to repeat it.

use super::inputs::Drivers;
use super::main_figure;
use super::page::Page;
use super::styles::{Figure, Words};
use super::{Material, names};
use crate::export::ExportError;
use crate::units::thousands;

/// The columns of the sheet.
const COLUMNS: u16 = 7;

/// A sheet that is filled from top to bottom.
pub(super) struct Answer<'a> {
    page: Page<'a>,
    row: u32,
}

impl Answer<'_> {
    /// The head of a part, after an empty row.
    pub(super) fn part(&mut self, title: &str) -> Result<(), ExportError> {
        self.row += 2;
        self.page.text(self.row - 1, 0, title, Words::Part)
    }

    /// An empty row.
    pub(super) fn space(&mut self) {
        self.row += 1;
    }

    /// A sentence over the whole width.
    pub(super) fn sentence(&mut self, text: &str) -> Result<(), ExportError> {
        self.row += 1;
        self.page.spread(self.row - 1, COLUMNS, text, Words::Sentence)
    }

    /// Heads of columns, the last ones of them over figures.
    pub(super) fn heads(&mut self, names: &[&str], figures: usize) -> Result<(), ExportError> {
        self.row += 1;
        let words = names.len() - figures;
        self.page.heads(self.row - 1, 0, &names[..words])?;
        self.page.figure_heads(self.row - 1, words as u16, &names[words..])
    }

    /// A name and numbers beside it.
    pub(super) fn line(&mut self, name: &str, values: &[Option<f64>], figure: Figure) -> Result<(), ExportError> {
        self.row += 1;
        self.page.text(self.row - 1, 0, name, Words::Cell)?;
        values.iter().zip(1..).try_for_each(|(value, column)| self.page.number(self.row - 1, column, *value, figure))
    }

    /// A name and a text beside it.
    fn said(&mut self, name: &str, text: &str) -> Result<(), ExportError> {
        self.row += 1;
        self.page.text(self.row - 1, 0, name, Words::Cell)?;
        self.page.text(self.row - 1, 1, text, Words::Cell)
    }
}

/// The sheet.
pub(super) fn page<'a>(material: &'a Material, drivers: &Drivers) -> Result<Page<'a>, ExportError> {
    let forecast = material.forecast;
    let manifest = &forecast.manifest;
    let mut page = Page::begin("Summary", &forecast.name, "", &material.styles)?;
    page.widths(&[36.0, 17.0, 17.0, 17.0, 17.0, 16.0, 16.0])?;
    let mut answer = Answer { page, row: 1 };
    let count = |n: usize, what: &str| format!("{} {what}{}", thousands(n as f64), if n == 1 { "" } else { "s" });
    answer.sentence(&format!(
        "{} of {} from {}. All amounts in {}.",
        count(manifest.trials, "future"),
        count(forecast.months, "month"),
        forecast.start.name(),
        forecast.currency
    ))?;
    answer.part("Assumed")?;
    for assumption in &forecast.assumptions {
        answer.sentence(assumption)?;
    }
    answer.sentence("Every field that was assumed, with its note and source, is in the sheet 'Assumptions'.")?;
    main_figure::write(&mut answer, material)?;
    targets(&mut answer, material)?;
    moved(&mut answer, drivers)?;
    main_figure::parts(&mut answer, material)?;
    answer.part("How to repeat this run")?;
    answer.said("revcast", &manifest.version)?;
    answer.line("Seed", &[None], Figure::Free)?;
    // A seed has more digits than a spreadsheet's numbers.
    answer.page.text(answer.row - 1, 1, &manifest.seed.to_string(), Words::Cell)?;
    answer.line("Futures", &[Some(manifest.trials as f64)], Figure::Count)?;
    answer.said("Scenario (SHA-256)", &manifest.scenario_hash)?;
    answer.sentence("The same scenario, seed and number of futures give the same files to the byte; forecast.json holds the scenario.")?;
    Ok(answer.page)
}

fn targets(answer: &mut Answer, material: &Material) -> Result<(), ExportError> {
    let targets = &material.forecast.targets;
    if targets.is_empty() {
        return Ok(());
    }
    answer.part("Targets, if these assumptions hold")?;
    answer.heads(&["Target", "Metric", "Region", "Period", "At least", "Chance", "Standard error"], 3)?;
    for target in targets {
        answer.said(&target.name, &names::metric(target.metric))?;
        let row = answer.row - 1;
        answer.page.text(row, 2, &material.names.scope(&target.scope), Words::Cell)?;
        answer.page.text(row, 3, &target.period, Words::Cell)?;
        answer.page.number(row, 4, Some(target.at_least), Figure::of(target.metric, target.at_least.abs()))?;
        answer.page.number(row, 5, Some(target.probability), Figure::Share)?;
        answer.page.number(row, 6, Some(target.probability_error), Figure::Share)?;
    }
    Ok(())
}

/// The inputs that matter most.
fn moved(answer: &mut Answer, drivers: &Drivers) -> Result<(), ExportError> {
    const MOST: usize = 8;
    answer.part("What moves it")?;
    if drivers.inputs.is_empty() {
        return answer.sentence(
            "Every input is fixed: the range shows luck alone, so it is narrower than what you know. Give the inputs ranges.",
        );
    }
    answer.heads(&["Input", "Rank correlation", "Standard error"], 2)?;
    for (input, correlation) in drivers.inputs.iter().take(MOST) {
        let (rho, error) = (correlation.map(|c| c.rho), correlation.and_then(|c| c.error));
        answer.line(&input.label, &[rho, error], Figure::Correlation)?;
    }
    if drivers.inputs.len() > MOST {
        answer.sentence(&format!("All {} ranges entered are in the sheet 'Inputs'.", drivers.inputs.len()))?;
    }
    Ok(())
}
