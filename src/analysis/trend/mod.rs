//! How the forecast of a period moved from run to run, and how it held against what happened.

mod accuracy;
mod build;
mod document;
mod when;

pub use accuracy::acceptance;
pub use build::Snapshot;
pub use document::*;
pub use when::span_of;
