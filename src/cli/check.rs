//! `revcast check`.

use std::process::ExitCode;

use super::exit::Failure;
use super::source::Source;
use super::{print, terminal_width};
use crate::model::resolve;
use crate::report;

pub(super) fn check(source: &Source) -> Result<ExitCode, Failure> {
    let scenario = source.read(Vec::new())?;
    let model = resolve(&scenario)?;
    print(report::understood(&scenario, &model, terminal_width()).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
