//! Why a question has no answer.

use thiserror::Error;

use crate::engine::RunError;
use crate::scenario::Faults;

/// Why there is no answer.
#[derive(Clone, Debug, Error)]
pub enum SolveError {
    /// The question is faulty, or the scenario is at a value that was to be looked at.
    #[error(transparent)]
    Question(#[from] Faults),
    /// The simulation ended early.
    #[error(transparent)]
    Run(#[from] RunError),
}
