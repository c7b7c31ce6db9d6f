//! `revcast history` and `revcast actual` of a program that was built without the history: they say how to get it.

use std::process::ExitCode;

use clap::Args;

use crate::cli::exit::Failure;

/// The arguments of a command that needs the history: whatever they are, none of it can be done.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub(in crate::cli) struct AnyArgs {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _given: Vec<String>,
}

/// `revcast history`, which refuses.
pub(in crate::cli) mod history {
    use super::*;

    pub(in crate::cli) use super::AnyArgs as HistoryArgs;

    pub(in crate::cli) fn run(_: &AnyArgs) -> Result<ExitCode, Failure> {
        Err(Failure::without_history("revcast history"))
    }
}

/// `revcast actual`, which refuses.
pub(in crate::cli) mod actual {
    use super::*;

    pub(in crate::cli) use super::AnyArgs as ActualArgs;

    pub(in crate::cli) fn run(_: &AnyArgs) -> Result<ExitCode, Failure> {
        Err(Failure::without_history("revcast actual"))
    }
}
