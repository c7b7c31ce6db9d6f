//! `revcast man`: the manual pages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Command};

use crate::cli::disk::Folder;
use crate::cli::exit::{Doing, Failure, refused};
use crate::cli::progress::stoppable;
use crate::cli::terminal::print;
use crate::units::plain;

/// The arguments of `revcast man`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ManArgs {
    /// The folder for the pages of all commands; it must be absent or empty [default: print the page of revcast itself]
    folder: Option<PathBuf>,
}

/// Prints or writes the pages of `program`.
pub(in crate::cli) fn run(arguments: &ManArgs, program: Command) -> Result<ExitCode, Failure> {
    // Each command knows its full name once it is built.
    let mut root = program.disable_help_subcommand(true);
    root.build();
    let Some(folder) = &arguments.folder else {
        print(&page(root)?)?;
        return Ok(ExitCode::SUCCESS);
    };
    empty(folder)?;
    let monitor = stoppable();
    let mut written = Folder::begin(folder, &monitor)?;
    let commands: Vec<Command> = root.get_subcommands().cloned().collect();
    for command in std::iter::once(root).chain(commands) {
        let name = format!("{}.1", command.get_display_name().unwrap_or("revcast"));
        written.put(&name, &page(command)?)?;
    }
    written.finish()?;
    print(format!("Wrote the manual pages to {}.\n", plain(&folder.display().to_string())).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn page(command: Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    let written =
        clap_mangen::Man::new(command).source(concat!("revcast ", env!("CARGO_PKG_VERSION"))).manual("revcast");
    written.render(&mut page).doing(|| "make a manual page".to_owned())?;
    Ok(page)
}

/// A run's folder may be replaced by another run, but not by manual pages.
fn empty(folder: &Path) -> Result<(), Failure> {
    let filled = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if !filled {
        return Ok(());
    }
    Err(refused(&folder.display().to_string(), "a folder that is not empty", "a folder that is absent or empty", ""))
}
