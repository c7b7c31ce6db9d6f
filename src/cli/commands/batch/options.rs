//! The arguments of `revcast batch`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use crate::cli::baseline::Since;
use crate::cli::history_recorder::HistoryOptions;
use crate::cli::options::{DisplayOptions, Share, SimulationOptions};

/// The arguments of `revcast batch`.
#[derive(Debug, Args)]
#[command(mut_arg("out", |out| out.help("The folder for the results: one folder in it for each scenario, batch.json and history.sqlite [default: output]")))]
pub(in crate::cli) struct BatchArgs {
    /// Folders with scenarios, patterns in quotes ('scenarios/emea-*.json'), lists of files (one a line), or scenario files
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) simulation: SimulationOptions,
    #[command(flatten)]
    pub(super) display: DisplayOptions,
    #[command(flatten)]
    pub(super) history: HistoryOptions,
    /// Set a field in every scenario: --set months=24
    #[arg(long, value_name = "PATH=VALUE")]
    pub(super) set: Vec<String>,
    /// Go on with a night that was interrupted; also skip scenarios that have not changed since their last run
    #[arg(long)]
    pub(super) resume: bool,
    /// Exit with 3 unless this holds: 'Year 1 >= 0.5' wherever there is such a target, or 'emea: Year 1 >= 0.5'
    #[arg(long, value_name = "RULE")]
    pub(super) require: Vec<String>,
    /// Call for attention, and exit with 3, where this holds: 'Year 1 < 0.4', 'P50 drops by 5% since last run'
    #[arg(long, value_name = "RULE")]
    pub(super) alert: Vec<String>,
    /// Start this program for each alert, with the arguments SCENARIO RULE MESSAGE FOLDER, and the same as JSON on its standard input
    #[arg(long, value_name = "PROGRAM")]
    pub(super) on_alert: Option<PathBuf>,
    /// Refuse scenarios with an input that shrank by more than this share since the last run, and the whole batch if the number of
    /// scenarios did: 0.3 or 30%
    #[arg(long, value_name = "SHARE")]
    pub(super) guard: Option<Share>,
    /// The run that each scenario is compared with: last (what its folder holds), the last of a day such as 2027-03-01 (or before it, from
    /// the history), none, or a forecast.json
    #[arg(long, value_name = "RUN", default_value = "last")]
    pub(super) since: Since,
    /// Stop a scenario that takes longer than so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) max_time: Option<u64>,
    /// Refuse a scenario that takes more memory than so many GiB [default: 4 GiB for all that are at work together]
    #[arg(long, value_name = "GIB")]
    pub(super) max_memory: Option<Gib>,
    /// Also write forecast.xlsx for each scenario
    #[arg(long)]
    pub(super) xlsx: bool,
    /// Also answer for each scenario what takes further simulation, as run --deep does
    #[arg(long)]
    pub(super) deep: bool,
    /// How the course of the night is told on standard error: json is one event a line
    #[arg(long, value_name = "FORM", default_value = "text", value_parser = ["text", "json"])]
    pub(super) log: String,
}

/// An amount of memory in GiB.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gib(pub(super) f64);

impl FromStr for Gib {
    type Err = String;

    fn from_str(text: &str) -> Result<Gib, String> {
        let gib = text.parse().ok().filter(|gib: &f64| gib.is_finite() && *gib > 0.0);
        gib.map(Gib).ok_or_else(|| "a number of GiB above 0, such as 1.5".to_owned())
    }
}
