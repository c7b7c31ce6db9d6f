//! What it would take: the value of an input, or a common factor on several, at which something asked for comes true.

mod document;
mod lever;
mod question;
mod search;
mod statistic;

pub use document::*;
pub use question::{SolveError, SolveQuestion, TIMES_PLAYED, solve};
