//! `revcast sweep`: every combination of values of some fields.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;

use crate::analysis::{Axis, Sweep, SweepError, SweepRun};
use crate::cli::disk;
use crate::cli::exit::{Failure, refused};
use crate::cli::limits::warn_if_long;
use crate::cli::options::{OutputOptions, SimulationOptions};
use crate::cli::output_folder::{Analysis, Found, Views, publish};
use crate::cli::progress::{Counted, note};
use crate::cli::question::{Question, folder};
use crate::cli::scenario_source::{Plan, ScenarioSource};
use crate::cli::session::Session;
use crate::documents::{Document, Header};
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

impl Question for SweepArgs {
    fn out(&self) -> PathBuf {
        folder(&self.simulation, &self.source, "-sweep")
    }

    fn output(&self) -> &OutputOptions {
        &self.simulation.output
    }

    fn find(&self, session: &Session) -> Result<(Box<dyn Found>, Execution), Failure> {
        let (sweep, execution) = play(self, session)?;
        Ok((Box::new(analysis(sweep)), execution))
    }

    fn run(&self) -> Result<ExitCode, Failure> {
        let (sweep, execution) = play(self, &Session::default())?;
        if self.shard.is_none() {
            return publish(&analysis(sweep), &self.out(), self.output(), &execution);
        }
        let out = self.out();
        disk::place(&out, &export::document_json(&sweep)?)?;
        if !self.simulation.output.quiet {
            let all: usize = sweep.axes.iter().map(|axis| axis.values.len()).product();
            note(&format!("{}: {} of {all} combinations", out.display(), sweep.rows.len()));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Plays the combinations, or those of a shard.
fn play(arguments: &SweepArgs, session: &Session) -> Result<(Document<Sweep>, Execution), Failure> {
    let SweepArgs { source, simulation, .. } = arguments;
    let (Plan { mut scenario, model }, output) = (source.plan(session, simulation.settings())?, &simulation.output);
    scenario.date = simulation.day.day()?;
    let (axes, faults): (Vec<_>, Vec<_>) =
        arguments.grid.iter().map(|typed| Axis::parse(typed)).partition(Result::is_ok);
    let faults: Vec<_> = faults.into_iter().filter_map(Result::err).collect();
    if !faults.is_empty() {
        return Err(Faults::Fields(faults).into());
    }
    let sweeping = SweepRun::new(&scenario, Arc::clone(&model), axes.into_iter().flatten().collect())?;
    let all = sweeping.combinations();
    match arguments.shard {
        Some(portion) if portion.of > all => {
            let found = format!("{} parts of {all} combinations", portion.of);
            let allowed = "at least one combination in each part";
            return Err(refused(&format!("--shard {portion}"), &found, allowed, "fewer parts, or more values"));
        }
        Some(_) => {}
        None => session.check(&arguments.out())?,
    }
    let execution = session.execution(output.workers());
    let combinations = arguments.shard.unwrap_or(Portion::WHOLE).range(all);
    let mut part = model.with_trials(model.trials * combinations.len());
    part.regions.iter_mut().for_each(|region| region.expected_leads.truncate(sweeping.part().months));
    warn_if_long(&part, seconds(&part), &execution.workers, output.quiet);

    let done = AtomicUsize::new(0);
    let told = || {
        done.fetch_add(1, Ordering::Relaxed);
    };
    let counting = Counted { of: combinations.len(), what: "combinations", done: &|| done.load(Ordering::Relaxed) };
    let swept = session.counted(&counting, output.quiet, || sweeping.play(combinations, &execution, &told));
    let mut found = swept.map_err(|error| match error {
        SweepError::Question(faults) => faults.into(),
        SweepError::Run(error, scenario) => Failure::of_run(error, &scenario),
    })?;
    found.portion = arguments.shard;
    Ok((Document::new(Header::new(&scenario, &model), found), execution))
}

/// A sweep with the files of its folder; a shard of one is a file by itself, and lists none.
pub(super) fn analysis(sweep: Document<Sweep>) -> Analysis<Sweep> {
    let views = Views {
        tables: |sweep| vec![("sweep.csv", vec![findings::sweep_table(sweep)])],
        page: None,
        charts: |sweep, size| charts::of_sweep(sweep, size),
        finding: findings::sweep,
    };
    if sweep.portion.is_some() { Analysis::alone(sweep, views) } else { Analysis::new(sweep, views) }
}
