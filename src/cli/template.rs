//! `revcast template`.

use std::process::ExitCode;

use super::exit::Failure;
use super::print;
use super::source::Source;
use crate::export;

pub(super) fn template(source: &Source) -> Result<ExitCode, Failure> {
    let scenario = source.read(Vec::new())?;
    print(&export::inputs_csv(&scenario)?)?;
    Ok(ExitCode::SUCCESS)
}
