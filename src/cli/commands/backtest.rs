//! `revcast backtest`: how forecasts of the past would have held.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::{Args, ValueEnum};

use crate::backtest::{BacktestFound, ForecastError, Forecaster, OriginOptions, Origins, ReplayOptions, Step, replay};
use crate::charts;
use crate::cli::clock::{now, overridden_clock};
use crate::cli::crm_export::{ExportArgs, Files};
use crate::cli::exit::{Failure, refused};
use crate::cli::options::{Day, OutputOptions};
use crate::cli::output_folder::{Analysis, Found, Tables, Views, default_folder};
use crate::cli::progress::Counted;
use crate::cli::question::Question;
use crate::cli::scenario_source::series;
use crate::cli::session::Session;
use crate::documents::{Document, FitHeader, FitManifest};
use crate::engine::Execution;
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
    out: Option<PathBuf>,
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

    /// The options that change what is found, as they were typed.
    fn typed(&self) -> Vec<String> {
        let mut options = self.export.typed();
        if self.step() == Step::Week {
            options.push("--every week".to_owned());
        }
        if self.simple {
            options.push("--simple".to_owned());
        }
        options.extend(self.horizon.iter().map(|horizon| format!("--horizon {horizon}")));
        options.push(format!("--fiscal-year-begins {}", self.fiscal_year_begins));
        options.push(format!("--trials {}", self.trials));
        options.push(format!("--seed {}", self.seed));
        options
    }
}

impl Question for BacktestArgs {
    fn out(&self) -> PathBuf {
        self.out.clone().unwrap_or_else(|| default_folder(&series(&self.export.export), "-backtest"))
    }

    fn output(&self) -> &OutputOptions {
        &self.output
    }

    fn find(&self, session: &Session) -> Result<(Box<dyn Found>, Execution), Failure> {
        let BacktestArgs { export, output, .. } = self;
        if self.simple && self.step() == Step::Week {
            let allowed = "--every month, or weeks without --simple";
            let hint = "a forecast with win rates and cycles ends with a month, not on a day of it";
            return Err(refused("--simple", "--every week", allowed, hint));
        }
        let files = Files::read(export, None, "".as_ref())?;
        session.check(&self.out())?;
        let opportunities = files.opportunities(&export.read_options(&[])?)?;
        let today = now(overridden_clock()?);
        let until = export.as_of.map_or_else(|| opportunities.day_after(), |day| day.at(today));
        let exposure = Exposure::of(&opportunities, export.from.map(|day| day.at(today)), until);
        let from = exposure.from();
        let options = OriginOptions {
            step: self.step(),
            first: self.first_origin.map(|day| day.at(today)),
            horizons: self.horizon.clone(),
        };
        let origins = Origins::new(&export.export.display().to_string(), (from, until), &options)?;
        let execution = session.execution(output.workers());
        let replaying = ReplayOptions { seed: self.seed, ..ReplayOptions::default() };
        let forecaster = Forecaster {
            opportunities: &opportunities,
            exposure: &exposure,
            fit: FitOptions { fiscal_first_month: self.fiscal_year_begins, seed: self.seed, ..FitOptions::default() },
            trials: self.trials as usize,
            trials_beside: replaying.naive_draws,
            step: origins.step,
            simple: self.simple,
            execution: &execution,
        };
        let done = AtomicUsize::new(0);
        let counting = Counted { of: origins.iter().count(), what: "origins", done: &|| done.load(Ordering::Relaxed) };
        let regions: Vec<(String, String, Cohorts)> = Cohorts::of(&opportunities, &origins.edges)
            .into_iter()
            .zip(opportunities.region_names())
            .map(|(cohorts, (key, label))| (key.to_owned(), label.to_owned(), cohorts))
            .collect();
        let replayed = session.counted(&counting, output.quiet, || {
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
            trials: self.trials as usize,
            origins: replayed.origins,
            left_out: replayed.left_out,
            cautions: cautions(&opportunities),
            scores: replayed.scores,
            wins: replayed.wins,
            open_deals: replayed.open_deals,
        };
        let manifest = FitManifest {
            version: env!("CARGO_PKG_VERSION"),
            read: files.manifest(),
            options: self.typed(),
            files: Vec::new(),
            sha256: BTreeMap::new(),
        };
        let views = Views {
            tables,
            page: Some((PAGE, |found| report::backtest_page(found))),
            charts: |found, size| charts::of_backtest(found, &found.header.manifest.read[0].file, size),
            finding: |found| findings::backtest(found),
        };
        let document = Document::new(FitHeader { manifest }, found);
        Ok((Box::new(Analysis::new(document, views)), execution))
    }
}

/// The tables of a back-test.
fn tables(found: &Document<BacktestFound, FitHeader>) -> Tables {
    let mut tables = vec![
        ("scores.csv", vec![findings::scores_table(&found.scores)]),
        ("periods.csv", vec![findings::periods_table(found)]),
        ("wins.csv", vec![findings::scores_table(&found.wins)]),
    ];
    if !found.open_deals.is_empty() {
        tables.push(("open-deals.csv", vec![findings::log_scores_table(found)]));
        tables.push(("reliability.csv", vec![findings::reliability_table(found)]));
    }
    tables
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
