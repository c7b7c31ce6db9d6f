//! The forecast in words: words before numbers, no digit that the error does not support.

mod summary;
mod words;

pub use summary::{details, summary};
