//! What can go wrong, and the exit code it ends with.

use std::io;
use std::process::ExitCode;

use thiserror::Error;

use crate::analysis::AnalysisError;
use crate::charts::ChartError;
use crate::engine::RunError;
use crate::export::ExportError;
use crate::history::HistoryError;
use crate::outcomes::Measure;
use crate::scenario::{Fault, Faults, Scenario};
use crate::shards::{MergeError, ShardError};
use crate::units::plain;

/// 3: done, but a rule does not hold.
pub(super) const RULE_BROKEN: u8 = 3;

/// Why a command did not do what it should.
#[derive(Debug, Error)]
pub(super) enum Failure {
    /// The scenario has faults.
    #[error("{0}")]
    Scenario(#[from] Faults),
    /// An option is faulty: what was found, what is allowed.
    #[error("{option}\n  found:   {found}\n  allowed: {allowed}{}", hinted(hint))]
    Option { option: String, found: String, allowed: String, hint: String },
    /// The run was stopped.
    #[error("stopped; nothing was written")]
    Stopped,
    /// A batch was stopped.
    #[error("stopped; what is done is in place, and --resume goes on from there")]
    NightStopped,
    /// A run in parts was stopped.
    #[error("stopped; what was played is written down, and the same command goes on from there")]
    PartsStopped,
    /// What it waits for or calls did not do its part.
    #[error("{what}\n  hint:    {hint}")]
    Ended { what: String, hint: &'static str },
    /// The program itself is at fault.
    #[error("{0}: a fault of revcast itself; please report it with the scenario")]
    Broken(String),
    /// An operation on disk failed.
    #[error("cannot {what}: {error}\n  hint:    {}", advice(error))]
    Disk { what: String, error: io::Error },
    /// A file's content could not be made.
    #[error("cannot write a table: {0}")]
    Export(#[from] ExportError),
    /// A chart could not be drawn.
    #[error("cannot draw the charts: {0}")]
    Chart(#[from] ChartError),
    /// The history could not be read or written.
    #[error("{0}\n  hint:    {advice}", advice = .0.hint())]
    History(#[from] HistoryError),
}

/// The line of a hint, where there is one.
fn hinted(hint: &str) -> String {
    if hint.is_empty() { String::new() } else { format!("\n  hint:    {hint}") }
}

/// An option that names what there is not, or what is not allowed.
pub(super) fn refused(option: &str, found: &str, allowed: &str, hint: &str) -> Failure {
    Failure::Option {
        option: option.to_owned(),
        found: found.to_owned(),
        allowed: allowed.to_owned(),
        hint: hint.to_owned(),
    }
}

impl Failure {
    /// Files that are not the shards of one run.
    pub(super) fn of_shards(error: MergeError) -> Failure {
        match error {
            MergeError::Faults(faults) => Failure::Scenario(faults),
            MergeError::Disk(file, error) => Failure::Disk { what: format!("read {file}"), error },
        }
    }

    /// A shard that was not written.
    pub(super) fn of_shard(error: ShardError, scenario: &Scenario) -> Failure {
        let error = match error {
            ShardError::Run(error) => return Failure::of_run(error, scenario),
            ShardError::Io(error) => error,
            error => io::Error::other(error),
        };
        Failure::Disk { what: "write the shard".to_owned(), error }
    }

    /// A run that ended early: stopped, or the fault of a scenario that only a trial could show.
    pub(super) fn of_run(error: RunError, scenario: &Scenario) -> Failure {
        let (path, found, allowed, hint) = match error {
            RunError::Stopped => return Failure::Stopped,
            error @ RunError::NotANumber { .. } => return Failure::Broken(format!("{}: {error}", scenario.file)),
            RunError::Unreadable { file, why } => {
                return Failure::Disk { what: format!("read {file}"), error: io::Error::other(why) };
            }
            RunError::TooManyLeads { region, month, trial } => (
                format!("regions.{region}.leads"),
                format!("more than 10^12 expected leads in {month}, in trial {}", trial + 1),
                "growth that stays bounded in every trial",
                "bound the uncertain leads or growth (low, mode and high), or end the growth with a phase of rate 0",
            ),
            RunError::TooMuchMoney { region, measure: Measure::Bookings, month, trial } => (
                format!("regions.{region}.deal_size.mean"),
                format!("bookings of more than 10^300 in {month}, in trial {}", trial + 1),
                "deal sizes that stay bounded in every trial",
                "bound the uncertain deal size (low, mode and high), or the market's effect on it",
            ),
            RunError::TooMuchMoney { region, month, trial, .. } => (
                format!("regions.{region}.expansion"),
                format!("renewals of more than 10^300 in {month}, in trial {}", trial + 1),
                "expansion that stays bounded in every trial",
                "bound the uncertain expansion (low, mode and high); it is a share a year, 0.05 for 5 %",
            ),
        };
        let (allowed, hint) = (allowed.to_owned(), hint.to_owned());
        Failure::Scenario(Faults::Fields(vec![Fault { file: scenario.file.clone(), path, found, allowed, hint }]))
    }

    /// An analysis without an answer: a run that ended early, or a question that the scenario has no answer to.
    pub(super) fn of_analysis(error: AnalysisError, scenario: &Scenario) -> Failure {
        let (found, allowed, hint) = match error {
            AnalysisError::Run(error) => return Failure::of_run(error, scenario),
            AnalysisError::Unknown => (
                "a figure that is unknown in some of the futures",
                "a figure that each future has",
                crate::analysis::UNKNOWN_HINT,
            ),
            AnalysisError::AllFixed => (
                "a scenario in which every input is a fixed number",
                "at least one uncertain input",
                "give an input a range for this question, --range regions.europe.conversion=0.2..0.3, or in the scenario",
            ),
            AnalysisError::Condition { holds, trials } => {
                return Failure::Option {
                    option: "--where".to_owned(),
                    found: format!("a condition that holds in {holds} of {trials} futures"),
                    allowed: "one that holds in at least 20 and fails in at least 20".to_owned(),
                    hint: "more --trials, or another level".to_owned(),
                };
            }
        };
        Failure::Option {
            option: scenario.file.clone(),
            found: found.to_owned(),
            allowed: allowed.to_owned(),
            hint: hint.to_owned(),
        }
    }

    /// 1: it failed; 2: bad arguments or a bad scenario; 130: stopped.
    pub(super) fn code(&self) -> u8 {
        match self {
            Failure::Scenario(_) | Failure::Option { .. } => 2,
            Failure::Stopped | Failure::NightStopped | Failure::PartsStopped => 130,
            Failure::Disk { .. }
            | Failure::Export(_)
            | Failure::Chart(_)
            | Failure::Broken(_)
            | Failure::Ended { .. } => 1,
            // A file that is not there was named wrongly.
            Failure::History(HistoryError::Absent { .. }) => 2,
            Failure::History(_) => 1,
        }
    }

    /// Says what is wrong on standard error.
    pub(super) fn report(&self) -> ExitCode {
        use std::io::Write;
        // Standard error may be closed; there is nowhere left to say so.
        let text: Vec<String> = self.to_string().split('\n').map(plain).collect();
        let _ = writeln!(io::stderr(), "error: {}", text.join("\n"));
        ExitCode::from(self.code())
    }
}

/// What can be done about an error of the disk.
fn advice(error: &io::Error) -> &'static str {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => {
            "free some space there, or choose a folder on another disk with --out"
        }
        Kind::ReadOnlyFilesystem | Kind::PermissionDenied => {
            "it may not be written to; change that, or choose another folder with --out"
        }
        Kind::CrossesDevices | Kind::ResourceBusy => {
            "this folder cannot be replaced as a whole; choose another one with --out"
        }
        _ => "see what is wrong with that disk, or choose a folder on another one with --out",
    }
}

/// A disk operation with what it was for.
pub(super) trait Doing<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, Failure>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, what: impl FnOnce() -> String) -> Result<T, Failure> {
        self.map_err(|error| Failure::Disk { what: what(), error })
    }
}
