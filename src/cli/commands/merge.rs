//! `revcast merge`: one forecast from the shards of a run.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use bytes::Bytes;
use clap::Args;
use parquet::file::reader::ChunkReader;

use super::sweep;
use crate::analysis::{Sweep, join};
use crate::cli::disk;
use crate::cli::exit::{Failure, refused};
use crate::cli::forecast_command::{Answered, ForecastOptions, Request};
use crate::cli::known_past::NoPast;
use crate::cli::opened::document;
use crate::cli::options::{DayOption, OutputOptions};
use crate::cli::output_folder::{Analysis, publish};
use crate::cli::scenario_source::Plan;
use crate::cli::session::Session;
use crate::documents::Document;
use crate::engine::{Trials, Workers};
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
    match read(arguments)? {
        Shards::OfSweep(sweeps) => merge_sweeps(arguments, sweeps),
        Shards::OfRun(joined) => {
            let (plan, joined) = arguments.plan(*joined)?;
            let request = arguments.request(&plan, &joined);
            let recorder = request.recorder()?;
            let prepared = request.prepare(&Session::default(), &recorder)?;
            request.answer(&prepared, &recorder, Trials::Stored(joined))
        }
    }
}

/// What shards come to, for whoever asked.
pub(in crate::cli) enum Found {
    Forecast(Box<Answered>),
    Sweep(Box<Analysis<Sweep>>),
}

/// Merges the files that are named.
pub(in crate::cli) fn find(arguments: &MergeArgs, session: &Session) -> Result<Found, Failure> {
    arguments.found(read(arguments)?, session)
}

/// Merges shards in memory, each with a name for what is said of it.
pub(in crate::cli) fn find_in(
    arguments: &MergeArgs,
    shards: Vec<(String, Bytes)>,
    session: &Session,
) -> Result<Found, Failure> {
    if shards.first().is_some_and(|(_, bytes)| bytes.starts_with(b"{")) {
        let sweeps = read_sweeps(shards.iter().map(|(name, bytes)| Ok((name.clone(), bytes.to_vec()))))?;
        return arguments.found(Shards::<Bytes>::OfSweep(sweeps), session);
    }
    let (names, shards): (Vec<String>, Vec<Bytes>) = shards.into_iter().unzip();
    let joined = Merged::of(&names, Arc::new(move |i: usize| Ok(shards[i].clone()))).map_err(Failure::of_shards)?;
    arguments.found(Shards::OfRun(Box::new(joined)), session)
}

/// Shards that were read and belong together.
enum Shards<R: ChunkReader + 'static> {
    OfSweep(Sweeps),
    OfRun(Box<Merged<R>>),
}

/// Reads the files that are named.
fn read(arguments: &MergeArgs) -> Result<Shards<File>, Failure> {
    let files = &named(&arguments.shards)?;
    let absent: Vec<Fault> = files.iter().filter_map(|file| absent(file)).collect();
    if !absent.is_empty() {
        return Err(Faults::Fields(absent).into());
    }
    if let Some(sweeps) = sweeps(files)? {
        return Ok(Shards::OfSweep(sweeps));
    }
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let opened = files.clone();
    let joined = Merged::of(&names, Arc::new(move |i: usize| File::open(&opened[i]))).map_err(Failure::of_shards)?;
    Ok(Shards::OfRun(Box::new(joined)))
}

impl MergeArgs {
    /// What they come to.
    fn found<R: ChunkReader>(&self, shards: Shards<R>, session: &Session) -> Result<Found, Failure> {
        match shards {
            Shards::OfSweep(sweeps) => Ok(Found::Sweep(Box::new(sweep::analysis(self.joined(sweeps)?)))),
            Shards::OfRun(joined) => {
                let (plan, joined) = self.plan(*joined)?;
                let request = self.request(&plan, &joined);
                let answered =
                    request.play(&request.prepare(session, &NoPast)?, Trials::Stored(joined), session, &mut |_| ())?;
                Ok(Found::Forecast(Box::new(answered)))
            }
        }
    }

    /// The plan that was played.
    fn plan<R: ChunkReader>(&self, joined: Merged<R>) -> Result<(Plan, Arc<Merged<R>>), Failure> {
        let mut plan = Plan { scenario: joined.scenario.clone(), model: joined.model.clone() };
        plan.scenario.date = self.day.day()?;
        Ok((plan, Arc::new(joined)))
    }

    /// The forecast that is asked for.
    fn request<'a, R: ChunkReader>(&'a self, plan: &'a Plan, joined: &Merged<R>) -> Request<'a> {
        Request {
            plan,
            series: joined.series.clone(),
            what_if: joined.what_if,
            precision: joined.precision,
            out: self.out.as_deref(),
            output: &self.output,
            options: &self.forecast,
        }
    }

    /// One sweep of its shards. Nothing of a forecast can be asked of it.
    fn joined(&self, sweeps: Sweeps) -> Result<Document<Sweep>, Failure> {
        if let Some(option) = self.forecast.asks() {
            return Err(refused(option, "shards of a sweep", "shards of a run, which has a forecast", ""));
        }
        let mut sweep = join(sweeps)?;
        sweep.header.date = self.day.day()?.or(sweep.header.date);
        Ok(sweep)
    }

    /// The threads to work on.
    pub(in crate::cli) fn workers(&self) -> Workers {
        self.output.workers()
    }
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
    read_sweeps(files.iter().map(|file| Ok((file.display().to_string(), document(file)?)))).map(Some)
}

/// Reads shards of a sweep, each with its name.
fn read_sweeps(shards: impl Iterator<Item = Result<(String, Vec<u8>), Failure>>) -> Result<Sweeps, Failure> {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for shard in shards {
        let (name, bytes) = shard?;
        match Document::<Sweep>::read(&name, &bytes) {
            Ok(sweep) => found.push((name, sweep)),
            Err(wrong) => faults.extend(wrong.into_list()),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(Faults::Fields(faults).into()) }
}

/// Writes one sweep of its shards.
fn merge_sweeps(arguments: &MergeArgs, sweeps: Sweeps) -> Result<ExitCode, Failure> {
    let sweep = arguments.joined(sweeps)?;
    let Some(out) = &arguments.out else {
        return Err(refused("--out", "no folder for the sweep", "--out DIR beside the shards of a sweep", ""));
    };
    disk::check(out)?;
    let execution = arguments.output.execution();
    publish(&sweep::analysis(sweep), out, &arguments.output, &execution)
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
