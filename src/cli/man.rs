//! `revcast man`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Command, CommandFactory};

use super::args::Arguments;
use super::disk::Folder;
use super::exit::{Doing, Failure};
use super::print;
use super::progress::stoppable;
use crate::units::plain;

/// What `revcast man` is given.
#[derive(Debug, Args)]
pub(super) struct Man {
    /// The folder for the pages of all commands; it must be absent or empty [default: print the page of revcast itself]
    folder: Option<PathBuf>,
}

pub(super) fn man(arguments: &Man) -> Result<ExitCode, Failure> {
    let root = root();
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

/// The program as its help knows it, each command by its full name.
fn root() -> Command {
    let mut root = Arguments::command().disable_help_subcommand(true);
    root.build();
    root
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
    Err(Failure::Option {
        option: folder.display().to_string(),
        found: "a folder that is not empty".to_owned(),
        allowed: "a folder that is absent or empty".to_owned(),
        hint: String::new(),
    })
}
