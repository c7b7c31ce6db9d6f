//! `revcast sweep`: every combination of values of some fields.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;

use super::args::{Playing, Showing};
use super::exit::Failure;
use super::keeping::series;
use super::progress::{Counted, counted, note};
use super::results::{self, Results};
use super::run::warn_if_long;
use super::source::Source;
use super::{disk, print, terminal_width};
use crate::analysis::{Axis, Head, Headed, Sweep, SweepError, Sweeping};
use crate::engine::{Execution, seconds};
use crate::model::resolve;
use crate::scenario::Faults;
use crate::shards::Portion;
use crate::{charts, export, report};

/// What `revcast sweep` is given.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// Values of a field, or factors on it: 'market.volatility=0.05,0.1,0.2', 'regions.*.conversion*=0.9,1.0,1.1'. Every combination of
    /// all --grid is played
    #[arg(long, value_name = "PATH=VALUES|PATH*=FACTORS", required = true)]
    grid: Vec<String>,
    #[command(flatten)]
    playing: Playing,
    /// Play only the K-th of N equal parts of the combinations, and write them to the file that --out names, for `revcast merge`
    #[arg(long, value_name = "K/N", requires = "out", conflicts_with_all = ["json", "csv_style", "chart_size"])]
    shard: Option<Portion>,
}

pub(super) fn sweep(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let playing = &arguments.playing;
    let scenario = arguments.source.read(playing.settings())?;
    let model = Arc::new(resolve(&scenario)?);
    let (axes, faults): (Vec<_>, Vec<_>) =
        arguments.grid.iter().map(|typed| Axis::parse(typed)).partition(Result::is_ok);
    let faults: Vec<_> = faults.into_iter().filter_map(Result::err).collect();
    if !faults.is_empty() {
        return Err(Faults::Fields(faults).into());
    }
    let sweeping = Sweeping::new(&scenario, Arc::clone(&model), axes.into_iter().flatten().collect())?;
    let all = sweeping.combinations();
    let series = series(&arguments.source.scenario);
    let out = playing.out.clone().unwrap_or_else(|| folder(&series));
    match arguments.shard {
        Some(portion) if portion.of > all => {
            return Err(Failure::Option {
                option: format!("--shard {portion}"),
                found: format!("{} parts of {all} combinations", portion.of),
                allowed: "at least one combination in each part".to_owned(),
                hint: "fewer parts, or more values".to_owned(),
            });
        }
        Some(_) => {}
        None => disk::check(&out)?,
    }
    let execution = playing.execution();
    let combinations = arguments.shard.unwrap_or(Portion::WHOLE).range(all);
    let mut part = model.with_trials(model.trials * combinations.len());
    part.regions.iter_mut().for_each(|region| region.expected_leads.truncate(sweeping.part().months));
    warn_if_long(&part, seconds(&part), &execution.workers, playing.quiet);

    let done = AtomicUsize::new(0);
    let told = || {
        done.fetch_add(1, Ordering::Relaxed);
    };
    let counting = Counted { of: combinations.len(), what: "combinations", done: &|| done.load(Ordering::Relaxed) };
    let swept = counted(&counting, playing.quiet, || sweeping.play(combinations, &execution, &told));
    let mut found = swept.map_err(|error| match error {
        SweepError::Question(faults) => faults.into(),
        SweepError::Run(error, scenario) => Failure::of_run(error, &scenario),
    })?;
    found.portion = arguments.shard;
    let sweep = Headed { head: Head::new(&scenario, &model), found };
    if arguments.shard.is_some() {
        disk::place(&out, &export::sweep_json(&sweep)?)?;
        if !playing.quiet {
            note(&format!("{}: {} of {all} combinations", out.display(), sweep.rows.len()));
        }
        return Ok(ExitCode::SUCCESS);
    }
    written(sweep, &out, &playing.showing, &execution)
}

/// Where a sweep of a scenario goes unless told otherwise.
pub(super) fn folder(series: &str) -> PathBuf {
    results::folder(series, "-sweep")
}

/// Writes the folder of a whole sweep and tells what is in it.
pub(super) fn written(
    mut sweep: Headed<Sweep>,
    out: &Path,
    showing: &Showing,
    execution: &Execution,
) -> Result<ExitCode, Failure> {
    let charts = results::drawn(&charts::of_sweep(&sweep, showing.chart_size), &execution.workers)?;
    let table = export::sweep_csv(&sweep, showing.csv_style)?;
    let mut results = Results::new("sweep.json", vec![("sweep.csv".to_owned(), table)], charts);
    sweep.head.manifest.files = results.names();
    results.json = export::sweep_json(&sweep)?;
    results.write(out, &execution.monitor)?;
    if showing.json {
        print(&results.json)?;
    } else if !showing.quiet {
        let text = report::sweep(&sweep, terminal_width());
        print((text + &results::listed(&sweep.head.manifest.files, out)).as_bytes())?;
    }
    Ok(ExitCode::SUCCESS)
}
