//! What a forecast is shown as, by `revcast run` and again by `revcast report`: tables, charts, and the page that will hold them.

use std::path::Path;

use super::args::Showing;
use super::exit::Failure;
use super::results::{self, Results};
use super::terminal_width;
use crate::engine::Workers;
use crate::forecast::Forecast;
use crate::{charts, export, report};

/// The document that lists the files of a run.
pub(super) const DOCUMENT: &str = "forecast.json";
/// The workbook's name.
pub(super) const WORKBOOK: &str = "forecast.xlsx";

/// Whether the workbook is among the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Workbook {
    /// It is.
    Wanted,
    /// It is not.
    Unwanted,
}

/// All files that are made of a forecast alone. Whatever else is made of one has its place here.
pub(super) fn rendered(
    forecast: &Forecast,
    showing: &Showing,
    workbook: Workbook,
    workers: &Workers,
) -> Result<Results, Failure> {
    let charts = results::drawn(&charts::sketch(forecast, showing.chart_size)?, workers)?;
    let mut tables = vec![("bands.csv".to_owned(), export::bands_csv(forecast, showing.csv_style)?)];
    if !forecast.budget.is_empty() {
        tables.push(("attainment.csv".to_owned(), export::attainment_csv(forecast, showing.csv_style)?));
    }
    if workbook == Workbook::Wanted {
        tables.push((WORKBOOK.to_owned(), export::workbook(forecast)?));
    }
    Ok(Results::new(DOCUMENT, tables, charts))
}

/// How much of a forecast is told on the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// The answer.
    Summary,
    /// Inputs and the closed-form check too.
    Details,
}

/// What is told of a forecast whose files lie in `out`.
pub(super) fn told(forecast: &Forecast, telling: Telling, out: &Path) -> String {
    let width = terminal_width();
    let mut text = report::summary(forecast, width);
    if telling == Telling::Details {
        text.push('\n');
        text.push_str(&report::details(forecast, width));
    }
    text.push_str(&results::listed(&forecast.manifest.files, out));
    text
}
