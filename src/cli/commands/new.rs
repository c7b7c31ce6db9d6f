//! `revcast new`: a small scenario to begin with.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cli::clock::{now, overridden_clock};
use crate::cli::disk;
use crate::cli::exit::{Failure, refused};
use crate::cli::limits::MAX_BYTES;
use crate::cli::opened::bytes;
use crate::cli::options::Day;
use crate::cli::scenario_source::{limited, named_beside, quoted};
use crate::cli::session::Session;
use crate::cli::terminal::print;
use crate::scenario::{DealList, load, schema, starter};
use crate::units::{Currency, Typed, period_label, plain};

/// The name of the schema beside a scenario, as the scenario's first line has it.
const SCHEMA: &str = "scenario.schema.json";

/// The arguments of `revcast new`.
#[derive(Debug, Args)]
pub(in crate::cli) struct NewArgs {
    /// The file to write, such as plan.json; it must not exist
    file: PathBuf,
    /// Make it of a list of open deals (CSV: id, amount, win_probability, close_date; an export of Salesforce, HubSpot or Pipedrive as it comes)
    #[arg(long, value_name = "DEALS.csv")]
    pipeline: Option<PathBuf>,
    /// The day on which these deals are open, such as 2027-05-10 [default: today]
    #[arg(long, value_name = "DAY", requires = "pipeline")]
    date: Option<Day>,
    /// The currency of their amounts [default: that which the list says, else EUR]
    #[arg(long, value_name = "CODE", requires = "pipeline")]
    currency: Option<String>,
    /// A target for the bookings of a period, such as 2027-Q2=1.5M; may be given more than once
    #[arg(long, value_name = "PERIOD=AMOUNT", requires = "pipeline")]
    target: Vec<String>,
}

pub(in crate::cli) fn run(arguments: &NewArgs) -> Result<ExitCode, Failure> {
    let file = with_extension(&arguments.file);
    let name = file.file_stem().unwrap_or_default().to_string_lossy().replace(['-', '_'], " ");
    let (text, next) = match &arguments.pipeline {
        None => {
            let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
            (starter(&name, today), "Edit its figures, see how it is understood, then play it:")
        }
        Some(deals) => {
            let next = "What it assumes stands at its head. See how it is understood, then play it:";
            (of_deals(&file, &name, deals, arguments)?, next)
        }
    };
    disk::place(&file, text.as_bytes())?;
    let beside = file.with_file_name(SCHEMA);
    let also = if beside.exists() {
        // The one that is there may belong to other scenarios.
        String::new()
    } else {
        disk::place(&beside, format!("{:#}\n", schema()).as_bytes())?;
        format!(" and {} (with it, editors complete and check the file)", plain(&beside.display().to_string()))
    };
    let shown = plain(&file.display().to_string());
    let typed = quoted(&shown);
    print(
        format!(
            "Wrote {shown}{also}.\n{next}\n  revcast check {typed}\n  revcast run {typed} --xlsx\nOr fill its inputs in with a spreadsheet: revcast template {typed}\n"
        )
        .as_bytes(),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// The scenario of a list of open deals, read as it will be: what is wrong with any row is said before anything is written.
fn of_deals(file: &Path, name: &str, deals: &Path, arguments: &NewArgs) -> Result<String, Failure> {
    let day = arguments.date.unwrap_or(Day::Today).at(now(overridden_clock()?));
    if let Some(code) = &arguments.currency
        && Currency::new(code).is_none()
    {
        return Err(refused("--currency", code, "three capital letters, such as EUR", ""));
    }
    let targets = arguments.target.iter().map(|text| target(text)).collect::<Result<Vec<_>, _>>()?;
    let list = DealList {
        file: &deals.display().to_string(),
        bytes: &bytes(deals)?,
        named: &named_beside(file, deals),
        currency: arguments.currency.as_deref(),
        day,
    };
    let text = list.scenario(name, &targets)?;
    let disk = Session::default();
    let open = limited(&disk, MAX_BYTES);
    load(file, &[], &|path| if path == file { Ok(text.clone().into_bytes()) } else { open(path) })?;
    Ok(text)
}

/// A period and the amount that is to be reached in it.
fn target(text: &str) -> Result<(String, f64), Failure> {
    let option = format!("--target {text}");
    let allowed = "PERIOD=AMOUNT, such as 2027-Q2=1.5M";
    let (period, amount) = text.split_once('=').ok_or_else(|| refused(&option, "no =", allowed, ""))?;
    let read = Typed::Amount.read(amount).map_err(|hint| refused(&option, amount, allowed, &hint))?;
    Ok((period_label(period.trim()), read))
}

/// Editors know a scenario by its ending.
fn with_extension(file: &Path) -> PathBuf {
    if file.extension().is_some() { file.to_owned() } else { file.with_extension("json") }
}
