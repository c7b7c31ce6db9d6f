//! What can be typed.

use std::ops::Deref;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};

use super::answering::{ANSWERS, Answering};
use super::batch::Batch;
use super::check::Check;
use super::completions::Completions;
use super::figure::Named;
#[cfg(feature = "history")]
use super::history::{GivenActual, Past};
use super::man::Man;
use super::progress::stoppable;
use super::report::Report;
use super::sensitivity::Sensitivity;
use super::source::Source;
#[cfg(not(feature = "history"))]
use super::unavailable::{Unavailable as GivenActual, Unavailable as Past};
use crate::charts::Size;
use crate::engine::{Execution, Workers};
use crate::export::CsvStyle;
use crate::scenario::Setting;
use crate::shards::Portion;

/// Monte Carlo revenue forecaster: what will we book, how sure are we, will we make the plan, what moves it?
#[derive(Debug, Parser)]
#[command(name = "revcast", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 it failed (disk); 2 bad arguments or a bad scenario; 3 done, but a --require rule does not hold, or an --alert fired; 130 stopped with Ctrl-C.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Simulate a scenario, print the answer, write forecast and charts
    #[command(after_help = EXIT_CODES)]
    Run(Run),
    /// Make the forecast of a run from its shards, as the whole run would have
    #[command(after_help = EXIT_CODES)]
    Merge(Merge),
    /// Rank what drives a figure: a tornado, shares of variance, what each input is worth knowing
    #[command(after_help = EXIT_CODES)]
    Sensitivity(Sensitivity),
    /// Find what it takes: the value of an input, or a factor on several, at which a target is met with a given chance
    #[command(after_help = EXIT_CODES)]
    Solve(Solve),
    /// Play scenarios on the same draws: what differs, how sure that is, and which change brings how much of it
    #[command(after_help = EXIT_CODES)]
    Compare(Compare),
    /// Play every combination of values of some fields on the same draws: one table, and a heat map of two
    #[command(after_help = EXIT_CODES)]
    Sweep(super::sweep::Arguments),
    /// Run every scenario of a folder, unattended: one that fails stops no other, and an interrupted night can be gone on with
    #[command(after_help = EXIT_CODES)]
    Batch(Box<Batch>),
    /// Write the summary, tables and charts of a forecast.json again, without playing anything
    #[command(after_help = EXIT_CODES)]
    Report(Report),
    /// Show how the forecast of a period moved from run to run, and how forecasts held
    #[command(after_help = EXIT_CODES)]
    History(Past),
    /// Say what happened: what a period came to, for `revcast history`
    #[command(after_help = EXIT_CODES)]
    Actual(GivenActual),
    /// Write a small scenario with notes, ready to edit
    #[command(after_help = EXIT_CODES)]
    New(New),
    /// Check a scenario without running it, say how it was understood, and audit the plan against itself
    #[command(after_help = EXIT_CODES)]
    Check(Check),
    /// Print a scenario's inputs as a sheet (CSV) to fill in and read back with --set-file
    #[command(after_help = EXIT_CODES)]
    Template(Template),
    /// Print the JSON Schema of scenario files
    Schema,
    /// Print a script that lets a shell complete what is typed
    Completions(Completions),
    /// Print the manual page, or write the pages of all commands into a folder
    Man(Man),
}

#[derive(Debug, Args)]
pub(super) struct Template {
    #[command(flatten)]
    pub(super) source: Source,
    /// How the sheet is written down: plain, or as a European Excel opens it
    #[arg(long, value_name = "STYLE", default_value = "plain")]
    pub(super) csv_style: CsvStyle,
}

/// Reads `slide`, `page` or `thumb`.
fn chart_size() -> impl TypedValueParser<Value = Size> {
    let read = |key: String| Size::ALL.into_iter().find(|size| size.key() == key).unwrap_or_default();
    PossibleValuesParser::new(Size::ALL.map(Size::key)).map(read)
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// The file to write, such as plan.json; it must not exist
    pub(super) file: PathBuf,
}

/// What every command takes that plays futures and writes a folder of results.
#[derive(Debug, Args)]
pub(super) struct Playing {
    /// The folder for the results, and for nothing else [default: one below output/, named after the scenario file]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// How many futures to play, whatever the scenario says
    #[arg(long, value_name = "N")]
    pub(super) trials: Option<String>,
    /// The seed, whatever the scenario says
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<String>,
    #[command(flatten)]
    pub(super) showing: Showing,
}

/// How results are shown, whatever they are.
#[derive(Debug, Args)]
pub(super) struct Showing {
    /// Threads to work on; changes no result [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// How large the charts are: for a slide, for a page, or as previews
    #[arg(long, value_name = "SIZE", default_value = "slide", value_parser = chart_size())]
    pub(super) chart_size: Size,
    /// How CSV files are written: plain, or excel-eu for a double click in a European Excel
    #[arg(long, value_name = "STYLE", default_value = "plain", value_parser = csv_styles())]
    pub(super) csv_style: CsvStyle,
    /// Print the results as JSON instead of the summary
    #[arg(long, conflicts_with = "quiet")]
    pub(super) json: bool,
    /// Print nothing but errors
    #[arg(long, short)]
    pub(super) quiet: bool,
}

impl Playing {
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

impl Deref for Playing {
    type Target = Showing;

    fn deref(&self) -> &Showing {
        &self.showing
    }
}

impl Showing {
    /// The threads to work on.
    pub(super) fn workers(&self) -> Workers {
        Workers::new(self.threads.map(usize::from))
    }

    /// The threads to simulate on, and a monitor that Ctrl-C stops.
    pub(super) fn execution(&self) -> Execution {
        Execution { workers: self.workers(), monitor: stoppable() }
    }
}

#[derive(Debug, Args)]
pub(super) struct Run {
    #[command(flatten)]
    pub(super) source: Source,
    #[command(flatten)]
    pub(super) playing: Playing,
    #[command(flatten)]
    pub(super) answering: Answering,
    /// Play only the K-th of N equal parts of the futures, and write them to the file that --out names, for `revcast merge`. K may be a sum, 0+1/4, for
    /// schedulers that count from 0
    #[arg(long, value_name = "K/N", requires = "out", conflicts_with_all = ANSWERS)]
    pub(super) shard: Option<Portion>,
    /// Play as many futures as it takes: 1,000, 2,000, 4,000 and so on until the standard errors of P10, P50 and P90 of the main figure are at most this
    /// share of P50, such as 0.5%. At most --trials [default: 1,024,000, or what memory holds]
    #[arg(long, value_name = "SHARE")]
    pub(super) precision: Option<Share>,
    /// Write the futures down in parts while they are played, and go on from those of a run that was interrupted. For long runs
    #[arg(long, conflicts_with = "shard")]
    pub(super) resume: bool,
}

/// A share from 0 to below 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share(pub(super) f64);

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Share, String> {
        let share = super::require::share(text).filter(|share| (0.0..1.0).contains(share));
        share.map(Share).ok_or_else(|| "a share from 0 to below 1, such as 0.005 or 0.5%".to_owned())
    }
}

#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The shards that `revcast run --shard K/N`, or sweep, wrote, in any order, or patterns in quotes: 'shards/*.shard'
    #[arg(required = true, value_name = "SHARD")]
    pub(super) shards: Vec<PathBuf>,
    /// The folder for the results, and for nothing else [default: one below output/, named after the scenario file]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    #[command(flatten)]
    pub(super) showing: Showing,
    #[command(flatten)]
    pub(super) answering: Answering,
}

#[derive(Debug, Args)]
pub(super) struct Solve {
    #[command(flatten)]
    pub(super) source: Source,
    #[command(flatten)]
    pub(super) playing: Playing,
    #[command(flatten)]
    pub(super) named: Named,
    /// The input to vary, such as regions.europe.conversion.mean or 'regions.*.leads.monthly'. A single number is looked for itself;
    /// an uncertain input, or several, by the factor that multiplies every draw. May be given several times
    #[arg(long, value_name = "PATH", required = true)]
    pub(super) vary: Vec<String>,
    /// Look for this chance of the --target: 0.8 or 80%
    #[arg(long, value_name = "CHANCE")]
    pub(super) probability: Option<String>,
    /// Look for this mean of the figure
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub(super) mean: Option<String>,
    /// Look for where this percentile of the figure, such as p10, comes to the amount of --at-least
    #[arg(long, value_name = "PERCENTILE")]
    pub(super) percentile: Option<String>,
    /// The amount for --percentile
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub(super) at_least: Option<String>,
    /// Where to look [default: from half to double what it is, then from a tenth to tenfold, as far as the field may hold that]
    #[arg(long, value_name = "LOW..HIGH", allow_hyphen_values = true)]
    pub(super) between: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Compare {
    /// The scenario file that the others are compared with
    pub(super) scenario: PathBuf,
    /// The other scenario files
    pub(super) others: Vec<PathBuf>,
    /// Also compare with the first scenario changed like this: --with 'regions.*.conversion.mean=0.27'; all --with make one change
    #[arg(long, value_name = "PATH=VALUE")]
    pub(super) with: Vec<String>,
    /// Set a field in every scenario: --set months=24
    #[arg(long, value_name = "PATH=VALUE")]
    pub(super) set: Vec<String>,
    #[command(flatten)]
    pub(super) figure: Named,
    #[command(flatten)]
    pub(super) playing: Playing,
    /// Also print the difference of every metric
    #[arg(long, short, conflicts_with = "quiet")]
    pub(super) verbose: bool,
}

/// The styles by name.
fn csv_styles() -> impl TypedValueParser<Value = CsvStyle> {
    PossibleValuesParser::new(CsvStyle::ALL.map(CsvStyle::name)).try_map(|name| name.parse())
}
