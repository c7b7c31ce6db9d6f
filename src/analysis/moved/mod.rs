//! What moved since an earlier run, and why: by input, by program version, by Monte Carlo noise.

mod baseline;
mod document;
mod moving;
mod steps;

pub use baseline::{Past, PastTarget};
pub use document::*;
pub use moving::Moving;
