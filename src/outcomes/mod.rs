//! What came out of the trials: trials × regions × months by column, and every metric formed from them.

mod grid;
mod store;

pub use grid::Grid;
pub use store::{Block, Layout, Measure, Outcomes};
