//! `revcast check`.

use std::process::ExitCode;

use clap::Args;

use super::exit::Failure;
use super::source::Source;
use super::{print, terminal_width};
use crate::audit::audit;
use crate::model::resolve;
use crate::report;

/// What `revcast check` is given.
#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    source: Source,
    /// Print what the audit found as JSON, and nothing else
    #[arg(long)]
    json: bool,
}

pub(super) fn check(check: &Check) -> Result<ExitCode, Failure> {
    let scenario = check.source.read(Vec::new())?;
    let model = resolve(&scenario)?;
    let findings = audit(&scenario, &model);
    if check.json {
        let mut json = serde_json::to_vec_pretty(&findings).expect("findings hold nothing but text");
        json.push(b'\n');
        print(&json)?;
    } else {
        let width = terminal_width();
        let understood = report::understood(&scenario, &model, width);
        print(format!("{understood}\n{}", report::audit(&scenario, &findings, width)).as_bytes())?;
    }
    // Findings are answers, not faults.
    Ok(ExitCode::SUCCESS)
}
