//! `revcast tune`: one page with the engine in it, whose inputs can be moved.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::cli::changes::Changes;
use crate::cli::disk;
use crate::cli::exit::{Failure, refused};
use crate::cli::forecast_job::{Depth, ForecastJob};
use crate::cli::limits::{MAX_BYTES, warn_if_long};
use crate::cli::options::{DayOption, SimulationSize, ThreadsOption};
use crate::cli::output_folder::default_folder;
use crate::cli::render::tuning_page;
use crate::cli::scenario_source::ScenarioSource;
use crate::cli::session::Session;
use crate::cli::terminal::print;
use crate::engine::{Memory, Trials, make_tables};
use crate::report::TUNING_PAGE;
use crate::units::plain;

/// The arguments of `revcast tune`.
#[derive(Debug, Args)]
pub(in crate::cli) struct TuneArgs {
    /// The scenario file; what is to be changed in it is moved on the page, or set by the page's link: tune.html#regions.europe.conversion.mean=0.27
    scenario: PathBuf,
    /// The file of the page [default: tune.html in the folder of the scenario's runs]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    size: SimulationSize,
    #[command(flatten)]
    day: DayOption,
    #[command(flatten)]
    threads: ThreadsOption,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

pub(in crate::cli) fn run(arguments: &TuneArgs) -> Result<ExitCode, Failure> {
    let (session, quiet) = (Session::default(), &arguments.quiet);
    // What the page gives back extends the file as it is.
    let source = ScenarioSource { scenario: arguments.scenario.clone(), changes: Changes::default() };
    let mut plan = source.plan(&session, arguments.size.settings())?;
    plan.scenario.date = arguments.day.day()?;
    let page = arguments.out.clone().unwrap_or_else(|| default_folder(&source.series(), "").join(TUNING_PAGE));
    if page.exists() && !disk::is_tuning_page(&page) {
        let found = "something that revcast tune has not written";
        return Err(refused(
            &page.display().to_string(),
            found,
            "a file that is not there, or a page of revcast tune",
            "name another file with --out; nothing was touched",
        ));
    }
    let job = ForecastJob::new(&plan, None, Depth::Forecast, None, Trials::Simulated(Memory::default()))?;
    job.check_size(MAX_BYTES)?;
    let execution = arguments.threads.execution();
    warn_if_long(&plan.model, job.seconds(), &execution.workers, *quiet);
    make_tables(&plan.model, &execution.workers);
    let (_, answer) = session.shown(&execution.monitor, (plan.model.trials, job.times_passed()), *quiet, || {
        job.answer(&execution, &mut |_| ())
    })?;
    disk::replace(&page, &tuning_page(&answer)?)?;
    if !*quiet {
        let file = plain(&page.display().to_string());
        print(
            format!(
                "The page: {file}. It opens in a browser, asks no network for anything, and its inputs can be moved.\n"
            )
            .as_bytes(),
        )?;
    }
    Ok(ExitCode::SUCCESS)
}
