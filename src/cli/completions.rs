//! `revcast completions`.

use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::args::Arguments;
use super::exit::Failure;
use super::print;

/// What `revcast completions` is given.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell that shall complete commands, options and files
    shell: Shell,
}

pub(super) fn completions(arguments: &Completions) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "revcast", &mut script);
    print(&script)?;
    Ok(ExitCode::SUCCESS)
}
