//! `revcast report`.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::args::Showing;
use super::exit::{Doing, Failure};
use super::paging::Paging;
use super::progress::stoppable;
use super::rendered::{Telling, WORKBOOK, Workbook, rendered, told};
use super::{disk, print, source};
use crate::analysis::Answer;
use crate::export;
use crate::forecast::Forecast;

/// What `revcast report` is given.
#[derive(Debug, Args)]
pub(super) struct Report {
    /// The forecast.json that a run wrote
    file: PathBuf,
    /// The folder for the results, and for nothing else [default: the one that the file lies in]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Also write forecast.xlsx; without it only where the run wrote one
    #[arg(long)]
    xlsx: bool,
    #[command(flatten)]
    showing: Showing,
    #[command(flatten)]
    paging: Paging,
}

pub(super) fn report(arguments: &Report) -> Result<ExitCode, Failure> {
    let showing = &arguments.showing;
    let bytes = source::document(&arguments.file)?;
    let mut answer = Answer::read(&arguments.file.display().to_string(), &bytes)?;
    answer.write_as(arguments.paging.locale);
    let home = folder_of(&arguments.file);
    let out = arguments.out.clone().unwrap_or_else(|| home.clone());
    disk::check(&out)?;

    let listed = answer.forecast.manifest.files.iter().any(|name| name == WORKBOOK);
    let workbook = if arguments.xlsx || listed { Workbook::Wanted } else { Workbook::Unwanted };
    let mut results = rendered(&answer, showing, &arguments.paging, workbook, &showing.workers())?;
    let at_home = same(&home, &out);
    let carried = if at_home { carried(&answer.forecast, &results.names(), &home) } else { Vec::new() };
    answer.forecast.manifest.files = results.names().into_iter().chain(carried.iter().cloned()).collect();
    results.json = export::forecast_json(&answer)?;

    let monitor = stoppable();
    let mut folder = results.begin(&out, &monitor)?;
    // From here on no run can replace what lies there; one that has done so since the file was read comes first.
    if at_home && source::document(&arguments.file)? != bytes {
        return Err(Failure::Option {
            option: arguments.file.display().to_string(),
            found: "another forecast than a moment ago: a run has replaced it".to_owned(),
            allowed: "a forecast that stays as it is".to_owned(),
            hint: "run the command again; nothing was touched".to_owned(),
        });
    }
    for name in &carried {
        let path = home.join(name);
        let what = || format!("copy {}", path.display());
        let mut from = File::open(&path).doing(what)?;
        folder.write(name, |to| io::copy(&mut from, to).map(drop).doing(what))?;
    }
    folder.finish()?;

    if showing.json {
        print(&results.json)?;
    } else if !showing.quiet {
        print(told(&answer, &arguments.paging, Telling::Summary, &out).as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The files of the run that are not made of the forecast, such as a table of its trials: they stay as they are. A chart that is no
/// more drawn goes.
fn carried(forecast: &Forecast, made: &[String], home: &Path) -> Vec<String> {
    let own = |name: &&String| !made.contains(name) && !name.contains('/') && home.join(name).is_file();
    forecast.manifest.files.iter().filter(own).cloned().collect()
}

/// The folder that a file lies in, by a name that can be replaced where it has one.
fn folder_of(file: &Path) -> PathBuf {
    let parent = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    match parent.components().next_back() {
        Some(Component::Normal(_)) => parent.to_owned(),
        _ => fs::canonicalize(parent).unwrap_or_else(|_| parent.to_owned()),
    }
}

/// Whether two paths lead to the same folder.
fn same(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
