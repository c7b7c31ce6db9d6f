//! How scenarios differ, on the same draws.

mod adding;
mod bridge;
mod changes;
mod comparing;
mod differences;
mod document;
mod hybrid;
mod orders;
mod percentiles;

pub(in crate::analysis) use adding::span;
pub(in crate::analysis) use bridge::{Bridged, Measured, Plan, Way};
pub(in crate::analysis) use changes::{Pair, same};
pub(in crate::analysis) use comparing::different;
pub use comparing::{Comparing, Ended};
pub(in crate::analysis) use differences::{Certain, change_of_chance};
pub use document::*;
pub(in crate::analysis) use hybrid::{Question, askable, figure_in};
