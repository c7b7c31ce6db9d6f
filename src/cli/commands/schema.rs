//! `revcast schema`: the JSON Schema of scenario files.

use std::process::ExitCode;

use crate::cli::exit::Failure;
use crate::cli::terminal::print;

pub(in crate::cli) fn run() -> Result<ExitCode, Failure> {
    print(format!("{:#}\n", crate::scenario::schema()).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
