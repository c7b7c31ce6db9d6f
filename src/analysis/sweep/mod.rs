//! Every combination of values of some fields, each played on the same draws: how a figure and the chances of targets go with them.

mod axis;
mod document;
mod grid;
mod merge;

pub use axis::{Axis, How as AxisHow};
pub use document::{AxisInfo, Sweep, SweepRow, SweepTarget};
pub use grid::{SweepError, SweepRun};
pub use merge::join;
