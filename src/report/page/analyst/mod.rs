//! For the analyst: what every figure rests on, and how to repeat it.

mod effects;
mod fixed;
mod inputs;
mod open_deals;
mod pictures;
mod section;
mod simulation;

pub(super) use section::section;
