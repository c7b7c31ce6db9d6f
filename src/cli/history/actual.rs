//! `revcast actual`: what happened.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::asked::{self, label, listed};
use super::{DEFAULT, reading, sheet};
use crate::analysis::span_of;
use crate::cli::exit::Failure;
use crate::cli::figure::{metric, refused};
use crate::cli::now::{now, told};
use crate::cli::source::bytes;
use crate::cli::{print, progress};
use crate::history::{FigureKey, Given, History, Remembered};
use crate::units::{closest, plain};

/// No amount is farther from 0.
pub(super) const MOST_AMOUNT: f64 = 1e18;
/// What a period is.
pub(super) const PERIODS: &str = "one period, such as 2027-03, 2027-Q1, 2027 or FY28";

/// What `revcast actual` is given.
#[derive(Debug, Args)]
pub(in crate::cli) struct GivenActual {
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
    /// Read many from a sheet: CSV with columns period, amount, and where wanted metric, region, note
    #[arg(long, value_name = "ACTUALS.csv", conflicts_with_all = ["period", "amount", "metric", "region", "note", "remove"])]
    file: Option<PathBuf>,
    /// Take back what was given for the period
    #[arg(long, conflicts_with = "amount")]
    remove: bool,
    /// The history
    #[arg(long, value_name = "FILE", default_value = DEFAULT)]
    history: PathBuf,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// What actuals are held against: the newest run, and the figures that runs have forecast.
pub(super) struct Forecasts {
    pub(super) newest: Remembered,
    pub(super) kept: Vec<FigureKey>,
}

pub(in crate::cli) fn actual(arguments: &GivenActual) -> Result<ExitCode, Failure> {
    let told = told()?;
    let (series, forecasts) = {
        let history = reading(&arguments.history)?;
        let all = history.series()?;
        let series = asked::series(&arguments.series, &all, &arguments.history)?.to_owned();
        let Some(newest) = history.past(&series, None)? else { return Ok(ExitCode::SUCCESS) };
        let kept = history.figures(&series)?;
        (series, Forecasts { newest, kept })
    };
    let given = match &arguments.file {
        Some(file) => sheet::read(&file.display().to_string(), &bytes(file)?, &forecasts)?,
        None => vec![typed(arguments, &forecasts)?],
    };
    let before = History::open(&arguments.history)?.give(&series, &given, now(told))?;
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
fn typed(arguments: &GivenActual, forecasts: &Forecasts) -> Result<Given, Failure> {
    let metric = match &arguments.metric {
        Some(name) => metric(name)?,
        None => forecasts.newest.past.figure.metric,
    };
    let region = arguments.region.as_deref().unwrap_or("total");
    let scope = forecasts.scope(region).ok_or_else(|| {
        let scopes = forecasts.scopes();
        refused("--region", region, &format!("one of {}", listed(&scopes)), &closest(region, scopes.iter()))
    })?;
    let period = arguments.period.clone().unwrap_or_default();
    if !forecasts.is_period(&period) {
        return Err(refused("--period", &period, PERIODS, ""));
    }
    let amount = match &arguments.amount {
        None => None,
        Some(text) => Some(text.parse().ok().filter(|x: &f64| x.abs() <= MOST_AMOUNT).ok_or_else(|| {
            refused("--amount", text, "a number such as 1480000", "without currency and thousands separators")
        })?),
    };
    Ok(Given { key: FigureKey::new(metric, scope, period), amount, note: arguments.note.clone() })
}

impl Forecasts {
    /// The key of a region or tag that any run has forecast, or of the total, by its key or by what it is called.
    pub(super) fn scope(&self, text: &str) -> Option<String> {
        let scopes = self.scopes();
        let scenario = &self.newest.past.manifest.scenario;
        let called = |scope: &&String| label(scope, scenario).is_some_and(|label| label.eq_ignore_ascii_case(text));
        scopes.iter().find(|scope| *scope == text).or_else(|| scopes.iter().find(called)).cloned()
    }

    pub(super) fn scopes(&self) -> Vec<String> {
        let mut scopes: Vec<String> = self.kept.iter().map(|figure| figure.scope.clone()).collect();
        scopes.push("total".to_owned());
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    pub(super) fn is_period(&self, text: &str) -> bool {
        let horizon = self.newest.past.manifest.horizon(self.newest.start, self.newest.months);
        span_of(text, &horizon).is_some()
    }

    /// "total bookings of The North in 2027-03".
    fn named(&self, key: &FigureKey) -> String {
        let scope = label(&key.scope, &self.newest.past.manifest.scenario).unwrap_or_else(|| key.scope.clone());
        let of = if key.scope == "total" { String::new() } else { format!(" of {}", plain(&scope)) };
        format!("{}{of} in {}", key.metric.name(), plain(&key.period))
    }

    /// A line that says what holds now.
    fn noted(&self, given: &Given, before: Option<f64>) -> String {
        let metric = given.key.metric;
        let currency = &self.newest.currency;
        let say = |x: f64| if metric.is_money() { currency.exact(x) } else { metric.said(currency, x, None) };
        let named = self.named(&given.key);
        match (given.amount, before) {
            (Some(amount), Some(old)) => format!("{named}: {}, no more {}\n", say(amount), say(old)),
            (Some(amount), None) => format!("{named}: {}\n", say(amount)),
            (None, Some(old)) => format!("{named}: no more {}, but unknown\n", say(old)),
            (None, None) => format!("{named}: nothing was given\n"),
        }
    }
}
