//! `revcast completions`: scripts that complete what is typed in a shell.

use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::Shell;

use crate::cli::exit::Failure;
use crate::cli::terminal::print;

/// The arguments of `revcast completions`.
#[derive(Debug, Args)]
pub(in crate::cli) struct CompletionsArgs {
    /// The shell that shall complete commands, options and files
    shell: Shell,
}

/// Prints the script for `program`.
pub(in crate::cli) fn run(arguments: &CompletionsArgs, mut program: Command) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut program, "revcast", &mut script);
    print(&script)?;
    Ok(ExitCode::SUCCESS)
}
