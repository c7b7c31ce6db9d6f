//! Questions asked of a model by playing it: what drives a figure, how scenarios differ, what it would take, whether
//! the figures of a plan can all be true; and of past forecasts, how they moved and held.

mod answer;
mod compare;
mod deep;
mod error;
mod fields;
mod figure_info;
mod moved;
mod precise;
mod response;
mod sensitivity;
mod solve;
mod sweep;
mod trend;

pub use answer::Answer;
pub use compare::*;
pub use deep::*;
pub use error::AnalysisError;
pub use figure_info::FigureInfo;
pub use moved::*;
pub use precise::Precise;
pub use response::Response;
pub use sensitivity::*;
pub use solve::*;
pub use sweep::*;
pub use trend::*;
