//! `revcast template`: a scenario's inputs, or a table that it names, to fill in.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::cli::changes::Changes;
use crate::cli::exit::Failure;
use crate::cli::scenario_source::ScenarioSource;
use crate::cli::session::Session;
use crate::cli::terminal::print;
use crate::export::{self, CsvStyle};

/// The arguments of `revcast template`.
#[derive(Debug, Args)]
pub(in crate::cli) struct TemplateArgs {
    /// The scenario file; beside --pipeline, --contracts or --actuals it may be left out
    #[arg(required_unless_present = "table")]
    scenario: Option<PathBuf>,
    #[command(flatten)]
    changes: Changes,
    /// Print the table of open deals instead, without rows
    #[arg(long, group = "table")]
    pipeline: bool,
    /// Print the table of contracts in force instead, without rows
    #[arg(long, group = "table")]
    contracts: bool,
    /// Print the table of actuals instead, with a row for each amount that the scenario needs
    #[arg(long, group = "table")]
    actuals: bool,
    /// How the sheet is written down: plain, or as a European Excel opens it
    #[arg(long, value_name = "STYLE", default_value = "plain")]
    csv_style: CsvStyle,
}

pub(in crate::cli) fn run(arguments: &TemplateArgs) -> Result<ExitCode, Failure> {
    let tables = [(arguments.pipeline, "pipeline"), (arguments.contracts, "contracts"), (arguments.actuals, "actuals")];
    let section = tables.into_iter().find_map(|(wanted, section)| wanted.then_some(section));
    let source =
        arguments.scenario.clone().map(|scenario| ScenarioSource { scenario, changes: arguments.changes.clone() });
    let sheet = match (section, source) {
        (Some(section), source) => {
            let scenario = source.map(|source| source.outline()).transpose()?;
            export::data_template_csv(section, scenario.as_ref(), arguments.csv_style)?
        }
        (None, Some(source)) => {
            export::inputs_csv(&source.read(&Session::default(), Vec::new())?, arguments.csv_style)?
        }
        // One of the two is there.
        (None, None) => return Ok(ExitCode::SUCCESS),
    };
    print(&sheet)?;
    Ok(ExitCode::SUCCESS)
}
