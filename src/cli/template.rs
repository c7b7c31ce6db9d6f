//! `revcast template`.

use std::process::ExitCode;

use super::args::Template;
use super::exit::Failure;
use super::print;
use crate::export;

pub(super) fn template(arguments: &Template) -> Result<ExitCode, Failure> {
    let scenario = arguments.source.read(Vec::new())?;
    print(&export::inputs_csv(&scenario, arguments.csv_style)?)?;
    Ok(ExitCode::SUCCESS)
}
