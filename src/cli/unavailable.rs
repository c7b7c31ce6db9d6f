//! What a program that was built without the history says when it is asked for one.

use std::process::ExitCode;

use clap::Args;

use super::exit::Failure;

/// Whatever is given: none of it can be done here.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub(super) struct Unavailable {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _given: Vec<String>,
}

/// Says how to get it.
pub(super) fn refuse(command: &str) -> Result<ExitCode, Failure> {
    Err(unavailable(command))
}

/// A command or an option that needs the history.
pub(super) fn unavailable(option: &str) -> Failure {
    Failure::Option {
        option: option.to_owned(),
        found: "a revcast that was built without its history".to_owned(),
        allowed: "one that was built with it".to_owned(),
        hint: "in the folder of revcast's sources: cargo install --path . --features history (it compiles SQLite, and takes a few minutes)"
            .to_owned(),
    }
}
