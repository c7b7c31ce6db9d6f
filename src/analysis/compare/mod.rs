//! How scenarios differ, on the same draws.

mod additive_rounding;
mod bridge;
mod bridge_path;
mod changes;
mod differences;
mod document;
mod living_pipeline;
mod mixed_scenario;
mod orderings;
mod percentiles;
mod run;

pub(crate) use additive_rounding::Shown;
pub(in crate::analysis) use additive_rounding::span;
pub(in crate::analysis) use bridge::{Bridged, Plan};
pub(in crate::analysis) use bridge_path::BridgePath;
pub(in crate::analysis) use changes::{Pair, same};
pub(in crate::analysis) use differences::{Certain, change_of_chance};
pub use document::*;
pub(in crate::analysis) use mixed_scenario::{Question, askable, figure_in};
pub(in crate::analysis) use run::different;
pub use run::{ComparisonRun, Ended};
