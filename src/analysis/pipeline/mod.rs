//! Deal by deal: what may become of the deals that are open on the as-of day, and of the contracts that come up for renewal.

mod build;
mod document;
mod law;
mod tally;

pub use build::{Brought, PipelineQuestion, PipelineRun, column_names, pipeline, pipeline_bytes};
pub use document::*;
