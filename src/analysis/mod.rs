//! Questions asked of a model by playing it: what drives a figure, how scenarios differ, what it would take, whether
//! the figures of a plan can all be true; and of past forecasts, how they moved and held.

mod answer;
mod audit;
mod compare;
mod deep;
mod error;
mod fields;
mod figure;
mod head;
mod moved;
mod precise;
mod seal;
mod sensitivity;
mod solve;
mod sweep;
mod trend;

pub use answer::Answer;
pub use audit::{Finding, Kind, Rule, audit};
pub use compare::*;
pub use deep::*;
pub use error::AnalysisError;
pub use figure::{Figure, Goal};
pub use head::{Estimate, FigureEcho, Head, Headed};
pub use moved::*;
pub use precise::Precise;
#[cfg(feature = "export")]
pub(crate) use seal::sealed;
pub use sensitivity::*;
pub use solve::*;
pub use sweep::*;
pub use trend::*;
