//! Every combination of values of some fields, each played on the same draws: how a figure and the chances of targets go with them.

mod axis;
mod document;
mod joining;
mod parts;
mod sweeping;

pub use axis::{Axis, How as AxisHow};
pub use document::{AxisInfo, Sweep, SweepRow, SweepTarget};
pub use joining::join;
pub use sweeping::{SweepError, Sweeping};
