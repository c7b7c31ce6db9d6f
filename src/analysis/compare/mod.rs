//! How scenarios differ, on the same draws.

mod adding;
mod bridge;
mod changes;
mod comparing;
mod differences;
mod document;
mod hybrid;
mod orders;

pub use comparing::{Comparing, Ended};
pub use document::*;
