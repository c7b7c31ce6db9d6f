//! `revcast fit`: from the export of a CRM to a scenario.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use sha2::{Digest, Sha256};

use crate::cli::clock::{now, overridden_clock};
use crate::cli::disk::{self, Folder};
use crate::cli::exit::{Failure, refused};
use crate::cli::limits::MAX_BYTES;
use crate::cli::options::Day;
use crate::cli::output_folder::{default_folder, files_line};
use crate::cli::progress::stoppable;
use crate::cli::scenario_source::{export_bytes, limited, named_beside, quoted, series};
use crate::cli::terminal::{print, terminal_width};
use crate::documents::{Document, FileRead, FitFound, FitHeader, FitManifest, Kind};
use crate::export::{CsvStyle, document_json, table_csv};
use crate::fit::{
    Exposure, Fit, FitOptions, FittedScenario, NamedBytes, Onto, Opportunities, ReadOptions, ScenarioOptions,
};
use crate::scenario::{Metric, Scenario, load, schema};
use crate::units::{Currency, plain};
use crate::{findings, report};

/// The arguments of `revcast fit`.
#[derive(Debug, Args)]
pub(in crate::cli) struct FitArgs {
    /// The export: every opportunity, won, lost and open, as CSV or .xlsx
    export: PathBuf,
    /// Put the columns of another file beside the export's, joined on a column that both have; may be given more than once
    #[arg(long, value_name = "FILE:COLUMN")]
    join: Vec<String>,
    /// Which columns hold what, where their names do not say it: --map region=Territory,created=Opened. Fields: id, region, created, closed,
    /// expected, stage, status, is_won, is_lost, is_closed, amount, currency
    #[arg(long, value_name = "FIELD=COLUMN", value_delimiter = ',')]
    map: Vec<String>,
    /// The words that say that a deal is won
    #[arg(long, value_name = "WORD", value_delimiter = ',')]
    won: Vec<String>,
    /// The words that say that a deal is lost
    #[arg(long, value_name = "WORD", value_delimiter = ',')]
    lost: Vec<String>,
    /// Which comes first in days such as 3/4/2027, where none of them tells
    #[arg(long, value_name = "ORDER")]
    day_order: Option<DayOrder>,
    /// The sign before decimals in amounts such as 1.234, where none of them tells
    #[arg(long, value_name = "SIGN")]
    decimal: Option<DecimalSign>,
    /// The currency of the amounts [default: that which the export says, else EUR]
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// The day before which all is known, such as 2027-05-10; what happened later is not looked at [default: the day after the last event]
    #[arg(long, value_name = "DAY")]
    as_of: Option<Day>,
    /// The first day on which closings are known [default: that of the first closing in the export]
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
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

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DayOrder {
    DayFirst,
    MonthFirst,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DecimalSign {
    Point,
    Comma,
}

pub(in crate::cli) fn run(arguments: &FitArgs) -> Result<ExitCode, Failure> {
    let out = arguments.out.clone().unwrap_or_else(|| default_folder(&series(&arguments.export), "-fit"));
    let files = Files::read(arguments)?;
    disk::check(&out)?;
    let onto = arguments
        .onto
        .as_ref()
        .map(|file| Ok::<_, Failure>((file, load(file, &[], &limited(MAX_BYTES))?)))
        .transpose()?;
    let mut opportunities = files.opportunities(&arguments.read_options()?)?;
    if let Some((file, scenario)) = &onto {
        put_onto(&mut opportunities, file, scenario)?;
    }
    let today = now(overridden_clock()?);
    let as_of = arguments.as_of.map_or_else(|| opportunities.day_after(), |day| day.at(today));
    let exposure = Exposure::of(&opportunities, arguments.from.map(|day| day.at(today)), as_of);
    let fiscal_first_month = arguments
        .fiscal_year_begins
        .unwrap_or_else(|| onto.as_ref().map_or(1, |(_, scenario)| scenario.horizon().fiscal_first_month));
    let options = FitOptions { fiscal_first_month, seed: arguments.seed, ..FitOptions::default() };
    let fit = Fit::new(&opportunities, &exposure, as_of, &options)?;
    let options = ScenarioOptions {
        name: series(&arguments.export).replace(['-', '_'], " "),
        months: usize::from(arguments.months),
        fiscal_first_month,
        currency: arguments.currency.clone(),
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

const SCENARIO: &str = "scenario.json";
const SCHEMA: &str = "scenario.schema.json";

impl FitArgs {
    fn read_options(&self) -> Result<ReadOptions, Failure> {
        let pair = |text: &String| {
            let allowed = format!("FIELD=COLUMN, FIELD being one of {}", FIELDS.join(", "));
            let found =
                text.split_once('=').map(|(field, column)| (field.trim().to_lowercase(), column.trim().to_owned()));
            found.filter(|(field, _)| FIELDS.contains(&field.as_str())).ok_or_else(|| {
                let field = text.split('=').next().unwrap_or_default();
                refused("--map", text, &allowed, &crate::units::closest(field, FIELDS.map(str::to_owned).iter()))
            })
        };
        let currency = self.currency.as_ref().map(|code| {
            Currency::new(code).ok_or_else(|| refused("--currency", code, "three capital letters, such as EUR", ""))
        });
        Ok(ReadOptions {
            map: self.map.iter().map(pair).collect::<Result<_, _>>()?,
            won: self.won.clone(),
            lost: self.lost.clone(),
            month_first: self.day_order.map(|order| matches!(order, DayOrder::MonthFirst)),
            decimal: self.decimal.map(|sign| if matches!(sign, DecimalSign::Comma) { ',' } else { '.' }),
            currency: currency.transpose()?,
        })
    }

    /// The options that change what is found, as they were typed.
    fn typed(&self) -> Vec<String> {
        let mut typed = Vec::new();
        let mut add = |name: &str, value: String| typed.push(format!("--{name} {value}").trim_end().to_owned());
        self.join.iter().for_each(|join| add("join", join.clone()));
        for (name, list) in [("map", &self.map), ("won", &self.won), ("lost", &self.lost)] {
            if !list.is_empty() {
                add(name, list.join(","));
            }
        }
        if let Some(order) = self.day_order {
            add(
                "day-order",
                if matches!(order, DayOrder::MonthFirst) { "month-first" } else { "day-first" }.to_owned(),
            );
        }
        if let Some(sign) = self.decimal {
            add("decimal", if matches!(sign, DecimalSign::Comma) { "comma" } else { "point" }.to_owned());
        }
        self.currency.iter().for_each(|code| add("currency", code.clone()));
        add("months", self.months.to_string());
        self.fiscal_year_begins.iter().for_each(|month| add("fiscal-year-begins", month.to_string()));
        self.onto.iter().for_each(|file| add("onto", file.display().to_string()));
        add("seed", self.seed.to_string());
        typed
    }
}

/// The fields that columns can be named for.
const FIELDS: [&str; 15] = [
    "id",
    "region",
    "created",
    "closed",
    "won_on",
    "lost_on",
    "close_date",
    "expected",
    "stage",
    "status",
    "is_won",
    "is_lost",
    "is_closed",
    "amount",
    "currency",
];

/// The files that are read.
struct Files {
    export: (String, Vec<u8>),
    /// Files that are joined, each with the column.
    joins: Vec<((String, Vec<u8>), String)>,
}

impl Files {
    fn read(arguments: &FitArgs) -> Result<Files, Failure> {
        let read = |file: &Path| Ok::<_, Failure>((file.display().to_string(), export_bytes(file)?));
        let join = |text: &String| {
            let (file, column) = text
                .rsplit_once(':')
                .filter(|(file, column)| !file.is_empty() && !column.is_empty())
                .ok_or_else(|| {
                    refused(
                        "--join",
                        text,
                        "FILE:COLUMN, such as teams.csv:sales_agent",
                        "the column is one that both files have",
                    )
                })?;
            Ok((read(Path::new(file))?, column.to_owned()))
        };
        Ok(Files {
            export: read(&arguments.export)?,
            joins: arguments.join.iter().map(join).collect::<Result<_, Failure>>()?,
        })
    }

    fn opportunities(&self, options: &ReadOptions) -> Result<Opportunities, Failure> {
        fn named((file, bytes): &(String, Vec<u8>)) -> NamedBytes<'_> {
            NamedBytes { file, bytes }
        }
        let joins: Vec<(NamedBytes, String)> =
            self.joins.iter().map(|(file, column)| (named(file), column.clone())).collect();
        Ok(Opportunities::read(named(&self.export), &joins, options)?)
    }

    fn manifest(&self) -> Vec<FileRead> {
        let all = std::iter::once(&self.export).chain(self.joins.iter().map(|(file, _)| file));
        let hash = |bytes: &[u8]| {
            Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            })
        };
        all.map(|(file, bytes)| FileRead { file: file.clone(), sha256: hash(bytes) }).collect()
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
