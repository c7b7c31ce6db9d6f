//! Counts drawn by inversion: monotone in the uniform, so that scenarios on common draws differ only by what changed.
//!
//! Each law has one definition, the smallest k with P(X ≤ k) ≥ u, and two doors to it: one draw, and lanes of draws side by
//! side, which give the same bits. Small means are searched from 0; elsewhere an expansion tells the count wherever its
//! error bound leaves one, and the few draws next to a step are settled by the exact tail.

mod binomial;
mod cornish_fisher;
mod poisson;
mod search;
mod tail;

pub use binomial::{Odds, binomial_quantile, binomial_quantiles};
pub use poisson::{poisson_quantile, poisson_quantiles};

/// What stands for a count that is not settled yet.
const OPEN: f64 = -1.0;
/// Lanes that go through one step before the next step begins.
const CHUNK: usize = 64;
