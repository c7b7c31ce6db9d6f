//! Options that several commands share.

use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;

use super::clock::{now, overridden_clock, today};
use super::exit::Failure;
use super::progress::stoppable;
use crate::charts::Size;
use crate::engine::{Execution, Workers};
use crate::export::CsvStyle;
use crate::report::BriefStyle;
use crate::scenario::Setting;
use crate::units::{Frequency, Locale, Typed};

/// The options of every command that simulates and writes a folder of results.
#[derive(Debug, Args)]
pub(super) struct SimulationOptions {
    /// The folder for the results, and for nothing else [default: one below output/, named after the scenario file]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    #[command(flatten)]
    pub(super) size: SimulationSize,
    #[command(flatten)]
    pub(super) day: DayOption,
    #[command(flatten)]
    pub(super) output: OutputOptions,
}

/// How many futures are played, and which.
#[derive(Debug, Args)]
pub(super) struct SimulationSize {
    /// How many futures to play, whatever the scenario says
    #[arg(long, value_name = "N")]
    pub(super) trials: Option<String>,
    /// The seed, whatever the scenario says
    #[arg(long, value_name = "N")]
    seed: Option<String>,
}

/// The day that results bear.
#[derive(Debug, Args)]
pub(super) struct DayOption {
    /// The day that page, charts, workbook and brief bear, such as 2027-03-01, or today. Without it they bear none, so that the same inputs
    /// give the same bytes on any day
    #[arg(long, value_name = "DAY")]
    date: Option<Day>,
}

impl DayOption {
    /// The day, as it is now.
    pub(super) fn day(&self) -> Result<Option<Date>, Failure> {
        let today = now(overridden_clock()?);
        Ok(self.day_at(today))
    }

    /// The day, where today is that of a moment.
    pub(super) fn day_at(&self, moment: Timestamp) -> Option<Date> {
        self.date.map(|day| day.at(moment))
    }
}

/// A day, as it is typed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Day {
    Today,
    On(Date),
}

impl Day {
    /// The day, where today is that of a moment.
    pub(super) fn at(self, moment: Timestamp) -> Date {
        match self {
            Day::Today => today(moment),
            Day::On(date) => date,
        }
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Day, String> {
        if text == "today" {
            return Ok(Day::Today);
        }
        text.parse().map(Day::On).map_err(|_| "a day such as 2027-03-01, or today".to_owned())
    }
}

impl SimulationOptions {
    /// The options that stand for fields of the scenario.
    pub(super) fn settings(&self) -> Vec<Setting> {
        self.size.settings()
    }
}

impl SimulationSize {
    /// The options that stand for fields of the scenario.
    pub(super) fn settings(&self) -> Vec<Setting> {
        let options = [("trials", &self.trials), ("seed", &self.seed)];
        let given = options.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
        given
            .map(|(name, value)| Setting {
                option: format!("--{name} {value}"),
                path: format!("simulation.{name}"),
                value,
            })
            .collect()
    }
}

/// The options of every command that shows results: how many threads make them, in which formats, and what is printed.
#[derive(Debug, Args)]
pub(super) struct OutputOptions {
    #[command(flatten)]
    pub(super) threads: ThreadsOption,
    #[command(flatten)]
    pub(super) format: FormatOptions,
    /// Print nothing but errors
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// The threads that make results.
#[derive(Debug, Args)]
pub(super) struct ThreadsOption {
    /// Threads to work on; changes no result [default: one a core]
    #[arg(id = "threads", long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) count: Option<u16>,
}

impl ThreadsOption {
    /// The threads to work on.
    pub(super) fn workers(&self) -> Workers {
        Workers::new(self.count.map(usize::from))
    }

    /// The threads to simulate on, and a monitor that Ctrl-C stops.
    pub(super) fn execution(&self) -> Execution {
        Execution { workers: self.workers(), monitor: stoppable() }
    }
}

impl OutputOptions {
    /// The threads to work on.
    pub(super) fn workers(&self) -> Workers {
        self.threads.workers()
    }

    /// The threads to simulate on, and a monitor that Ctrl-C stops.
    pub(super) fn execution(&self) -> Execution {
        self.threads.execution()
    }
}

/// The formats of charts, tables and what is printed. A command that writes a shard makes none of them.
#[derive(Debug, Args)]
pub(super) struct FormatOptions {
    /// How large the charts are: for a slide, for a page, or as previews
    #[arg(long, value_name = "SIZE", default_value = "slide", value_parser = chart_size())]
    pub(super) chart_size: Size,
    /// How CSV files are written: plain, or excel-eu for a double click in a European Excel
    #[arg(long, value_name = "STYLE", default_value = "plain", value_parser = csv_style())]
    pub(super) csv_style: CsvStyle,
    /// Print the results as JSON instead of the summary
    #[arg(long, conflicts_with = "quiet")]
    pub(super) json: bool,
}

/// The options of how a forecast is displayed: by which periods, how numbers are written, as a summary or as a brief.
#[derive(Debug, Args)]
pub(super) struct DisplayOptions {
    /// The periods of the page's table and of the brief
    #[arg(long, value_name = "PERIOD", default_value = "quarter")]
    period: Grain,
    /// How numbers and amounts are written, such as de, fr or en; words stay English
    #[arg(long, value_name = "LOCALE", default_value = "en", value_parser = clap::value_parser!(Locale))]
    pub(super) locale: Locale,
    /// Print the forecast in at most twelve lines, for the day's mail: as text or as markdown
    #[arg(long, value_name = "STYLE", num_args = 0..=1, require_equals = true, default_missing_value = "text",
        conflicts_with_all = ["json", "quiet"], value_parser = brief_style())]
    pub(super) brief: Option<BriefStyle>,
}

/// The periods of a table, as they are typed.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Grain {
    Month,
    Quarter,
    Year,
}

impl DisplayOptions {
    /// The periods of tables.
    pub(super) fn every(&self) -> Frequency {
        match self.period {
            Grain::Month => Frequency::Month,
            Grain::Quarter => Frequency::Quarter,
            Grain::Year => Frequency::Year,
        }
    }
}

/// A share from 0 to below 1, typed as 0.3 or 30%.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share(pub(super) f64);

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Share, String> {
        let allowed = "a share from 0 to below 1, such as 0.005 or 0.5%";
        match Typed::Share.read(text) {
            Ok(share) if (0.0..1.0).contains(&share) => Ok(Share(share)),
            Err(hint) if !hint.is_empty() => Err(format!("{allowed}; {hint}")),
            _ => Err(allowed.to_owned()),
        }
    }
}

/// Reads `slide`, `page` or `thumb`.
pub(super) fn chart_size() -> impl TypedValueParser<Value = Size> {
    let read = |key: String| Size::ALL.into_iter().find(|size| size.key() == key).unwrap_or_default();
    PossibleValuesParser::new(Size::ALL.map(Size::key)).map(read)
}

/// Reads the name of a style of CSV files.
pub(super) fn csv_style() -> impl TypedValueParser<Value = CsvStyle> {
    PossibleValuesParser::new(CsvStyle::ALL.map(CsvStyle::name)).try_map(|name| name.parse())
}

/// Reads `text` or `markdown`.
fn brief_style() -> impl TypedValueParser<Value = BriefStyle> {
    let read = |name: String| if name == "markdown" { BriefStyle::Markdown } else { BriefStyle::Text };
    PossibleValuesParser::new(["text", "markdown"]).map(read)
}
