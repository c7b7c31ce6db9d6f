//! `revcast fit`: from the export of a CRM to a scenario.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::charts::{self, Size};
use crate::cli::clock::{now, overridden_clock};
use crate::cli::crm_export::{ExportArgs, Files};
use crate::cli::disk::{self, Folder};
use crate::cli::exit::{Failure, refused};
use crate::cli::limits::MAX_BYTES;
use crate::cli::output_folder::{default_folder, draw, files_line};
use crate::cli::progress::stoppable;
use crate::cli::scenario_source::{limited, named_beside, quoted, series};
use crate::cli::terminal::{print, terminal_width};
use crate::documents::{Document, FitFound, FitHeader, FitManifest, Kind};
use crate::engine::Execution;
use crate::export::{CsvStyle, document_json, table_csv};
use crate::fit::{Exposure, Fit, FitOptions, FittedScenario, Onto, Opportunities, ScenarioOptions};
use crate::scenario::{Metric, Scenario, load, schema};
use crate::units::{Currency, plain};
use crate::{findings, report};

/// The arguments of `revcast fit`.
#[derive(Debug, Args)]
pub(in crate::cli) struct FitArgs {
    #[command(flatten)]
    export: ExportArgs,
    /// When each deal entered each stage: a table with a row for each id, stage and day; its columns are known by their names, or by
    /// --map history.id=COLUMN,history.stage=COLUMN,history.entered=COLUMN
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
    /// How many months to forecast, from that of the as-of day on
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=588))]
    months: u16,
    /// The calendar month in which the fiscal year begins, 1 to 12 [default: that of --onto, else 1]
    #[arg(long, value_name = "MONTH", value_parser = clap::value_parser!(u32).range(1..=12))]
    fiscal_year_begins: Option<u32>,
    /// Put what is fitted onto a scenario, and keep the rest of it; that file is not changed
    #[arg(long, value_name = "SCENARIO")]
    onto: Option<PathBuf>,
    /// The folder for the scenario and its tables, and for nothing else [default: one below output/, named after the export]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The seed of the draws that the ranges come from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

pub(in crate::cli) fn run(arguments: &FitArgs) -> Result<ExitCode, Failure> {
    let out = arguments.out.clone().unwrap_or_else(|| default_folder(&series(&arguments.export.export), "-fit"));
    let files = Files::read(&arguments.export, arguments.history.as_deref())?;
    disk::check(&out)?;
    let onto = arguments
        .onto
        .as_ref()
        .map(|file| Ok::<_, Failure>((file, load(file, &[], &limited(MAX_BYTES))?)))
        .transpose()?;
    let of_history: &[&str] = if arguments.history.is_some() { &HISTORY_FIELDS } else { &[] };
    let mut opportunities = files.opportunities(&arguments.export.read_options(of_history)?)?;
    if let Some((file, scenario)) = &onto {
        put_onto(&mut opportunities, file, scenario)?;
    }
    let today = now(overridden_clock()?);
    let as_of = arguments.export.as_of.map_or_else(|| opportunities.day_after(), |day| day.at(today));
    let exposure = Exposure::of(&opportunities, arguments.export.from.map(|day| day.at(today)), as_of);
    let fiscal_first_month = arguments
        .fiscal_year_begins
        .unwrap_or_else(|| onto.as_ref().map_or(1, |(_, scenario)| scenario.horizon().fiscal_first_month));
    let options = FitOptions { fiscal_first_month, seed: arguments.seed, ..FitOptions::default() };
    let fit = Fit::new(&opportunities, &exposure, as_of, &options)?;
    let options = ScenarioOptions {
        name: series(&arguments.export.export).replace(['-', '_'], " "),
        months: usize::from(arguments.months),
        fiscal_first_month,
        currency: arguments.export.currency.clone(),
        simple: true,
        onto: onto.as_ref().map(|(file, scenario)| of_analyst(&out.join(SCENARIO), file, scenario)),
    };
    let fitted = fit.scenario(&opportunities, &options);
    let found = FitFound { data: opportunities.report, fit };
    let currency = onto.map(|(_, scenario)| scenario.currency).or(opportunities.currency);
    let currency = currency.or_else(|| Currency::new("EUR")).unwrap_or_default();
    publish(arguments, &out, &files, found, &fitted, &currency)?;
    Ok(ExitCode::SUCCESS)
}

/// The fields of a history of stages that columns can be named for.
const HISTORY_FIELDS: [&str; 3] = ["history.id", "history.stage", "history.entered"];

const SCENARIO: &str = "scenario.json";
const SCHEMA: &str = "scenario.schema.json";

impl FitArgs {
    /// The options that change what is found, as they were typed.
    fn typed(&self) -> Vec<String> {
        let mut typed = self.export.typed();
        let mut add = |name: &str, value: String| typed.push(format!("--{name} {value}"));
        self.history.iter().for_each(|file| add("history", file.display().to_string()));
        add("months", self.months.to_string());
        self.fiscal_year_begins.iter().for_each(|month| add("fiscal-year-begins", month.to_string()));
        self.onto.iter().for_each(|file| add("onto", file.display().to_string()));
        add("seed", self.seed.to_string());
        typed
    }
}

/// Gives the export's regions the keys of those of a scenario; each region of the scenario has to be one of the export's.
fn put_onto(opportunities: &mut Opportunities, file: &Path, scenario: &Scenario) -> Result<(), Failure> {
    let known: Vec<(String, String)> = scenario
        .regions
        .iter()
        .map(|(key, region)| (key.clone(), region.label.clone().unwrap_or_else(|| key.clone())))
        .collect();
    let missing = opportunities.take_keys(&known);
    if missing.is_empty() {
        return Ok(());
    }
    let labels = opportunities.region_labels().join(", ");
    Err(refused(
        &format!("--onto {}", file.display()),
        &format!("regions that the export does not have: {}", missing.join(", ")),
        &format!("regions called as the export calls them: {labels}"),
        "give the scenario's regions these labels, or name another column: --map region=COLUMN",
    ))
}

/// What a fit has to know of the scenario that it is put onto.
fn of_analyst(written: &Path, file: &Path, scenario: &Scenario) -> Onto {
    let actuals = scenario.actuals.iter().flatten().filter(|actual| actual.metric == Metric::Renewals);
    Onto {
        file: named_beside(written, file),
        start: scenario.start,
        months: scenario.months,
        has_contracts: scenario.contracts.is_some(),
        renewals: actuals.map(|actual| (actual.region.clone(), actual.month, actual.amount)).collect(),
    }
}

/// Writes the folder, and says what was found.
fn publish(
    arguments: &FitArgs,
    out: &Path,
    files: &Files,
    found: FitFound,
    fitted: &FittedScenario,
    currency: &Currency,
) -> Result<(), Failure> {
    let csv = |table: findings::Table| table_csv(&[table], CsvStyle::Plain);
    let mut tables = vec![
        (SCENARIO.to_owned(), format!("{:#}\n", fitted.scenario).into_bytes()),
        ("pipeline.csv".to_owned(), csv(findings::open_deals_table(&fitted.pipeline))?),
        ("actuals.csv".to_owned(), csv(findings::actuals_table(&fitted.actuals))?),
        ("data-report.csv".to_owned(), csv(findings::data_report_table(&found))?),
    ];
    if arguments.onto.is_none() {
        tables.push((SCHEMA.to_owned(), format!("{:#}\n", schema()).into_bytes()));
    }
    tables.extend(draw(&charts::of_fit(&found, currency, Size::default()), &Execution::new(None).workers)?);
    let names = std::iter::once(Kind::Fit.file().to_owned()).chain(tables.iter().map(|(name, _)| name.clone()));
    let manifest = FitManifest {
        version: env!("CARGO_PKG_VERSION"),
        read: files.manifest(),
        options: arguments.typed(),
        files: names.collect(),
    };
    let document = Document::new(FitHeader { manifest }, found);
    let monitor = stoppable();
    let mut folder = Folder::begin(out, &monitor)?;
    folder.put(Kind::Fit.file(), &document_json(&document)?)?;
    for (name, bytes) in &tables {
        folder.put(name, bytes)?;
    }
    folder.finish()?;
    if arguments.quiet {
        return Ok(());
    }
    let scenario = quoted(&plain(&out.join(SCENARIO).display().to_string()));
    let text = report::terminal(&findings::fit(&document.body, currency), terminal_width())
        + &files_line(&document.header.manifest.files, out)
        + &format!("See how it is understood, then play it:\n  revcast check {scenario}\n  revcast run {scenario}\n");
    print(text.as_bytes())
}
