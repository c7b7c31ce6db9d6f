//! Questions asked of a model by playing it: what drives a figure, how scenarios differ, what it would take, whether
//! the figures of a plan can all be true; and of past forecasts, how they moved and held.

mod answer;
mod attribution;
mod compare;
mod error;
mod fields;
mod figure_info;
mod pipeline;
mod region_cache;
mod response;
mod sample_size;
mod sensitivity;
mod solve;
mod sweep;
mod trend;
mod tune;
mod whatif;

pub use answer::Answer;
pub use attribution::*;
pub(crate) use compare::Shown;
pub use compare::*;
pub use error::AnalysisError;
pub(crate) use error::UNKNOWN_HINT;
pub(crate) use fields::overlaps;
pub use figure_info::FigureInfo;
pub use pipeline::*;
pub use response::Response;
pub use sample_size::SampleSizeControl;
pub use sensitivity::*;
pub use solve::*;
pub use sweep::*;
pub use trend::*;
pub use tune::*;
pub use whatif::*;
