//! What a scenario comes to while its inputs are moved: only what was moved is played again, on the same draws.

mod adjustment;
mod tuner;

pub use adjustment::Adjustment;
pub use tuner::{Reach, Tuner};
