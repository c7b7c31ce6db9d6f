//! Questions asked of a model by playing it: what drives a figure, how scenarios differ, what it would take, and whether
//! the figures of a plan can all be true.

mod audit;

pub use audit::{Finding, Kind, Rule, audit};
