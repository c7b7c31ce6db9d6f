//! `revcast schema`.

use std::process::ExitCode;

use super::exit::Failure;
use super::print;

pub(super) fn schema() -> Result<ExitCode, Failure> {
    print(format!("{:#}\n", crate::scenario::schema()).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
