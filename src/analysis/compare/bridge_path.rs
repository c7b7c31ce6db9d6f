//! The way from one value to another, in the steps that changes bring.

use super::additive_rounding::span;
use super::document::Span;
use crate::stats::Estimate;

/// From one end to another, and what each change brings on the way, unrounded.
#[derive(Clone, Debug)]
pub(in crate::analysis) struct BridgePath {
    pub(in crate::analysis) ends: [Estimate; 2],
    pub(in crate::analysis) steps: Vec<Estimate>,
}

impl BridgePath {
    /// As it is written down.
    pub(in crate::analysis) fn span(&self) -> Span {
        span(self.ends, &self.steps)
    }
}
