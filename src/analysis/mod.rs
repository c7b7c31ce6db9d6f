//! Questions asked of a model by playing it: what drives a figure, how scenarios differ, what it would take, and whether
//! the figures of a plan can all be true.

mod audit;
mod compare;
mod deep;
mod error;
mod figure;
mod head;
mod sensitivity;
mod solve;

pub use audit::{Finding, Kind, Rule, audit};
pub use compare::*;
pub use deep::*;
pub use error::AnalysisError;
pub use figure::{Figure, Goal};
pub use head::{Estimate, FigureEcho, Head, Headed};
pub use sensitivity::*;
pub use solve::*;
