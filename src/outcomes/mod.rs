//! What came out of the trials: trials × regions × months by column, and every metric formed from them.

mod grid;
mod measure;
mod quotient;
mod running;
mod store;

pub use grid::Grid;
pub use measure::{Measure, MeasureSpec};
pub use store::{Block, ColumnLayout, Outcomes};
