//! What a run's answer is shown as, by `revcast run` and again by `revcast report`: tables, charts, and the page.

use std::path::Path;

use super::args::Showing;
use super::exit::Failure;
use super::paging::Paging;
use super::results::{self, Results};
use super::terminal_width;
use crate::analysis::{Answer, Head};
use crate::engine::Workers;
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

/// All files that are made of an answer alone. Whatever else is made of one has its place here.
pub(super) fn rendered(
    answer: &Answer,
    showing: &Showing,
    paging: &Paging,
    workbook: Workbook,
    workers: &Workers,
) -> Result<Results, Failure> {
    let forecast = &answer.forecast;
    let mut charts = charts::of_forecast(forecast, showing.chart_size);
    if let Some(deep) = &answer.deep {
        charts.extend(charts::of_deep(&Head::from(forecast), deep, showing.chart_size));
    }
    if let Some(moved) = &answer.moved {
        charts.extend(charts::of_moved(&Head::from(forecast), moved, showing.chart_size));
    }
    let pictures = results::drawn(&charts, workers)?;
    let mut tables = vec![("bands.csv".to_owned(), export::bands_csv(forecast, showing.csv_style)?)];
    if !forecast.budget.is_empty() {
        tables.push(("attainment.csv".to_owned(), export::attainment_csv(forecast, showing.csv_style)?));
    }
    if workbook == Workbook::Wanted {
        tables.push((WORKBOOK.to_owned(), export::workbook(forecast)?));
    }
    tables.push(("report.html".to_owned(), report::page(answer, paging.every())?.into_bytes()));
    Ok(Results::new(DOCUMENT, tables, pictures))
}

/// How much of a forecast is told on the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// The answer.
    Summary,
    /// Inputs and the closed-form check too.
    Details,
}

/// What is told of an answer whose files lie in `out`: the brief alone where that is asked for.
pub(super) fn told(answer: &Answer, paging: &Paging, telling: Telling, out: &Path) -> String {
    let (forecast, width) = (&answer.forecast, terminal_width());
    if let Some(style) = paging.brief {
        return report::brief(answer, paging.every(), style);
    }
    let mut text = report::summary(forecast, width);
    if let Some(moved) = &answer.moved {
        text.push_str(&report::moved(forecast, moved, width));
    }
    if let Some(deep) = &answer.deep {
        text.push_str(&report::deep(forecast, deep, width));
    }
    if telling == Telling::Details {
        text.push('\n');
        text.push_str(&report::details(forecast, width));
    }
    text.push_str(&results::listed(&forecast.manifest.files, out));
    text
}
