//! A fit from the export's files to the files of its folder, as `revcast fit` and a batch make it.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::{Args, Parser};

use super::clock::{now, overridden_clock};
use super::crm_export::{ExportArgs, Files};
use super::disk::{self, Folder, MAX_DOCUMENT_BYTES};
use super::exit::{Doing, Failure, refused};
use super::opened::open_up_to;
use super::output_folder::{NamedFiles, draw};
use super::scenario_source::{named_beside, series};
use crate::charts::{self, Size};
use crate::documents::{Document, FileRead, FitFound, FitHeader, FitManifest, Kind};
use crate::engine::{Execution, Monitor};
use crate::export::{CsvStyle, document_json, draws_parquet, table_csv};
use crate::findings;
use crate::fit::{Exposure, Fit, FitOptions, Onto, Opportunities, ScenarioOptions};
use crate::scenario::{BacktestRecord, Metric, Scenario, schema};
use crate::units::{Currency, Fault, Faults, digest};

/// The scenario in the folder of a fit.
pub(super) const SCENARIO: &str = "scenario.json";
/// The joint draws that the scenario names.
const DRAWS: &str = "fit.draws.parquet";
const SCHEMA: &str = "scenario.schema.json";

/// The export, how it is read, and what a scenario is made of it.
#[derive(Debug, Args)]
pub(super) struct FittingArgs {
    #[command(flatten)]
    pub(super) export: ExportArgs,
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
    /// Write win rates and cycles with their ranges, as people do, in place of chances by age, rhythm and pace
    #[arg(long)]
    simple: bool,
    /// The seed of the joint draws
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// The options of a fit where they stand in a scenario.
#[derive(Debug, Parser)]
#[command(no_binary_name = true, disable_help_flag = true)]
struct WrittenOptions {
    #[command(flatten)]
    fitting: FittingArgs,
}

/// The fields of a history of stages that columns can be named for.
const HISTORY_FIELDS: [&str; 3] = ["history.id", "history.stage", "history.entered"];

/// What a fit came to.
pub(super) struct Fitted {
    /// The document, and with it what is to be said.
    pub(super) document: Document<FitFound, FitHeader>,
    /// The currency of the amounts.
    pub(super) currency: Currency,
    /// All files of its folder, the document first.
    pub(super) files: NamedFiles,
}

impl Fitted {
    /// Writes them.
    pub(super) fn write(&self, out: &Path, monitor: &Monitor) -> Result<(), Failure> {
        let mut folder = Folder::begin(out, monitor)?;
        for (name, bytes) in &self.files {
            folder.put(name, bytes)?;
        }
        folder.finish()
    }
}

impl FittingArgs {
    /// What the field `fitted_from` of a scenario asks for.
    pub(super) fn of(scenario: &Scenario, export: &str, options: &[String]) -> Result<FittingArgs, Failure> {
        // "--map region=Sales Territory" is an option and its value, as fit.json lists them.
        let words = options.iter().flat_map(|text| match text.split_once(' ') {
            Some((option, value)) if text.starts_with("--") => vec![option.to_owned(), value.trim().to_owned()],
            _ => vec![text.clone()],
        });
        let parsed = WrittenOptions::try_parse_from(std::iter::once(export.to_owned()).chain(words));
        Ok(parsed.map_err(|error| faulty(scenario, &error.to_string()))?.fitting)
    }

    /// The steps of a fit that are counted while it goes on.
    pub(super) const STEPS: usize = 4;

    /// Fits the export, for a folder at `out`. Files that are named lie in `home`; `onto` is the analyst's scenario, and its file. Where no
    /// back-test stands in `out`, one of this very export may stand in `tested`. How many of its steps are done is counted.
    pub(super) fn fit(
        &self,
        home: &Path,
        onto: Option<(&Path, &Scenario)>,
        (out, tested): (&Path, Option<&Path>),
        chart_size: Size,
        steps: &AtomicUsize,
    ) -> Result<Fitted, Failure> {
        let step = || steps.fetch_add(1, Ordering::Relaxed);
        let read = Files::read(&self.export, self.history.as_deref(), home)?;
        let of_history: &[&str] = if self.history.is_some() { &HISTORY_FIELDS } else { &[] };
        let mut opportunities = read.opportunities(&self.export.read_options(of_history)?)?;
        if let Some((file, scenario)) = onto {
            put_onto(&mut opportunities, file, scenario)?;
        }
        if onto.is_none() && opportunities.currency.is_none() {
            let note =
                "Neither a column nor a sign says the currency: euros are taken; --currency USD, say, is another.";
            opportunities.report.notes.push(note.to_owned());
        }
        step();
        let today = now(overridden_clock()?);
        let as_of = self.export.as_of.map_or_else(|| opportunities.day_after(), |day| day.at(today));
        if self.export.as_of.is_none() {
            let note = format!(
                "The as-of day, {as_of}, is the day after the last one on which a deal was created, won or lost; --as-of DAY sets another."
            );
            opportunities.report.notes.push(note);
        }
        let exposure = Exposure::of(&opportunities, self.export.from.map(|day| day.at(today)), as_of);
        let fiscal_first_month = self
            .fiscal_year_begins
            .unwrap_or_else(|| onto.map_or(1, |(_, scenario)| scenario.horizon().fiscal_first_month));
        step();
        let options = FitOptions { fiscal_first_month, seed: self.seed, ..FitOptions::default() };
        let fit = Fit::new(&opportunities, &exposure, as_of, &options)?;
        let options = ScenarioOptions {
            name: series(&self.export.export).replace(['-', '_'], " "),
            months: usize::from(self.months),
            fiscal_first_month,
            currency: self.export.currency.clone(),
            simple: self.simple,
            together: false,
            onto: onto.map(|(file, scenario)| of_analyst(&out.join(SCENARIO), file, scenario)),
        };
        step();
        let mut fitted = fit.scenario(&opportunities, &options);
        let found = FitFound { data: opportunities.report, fit };
        let currency = onto.map(|(_, scenario)| scenario.currency.clone()).or(opportunities.currency);
        let currency = currency.or_else(|| Currency::new("EUR")).unwrap_or_default();
        let csv = |table: findings::Table| table_csv(&[table], CsvStyle::Plain);
        let draws = (fitted.draws.rows() > 0).then(|| draws_parquet(&fitted.draws)).transpose()?;
        if let Some(draws) = &draws {
            // Draws of another fit are told from these.
            fitted.scenario["draws"]["sha256"] = digest(draws).into();
        }
        let (mut backtest, beside) = standing_backtest(out)?;
        if backtest.is_none()
            && let Some(folder) = tested
        {
            backtest = backtest_of(folder, &read.manifest())?;
        }
        if let Some(read) = &backtest {
            fitted.scenario["backtest"] = named_beside(&out.join(SCENARIO), read.file.as_ref()).into();
        }
        let mut files = vec![
            (SCENARIO.to_owned(), format!("{:#}\n", fitted.scenario).into_bytes()),
            ("pipeline.csv".to_owned(), csv(findings::open_deals_table(&fitted.pipeline))?),
            ("actuals.csv".to_owned(), csv(findings::actuals_table(&fitted.actuals))?),
            ("data-report.csv".to_owned(), csv(findings::data_report_table(&found))?),
        ];
        let written = files.iter().map(|(name, bytes)| (name.clone(), digest(bytes))).collect();
        files.extend(draws.map(|draws| (DRAWS.to_owned(), draws)));
        if onto.is_none() {
            files.push((SCHEMA.to_owned(), format!("{:#}\n", schema()).into_bytes()));
        }
        step();
        files.extend(draw(&charts::of_fit(&found, &currency, chart_size), &Execution::new(None).workers)?);
        let own: HashSet<String> = files.iter().map(|(name, _)| name.clone()).collect();
        files.extend(beside.into_iter().filter(|(name, _)| name != Kind::Fit.file() && !own.contains(name)));
        let names = std::iter::once(Kind::Fit.file().to_owned()).chain(files.iter().map(|(name, _)| name.clone()));
        let manifest = FitManifest {
            version: env!("CARGO_PKG_VERSION"),
            read: read.manifest().into_iter().chain(backtest).collect(),
            options: self.typed(onto.map(|(file, _)| file)),
            files: names.collect(),
            sha256: written,
        };
        let document = Document::new(FitHeader { manifest }, found);
        files.insert(0, (Kind::Fit.file().to_owned(), document_json(&document)?));
        Ok(Fitted { document, currency, files })
    }

    /// The options that change what is found, as they were typed.
    fn typed(&self, onto: Option<&Path>) -> Vec<String> {
        let mut typed = self.export.typed();
        let mut add = |name: &str, value: String| typed.push(format!("--{name} {value}"));
        self.history.iter().for_each(|file| add("history", file.display().to_string()));
        add("months", self.months.to_string());
        self.fiscal_year_begins.iter().for_each(|month| add("fiscal-year-begins", month.to_string()));
        onto.iter().for_each(|file| add("onto", file.display().to_string()));
        add("seed", self.seed.to_string());
        typed.extend(self.simple.then(|| "--simple".to_owned()));
        typed
    }
}

/// The back-test that stands in the folder of a fit, where a forecast can tell how its bands held, and all that was written with it: that stays.
fn standing_backtest(out: &Path) -> Result<(Option<FileRead>, NamedFiles), Failure> {
    let document = Kind::Backtest.file();
    let read = |name: String| {
        let file = out.join(&name);
        let bytes = open_up_to(&file, MAX_DOCUMENT_BYTES).doing(|| format!("read {}", file.display()))?;
        Ok::<_, Failure>((name, bytes))
    };
    // What leads out of the folder is none of its files.
    let inside = |name: &String| Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let listed = disk::listed_files(&out.join(document), document).into_iter();
    let there = listed.filter(|name| inside(name) && out.join(name).is_file());
    let files: NamedFiles = there.map(read).collect::<Result<_, _>>()?;
    let found = files.iter().find(|(name, _)| name == document);
    let record = found.and_then(|(name, bytes)| BacktestRecord::read(name, digest(bytes), bytes));
    Ok((record.map(|record| FileRead { file: out.join(document).display().to_string(), sha256: record.sha256 }), files))
}

/// The back-test in a folder of its own, where it is of the files that are read.
fn backtest_of(folder: &Path, read: &[FileRead]) -> Result<Option<FileRead>, Failure> {
    let file = folder.join(Kind::Backtest.file());
    if !file.is_file() {
        return Ok(None);
    }
    let bytes = open_up_to(&file, MAX_DOCUMENT_BYTES).doing(|| format!("read {}", file.display()))?;
    let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let its_export = &document["header"]["manifest"]["read"][0]["sha256"];
    let name = file.display().to_string();
    let record = BacktestRecord::read(&name, digest(&bytes), &bytes);
    let record = record.filter(|_| read.first().is_some_and(|export| *its_export == export.sha256.as_str()));
    Ok(record.map(|record| FileRead { file: name, sha256: record.sha256 }))
}

/// Options in a scenario that `revcast fit` does not have.
fn faulty(scenario: &Scenario, said: &str) -> Failure {
    let found = said.lines().next().unwrap_or_default().trim_start_matches("error: ");
    Failure::from(Faults::Fields(vec![Fault {
        file: scenario.file.clone(),
        path: "fitted_from.options".to_owned(),
        found: found.to_owned(),
        allowed: "options of `revcast fit` but for --onto, --out and --quiet, such as \"--map region=Territory\""
            .to_owned(),
        hint: String::new(),
    }]))
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
        correlations: scenario.correlations.iter().filter_map(|pair| serde_json::to_value(pair).ok()).collect(),
        is_fitted: scenario.fitted_from.is_some(),
        daily: scenario
            .regions
            .iter()
            .filter(|(_, region)| region.daily_closing().is_some())
            .map(|(key, _)| key.clone())
            .collect(),
        has_contracts: scenario.contracts.is_some(),
        renewals: actuals.map(|actual| (actual.region.clone(), actual.month, actual.amount)).collect(),
    }
}
