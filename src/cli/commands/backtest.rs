//! `revcast backtest`: how forecasts of the past would have held.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::{Args, ValueEnum};

use crate::backtest::{BacktestFound, ForecastError, Forecaster, OriginOptions, Origins, ReplayOptions, Step, replay};
use crate::charts;
use crate::cli::clock::{now, overridden_clock};
use crate::cli::crm_export::{ExportArgs, Files};
use crate::cli::disk::{self, Folder};
use crate::cli::exit::{Failure, refused};
use crate::cli::options::{Day, OutputOptions};
use crate::cli::output_folder::{default_folder, draw, files_line};
use crate::cli::progress::{Counted, counted};
use crate::cli::scenario_source::series;
use crate::cli::terminal::{print, terminal_width};
use crate::documents::{Document, FitHeader, FitManifest, Kind};
use crate::engine::Execution;
use crate::export::{document_json, table_csv};
use crate::fit::{Cohorts, Exposure, FitOptions, Opportunities};
use crate::units::Currency;
use crate::{findings, report};

/// The arguments of `revcast backtest`.
#[derive(Debug, Args)]
pub(in crate::cli) struct BacktestArgs {
    #[command(flatten)]
    export: ExportArgs,
    /// The earliest day at which a forecast is made [default: after three whole months of closings]
    #[arg(long, value_name = "DAY")]
    first_origin: Option<Day>,
    /// How far origins lie from each other: a forecast each first day of a month, or each Monday
    #[arg(long, value_name = "STEP", value_enum, default_value_t = Every::Month)]
    every: Every,
    /// What is forecast: 1 month, 2 months (the second one alone), 3 months (the third one alone), quarter; of weeks 1 week, 4 weeks [default: all that the data reach]
    #[arg(long, value_name = "HORIZON", value_delimiter = ',')]
    horizon: Vec<String>,
    /// Forecast with win rates and cycles, as `revcast fit --simple` writes them
    #[arg(long)]
    simple: bool,
    /// The calendar month in which the fiscal year begins, 1 to 12
    #[arg(long, value_name = "MONTH", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=12))]
    fiscal_year_begins: u32,
    /// How many futures each forecast has
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    trials: u32,
    /// The seed of fits, futures and naive forecasts
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The folder for the results, and for nothing else [default: one below output/, named after the export]
    #[arg(long, value_name = "DIR")]
    out: Option<std::path::PathBuf>,
    #[command(flatten)]
    output: OutputOptions,
}

/// The page.
const PAGE: &str = "backtest.html";

/// How far origins lie from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Every {
    Month,
    Week,
}

impl BacktestArgs {
    fn step(&self) -> Step {
        match self.every {
            Every::Month => Step::Month,
            Every::Week => Step::Week,
        }
    }
}

pub(in crate::cli) fn run(arguments: &BacktestArgs) -> Result<ExitCode, Failure> {
    let BacktestArgs { export, output, .. } = arguments;
    if arguments.simple && arguments.step() == Step::Week {
        let allowed = "--every month, or weeks without --simple";
        let hint = "a forecast with win rates and cycles ends with a month, not on a day of it";
        return Err(refused("--simple", "--every week", allowed, hint));
    }
    let out = arguments.out.clone().unwrap_or_else(|| default_folder(&series(&export.export), "-backtest"));
    let files = Files::read(export, None, "".as_ref())?;
    disk::check(&out)?;
    let opportunities = files.opportunities(&export.read_options(&[])?)?;
    let today = now(overridden_clock()?);
    let until = export.as_of.map_or_else(|| opportunities.day_after(), |day| day.at(today));
    let exposure = Exposure::of(&opportunities, export.from.map(|day| day.at(today)), until);
    let from = exposure.from();
    let options = OriginOptions {
        step: arguments.step(),
        first: arguments.first_origin.map(|day| day.at(today)),
        horizons: arguments.horizon.clone(),
    };
    let origins = Origins::new(&export.export.display().to_string(), (from, until), &options)?;
    let execution = output.execution();
    let replaying = ReplayOptions { seed: arguments.seed, ..ReplayOptions::default() };
    let forecaster = Forecaster {
        opportunities: &opportunities,
        exposure: &exposure,
        fit: FitOptions {
            fiscal_first_month: arguments.fiscal_year_begins,
            seed: arguments.seed,
            ..FitOptions::default()
        },
        trials: arguments.trials as usize,
        trials_beside: replaying.naive_draws,
        step: origins.step,
        simple: arguments.simple,
        execution: &execution,
    };
    let done = AtomicUsize::new(0);
    let counting = Counted { of: origins.iter().count(), what: "origins", done: &|| done.load(Ordering::Relaxed) };
    let regions: Vec<(String, String, Cohorts)> = Cohorts::of(&opportunities, &origins.edges)
        .into_iter()
        .zip(opportunities.region_names())
        .map(|(cohorts, (key, label))| (key.to_owned(), label.to_owned(), cohorts))
        .collect();
    let replayed = counted(&counting, output.quiet, || {
        replay(&origins, &regions, replaying, &execution.workers, |origin| {
            let forecast = forecaster.forecast(origin);
            done.fetch_add(1, Ordering::Relaxed);
            match forecast {
                Ok(forecasts) => Ok(Ok(forecasts)),
                Err(ForecastError::TooLittleKnown(faults)) => {
                    let why = faults.into_list().into_iter().map(|fault| fault.found).collect::<Vec<_>>();
                    Ok(Err(why.join("; ")))
                }
                Err(error) => Err(error),
            }
        })
    });
    let replayed = replayed.map_err(|error| match error {
        ForecastError::TooLittleKnown(faults) | ForecastError::Refused(faults) => Failure::from(faults),
        ForecastError::Run(error, scenario) => Failure::of_run(error, &scenario),
    })?;
    let currency = opportunities.currency.clone().or_else(|| Currency::new("EUR")).unwrap_or_default();
    let found = BacktestFound {
        currency,
        step: origins.step,
        from,
        until,
        trials: arguments.trials as usize,
        origins: replayed.origins,
        left_out: replayed.left_out,
        cautions: cautions(&opportunities),
        scores: replayed.scores,
        wins: replayed.wins,
        open_deals: replayed.open_deals,
    };
    publish(arguments, &out, &files, found, &execution)?;
    Ok(ExitCode::SUCCESS)
}

/// Why the scores may be too good.
fn cautions(opportunities: &Opportunities) -> Vec<String> {
    let mut said = Vec::new();
    if !opportunities.has_open_deals() {
        said.push("The export has no open deals: those that were open at an origin are all known to close, which was not known then.".to_owned());
    }
    said.push("Days are those of the export: where somebody changed a close date later, or opened a deal again, a forecast was made with what was not known then.".to_owned());
    said
}

/// Writes the folder, and says what was found.
fn publish(
    arguments: &BacktestArgs,
    out: &std::path::Path,
    files: &Files,
    found: BacktestFound,
    execution: &Execution,
) -> Result<(), Failure> {
    let format = &arguments.output.format;
    let csv = |table| table_csv(&[table], format.csv_style);
    let mut written = vec![
        ("scores.csv".to_owned(), csv(findings::scores_table(&found.scores))?),
        ("periods.csv".to_owned(), csv(findings::periods_table(&found))?),
        ("wins.csv".to_owned(), csv(findings::scores_table(&found.wins))?),
    ];
    if !found.open_deals.is_empty() {
        written.push(("open-deals.csv".to_owned(), csv(findings::log_scores_table(&found))?));
        written.push(("reliability.csv".to_owned(), csv(findings::reliability_table(&found))?));
    }
    let export = arguments.export.export.display().to_string();
    written.extend(draw(&charts::of_backtest(&found, &export, format.chart_size), &execution.workers)?);
    let mut options = arguments.export.typed();
    if arguments.step() == Step::Week {
        options.push("--every week".to_owned());
    }
    if arguments.simple {
        options.push("--simple".to_owned());
    }
    options.extend(arguments.horizon.iter().map(|horizon| format!("--horizon {horizon}")));
    options.push(format!("--fiscal-year-begins {}", arguments.fiscal_year_begins));
    options.push(format!("--trials {}", arguments.trials));
    options.push(format!("--seed {}", arguments.seed));
    let names = [Kind::Backtest.file(), PAGE].map(str::to_owned).into_iter();
    let names = names.chain(written.iter().map(|(name, _)| name.clone()));
    let manifest = FitManifest {
        version: env!("CARGO_PKG_VERSION"),
        read: files.manifest(),
        options,
        files: names.collect(),
        sha256: BTreeMap::new(),
    };
    let document = Document::new(FitHeader { manifest }, found);
    written.insert(0, (PAGE.to_owned(), report::backtest_page(&document)?.into_bytes()));
    let json = document_json(&document)?;
    let mut folder = Folder::begin(out, &execution.monitor)?;
    folder.put(Kind::Backtest.file(), &json)?;
    for (name, bytes) in &written {
        folder.put(name, bytes)?;
    }
    folder.finish()?;
    if format.json {
        return print(&json);
    }
    if arguments.output.quiet {
        return Ok(());
    }
    let text = report::terminal(&findings::backtest(&document.body), terminal_width())
        + "\n"
        + &files_line(&document.header.manifest.files, out);
    print(text.as_bytes())
}
