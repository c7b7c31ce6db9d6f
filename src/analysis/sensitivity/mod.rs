//! What drives a figure.

mod document;

pub use document::*;
