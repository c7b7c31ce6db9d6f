//! `revcast template`: a scenario's inputs as a sheet to fill in.

use std::process::ExitCode;

use clap::Args;

use crate::cli::exit::Failure;
use crate::cli::scenario_source::ScenarioSource;
use crate::cli::terminal::print;
use crate::export::{self, CsvStyle};

/// The arguments of `revcast template`.
#[derive(Debug, Args)]
pub(in crate::cli) struct TemplateArgs {
    #[command(flatten)]
    source: ScenarioSource,
    /// How the sheet is written down: plain, or as a European Excel opens it
    #[arg(long, value_name = "STYLE", default_value = "plain")]
    csv_style: CsvStyle,
}

pub(in crate::cli) fn run(arguments: &TemplateArgs) -> Result<ExitCode, Failure> {
    let scenario = arguments.source.read(Vec::new())?;
    print(&export::inputs_csv(&scenario, arguments.csv_style)?)?;
    Ok(ExitCode::SUCCESS)
}
