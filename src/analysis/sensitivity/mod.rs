//! What drives a figure: a tornado, shares of its variance, what each input is worth knowing, what was different in bad outcomes.

mod build;
mod correlation_mix;
mod document;
mod player;
mod sobol;
mod stress;
mod tornado;
mod value_of_information;

pub use build::{SensitivityQuestion, futures_played, sensitivity, sensitivity_bytes};
pub use document::*;
pub(in crate::analysis) use stress::stress;
pub use stress::{Condition, ConditionFault};
pub(in crate::analysis) use tornado::swing;
