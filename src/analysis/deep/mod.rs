//! What an executive asks beside a forecast: what drives it, what it would take, what a small step for the worse of each input
//! does, what each lever would bring, and whether the plan agrees with itself.

mod deepening;
mod document;
mod effects;
mod moves;
mod steps;
mod takes;

pub use deepening::Deepening;
pub use document::*;
