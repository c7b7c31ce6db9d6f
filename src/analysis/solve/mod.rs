//! What it would take: the value of an input, or a common factor on several, at which something asked for comes true.

mod document;
mod error;
mod lever;
mod question;
mod search;
mod statistic;

pub use document::*;
pub use error::SolveError;
pub(super) use question::BEST;
pub use question::{SolveQuestion, TIMES_PLAYED, solve};
pub(super) use search::Search;
pub(super) use statistic::{Evaluation, Reader, values};
