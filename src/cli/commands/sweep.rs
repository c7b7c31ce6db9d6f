//! `revcast sweep`: every combination of values of some fields.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;

use crate::analysis::{Axis, Sweep, SweepError, SweepRun};
use crate::cli::disk;
use crate::cli::exit::{Failure, refused};
use crate::cli::limits::warn_if_long;
use crate::cli::options::{OutputOptions, SimulationOptions};
use crate::cli::output_folder::{OutputFiles, default_folder, draw};
use crate::cli::progress::{Counted, counted, note};
use crate::cli::scenario_source::{Plan, ScenarioSource};
use crate::documents::{Document, Header, Kind};
use crate::engine::{Execution, seconds};
use crate::scenario::Faults;
use crate::shards::Portion;
use crate::{charts, export, findings};

/// The arguments of `revcast sweep`.
#[derive(Debug, Args)]
pub(in crate::cli) struct SweepArgs {
    #[command(flatten)]
    source: ScenarioSource,
    /// Values of a field, or factors on it: 'market.volatility=0.05,0.1,0.2', 'regions.*.conversion*=0.9,1.0,1.1'. Every combination of
    /// all --grid is played
    #[arg(long, value_name = "PATH=VALUES|PATH*=FACTORS", required = true)]
    grid: Vec<String>,
    #[command(flatten)]
    simulation: SimulationOptions,
    /// Play only the K-th of N equal parts of the combinations, and write them to the file that --out names, for `revcast merge`
    #[arg(long, value_name = "K/N", requires = "out", conflicts_with = "FormatOptions")]
    shard: Option<Portion>,
}

pub(in crate::cli) fn run(arguments: &SweepArgs) -> Result<ExitCode, Failure> {
    let SweepArgs { source, simulation, .. } = arguments;
    let (Plan { mut scenario, model }, output) = (source.plan(simulation.settings())?, &simulation.output);
    scenario.date = simulation.day.day()?;
    let (axes, faults): (Vec<_>, Vec<_>) =
        arguments.grid.iter().map(|typed| Axis::parse(typed)).partition(Result::is_ok);
    let faults: Vec<_> = faults.into_iter().filter_map(Result::err).collect();
    if !faults.is_empty() {
        return Err(Faults::Fields(faults).into());
    }
    let sweeping = SweepRun::new(&scenario, Arc::clone(&model), axes.into_iter().flatten().collect())?;
    let all = sweeping.combinations();
    let out = simulation.out.clone().unwrap_or_else(|| default_folder(&source.series(), "-sweep"));
    match arguments.shard {
        Some(portion) if portion.of > all => {
            let found = format!("{} parts of {all} combinations", portion.of);
            let allowed = "at least one combination in each part";
            return Err(refused(&format!("--shard {portion}"), &found, allowed, "fewer parts, or more values"));
        }
        Some(_) => {}
        None => disk::check(&out)?,
    }
    let execution = output.execution();
    let combinations = arguments.shard.unwrap_or(Portion::WHOLE).range(all);
    let mut part = model.with_trials(model.trials * combinations.len());
    part.regions.iter_mut().for_each(|region| region.expected_leads.truncate(sweeping.part().months));
    warn_if_long(&part, seconds(&part), &execution.workers, output.quiet);

    let done = AtomicUsize::new(0);
    let told = || {
        done.fetch_add(1, Ordering::Relaxed);
    };
    let counting = Counted { of: combinations.len(), what: "combinations", done: &|| done.load(Ordering::Relaxed) };
    let swept = counted(&counting, output.quiet, || sweeping.play(combinations, &execution, &told));
    let mut found = swept.map_err(|error| match error {
        SweepError::Question(faults) => faults.into(),
        SweepError::Run(error, scenario) => Failure::of_run(error, &scenario),
    })?;
    found.portion = arguments.shard;
    let sweep = Document::new(Header::new(&scenario, &model), found);
    if arguments.shard.is_some() {
        disk::place(&out, &export::document_json(&sweep)?)?;
        if !output.quiet {
            note(&format!("{}: {} of {all} combinations", out.display(), sweep.rows.len()));
        }
        return Ok(ExitCode::SUCCESS);
    }
    write(sweep, &out, output, &execution)
}

/// Writes the folder of a whole sweep and prints what is in it.
pub(super) fn write(
    sweep: Document<Sweep>,
    out: &Path,
    output: &OutputOptions,
    execution: &Execution,
) -> Result<ExitCode, Failure> {
    let charts = draw(&charts::of_sweep(&sweep, output.format.chart_size), &execution.workers)?;
    let table = export::table_csv(&[findings::sweep_table(&sweep)], output.format.csv_style)?;
    let files = OutputFiles::new(Kind::Sweep, vec![("sweep.csv".to_owned(), table)], charts);
    files.publish(sweep, export::document_json, findings::sweep, (out, output, &execution.monitor))?;
    Ok(ExitCode::SUCCESS)
}
