//! What moved since an earlier run, and why: by input, by program version, by Monte Carlo noise.

mod document;
mod moving;
mod past;
mod steps;

pub use document::*;
pub use moving::Moving;
pub use past::{Past, PastTarget};
