//! `revcast merge`: one forecast from the shards of a run.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::sweep;
use crate::analysis::{Sweep, join};
use crate::cli::disk;
use crate::cli::exit::{Failure, refused};
use crate::cli::forecast_command::{ForecastOptions, Request};
use crate::cli::options::{DayOption, OutputOptions};
use crate::cli::scenario_source::{Plan, document};
use crate::documents::Document;
use crate::engine::Trials;
use crate::scenario::{Fault, Faults};
use crate::shards::Merged;

/// The arguments of `revcast merge`.
#[derive(Debug, Args)]
pub(in crate::cli) struct MergeArgs {
    /// The shards that `revcast run --shard K/N`, or sweep, wrote, in any order, or patterns in quotes: 'shards/*.shard'
    #[arg(required = true, value_name = "SHARD")]
    shards: Vec<PathBuf>,
    /// The folder for the results, and for nothing else [default: one below output/, named after the scenario file]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    day: DayOption,
    #[command(flatten)]
    output: OutputOptions,
    #[command(flatten)]
    forecast: ForecastOptions,
}

pub(in crate::cli) fn run(arguments: &MergeArgs) -> Result<ExitCode, Failure> {
    let files = &named(&arguments.shards)?;
    let absent: Vec<Fault> = files.iter().filter_map(|file| absent(file)).collect();
    if !absent.is_empty() {
        return Err(Faults::Fields(absent).into());
    }
    if let Some(sweeps) = sweeps(files)? {
        return merge_sweeps(arguments, sweeps);
    }
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let opened = files.clone();
    let joined = Merged::of(&names, Arc::new(move |i: usize| File::open(&opened[i]))).map_err(Failure::of_shards)?;
    let mut plan = Plan { scenario: joined.scenario.clone(), model: joined.model.clone() };
    plan.scenario.date = arguments.day.day()?;
    let request = Request {
        plan: &plan,
        series: joined.series.clone(),
        what_if: joined.what_if,
        precision: joined.precision,
        out: arguments.out.as_deref(),
        output: &arguments.output,
        options: &arguments.forecast,
    };
    request.answer(&request.prepare()?, Trials::Stored(Arc::new(joined)))
}

/// Shards of a sweep, with the names of their files.
type Sweeps = Vec<(String, Document<Sweep>)>;

/// What the files hold, where the first of them is of a sweep: those are JSON.
fn sweeps(files: &[PathBuf]) -> Result<Option<Sweeps>, Failure> {
    let mut first = [0];
    let begins = files.first().map(|file| File::open(file).and_then(|mut file| file.read(&mut first)));
    if !matches!(begins, Some(Ok(1))) || first != *b"{" {
        return Ok(None);
    }
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for file in files {
        let name = file.display().to_string();
        match Document::<Sweep>::read(&name, &document(file)?) {
            Ok(sweep) => found.push((name, sweep)),
            Err(wrong) => faults.extend(wrong.into_list()),
        }
    }
    if faults.is_empty() { Ok(Some(found)) } else { Err(Faults::Fields(faults).into()) }
}

/// One sweep of its shards. Nothing of a forecast can be asked of it.
fn merge_sweeps(arguments: &MergeArgs, sweeps: Sweeps) -> Result<ExitCode, Failure> {
    if let Some(option) = arguments.forecast.asks() {
        return Err(refused(option, "shards of a sweep", "shards of a run, which has a forecast", ""));
    }
    let mut sweep = join(sweeps)?;
    sweep.header.date = arguments.day.day()?.or(sweep.header.date);
    let Some(out) = &arguments.out else {
        return Err(refused("--out", "no folder for the sweep", "--out DIR beside the shards of a sweep", ""));
    };
    disk::check(out)?;
    let execution = arguments.output.execution();
    sweep::write(sweep, out, &arguments.output, &execution)
}

/// The files that are named, by themselves or by patterns, which not every shell, and no scheduler, writes out.
fn named(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        let text = path.to_string_lossy();
        if path.exists() || !text.contains(['*', '?', '[']) {
            files.push(path.clone());
            continue;
        }
        let found = glob::glob(&text).map_err(|error| Failure::Option {
            option: text.clone().into_owned(),
            found: format!("no pattern: {error}"),
            allowed: "a pattern such as 'shards/*.shard'".to_owned(),
            hint: String::new(),
        })?;
        let before = files.len();
        files.extend(found.flatten());
        if files.len() == before {
            return Err(Failure::Option {
                option: text.into_owned(),
                found: "a pattern that no file matches".to_owned(),
                allowed: "the shards of a run or a sweep".to_owned(),
                hint: "nothing was merged".to_owned(),
            });
        }
    }
    Ok(files)
}

/// What is wrong where a file should be.
fn absent(file: &Path) -> Option<Fault> {
    let found = match fs::metadata(file) {
        Ok(found) if found.is_file() => return None,
        Ok(found) if found.is_dir() => "a folder".to_owned(),
        Ok(_) => "something that is no file".to_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => "no such file".to_owned(),
        Err(error) => error.to_string(),
    };
    Some(Fault {
        file: file.display().to_string(),
        path: String::new(),
        found,
        allowed: "a shard as `revcast run --shard K/N --out FILE` wrote it".to_owned(),
        hint: "name the files themselves, such as shards/*.shard".to_owned(),
    })
}
