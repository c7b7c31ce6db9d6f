//! `revcast check`: how a scenario is understood, and the audit of its plan.

use std::process::ExitCode;

use clap::Args;

use crate::audit::audit;
use crate::cli::exit::Failure;
use crate::cli::scenario_source::{Plan, ScenarioSource};
use crate::cli::session::Session;
use crate::cli::terminal::{print, terminal_width};
use crate::report;
use crate::units::plain_json;

/// The arguments of `revcast check`.
#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArgs {
    #[command(flatten)]
    source: ScenarioSource,
    /// Print what the audit found as JSON, and nothing else
    #[arg(long)]
    json: bool,
}

pub(in crate::cli) fn run(arguments: &CheckArgs) -> Result<ExitCode, Failure> {
    let Plan { scenario, model } = arguments.source.plan(&Session::default(), Vec::new())?;
    let findings = audit(&scenario, &model);
    if arguments.json {
        let json = serde_json::to_string_pretty(&findings).expect("findings hold nothing but text");
        print(format!("{}\n", plain_json(json)).as_bytes())?;
    } else {
        let width = terminal_width();
        let understood = report::interpretation(&scenario, &model, width);
        print(format!("{understood}\n{}", report::audit(&scenario, &findings, width)).as_bytes())?;
    }
    // Findings are answers, not faults.
    Ok(ExitCode::SUCCESS)
}
