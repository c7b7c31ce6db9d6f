//! `revcast new`: a small scenario to begin with.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cli::disk;
use crate::cli::exit::Failure;
use crate::cli::terminal::print;
use crate::scenario::{schema, starter};
use crate::units::plain;

/// The name of the schema beside a scenario, as the scenario's first line has it.
const SCHEMA: &str = "scenario.schema.json";

/// The arguments of `revcast new`.
#[derive(Debug, Args)]
pub(in crate::cli) struct NewArgs {
    /// The file to write, such as plan.json; it must not exist
    file: PathBuf,
}

pub(in crate::cli) fn run(arguments: &NewArgs) -> Result<ExitCode, Failure> {
    let file = with_extension(&arguments.file);
    let name = file.file_stem().unwrap_or_default().to_string_lossy().replace(['-', '_'], " ");
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    disk::place(&file, starter(&name, today).as_bytes())?;
    let beside = file.with_file_name(SCHEMA);
    let also = if beside.exists() {
        // The one that is there may belong to other scenarios.
        String::new()
    } else {
        disk::place(&beside, format!("{:#}\n", schema()).as_bytes())?;
        format!(" and {} (with it, editors complete and check the file)", plain(&beside.display().to_string()))
    };
    let shown = plain(&file.display().to_string());
    let typed = quoted(&shown);
    print(
        format!(
            "Wrote {shown}{also}.\nEdit its figures, see how it is understood, then play it:\n  revcast check {typed}\n  revcast run {typed} --xlsx\nOr fill its inputs in with a spreadsheet: revcast template {typed}\n"
        )
        .as_bytes(),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Editors know a scenario by its ending.
fn with_extension(file: &Path) -> PathBuf {
    if file.extension().is_some() { file.to_owned() } else { file.with_extension("json") }
}

/// A path as it is typed: in quotes where a shell would take it for more than a name.
fn quoted(path: &str) -> String {
    let bare = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '\\' | ':');
    if path.chars().all(bare) && !path.starts_with('-') {
        return path.to_owned();
    }
    let from_here = if path.starts_with('-') { "./" } else { "" };
    format!("'{from_here}{}'", path.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_can_be_typed() {
        assert_eq!(quoted("plans/plan-2027.json"), "plans/plan-2027.json");
        assert_eq!(quoted("q$(x).json"), "'q$(x).json'");
        assert_eq!(quoted("a'b.json"), "'a'\\''b.json'");
        assert_eq!(quoted("-dash.json"), "'./-dash.json'");
    }
}
