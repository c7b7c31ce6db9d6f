//! How scenarios differ, on the same draws.

mod adding;
mod bridge;
mod changes;
mod comparing;
mod differences;
mod document;
mod hybrid;
mod orders;

pub(in crate::analysis) use changes::{Pair, same};
pub use comparing::{Comparing, Ended};
pub(in crate::analysis) use differences::{Certain, change_of_chance};
pub use document::*;
