//! Renders the answer of a run, for `revcast run` and again for `revcast report`: as tables, charts and page in files, and as a summary on the terminal.

use std::path::Path;

use super::exit::{Failure, refused};
use super::options::{DisplayOptions, FormatOptions};
use super::output_folder::{OutputFiles, draw, files_line, pictures};
use super::terminal::terminal_width;
use crate::analysis::Answer;
use crate::charts::{Chart, Size};
use crate::documents::Kind;
use crate::engine::Workers;
use crate::report::{MOST_TUNING_BYTES, TUNING_PAGE, TuningError};
use crate::{charts, export, findings, report};

/// The document that lists the files of a run.
pub(super) const DOCUMENT: &str = Kind::Forecast.file();
/// The name of the workbook in the folder.
pub(super) const WORKBOOK: &str = "forecast.xlsx";

/// Which files are made that not everybody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extras {
    /// The workbook.
    pub(super) workbook: bool,
    /// The page whose inputs can be moved.
    pub(super) tune: bool,
}

/// A file that is made of an answer alone.
struct Output {
    name: &'static str,
    /// When it is made.
    is_made: fn(&Answer, Extras) -> bool,
    bytes: Render,
}

/// Makes the bytes of a file.
type Render = fn(&Answer, &FormatOptions, &DisplayOptions, Extras) -> Result<Vec<u8>, Failure>;

/// All of them but the charts. Whatever else is made of an answer has its place here.
const OUTPUTS: [Output; 5] = [
    Output {
        name: "bands.csv",
        is_made: |_, _| true,
        bytes: |answer, format, _, _| Ok(export::bands_csv(&answer.forecast, format.csv_style)?),
    },
    Output {
        name: "attainment.csv",
        is_made: |answer, _| !answer.forecast.budget.is_empty(),
        bytes: |answer, format, _, _| Ok(export::attainment_csv(&answer.forecast, format.csv_style)?),
    },
    Output {
        name: WORKBOOK,
        is_made: |_, extras| extras.workbook,
        bytes: |answer, _, _, _| Ok(export::workbook(answer)?),
    },
    Output {
        name: "report.html",
        is_made: |_, _| true,
        bytes: |answer, _, display, extras| {
            Ok(report::page(answer, display.every(), extras.tune.then_some(TUNING_PAGE))?.into_bytes())
        },
    },
    Output { name: TUNING_PAGE, is_made: |_, extras| extras.tune, bytes: |answer, _, _, _| tuning_page(answer) },
];

/// The files of an answer, and its charts.
pub(super) fn render(
    answer: &Answer,
    format: &FormatOptions,
    display: &DisplayOptions,
    extras: Extras,
    workers: &Workers,
) -> Result<OutputFiles, Failure> {
    let pictures = draw(&charts_of(answer, format.chart_size), workers)?;
    let made = OUTPUTS.iter().filter(|output| (output.is_made)(answer, extras));
    let tables = made.map(|output| Ok((output.name.to_owned(), (output.bytes)(answer, format, display, extras)?)));
    Ok(OutputFiles::new(Kind::Forecast, tables.collect::<Result<_, Failure>>()?, pictures))
}

/// The names of the files of an answer.
pub(super) fn names(answer: &Answer, extras: Extras) -> Vec<String> {
    let made = OUTPUTS.iter().filter(|output| (output.is_made)(answer, extras)).map(|output| output.name.to_owned());
    let charts = charts_of(answer, Size::default());
    std::iter::once(DOCUMENT.to_owned()).chain(made).chain(charts.iter().flat_map(pictures)).collect()
}

/// The charts of an answer.
pub(super) fn charts_of(answer: &Answer, size: Size) -> Vec<Chart> {
    let forecast = &answer.forecast;
    let mut charts = charts::of_forecast(forecast, size);
    if let Some(deep) = &answer.deep {
        charts.extend(charts::of_deep(&forecast.header, deep, size));
    }
    if let Some(moved) = &answer.moved {
        charts.extend(charts::of_moved(&forecast.header, moved, size));
    }
    charts
}

/// The page whose inputs can be moved.
pub(super) fn tuning_page(answer: &Answer) -> Result<Vec<u8>, Failure> {
    report::tuning_page(answer).map(String::into_bytes).map_err(|error| match error {
        TuningError::Chart(error) => error.into(),
        TuningError::Scenario(faults) => faults.into(),
        TuningError::TooLarge(bytes) => refused(
            &answer.forecast.file,
            &format!("a scenario of {} kB, its tables in it", bytes / 1000),
            &format!("at most {} kB in a page whose inputs can be moved", MOST_TUNING_BYTES / 1000),
            "put deals and contracts that are alike into one row with a count, or leave out columns that nobody reads",
        ),
    })
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
