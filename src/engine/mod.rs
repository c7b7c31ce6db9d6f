//! Playing the model: one trial, blocks of trials on all cores, joined in the order of their indices.

mod deals;
mod leads;
mod play;
mod renewals;
mod stages;
mod trial;
mod workers;

pub use play::{Monitor, Part, Pass, RunError, bytes, play, seconds};
pub use workers::Workers;
