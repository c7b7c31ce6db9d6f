//! `revcast report`: the files of a forecast.json, made again.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::analysis::Answer;
use crate::cli::disk;
use crate::cli::exit::{Doing, Failure, refused};
use crate::cli::opened::document;
use crate::cli::options::{DisplayOptions, OutputOptions};
use crate::cli::progress::stoppable;
use crate::cli::render::{Extras, Verbosity, WORKBOOK, render, terminal_summary};
use crate::cli::terminal::print;
use crate::export;
use crate::forecast::Forecast;
use crate::report::TUNING_PAGE;

/// The arguments of `revcast report`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ReportArgs {
    /// The forecast.json that a run wrote
    file: PathBuf,
    /// The folder for the results, and for nothing else [default: the one that the file lies in]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Also write forecast.xlsx; without it only where the run wrote one
    #[arg(long)]
    xlsx: bool,
    /// Also say what is assumed, how sure each figure is and how it was made
    #[arg(short, long)]
    verbose: bool,
    #[command(flatten)]
    output: OutputOptions,
    #[command(flatten)]
    display: DisplayOptions,
}

pub(in crate::cli) fn run(arguments: &ReportArgs) -> Result<ExitCode, Failure> {
    let ReportArgs { output, display, .. } = arguments;
    let bytes = document(&arguments.file)?;
    let mut answer = Answer::read(&arguments.file.display().to_string(), &bytes)?;
    answer.write_as(display.locale);
    let home = folder_of(&arguments.file);
    let out = arguments.out.clone().unwrap_or_else(|| home.clone());
    disk::check(&out)?;

    let listed = |wanted: &str| answer.forecast.manifest.files.iter().any(|name| name == wanted);
    let extras = Extras { workbook: arguments.xlsx || listed(WORKBOOK), tune: listed(TUNING_PAGE) };
    let mut files = render(&answer, &output.format, display, extras, &output.workers())?;
    let at_home = same(&home, &out);
    let carried = if at_home { carried(&answer.forecast, &files.names(), &home) } else { Vec::new() };
    answer.forecast.manifest.files = files.names().into_iter().chain(carried.iter().cloned()).collect();
    files.json = export::forecast_json(&answer)?;

    let monitor = stoppable();
    let mut folder = files.begin(&out, &monitor)?;
    // From here on no run can replace what lies there; one that has done so since the file was read comes first.
    if at_home && document(&arguments.file)? != bytes {
        return Err(refused(
            &arguments.file.display().to_string(),
            "another forecast than a moment ago: a run has replaced it",
            "a forecast that stays as it is",
            "run the command again; nothing was touched",
        ));
    }
    for name in &carried {
        let path = home.join(name);
        let what = || format!("copy {}", path.display());
        let mut from = File::open(&path).doing(what)?;
        folder.write(name, |to| io::copy(&mut from, to).map(drop).doing(what))?;
    }
    folder.finish()?;

    if output.format.json {
        print(&files.json)?;
    } else if !output.quiet {
        print(terminal_summary(&answer, display, Verbosity::of(arguments.verbose), &out).as_bytes())?;
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
