//! What an executive asks beside a forecast: what drives it, what it would take, what a small step for the worse of each input
//! does, what each lever would bring, and whether the plan agrees with itself.

mod adverse_steps;
mod document;
mod effects;
mod goal_seek;
mod lever_changes;
mod run;

pub use document::*;
pub use run::WhatIfRun;
