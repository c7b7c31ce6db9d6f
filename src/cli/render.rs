//! Renders the answer of a run, for `revcast run` and again for `revcast report`: as tables, charts and page in files, and as a summary on the terminal.

use std::path::Path;

use super::exit::Failure;
use super::options::{DisplayOptions, FormatOptions};
use super::output_folder::{OutputFiles, draw, files_line};
use super::terminal::terminal_width;
use crate::analysis::Answer;
use crate::documents::Kind;
use crate::engine::Workers;
use crate::{charts, export, findings, report};

/// The document that lists the files of a run.
pub(super) const DOCUMENT: &str = Kind::Forecast.file();
/// The name of the workbook in the folder.
pub(super) const WORKBOOK: &str = "forecast.xlsx";

/// Whether the workbook is among the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Workbook {
    Wanted,
    Unwanted,
}

/// A file that is made of an answer alone.
struct Output {
    name: &'static str,
    /// When it is made.
    is_made: fn(&Answer, Workbook) -> bool,
    bytes: fn(&Answer, &FormatOptions, &DisplayOptions) -> Result<Vec<u8>, Failure>,
}

/// All of them but the charts. Whatever else is made of an answer has its place here.
const OUTPUTS: [Output; 4] = [
    Output {
        name: "bands.csv",
        is_made: |_, _| true,
        bytes: |answer, format, _| Ok(export::bands_csv(&answer.forecast, format.csv_style)?),
    },
    Output {
        name: "attainment.csv",
        is_made: |answer, _| !answer.forecast.budget.is_empty(),
        bytes: |answer, format, _| Ok(export::attainment_csv(&answer.forecast, format.csv_style)?),
    },
    Output {
        name: WORKBOOK,
        is_made: |_, workbook| workbook == Workbook::Wanted,
        bytes: |answer, _, _| Ok(export::workbook(answer)?),
    },
    Output {
        name: "report.html",
        is_made: |_, _| true,
        bytes: |answer, _, display| Ok(report::page(answer, display.every())?.into_bytes()),
    },
];

/// The files of an answer, and its charts.
pub(super) fn render(
    answer: &Answer,
    format: &FormatOptions,
    display: &DisplayOptions,
    workbook: Workbook,
    workers: &Workers,
) -> Result<OutputFiles, Failure> {
    let forecast = &answer.forecast;
    let mut charts = charts::of_forecast(forecast, format.chart_size);
    if let Some(deep) = &answer.deep {
        charts.extend(charts::of_deep(&forecast.header.clone(), deep, format.chart_size));
    }
    if let Some(moved) = &answer.moved {
        charts.extend(charts::of_moved(&forecast.header.clone(), moved, format.chart_size));
    }
    let pictures = draw(&charts, workers)?;
    let made = OUTPUTS.iter().filter(|output| (output.is_made)(answer, workbook));
    let tables = made.map(|output| Ok((output.name.to_owned(), (output.bytes)(answer, format, display)?)));
    Ok(OutputFiles::new(Kind::Forecast, tables.collect::<Result<_, Failure>>()?, pictures))
}

/// How much of a forecast is printed on the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verbosity {
    /// The summary of the forecast.
    Summary,
    /// What is behind it too: assumptions, errors, inputs, the closed-form check.
    Details,
}

impl Verbosity {
    /// What `-v` asks for.
    pub(super) fn of(verbose: bool) -> Verbosity {
        if verbose { Verbosity::Details } else { Verbosity::Summary }
    }
}

/// The summary, for the terminal, of an answer whose files lie in `out`: the brief alone where that is asked for.
pub(super) fn terminal_summary(answer: &Answer, display: &DisplayOptions, verbosity: Verbosity, out: &Path) -> String {
    let (forecast, width) = (&answer.forecast, terminal_width());
    if let Some(style) = display.brief {
        return report::brief(answer, display.every(), style);
    }
    let mut text = report::summary(answer, width);
    if let Some(moved) = &answer.moved {
        text.push_str(&report::terminal(&findings::attribution(forecast, moved), width));
    }
    if verbosity == Verbosity::Details {
        if let Some(pipeline) = &answer.pipeline {
            text.push_str(&report::terminal(&findings::pipeline_groups(pipeline, &forecast.header), width));
        }
        text.push('\n');
        text.push_str(&report::details(answer, width));
    }
    text.push_str(&files_line(&forecast.manifest.files, out));
    text
}
