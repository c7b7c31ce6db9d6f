//! What it would take.

mod document;

pub use document::*;
