//! The reasons why a run ends without outcomes.

use thiserror::Error;

/// Why a run ended without outcomes.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RunError {
    /// Growth ran away in a trial.
    #[error("regions.{region}.leads: the expected leads of {month} passed 10^12 in trial {trial}")]
    TooManyLeads {
        /// The key of the region.
        region: String,
        /// The month, as `2027-03`.
        month: String,
        /// The trial, counted from 0.
        trial: u64,
    },
    /// Expansion ran away in a trial.
    #[error("regions.{region}.expansion: the renewals of {month} passed 10^300 in trial {trial}")]
    TooMuchMoney {
        /// The key of the region.
        region: String,
        /// The month, as `2027-03`.
        month: String,
        /// The trial, counted from 0.
        trial: u64,
    },
    /// Trials that were simulated before can no longer be read.
    #[error("{file}: {why}")]
    Unreadable {
        /// The file they are in.
        file: String,
        /// The fault of the file.
        why: String,
    },
    /// The run was asked to stop.
    #[error("stopped")]
    Stopped,
}
