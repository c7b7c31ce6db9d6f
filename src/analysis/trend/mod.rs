//! How the forecast of a period moved from run to run, and how it held against what happened.

mod accuracy;
mod build;
mod calendar;
mod document;

pub use build::Snapshot;
pub use calendar::span_of;
pub use document::*;
