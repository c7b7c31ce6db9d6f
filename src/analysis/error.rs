//! Why an analysis has no answer.

use thiserror::Error;

use crate::engine::RunError;

/// What to do about a figure that is unknown in some futures.
pub(crate) const UNKNOWN_HINT: &str =
    "return on investment is unknown until something is invested, CAC until a deal is won: ask about a later period";

/// Why an analysis has no answer.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum AnalysisError {
    /// A run of it ended early.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The figure is unknown in some futures: ROI while nothing is invested.
    #[error("the figure is unknown in some of the futures")]
    Unknown,
    /// Nothing of the scenario is uncertain.
    #[error("every input of the scenario is a fixed number")]
    AllFixed,
    /// A condition holds in too few futures, or too many, to say what is different there.
    #[error("the condition holds in {holds} of {trials} futures")]
    Condition {
        /// In how many it holds.
        holds: usize,
        /// The number of all trials.
        trials: usize,
    },
}
