//! `revcast new`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::exit::Failure;
use super::{disk, print};
use crate::scenario::{schema, starter};

/// The name of the schema beside a scenario, as the scenario's first line has it.
const SCHEMA: &str = "scenario.schema.json";

pub(super) fn new(file: &Path) -> Result<ExitCode, Failure> {
    let file = with_extension(file);
    let name = file.file_stem().unwrap_or_default().to_string_lossy().replace(['-', '_'], " ");
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    disk::place(&file, starter(&name, today).as_bytes())?;
    let beside = file.with_file_name(SCHEMA);
    let also = if beside.exists() {
        // The one that is there may belong to other scenarios.
        String::new()
    } else {
        disk::place(&beside, format!("{:#}\n", schema()).as_bytes())?;
        format!(" and {} (with it, editors complete and check the file)", beside.display())
    };
    let shown = file.display();
    print(
        format!(
            "Wrote {shown}{also}.\nEdit its figures, see how it is understood, then play it:\n  revcast check {shown}\n  revcast run {shown} --xlsx\nOr fill its inputs in with a spreadsheet: revcast template {shown}\n"
        )
        .as_bytes(),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Editors know a scenario by its ending.
fn with_extension(file: &Path) -> PathBuf {
    if file.extension().is_some() { file.to_owned() } else { file.with_extension("json") }
}
