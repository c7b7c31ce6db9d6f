//! The export of a CRM, as commands take it: its files, and the options that say how it is read.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::exit::{Failure, refused};
use super::opened::export_bytes;
use super::options::Day;
use crate::documents::FileRead;
use crate::fit::{NamedBytes, Opportunities, ReadOptions};
use crate::units::{Currency, closest, digest};

/// The export, and how it is read.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The export: every opportunity, won, lost and open, as CSV or .xlsx
    pub(super) export: PathBuf,
    /// Put the columns of another file beside the export's, joined on a column that both have; may be given more than once
    #[arg(long, value_name = "FILE:COLUMN")]
    join: Vec<String>,
    #[arg(long, value_name = "FIELD=COLUMN", value_delimiter = ',', help = map_help())]
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
    pub(super) currency: Option<String>,
    /// The day before which all is known, such as 2027-05-10; what happened later is not looked at [default: the day after the last event]
    #[arg(long, value_name = "DAY")]
    pub(super) as_of: Option<Day>,
    /// The first day on which closings are known [default: that of the first closing in the export]
    #[arg(long, value_name = "DAY")]
    pub(super) from: Option<Day>,
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

fn map_help() -> String {
    let fields = FIELDS.join(", ");
    format!(
        "Which columns hold what, where their names do not say it: --map region=Territory,created=Opened. Fields: {fields}"
    )
}

impl ExportArgs {
    /// How its cells are read, and those of further files, whose columns have these fields.
    pub(super) fn read_options(&self, further: &[&str]) -> Result<ReadOptions, Failure> {
        let fields: Vec<String> = FIELDS.iter().chain(further).map(ToString::to_string).collect();
        let pair = |text: &String| {
            let allowed = format!("FIELD=COLUMN, FIELD being one of {}", fields.join(", "));
            let found =
                text.split_once('=').map(|(field, column)| (field.trim().to_lowercase(), column.trim().to_owned()));
            found.filter(|(field, _)| fields.contains(field)).ok_or_else(|| {
                let field = text.split('=').next().unwrap_or_default();
                refused("--map", text, &allowed, &closest(field, fields.iter()))
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

    /// The options that change what is read, as they were typed.
    pub(super) fn typed(&self) -> Vec<String> {
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
pub(super) struct Files {
    export: (String, Vec<u8>),
    /// Files that are joined, each with the column.
    joins: Vec<((String, Vec<u8>), String)>,
    /// When each deal entered each stage.
    history: Option<(String, Vec<u8>)>,
}

impl Files {
    /// Reads them, and a history of stages, from the folder that they are relative to.
    pub(super) fn read(arguments: &ExportArgs, history: Option<&Path>, home: &Path) -> Result<Files, Failure> {
        let read = |file: &Path| {
            let file = home.join(file);
            Ok::<_, Failure>((file.display().to_string(), export_bytes(&file)?))
        };
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
            history: history.map(read).transpose()?,
        })
    }

    /// The opportunities in them.
    pub(super) fn opportunities(&self, options: &ReadOptions) -> Result<Opportunities, Failure> {
        fn named((file, bytes): &(String, Vec<u8>)) -> NamedBytes<'_> {
            NamedBytes { file, bytes }
        }
        let joins: Vec<(NamedBytes, String)> =
            self.joins.iter().map(|(file, column)| (named(file), column.clone())).collect();
        let mut opportunities = Opportunities::read(named(&self.export), &joins, options)?;
        if let Some(history) = &self.history {
            opportunities.add_history(named(history), options)?;
        }
        Ok(opportunities)
    }

    /// What a document says of them.
    pub(super) fn manifest(&self) -> Vec<FileRead> {
        let all = std::iter::once(&self.export).chain(self.joins.iter().map(|(file, _)| file)).chain(&self.history);
        all.map(|(file, bytes)| FileRead { file: file.clone(), sha256: digest(bytes) }).collect()
    }
}
