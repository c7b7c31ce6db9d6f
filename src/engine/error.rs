//! The reasons why a run ends without outcomes.

use thiserror::Error;

use crate::outcomes::Measure;

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
    /// Expansion or deal sizes ran away in a trial.
    #[error("regions.{region}: the {} of {month} passed 10^300 in trial {trial}", measure.key())]
    TooMuchMoney {
        /// The key of the region.
        region: String,
        /// Renewals, or bookings.
        measure: Measure,
        /// The month, as `2027-03`.
        month: String,
        /// The trial, counted from 0.
        trial: u64,
    },
    /// Something in a trial came out as no number, which is a fault of the program.
    #[error("{what} came out as no number in trial {trial}")]
    NotANumber {
        /// What came out so: an input, or what of a region in a month.
        what: String,
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

impl RunError {
    /// Whether growth or expansion runs away in the scenario, which another value of its inputs would mend.
    pub fn is_runaway(&self) -> bool {
        matches!(self, RunError::TooManyLeads { .. } | RunError::TooMuchMoney { .. })
    }
}
