//! How scenarios differ, on the same draws.

mod document;

pub use document::*;
