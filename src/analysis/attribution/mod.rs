//! What moved since an earlier run, and why: by input, by program version, by Monte Carlo noise.

mod baseline;
mod document;
mod run;
mod steps;

pub use baseline::{Baseline, BaselineTarget};
pub use document::*;
pub use run::AttributionRun;
