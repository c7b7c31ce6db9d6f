//! What `revcast actual` does: it writes amounts down in a history.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::super::history::series;
use super::forecasts::{Forecasts, MAX_AMOUNT, OVER, PERIODS};
use super::sheet::{self, Actuals};
use crate::cli::clock::{now, overridden_clock, today};
use crate::cli::exit::{Failure, refused};
use crate::cli::figure_args::metric;
use crate::cli::opened::bytes;
use crate::cli::output_folder::HISTORY;
use crate::cli::progress;
use crate::cli::terminal::print;
use crate::history::{FigureKey, Given, History};

/// The arguments of `revcast actual`.
#[derive(Debug, Args)]
pub(in crate::cli) struct ActualArgs {
    /// The series: the name of a scenario file without its ending, or the file
    series: String,
    /// The period of which something is known, such as 2027-03, 2027-Q1 or 2027
    #[arg(long, value_name = "PERIOD", required_unless_present = "file")]
    period: Option<String>,
    /// How much it came to
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true, required_unless_present_any = ["file", "remove"])]
    amount: Option<String>,
    /// Of this metric, such as total_bookings [default: that of the newest run's main figure]
    #[arg(long, value_name = "METRIC")]
    metric: Option<String>,
    /// Of this region (its key), or of all that carry a tag: segment=enterprise [default: the total]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// A remark
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Read many from a table: the actuals of a scenario (CSV with columns region, metric, month, amount), or any with month or period, amount, and where wanted metric, region, note
    #[arg(long, value_name = "ACTUALS.csv", conflicts_with_all = ["period", "amount", "metric", "region", "note", "remove"])]
    file: Option<PathBuf>,
    /// Take back what was given for the period
    #[arg(long, conflicts_with = "amount")]
    remove: bool,
    /// The history
    #[arg(long, value_name = "FILE", default_value = HISTORY)]
    history: PathBuf,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

pub(in crate::cli) fn run(arguments: &ActualArgs) -> Result<ExitCode, Failure> {
    let overridden = overridden_clock()?;
    let (series, forecasts) = {
        let history = History::read_upgraded(&arguments.history)?;
        let all = history.series()?;
        let series = series(&arguments.series, &all, &arguments.history)?.to_owned();
        let Some(newest) = history.past(&series, None)? else { return Ok(ExitCode::SUCCESS) };
        let kept = history.figures(&series)?;
        (series, Forecasts { newest, kept, today: today(now(overridden)) })
    };
    let (given, begun) = match &arguments.file {
        Some(file) => {
            let Actuals { given, begun } = sheet::read(&file.display().to_string(), &bytes(file)?, &forecasts)?;
            (given, begun)
        }
        None => (vec![typed(arguments, &forecasts)?], 0),
    };
    if let (1.., Some(day)) = (begun, forecasts.as_of()) {
        let rows = if begun == 1 { "1 row is".to_owned() } else { format!("{begun} rows are") };
        progress::note(&format!(
            "note: {rows} left out, of the month that the newest run knew up to {day} only; they count once a run knows all of it"
        ));
    }
    let before = History::open(&arguments.history)?.give(&series, &given, now(overridden))?;
    if !arguments.quiet {
        let lines = given.iter().zip(before).map(|(given, before)| forecasts.noted(given, before));
        print(lines.collect::<String>().as_bytes())?;
    }
    let unknown: Vec<&Given> = given.iter().filter(|given| !forecasts.kept.contains(&given.key)).collect();
    if let (Some(first), false) = (unknown.first(), arguments.remove) {
        let more = if unknown.len() > 1 { format!(" and {} more", unknown.len() - 1) } else { String::new() };
        progress::note(&format!("warning: no run keeps a forecast of {}{more}", forecasts.named(&first.key)));
    }
    Ok(ExitCode::SUCCESS)
}

/// What the options say.
fn typed(arguments: &ActualArgs, forecasts: &Forecasts) -> Result<Given, Failure> {
    let metric = match &arguments.metric {
        Some(name) => metric(name)?,
        None => forecasts.newest.past.figure.metric,
    };
    let region = arguments.region.as_deref().unwrap_or("total");
    let scope = forecasts.scope(region).map_err(|e| refused("--region", region, &e.allowed, &e.hint))?;
    let period = arguments.period.as_deref().unwrap_or_default();
    let period = forecasts.period(period).ok_or_else(|| refused("--period", period, PERIODS, ""))?;
    if let (Some(found), false) = (forecasts.not_over(&period), arguments.remove) {
        let hint = "give it once it is over; what a plan or a budget says of it is held against a run with --budget";
        return Err(refused("--period", &found, OVER, hint));
    }
    let amount = match &arguments.amount {
        None => None,
        Some(text) => match metric.typed().read(text) {
            Ok(amount) if amount.abs() <= MAX_AMOUNT => Some(amount),
            found => {
                let allowed = "a number such as 1480000 or 1.48M";
                return Err(refused("--amount", text, allowed, &found.err().unwrap_or_default()));
            }
        },
    };
    Ok(Given { key: FigureKey::new(metric, scope, period), amount, note: arguments.note.clone() })
}
