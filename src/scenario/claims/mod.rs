//! Figures of a plan in the words in which they were stated (`stated` in a scenario file), to be held against each other. They
//! change no number of a forecast.

mod check;
mod entries;
mod quoted_number;
mod reader;

pub(super) use check::check;
pub use entries::*;
pub use quoted_number::{Bound, QuotedNumber};
